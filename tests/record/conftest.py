"""Fixtures of the recording tests; the loop that feeds them is in record_helpers."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehab.record.recorder import Recorder
from tests.record.record_helpers import SESSION, FakeLoop


@pytest.fixture
def loop() -> FakeLoop:
    return FakeLoop()


@pytest.fixture(autouse=True)
def no_site_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REHAB_SITE_KEY", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / SESSION
    made.mkdir()
    return made


@pytest.fixture
def recorded(loop: FakeLoop, folder: Path) -> Path:
    """A closed recording of three chunks and two trials."""
    recorder = Recorder(loop.reader(), folder, {"session": SESSION, "seed": 1, "protocol": "blocks: []"})
    recorder.start()
    loop.event("certificate", scheduling="normal", clock="simulated")
    loop.trial(1)
    loop.trial(2)
    loop.put(500)
    loop.event("timing", ticks=2500, clock="simulated")
    recorder.finish()
    return folder
