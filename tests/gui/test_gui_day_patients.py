"""Finding patients, and their page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.qt import Qt
from rehab.clinic.clinic import Clinic
from rehab.clinic.records import NewPatient
from tests.gui.day import Office, clinic, demo_store, office  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


def search(app: Office, words: str) -> list[str]:
    """What the list shows once it has come."""
    app.page.search.clear()
    app.type(app.page.search, words)
    app.wait(lambda: app.page.model._due is None and not app.page.model.waiting)
    app.shell.frame()
    return [app.page.list.item(row, 0).text() for row in range(app.page.list.rowCount())]


def test_the_list_follows_what_is_typed_without_minding_accents_or_case(app: Office) -> None:
    acting = app.signed_in()
    acting.patients.add(NewPatient(given_name="Niccolò", family_name="D'Agostù", birth_date=_day(), sex="M", side="left"))
    app.go("patients")
    assert search(app, "NICCOLO dagostu") in ([], ["Niccolò D'Agostù"])
    assert search(app, "niccolo") == ["Niccolò D'Agostù"]


def test_birth_date_and_code_find_too(app: Office) -> None:
    app.signed_in()
    code = app.patient("Demo Uno")
    app.go("patients")
    assert search(app, "3/5/1958") == ["Demo Uno"]
    assert search(app, code.lower()) == ["Demo Uno"]


def test_a_patient_is_found_and_opened_by_keyboard_alone(app: Office) -> None:
    app.signed_in()
    code = app.patient("Demo Uno")
    app.go("patients")
    search(app, "demo")
    app.press(app.page.search, Qt.Key.Key_Down)
    assert app.page.list.hasFocus()
    search(app, "uno")
    app.press(app.page.search, Qt.Key.Key_Return)
    app.settle()
    assert app.place == "patient" and app.page.model.code == code


def test_nobody_found_says_what_to_try(app: Office) -> None:
    app.signed_in()
    app.go("patients")
    assert search(app, "zzzz") == []
    assert "birth date" in app.page.empty.text() and app.page.empty.isVisible()


def test_a_patient_without_a_plan_cannot_train_until_one_is_chosen(app: Office) -> None:
    acting = app.signed_in()
    made = acting.patients.add(
        NewPatient(given_name="Ada", family_name="Neri", birth_date=_day(), sex="F", side="right")
    )
    acting.charts.set_checklist(made.patient, {item.name: "no" for item in acting.charts.check_items()})
    page = app.go("patient", patient=made.patient)
    assert not page.confirm.isVisible() and "plan" in page.hindrance.text() and page.plan_box.isVisible()
    page.ready.setCurrentIndex(page.ready.findData("reach_demo"))
    app.click(page.use_ready)
    app.settle()
    app.settle()
    assert page.confirm.isVisible() and acting.plans.current(made.patient).protocol


def test_a_note_is_added_and_one_half_typed_survives_going_elsewhere(app: Office) -> None:
    acting = app.signed_in()
    code = app.patient("Demo Uno")
    page = app.go("patient", patient=code)
    app.type(page.note, "sleeps badly")
    app.go("today")
    page = app.go("patient", patient=code)
    assert page.note.text() == "sleeps badly"
    app.press(page.note, Qt.Key.Key_Return)
    app.settle()
    app.settle()
    assert acting.charts.read(code).notes[0].text == "sleeps badly"


def _day() -> Any:
    import datetime as dt

    return dt.date(1960, 2, 29)
