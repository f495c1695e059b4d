"""A folder to work in and settings that leave this user's own alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rehab.core import registry
from tests.docs.documents import USER, rehab_commands, write_files

# a shared machine stalls for longer than the built-in limits rightly allow
SITE = "limits: {stale_fade: 150 ms, stale_stop: 800 ms, overrun_stop: 800 ms, rate_stop: 0.1, watchdog: 500 ms}\n"


@pytest.fixture
def folder(tmp_path: Path, runs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new working folder; sessions, limits and plug-ins of the test stay in it."""
    site = tmp_path / "site.yaml"
    site.write_text(SITE)
    monkeypatch.setenv("REHAB_SITE", str(site))
    monkeypatch.setenv("REHAB_SELF_TEST", "0.1")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(registry, "_local", {})
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


@pytest.fixture(scope="session")
def week_one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a reader has written the user guide's protocol and run it as the guide says."""
    work = tmp_path_factory.mktemp("week")
    write_files(USER, work)
    words = next(words for _, words in rehab_commands(USER) if words[:2] == ["run", "week1.yaml"])
    done = subprocess.run(
        [sys.executable, "-P", "-m", "rehab", *words],
        cwd=work, capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(work), "REHAB_RUN": str(work)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (work / done.stdout.strip().splitlines()[-1] / "report.pdf").exists()
    return work
