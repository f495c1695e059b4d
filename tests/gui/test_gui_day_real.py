"""The day over the real simulated session: five clicks, a patient's limits, a recording, a signature."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.opening import new_run
from rehab.clinic.clinic import Clinic
from rehab.record.recording import Recording
from tests.gui.day import PIN, Office, clinic, demo_store, office  # noqa: F401

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("no_qt_warnings")]


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    monkeypatch.setenv("REHAB_SELF_TEST", "0.5")
    yield from office(qtbot, clinic, tmp_path, monkeypatch, new_run=new_run)


def test_a_returning_patient_trains_is_saved_and_signed(app: Office, record_property: Any) -> None:
    acting = app.signed_in()
    app.clicks, begun = 0, time.monotonic()
    code = next(iter(app.page.open_buttons))
    app.click(app.page.open_buttons[code])
    app.settle()
    app.click(app.page.confirm)
    app.settle()
    app.click(app.page.pain.answers[2])
    app.click(app.page.fatigue.answers[3])
    app.wait(lambda: app.page.start.isEnabled())
    app.click(app.page.start)
    visit = app.desk.visit
    app.wait(lambda: moves(visit.run.training))
    record_property("seconds from Today to motion", round(time.monotonic() - begun, 1))
    assert app.clicks == 5
    app.wait(lambda: moves(visit.run.training) and len(visit.run.session.trials) >= 1)
    visit.run.end()
    app.wait(lambda: visit.part == "ended" and not visit.waiting and visit.record.state == "ended")
    assert visit.problem == "" and visit.record.outcome == "cut_short" and visit.record.trials >= 1
    assert visit.record.robot > 0.0 and visit.run.report is not None
    recording = Recording.open(Path(visit.record.folder))
    layer = acting.charts.read(code).layer
    assert code in str(recording.metadata)
    force = min(limit.value for limit in layer.limits if limit.name == "force")
    said = next(event.data for event in recording.events if event.kind == "limits")
    assert said["values"]["force"] <= force
    visit.sign(PIN)
    app.wait(lambda: visit.signed)
    assert acting.sessions.get(visit.record.id).signed_by == "Anna Demo"


def moves(training: Any) -> bool:
    """Runs; gone on with where a loaded machine held the window up for so long that the arm was paused (F15)."""
    if training.can_resume:
        training.resume()
    return bool(training.state == "running")
