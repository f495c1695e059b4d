"""Every Python block of the documents runs, and the plug-ins that the developer guide shows keep their contracts.

Two things are changed before a program is run, and nothing else: `trials=N` becomes `trials=2`, and a Session without a
clock gets clock="simulated", so that it takes a second. One of them is also run as it stands, in real time.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.documents import DEVELOPER, README, ROOT, USER, Fenced, programs, write_files

ALL = [block for document in (README, USER, DEVELOPER) for block in programs(document)]


def quick(source: str) -> str:
    source = re.sub(r"trials=\d+", "trials=2", source)
    return re.sub(r"Session\((?![^)]*clock=)([^)]*)\)", r'Session(\1, clock="simulated")', source)


def run(block: Fenced, source: str) -> None:
    exec(compile(source, block.where, "exec"), {"__name__": "__main__"})


@pytest.mark.parametrize("block", ALL, ids=lambda block: block.where)
def test_it_runs(
    block: Fenced, folder: Path, week_one: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(week_one)  # where a session of the user guide lies
    run(block, quick(block.text))
    assert "Traceback" not in capsys.readouterr().err


def test_the_readme_shows_a_session_and_a_controller_of_ones_own() -> None:
    first, second = programs(README)
    assert len(first.text.splitlines()) <= 11, "ten lines, they say"
    assert "@controller" in second.text and "Recording.open" in first.text


@pytest.mark.e2e
def test_the_three_line_controller_also_runs_in_real_time_in_processes_of_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    block = programs(README)[1]
    run(block, block.text.replace("trials=4", "trials=1"))
    assert capsys.readouterr().out.split() == ["1", "reached"]


def test_what_the_developer_guide_shows_keeps_the_contracts(tmp_path: Path) -> None:
    write_files(DEVELOPER, tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", tmp_path,
         tmp_path / "test_my_lab.py"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None and int(passed[1]) >= 60
