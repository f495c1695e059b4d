"""A returning patient, from Today to the signature, in the real windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.qt import QtWidgets
from gui.viewmodels.run import Request
from rehab.clinic.clinic import Clinic
from tests.gui.day import PIN, Office, clinic, demo_store, office  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


def ready(app: Office) -> str:
    """Signed in, identity of the first patient of the day confirmed; their code."""
    app.signed_in()
    code = next(iter(app.page.open_buttons))
    app.click(app.page.open_buttons[code])
    app.settle()
    app.click(app.page.confirm)
    app.wait(lambda: app.desk.visit is not None and app.desk.visit.run is not None)
    return code


def answered(app: Office, pain: int = 3, fatigue: int = 4) -> None:
    app.click(app.page.pain.answers[pain])
    app.click(app.page.fatigue.answers[fatigue])
    app.wait(lambda: app.page.start.isEnabled())


def trained(app: Office) -> Any:
    """Both trials done, the session closed and saved; its record."""
    visit = app.desk.visit
    assert visit is not None
    app.sessions[0].advance(5.0)
    app.wait(lambda: visit.part == "ended" and not visit.waiting and visit.record.state == "ended")
    return visit.record


def test_a_returning_patient_trains_after_five_clicks(app: Office) -> None:
    app.signed_in()
    app.clicks = 0
    app.click(next(iter(app.page.open_buttons.values())))  # open
    app.settle()
    app.click(app.page.confirm)  # identity
    app.settle()
    app.click(app.page.pain.answers[2])
    app.click(app.page.fatigue.answers[3])
    app.wait(lambda: app.page.start.isEnabled())
    app.click(app.page.start)
    app.wait(lambda: app.place == "train" and app.sessions[0].state == "running")
    assert app.clicks == 5


def test_name_birth_date_and_side_stand_together_before_identity_is_confirmed(app: Office) -> None:
    app.signed_in()
    page = app.go("patient", patient=app.patient("Demo Uno"))
    shown = page.identity
    assert shown.name.text() == "Demo Uno"
    assert "3 May 1958" in shown.born.text() and shown.side.text() == "left side"
    assert shown.name.property("far") is True


def test_the_session_opens_while_the_questions_are_asked(app: Office) -> None:
    ready(app)
    app.wait(lambda: app.sessions and app.sessions[0].state == "prepared")
    assert app.desk.visit is not None and app.desk.visit.pain is None


def test_start_waits_for_pain_and_fatigue_and_says_so(app: Office) -> None:
    ready(app)
    app.wait(lambda: app.desk.visit.missing == ["the pain now", "the fatigue now"])
    app.shell.frame()
    assert not app.page.start.isEnabled() and "the pain now; the fatigue now" in app.page.waits.text()
    app.click(app.page.pain.answers[0])
    app.shell.frame()
    assert app.desk.visit.missing == ["the fatigue now"]


def test_the_wrong_patient_leaves_nothing_in_the_store(app: Office) -> None:
    code = ready(app)
    before = len(app.desk.acting.sessions.list(code))
    app.wait(lambda: app.sessions and app.sessions[0].state == "prepared")
    app.click(app.page.wrong)
    app.wait(lambda: not app.desk.session_open)
    assert app.place == "patients" and app.desk.visit is None
    assert len(app.desk.acting.sessions.list(code)) == before
    assert "arm" not in app.sessions[0].asked


def test_the_session_of_the_right_patient_opens_once_that_of_the_wrong_one_is_closed(app: Office) -> None:
    ready(app)
    app.wait(lambda: app.sessions and app.sessions[0].state == "prepared")
    app.click(app.page.wrong)
    other = app.patient("Demo Uno")
    app.go("patient", patient=other)
    app.wait(lambda: app.page.confirm.isVisible() and app.page.confirm.isEnabled())
    app.click(app.page.confirm)
    app.wait(lambda: len(app.sessions) == 2 and app.sessions[1].state == "prepared")
    assert app.sessions[0].state == "ended" and app.requests[1].who == "Demo Uno"


def test_the_patients_limits_and_pseudonym_go_to_the_session(app: Office) -> None:
    code = ready(app)
    chart = app.desk.acting.charts.read(code)
    assert app.requests[0].person == chart.layer and chart.layer.patient == code and chart.layer.limits


def test_answers_and_strapping_are_stored_apart_from_robot_time(app: Office) -> None:
    ready(app)
    answered(app, pain=3, fatigue=4)
    seconds = app.desk.visit.strapping
    app.click(app.page.start)
    app.wait(lambda: app.sessions[0].state == "running")
    record = trained(app)
    assert (record.before.pain, record.before.fatigue) == (3, 4)
    assert record.strapping >= seconds > 0.0


def test_straps_on_stops_the_strapping_time(app: Office) -> None:
    ready(app)
    app.click(app.page.straps)
    stopped = app.desk.visit.strapping
    app.wait(lambda: app.desk.now() > stopped)
    assert app.desk.visit.strapping == stopped


def test_the_outcome_and_the_measures_of_every_trial_are_saved(app: Office) -> None:
    ready(app)
    answered(app)
    app.click(app.page.start)
    app.wait(lambda: app.sessions[0].state == "running")
    record = trained(app)
    rows = app.desk.acting.sessions.measures(record.id)
    assert (record.outcome, record.trials, record.reached) == ("done", 2, 2)
    assert {(row.trial, row.name, row.value, row.unit) for row in rows} == {
        (1, "peak_speed", 0.234, "m/s"), (2, "peak_speed", 0.234, "m/s")
    }  # fmt: skip
    assert record.folder == str(app.sessions[0].folder)


def test_after_the_session_pain_is_asked_again_and_the_pin_signs(app: Office) -> None:
    ready(app)
    answered(app)
    app.click(app.page.start)
    app.wait(lambda: app.sessions[0].state == "running")
    record = trained(app)
    app.wait(lambda: app.place == "after" and app.page.whole.isVisible())
    app.click(app.page.pain.answers[5])
    app.settle()
    app.type(app.page.sign.pin, PIN)
    app.click(app.page.sign.button)
    app.settle()
    signed = app.desk.acting.sessions.get(record.id)
    assert signed.after.pain == 5 and signed.signed_by == "Anna Demo"
    app.click(app.page.next)
    assert app.place == "today" and app.desk.visit is None


def test_a_wrong_pin_signs_nothing_and_says_so(app: Office) -> None:
    ready(app)
    answered(app)
    app.click(app.page.start)
    app.wait(lambda: app.sessions[0].state == "running")
    record = trained(app)
    app.wait(lambda: app.place == "after" and app.page.sign.isVisible())
    app.type(app.page.sign.pin, "9999")
    app.press(app.page.sign.pin, app_enter())
    app.settle()
    assert app.page.problem.isVisible() and app.page.problem.text()
    assert app.desk.acting.sessions.get(record.id).signed is None


def app_enter() -> Any:
    from gui.qt import Qt

    return Qt.Key.Key_Return


def test_a_session_that_was_stopped_is_saved_as_stopped(app: Office) -> None:
    ready(app)
    answered(app)
    app.click(app.page.start)
    app.wait(lambda: app.sessions[0].state == "running")
    app.shell.stop()
    app.wait(lambda: app.sessions[0].state == "idle")
    app.wait(lambda: app.desk.run.training.state == "stopped")
    app.desk.run.end()
    app.wait(lambda: app.desk.visit.part == "ended" and app.desk.visit.record.state == "ended")
    assert app.desk.visit.record.outcome == "stopped"


def test_a_robot_that_cannot_be_opened_is_said_and_can_be_tried_again(app: Office) -> None:
    from gui.viewmodels.run import SessionRun
    from rehab.core.errors import DeviceRefused

    works = app.desk._new_run

    def refused(request: Request) -> SessionRun:
        def open_session(_: Request) -> Any:
            raise DeviceRefused("the plug is out")

        return SessionRun(request, open_session, lambda session: session.folder)

    app.desk._new_run = refused
    ready(app)
    app.wait(lambda: app.page.again.isVisible())
    assert app.page.problem.text() == "the plug is out"
    app.desk._new_run = works
    app.click(app.page.again)
    app.wait(lambda: app.sessions and app.sessions[0].state == "prepared")
    app.shell.frame()
    assert app.page.start.isVisible()


def test_a_plan_that_the_robot_does_not_take_is_said_and_can_be_tried_again(app: Office) -> None:
    """Not "the robot is getting ready" for ever."""
    refused = {"prepare": "the measured delay is too long for this stiffness"}

    def opened(request: Request, new_run: Any = app.desk._new_run) -> Any:
        run = new_run(request)
        app.sessions[-1].refuse = refused
        return run

    app.desk._new_run = opened
    ready(app)
    app.click(app.page.pain.answers[3])
    app.click(app.page.fatigue.answers[4])
    app.wait(lambda: app.page.again.isVisible())
    assert "the measured delay is too long" in app.page.problem.text()
    assert not app.page.start.isVisible()
    refused.clear()
    app.click(app.page.again)
    app.wait(lambda: app.page.start.isVisible() and app.page.start.isEnabled())
    assert app.page.problem.text() == "" or not app.page.problem.isVisible()


def test_what_differs_from_last_time_is_highlighted(app: Office) -> None:
    acting = app.signed_in()
    code = app.patient("Demo Uno")
    acting.charts.set_limit(code, "force", 12.0, reason="sore wrist")
    page = app.go("patient", patient=code)
    shown = [w for w in page.findChildren(QtWidgets.QLabel) if w.property("difference") == "limits" and w.isVisible()]
    assert shown and shown[0].property("notice") is True and "12" in shown[0].text()


def test_a_contraindication_without_a_decision_keeps_the_patient_from_training(app: Office) -> None:
    acting = app.signed_in()
    code = app.patient("Demo Uno")
    items = acting.charts.check_items()
    stops = next(item.name for item in items if item.stops)
    answers = {item.name: "no" for item in items} | {stops: "yes"}
    acting.charts.set_checklist(code, answers)
    page = app.go("patient", patient=code)
    assert not page.confirm.isVisible() and "contraindication" in page.hindrance.text()
    acting.charts.set_checklist(code, answers, remarks="discussed with the physician: gentle only")
    page = app.go("patient", patient=code)
    assert page.confirm.isVisible()


def test_the_device_is_checked_once_a_day(app: Office) -> None:
    ready(app)
    answered(app)
    assert app.page.check_list.isVisible()
    app.click(app.page.start)
    app.wait(lambda: app.sessions[0].state == "running")
    trained(app)
    kept = app.desk.acting.checks.today(app.desk.device)
    assert kept is not None and kept.by == "Anna Demo" and set(kept.results) == {"link", "timing", "homing", "estop"}
    app.desk.visit.next_patient()
    app.go("patient", patient=app.patient("Demo Uno"))
    app.click(app.page.confirm)
    app.wait(lambda: app.place == "prepare" and app.page.checked_before.isVisible())
    assert not app.page.check_list.isVisible() and "Anna Demo" in app.page.checked_before.words.text()


def test_another_therapist_takes_over_by_pin_while_the_session_runs(app: Office) -> None:
    app.trials = 1000
    app.desk.clinic.sign_in("marco", "demo-password")
    ready(app)
    answered(app)
    app.click(app.page.start)
    app.wait(lambda: app.sessions[0].state == "running")
    app.desk.lock()
    app.settle()
    assert app.shell.strip.stop.isVisible() and "Demo" not in app.shell.strip.words.text()
    app.click(app.page.people["marco"])
    app.type(app.page.pin, PIN)
    app.click(app.page.unlock)
    app.wait(lambda: app.desk.acting.user.name == "marco" and not app.desk.visit.waiting)
    assert app.sessions[0].state == "running" and app.place == "train"
    assert app.desk.visit.record.therapist == "Marco Demo"


def test_a_virtual_patient_is_offered_at_a_simulated_robot_only_and_marked_as_practice(app: Office) -> None:
    app.signed_in()
    page = app.go("patient", patient=app.patient("Demo Uno"))
    assert page.practice_box.isVisible() and page.practice.currentData() == "stroke"
    app.desk.device = "serial:/dev/ttyACM0"
    page = app.go("patient", patient=app.patient("Demo Uno"))
    assert not page.practice_box.isVisible()
    page.model.confirm_identity()
    app.wait(lambda: bool(app.requests))
    assert app.requests[0].patient is None
