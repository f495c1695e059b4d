"""The window on a whole session: real processes behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import rehab

pytestmark = [pytest.mark.e2e, pytest.mark.window]


@pytest.fixture(autouse=True)
def leaves_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REHAB_GUI_EXIT", "1")


def test_a_demonstration_in_the_window_moves_records_reports_and_leaves(tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    done = rehab("gui", "--demo", "--seconds", 5, "--seed", 1, "--out", tmp_path / "out", "--screenshot", picture)
    assert (done.returncode, done.stderr) == (0, "")
    folder = Path(done.stdout.splitlines()[-1])
    assert folder.parent == tmp_path / "out"
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_device_that_is_not_there_ends_the_demonstration_with_bad_input(tmp_path: Path) -> None:
    done = rehab("gui", "--demo", "--seconds", 5, "--device", f"serial:{tmp_path}/ttyNone", "--out", tmp_path)
    assert done.returncode == 2
    assert "ttyNone" in done.stderr
    assert len(done.stderr.splitlines()) == 1
