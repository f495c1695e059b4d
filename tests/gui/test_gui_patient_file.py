"""A patient's limits, goals and pain from the window, all records in one file, and who looked at whose data."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.qt import Qt, QtCore, QtWidgets
from gui.views import places
from gui.widgets.tick import Tick
from rehab.clinic.clinic import Clinic
from tests.gui.day import Office, clinic, demo_store, office  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


@pytest.fixture
def code(app: Office) -> str:
    app.signed_in()
    found = app.patient("Demo Uno")
    app.go("patient_file", patient=found)
    return found


def button(app: Office, says: str) -> QtWidgets.QPushButton:
    buttons = [b for b in app.page.findChildren(QtWidgets.QPushButton) if b.isVisible()]
    (found,) = [b for b in buttons if b.accessibleName().startswith(says)]
    return found


def test_a_limit_is_set_with_its_reason_and_lifted_with_one(app: Office, code: str) -> None:
    charts, page = app.desk.acting.charts, app.page
    page.limit.setCurrentIndex(page.limit.findData("speed"))
    page.value.setValue(0.3)
    page.reason.setText("dizzy when it is faster")
    app.click(page.set_limit)
    app.settle()
    (line,) = [limit for limit in charts.read(code).limits if limit.name == "speed"]
    assert (line.value, line.reason) == (pytest.approx(0.3), "dizzy when it is faster")
    app.click(button(app, f"Lift: {line.says}"))
    app.click(button(app, "Take it out"))  # no reason yet: nothing happens
    app.settle()
    assert page.asking.isVisible() and any(limit.name == "speed" for limit in charts.read(code).limits)
    page.because.setText("better")
    app.press(page.because, Qt.Key.Key_Return)
    app.settle()
    assert not any(limit.name == "speed" for limit in charts.read(code).limits)


def test_a_limit_without_a_reason_is_refused_in_words(app: Office, code: str) -> None:
    before = app.desk.acting.charts.read(code).limits
    app.click(app.page.set_limit)
    app.settle()
    assert "reason is empty" in app.page.problem.text()
    assert app.desk.acting.charts.read(code).limits == before


def test_a_goal_is_written_down_reached_and_another_given_up(app: Office, code: str) -> None:
    charts, page = app.desk.acting.charts, app.page
    for words in ("open the door alone", "knit again"):
        page.goal.setText(words)
        app.click(page.add_goal)
        app.settle()
    app.click(button(app, "Reached: open the door alone"))
    app.settle()
    app.click(button(app, "Give up: knit again"))
    page.because.setText("does not want it any more")
    app.click(button(app, "Take it out"))
    app.settle()
    goals = {goal.text: goal for goal in charts.read(code).goals}
    assert goals["open the door alone"].reached is not None and "knit again" not in goals


def test_what_hurts_is_added_changed_and_taken_out(app: Office, code: str) -> None:
    charts, page = app.desk.acting.charts, app.page
    for pain in (3, 6):
        page.place.setText("left wrist")
        page.pain.setValue(pain)
        page.when.setText("at night")
        app.click(page.add_hurt)
        app.settle()
    hurts = {(h.place, h.pain, h.when) for h in charts.read(code).hurts}
    assert ("left wrist", 6, "at night") in hurts and ("left wrist", 3, "at night") not in hurts
    app.click(button(app, "It hurts no more: left wrist"))
    app.settle()
    assert "left wrist" not in {h.place for h in charts.read(code).hurts}


def test_all_records_go_into_one_file_once_the_patient_agrees(app: Office, code: str, tmp_path: Path) -> None:
    page = app.page
    assert not page.export.isEnabled()
    app.click(page.sure)
    assert page.export.isEnabled()
    page.model.export(tmp_path / "all.zip")
    app.settle()
    assert "all.zip" in page.done.text()
    with zipfile.ZipFile(tmp_path / "all.zip") as zipped:
        assert {"sessions.csv", "measures.csv", "scales.csv", "notes.csv", "chart.csv"} <= set(zipped.namelist())


# who looked ----------------------------------------------------------------------------------------------------------


def test_an_administrator_sees_who_looked_at_one_patient(app: Office) -> None:
    app.signed_in("anna")
    code = app.patient("Demo Uno")
    app.go("patient_file", patient=code)
    app.signed_in("carla")
    page = app.go("audit")
    page.patient.setCurrentIndex(page.patient.findData(code))
    app.settle()
    rows = [[page.table.item(k, c).text() for c in range(5)] for k in range(page.table.rowCount())]
    assert any(row[1] == "Anna Demo" and row[2] == "clinical file: read" and row[3] == code for row in rows)
    assert {row[3] for row in rows} - {code} <= {""}


def test_refusals_can_be_looked_at_alone(app: Office) -> None:
    app.signed_in("remo")
    with pytest.raises(Exception, match="not for a"):
        app.desk.acting.patients.search()
    app.signed_in("carla")
    page = app.go("audit")
    app.click(page.refused)
    app.settle()
    said = {page.table.item(k, 4).text() for k in range(page.table.rowCount())}
    assert said == {"refused"}


def test_pages_of_the_rail_are_those_of_the_role() -> None:
    names = {role: {p.name for p in places.on_the_rail(frozenset({role}))} for role in ("therapist", "researcher")}
    assert "trainer" in names["therapist"] and "trainer" not in names["researcher"]
    assert {p.name for p in places.on_the_rail(frozenset({"administrator"}))} >= {"users", "audit"}
    assert "researcher" not in places.BY_NAME["plan"].roles, "a plan is a patient's, with their name"


# boxes ---------------------------------------------------------------------------------------------------------------


def test_a_box_is_ticked_by_the_box_and_by_its_words(app: Office) -> None:
    app.signed_in()
    tick = app.go("patients").mine
    assert isinstance(tick, Tick)
    for x in (8, 20, tick.width() // 2, tick.width() - 4):
        before = tick.isChecked()
        app.qtbot.mouseClick(tick, Qt.MouseButton.LeftButton, pos=QtCore.QPoint(x, tick.height() // 2))
        assert tick.isChecked() is not before, x
