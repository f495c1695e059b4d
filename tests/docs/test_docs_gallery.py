"""The script that draws the gallery: what it keeps of its runs, and that all it names is there."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from rehab.core import registry
from rehab.protocol.load import ready_protocols

SCRIPT = Path(__file__).parents[2] / "docs" / "gallery" / "make_figures.py"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_figures", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "make_figures", module)
    spec.loader.exec_module(module)
    return module


class Run:
    """Stands for `rehab run`: leaves a session's folder, and ends as it is told to."""

    def __init__(self, ends: int | type[BaseException]) -> None:
        self.ends, self.calls = ends, 0

    def __call__(self, words: list[str]) -> int:
        self.calls += 1
        session = Path(words[words.index("--out") + 1]) / "session"
        session.mkdir(parents=True)
        (session / "manifest.json").write_text("{}", "utf-8")
        if isinstance(self.ends, int):
            return self.ends
        raise self.ends


def test_a_run_that_ended_well_is_kept_and_not_made_again(script, monkeypatch, tmp_path) -> None:
    run = Run(0)
    monkeypatch.setattr(script, "rehab", run)
    for _ in range(2):
        assert script.recording(script.ENTRIES[0], tmp_path / "curl") == tmp_path / "curl" / "session"
    assert run.calls == 1


@pytest.mark.parametrize("ends", [1, 3, 130, KeyboardInterrupt])
def test_a_run_that_failed_or_was_interrupted_leaves_nothing_and_is_made_again(
    script, monkeypatch, tmp_path, ends
) -> None:
    monkeypatch.setattr(script, "rehab", Run(ends))
    with pytest.raises((SystemExit, KeyboardInterrupt)):
        script.recording(script.ENTRIES[0], tmp_path / "curl")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(script, "rehab", Run(0))
    assert script.recording(script.ENTRIES[0], tmp_path / "curl").is_dir()


def test_what_was_left_of_a_run_that_was_killed_does_not_count(script, monkeypatch, tmp_path) -> None:
    left = tmp_path / "curl.unfinished" / "session"
    left.mkdir(parents=True)
    (left / "manifest.json").write_text("{}", "utf-8")
    run = Run(0)
    monkeypatch.setattr(script, "rehab", run)
    script.recording(script.ENTRIES[0], tmp_path / "curl")
    assert run.calls == 1
    assert [place.name for place in tmp_path.iterdir()] == ["curl"]


def test_every_protocol_patient_and_analysis_of_the_gallery_is_there(script) -> None:
    for entry in script.ENTRIES:
        assert (SCRIPT.parent / entry.protocol).is_file() or entry.protocol in ready_protocols()
        assert (SCRIPT.parent / entry.patient).is_file() or entry.patient in registry.names("patient")
        assert entry.analysis in registry.names("analysis")
