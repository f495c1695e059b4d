"""A complete session in the real windows, on the simulated arm and over the serial emulator: from sign-in to paper."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.qt import Qt
from gui.viewmodels.training import TrainingModel
from rehab.clinic.clinic import Clinic
from rehab.core.types import Outcome
from rehab.record.recording import Recording
from rehab.record.verify import verify
from tests.e2e.conftest import background, nothing_stays, site  # noqa: F401
from tests.gui import real
from tests.gui.day import PIN, Office, clinic, demo_store, read_aloud  # noqa: F401

pytestmark = [pytest.mark.e2e, pytest.mark.window, pytest.mark.usefixtures("no_qt_warnings")]


class Robot:
    """What the window drives: its address, and a hand at its emergency stop (None: a simulated arm has none)."""

    def __init__(self, address: str, process: Any = None) -> None:
        self.address, self.process = address, process


@pytest.fixture(params=["simulated", "over serial as hardware"])
def robot(request: Any, site: Path) -> Iterator[Robot]:  # noqa: F811
    if request.param == "simulated":
        yield Robot("sim:planar_arm")
    else:
        with site.open("a") as more:
            more.write("allow: {editable: true}\n")  # a robot asks for code that was installed as it was released
        script = Path(__file__).parent / "as_hardware.py"
        with background(sys.executable, script, "planar_arm", "--patient", "healthy") as process:
            yield Robot(f"serial:{process.stdout.readline().strip()}", process)


@pytest.fixture
def app(
    qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, robot: Robot,  # noqa: F811
) -> Iterator[Office]:  # fmt: skip
    yield from real.real_office(qtbot, clinic, tmp_path, monkeypatch, device=robot.address)


def reached(model: TrainingModel) -> int:
    return sum(trial.outcome is Outcome.REACHED for trial in model.trials)


def test_a_whole_session_from_the_sign_in_to_the_printed_report(app: Office, robot: Robot) -> None:
    real.sign_in(app)
    code = real.open_patient(app)
    visit = real.confirm(app)
    real.answer(app)
    check_the_emergency_stop(app, robot)
    model = real.begin(app)

    view = real.view(app)
    app.click(view.sound.yes)
    real.train(app, 2)
    app.click(view.notes.chips["fatigue"])
    app.click(view.notes.mark)
    app.wait(lambda: model.bedside.kept == 2)
    app.wait(lambda: real.moves(app) and view.controls.pause.isEnabled())
    app.click(view.controls.pause)
    app.wait(lambda: model.state == "paused")
    app.wait(lambda: view.controls.pause.isEnabled())
    app.click(view.controls.pause)
    app.wait(lambda: real.moves(app))
    real.key(app, Qt.Key.Key_Space)
    real.stopped(app)
    app.wait(lambda: view.head.state.text() == "Stopped")
    done = len(model.trials)
    app.wait(lambda: view.controls.start.isEnabled())
    assert ("Go on" if robot.process is None else "Arm") in view.controls.start.text()
    app.click(view.controls.start)
    app.wait(lambda: real.moves(app))
    real.train(app, done + 2)
    if robot.process is None:  # at the emulator sits somebody who does not see the targets
        app.wait(lambda: reached(model) or (real.moves(app) and False))
    record = real.end(app)
    assert record.outcome == "cut_short" and record.trials == len(model.trials) >= done + 2
    assert record.reached == reached(model)

    after = app.page
    app.click(after.pain.answers[3])
    app.settle()
    app.click(after.fatigue.answers[5])
    app.settle()
    app.type(after.note, "tired at the end")
    app.click(after.add_note)
    app.settle()
    app.click(after.report)
    assert app.opened[-1] == visit.run.report
    app.type(after.sign.pin, PIN)
    app.press(after.sign.pin, Qt.Key.Key_Return)
    app.wait(lambda: visit.signed)
    app.settle()
    assert after.signed.isVisible()
    app.click(after.next)
    app.settle()
    assert app.place == "today" and app.desk.visit is None

    app.go("patient", patient=code)
    assert "tired at the end" in read_aloud(app.page)
    app.go("review", patient=code)
    review = app.page
    app.wait(lambda: review.trials.rowCount() == record.trials)
    app.click(review.verify)
    app.wait(lambda: "intact" in review.verified.accessibleName() + read_aloud(review.verified))
    app.click(review.report)
    app.wait(lambda: len(app.opened) == 2)
    printed = app.opened[-1].read_bytes()
    assert printed.startswith(b"%PDF") and printed.rstrip().endswith(b"%%EOF")

    stored = app.desk.acting.sessions.get(record.id)
    assert (stored.before.pain, stored.before.fatigue) == (2, 3) and (stored.after.pain, stored.after.fatigue) == (3, 5)
    assert stored.signed_by == "Anna Demo" and stored.device == robot.address
    recording = Recording.open(Path(stored.folder))
    assert verify(recording.folder).ok
    assert code in str(recording.metadata) and "Demo Uno" not in str(recording.metadata)
    assert not real.events(recording, "fault")
    assert [event["trial"] > 0 for event in real.events(recording, "mark")] == [True]
    assert all(event["by"] == "anna" for event in real.events(recording, "stop"))
    numbers = [event["number"] for event in real.events(recording, "trial_start")]
    assert numbers == list(range(1, len(numbers) + 1))  # nothing was lost over the stop


def check_the_emergency_stop(app: Office, robot: Robot) -> None:
    """Once a shift, with a hand on the button; a simulated arm has none."""
    if robot.process is None:
        return
    app.wait(lambda: app.page.marks["link"].isVisible())
    app.wait(lambda: app.desk.visit.shift.checks["estop"] == "waiting")
    app.wait(lambda: app.desk.visit.shift.checks["link"] in ("good", "fair"))
    assert not app.page.start.isEnabled()
    robot.process.send_signal(signal.SIGUSR1)
    app.wait(lambda: app.desk.visit.shift.checks["estop"] == "half")
    robot.process.send_signal(signal.SIGUSR2)
    app.wait(lambda: app.desk.visit.shift.checks["estop"] == "good")

