"""The real application over real processes: what the end-to-end tests of the window share.

Timing limits are widened and shared memory is kept apart as for all tests of whole processes (tests/e2e/conftest.py);
after each test no process and no shared file may be left.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.opening import new_run
from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.viewmodels.training import TrainingModel
from gui.viewmodels.visit import Visit
from gui.views.training import TrainingView
from rehab.clinic.clinic import Clinic
from rehab.record.recording import Recording
from tests.gui.day import PASSWORD, Office, office

BOUND = 120_000  # ms: beyond what opening a session takes on a loaded machine
PLAN = """\
protocol: Short reaches
version: 1
device: planar_arm
blocks:
  - name: short
    reach: {targets: 8, radius: 8 cm, movement_time: 500 ms, home_dwell: 100 ms, dwell: 100 ms, time_limit: 2 s}
    controller: {impedance: {stiffness: 400 N/m}}
    trials: 60
"""


def real_office(
    qtbot: Any, clinic: Clinic, folder: Path, monkeypatch: pytest.MonkeyPatch, **options: Any
) -> Iterator[Office]:
    """An office with real sessions; `opened` collects what would be shown by the system's viewer."""
    clinic.sign_in("anna", PASSWORD).users.preferences(language="en", theme="light")
    opened: list[Path] = []
    monkeypatch.setattr(QtGui.QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    for made in office(qtbot, clinic, folder, monkeypatch, new_run=new_run, **options):
        made.bound = BOUND
        made.shell.sounder.tones.silent = ""  # there is a loudspeaker
        made.opened = opened  # type: ignore[attr-defined]
        yield made


def sign_in(app: Office) -> None:
    """At the sign-in page, by keyboard."""
    assert app.place == "sign_in"
    app.type(app.page.name, "anna")
    app.press(app.page.name, Qt.Key.Key_Return)
    app.type(app.page.password, PASSWORD)
    app.press(app.page.password, Qt.Key.Key_Return)
    app.wait(lambda: app.place == "today" and app.page.open_buttons)
    app.settle()


def open_patient(app: Office, name: str = "Demo Uno") -> str:
    """The card of that patient on Today; their code."""
    code = app.patient(name)
    app.click(app.page.open_buttons[code])
    app.wait(lambda: app.place == "patient" and app.page.identity.name.text() == name)
    app.settle()
    return code


def confirm(app: Office) -> Visit:
    app.click(app.page.confirm)
    app.wait(lambda: app.place == "prepare" and app.desk.visit is not None)
    app.settle()
    assert app.desk.visit is not None
    return app.desk.visit


def answer(app: Office, pain: int = 2, fatigue: int = 3) -> None:
    app.click(app.page.pain.answers[pain])
    app.click(app.page.fatigue.answers[fatigue])


def begin(app: Office) -> TrainingModel:
    """Start, where everything else is done; the arm moves."""
    app.wait(lambda: app.page.start.isEnabled())
    app.click(app.page.start)
    app.wait(lambda: app.place == "train" and view(app) is not None)
    app.wait(lambda: moves(app))
    return model(app)


def view(app: Office) -> TrainingView:
    page: Any = app.page
    return page.training


def model(app: Office) -> TrainingModel:
    assert app.desk.run is not None and app.desk.run.training is not None
    return app.desk.run.training


def moves(app: Office) -> bool:
    """Runs; gone on with where a loaded machine held the window up for so long that the arm was paused (F15), and tried
    again where the limb had not come to rest yet. On hardware the arm, once powered, is started by a second press."""
    shown, now = view(app), model(app)
    moved = any("let the limb come to rest" in message.text for message in now.messages)
    if now.can_resume:
        shown.controls.pause.click()
    elif now.can_start and (moved or now.state == "armed"):
        shown.controls.start.click()
    return bool(now.state == "running")


def train(app: Office, trials: int) -> None:
    """Until so many trials are done."""
    app.wait(lambda: len(model(app).trials) >= trials or (moves(app) and False))


def stopped(app: Office) -> None:
    """The arm is at rest and has no power."""
    app.wait(lambda: model(app).state == "stopped" and model(app).resting)
    app.settle()


def end(app: Office) -> Any:
    """End of session by its button: saved, the report written; the record in the store."""
    app.click(view(app).head.end)
    visit = app.desk.visit
    assert visit is not None
    app.wait(lambda: app.place == "after" and not visit.waiting and visit.record.state == "ended")
    app.settle()
    return visit.record


def key(app: Office, which: Qt.Key) -> None:
    """Wherever the focus is."""
    target = QtWidgets.QApplication.focusWidget() or app.shell
    app.qtbot.keyClick(target, which)


def events(recording: Recording, kind: str) -> list[dict[str, Any]]:
    return [event.data for event in recording.events if event.kind == kind]


def commands(recording: Recording) -> list[str]:
    """Names of what was asked of the session, in their order."""
    return [str(event.data.get("name")) for event in recording.events if event.kind == "command"]


def under(widget: QtWidgets.QWidget) -> QtCore.QPoint:
    """Its middle on the screen."""
    return widget.mapToGlobal(widget.rect().center())
