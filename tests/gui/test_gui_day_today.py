"""Today: cards, signatures, the diary, the robot's minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.qt import QtCore, QtGui
from gui.viewmodels.today import COMES, DONE, HERE, LATE
from rehab.clinic.clinic import Clinic
from rehab.clinic.records import Answers
from tests.gui.day import PIN, Office, clinic, demo_store, office  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


def card(app: Office, code: str) -> Any:
    return next(c for c in (*app.page.model.day.cards, *app.page.model.day.caseload) if c.patient == code)


def test_the_appointments_of_the_day_stand_in_their_order(app: Office) -> None:
    acting = app.signed_in()
    wanted = [a.patient for a in acting.appointments.day()]
    assert [c.patient for c in app.page.model.day.cards] == wanted == list(app.page.open_buttons)[: len(wanted)]


def test_a_patient_who_has_come_is_marked_with_one_click(app: Office) -> None:
    acting = app.signed_in()
    first = app.page.model.day.cards[0]
    assert first.state in (COMES, LATE)
    app.page.model.arrived(first.appointment)
    app.settle()
    assert card(app, first.patient).state == HERE
    assert acting.appointments.day()[0].arrived is not None


def test_a_session_that_has_ended_marks_its_patient_as_done_and_fills_the_diary(app: Office) -> None:
    acting = app.signed_in()
    code = app.page.model.day.cards[0].patient
    session = acting.sessions.begin(code, device="sim:planar_arm", before=Answers(2, 3))
    acting.sessions.end(session.id, "done", robot=600.0, trials=20, reached=15)
    app.go("today")
    assert card(app, code).state == DONE
    assert "10" in app.page.minutes.text()
    app.click(app.page.copy_it)
    assert QtGui.QGuiApplication.clipboard().text() == acting.sessions.diary_sentence(session.id, "it")
    app.click(app.page.copy_en)
    assert QtGui.QGuiApplication.clipboard().text() == acting.sessions.diary_sentence(session.id, "en")


def test_sign_all_signs_what_was_not_signed(app: Office) -> None:
    acting = app.signed_in()
    assert acting.sessions.unsigned() and app.page.sign.isVisible()
    app.type(app.page.sign_all.pin, PIN)
    app.click(app.page.sign_all.button)
    app.settle()
    assert acting.sessions.unsigned() == ()
    app.settle()
    assert not app.page.sign.isVisible()


def test_sign_all_with_a_wrong_pin_signs_nothing(app: Office) -> None:
    acting = app.signed_in()
    before = len(acting.sessions.unsigned())
    app.type(app.page.sign_all.pin, "1111")
    app.click(app.page.sign_all.button)
    app.settle()
    assert len(acting.sessions.unsigned()) == before and app.page.problem.isVisible()


def test_an_appointment_made_on_the_patients_page_appears(app: Office) -> None:
    acting = app.signed_in()
    code = app.patient("Demo Uno")
    app.go("patient", patient=code)
    day = dt.date.today() + dt.timedelta(days=12)
    app.page.when.setDateTime(QtCore.QDateTime(day.year, day.month, day.day, 14, 30, 0))
    app.page._appoint()
    app.settle()
    (made,) = [a for a in acting.appointments.day(day) if a.patient == code]
    assert (made.at.astimezone().hour, made.at.astimezone().minute) == (14, 30)
