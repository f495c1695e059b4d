"""A new patient and the details of one: the form, the picture, the checklist, range, photo, worklist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.qt import Qt, QtCore, QtGui
from gui.viewmodels.fields import read_day, read_number
from gui.viewmodels.new_patient import range_of
from rehab.clinic.clinic import Clinic
from rehab.core.errors import BadInput
from tests.gui.day import Office, clinic, demo_store, office  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


def new(app: Office) -> Any:
    app.signed_in()
    return app.go("new_patient")


def details(app: Office, part: str = "person") -> Any:
    app.signed_in()
    return app.go("new_patient", patient=app.patient("Demo Uno"), part=part)


def test_a_codice_fiscale_fills_birth_date_and_sex(app: Office) -> None:
    page = new(app)
    app.type(page.lines["codice_fiscale"], "rssmra80a01h501u")  # Mario Rossi, born in Rome on 1 January 1980
    app.settle()
    assert page.lines["birth_date"].text() == "1/1/1980" and page.sex.currentData() == "M"


def test_a_wrong_codice_fiscale_is_said_at_once(app: Office) -> None:
    page = new(app)
    app.type(page.lines["codice_fiscale"], "RSSMRA80A01H501X")
    app.settle()
    assert page.code_says.text() and page.lines["birth_date"].text() == ""


def test_the_arm_is_chosen_on_the_picture_with_the_mouse(app: Office) -> None:
    page = new(app)
    app.qtbot.mouseClick(page.body, Qt.MouseButton.LeftButton, pos=QtCore.QPoint(20, 120))
    assert page.model.draft.values["side"] == "right"  # seen from the front: theirs, not ours
    app.qtbot.mouseClick(page.body, Qt.MouseButton.LeftButton, pos=QtCore.QPoint(page.body.width() - 20, 120))
    assert page.model.draft.values["side"] == "left" and "left arm" in page.body.accessibleName()


def test_the_arm_is_chosen_on_the_picture_with_the_keyboard(app: Office) -> None:
    page = new(app)
    app.press(page.body, Qt.Key.Key_Left)
    assert page.model.draft.values["side"] == "right"
    app.press(page.body, Qt.Key.Key_Right)
    assert page.model.draft.values["side"] == "left"


def test_a_new_patient_is_saved_into_the_caseload(app: Office) -> None:
    page = new(app)
    for name, words in (("given_name", "Ada"), ("family_name", "Neri"), ("birth_date", "3/5/1958")):
        app.type(page.lines[name], words)
    page.sex.setCurrentIndex(page.sex.findData("F"))
    page.sex.activated.emit(page.sex.currentIndex())
    app.press(page.body, Qt.Key.Key_Right)
    app.click(page.save_person)
    app.settle()
    app.settle()
    (line,) = app.desk.acting.patients.search("Ada Neri", mine=True)
    assert line.side == "left" and line.patient in page.saved.text()
    assert page.tabs.isTabEnabled(1) and not page.unsaved.text()


def test_what_is_missing_is_said_and_nothing_typed_is_lost(app: Office) -> None:
    page = new(app)
    app.type(page.lines["given_name"], "Ada")
    app.click(page.save_person)
    app.shell.frame()
    assert "Family name is missing" in page.problem.text() and page.lines["given_name"].text() == "Ada"


def test_a_half_filled_form_survives_going_elsewhere_and_another_language(app: Office) -> None:
    page = new(app)
    app.type(page.lines["given_name"], "Ada")
    app.go("patients")
    app.go("new_patient")
    app.shell.speak("it")
    app.settle()
    assert app.page.lines["given_name"].text() == "Ada" and app.page.unsaved.text()


def test_what_is_not_saved_can_be_discarded(app: Office) -> None:
    page = details(app)
    app.type(page.lines["diagnosis"], " changed")
    app.shell.frame()
    app.wait(page.discard.isVisible)
    app.click(page.discard)
    app.settle()
    assert "changed" not in page.lines["diagnosis"].text() and not page.model.draft.dirty


def test_lengths_have_units_and_a_plausible_range(app: Office) -> None:
    page = details(app, "setting")
    page.lines["forearm"].clear()
    app.type(page.lines["forearm"], "260")
    app.click(page.save_setting)
    app.shell.frame()
    assert "12 to 40 cm" in page.problem.text()
    page.lines["forearm"].clear()
    app.type(page.lines["forearm"], "26,5")
    app.click(page.save_setting)
    app.settle()
    app.settle()
    setting = app.desk.acting.charts.read(page.model.draft.patient).setting
    assert setting is not None and setting.forearm == pytest.approx(0.265)


def test_every_question_of_the_checklist_needs_an_answer(app: Office) -> None:
    page = new(app)
    for name, words in (("given_name", "Ada"), ("family_name", "Neri"), ("birth_date", "3/5/1958")):
        app.type(page.lines[name], words)
    page.model.type("person", "sex", "F")
    page.model.type("person", "side", "left")
    page.model.save_person()
    app.settle()
    app.settle()
    page.tabs.setCurrentIndex(2)
    app.settle()
    app.click(page.save_checklist)
    app.shell.frame()
    assert "Every question needs an answer" in page.problem.text()
    for buttons in page.answers.values():
        app.qtbot.mouseClick(buttons["no"], Qt.MouseButton.LeftButton)
    app.click(page.save_checklist)
    app.settle()
    app.settle()
    checklist = app.desk.acting.charts.read(page.model.draft.patient).checklist
    assert checklist is not None and set(checklist.answers.values()) == {"no"}


def test_a_photo_is_taken_from_a_file(app: Office, tmp_path: Path) -> None:
    page = details(app, "photo")
    picture = QtGui.QImage(40, 30, QtGui.QImage.Format.Format_RGB32)
    picture.fill(QtGui.QColor("#336699"))
    assert picture.save(str(tmp_path / "seat.png"))
    page.model.set_photo(tmp_path / "seat.png")
    app.settle()
    assert page.picture.pixmap().size() == QtCore.QSize(40, 30)
    assert app.desk.acting.charts.photo(page.model.draft.patient).data == (tmp_path / "seat.png").read_bytes()


def test_what_is_no_photo_is_refused_in_words(app: Office, tmp_path: Path) -> None:
    page = details(app, "photo")
    (tmp_path / "seat.txt").write_text("no")
    page.model.set_photo(tmp_path / "seat.txt")
    app.settle()
    assert "JPEG or PNG" in page.problem.text()


def test_a_worklist_shows_what_each_line_would_do_before_anything_changes(app: Office, tmp_path: Path) -> None:
    app.signed_in()
    page = app.go("new_patient", part="worklist")
    (tmp_path / "list.csv").write_text(
        "given name;family name;birth date;sex;side\nAda;Neri;03/05/1958;F;left\nBad;Line;99/99/1958;F;left\n"
    )
    page.model.read_worklist(tmp_path / "list.csv")
    app.settle()
    assert [page.preview.item(row, 1).text() for row in range(2)] == ["is added", "is left out"]
    assert app.desk.acting.patients.search("Ada Neri") == ()
    app.click(page.do_import)
    app.settle()
    assert [line.full_name for line in app.desk.acting.patients.search("Ada Neri")] == ["Ada Neri"]


def test_the_range_is_measured_in_a_session_of_its_exercise(app: Office) -> None:
    page = details(app, "range")
    app.click(page.measure)
    app.wait(lambda: app.place == "train" and bool(app.sessions))
    assert app.requests[0].protocol == "range_of_motion" and app.requests[0].person is not None
    app.wait(lambda: app.sessions[0].state == "prepared")
    app.desk.run.end()
    app.wait(lambda: not app.desk.session_open)
    app.go("new_patient", patient=page.model.draft.patient, part="range")
    assert page.model.chart is not None


def test_the_box_of_a_recording_is_that_of_its_trials(tmp_path: Path) -> None:
    from rehab.record.recording import Recording
    from rehab.session.session import Session

    with Session("sim:planar_arm", "stroke", seed=1, clock="simulated", out=tmp_path) as session:
        for _ in session.run("range_of_motion", trials=2, directions=2, time_limit=4.0):
            pass
    box = range_of(session.folder)
    recording = Recording.open(session.folder)
    during = recording.ticks["trial"] > 0
    assert box.device == "planar_arm" and len(box.low) == 2 and len(box.q_min) == 2
    span = recording.array("x")[during].max(axis=0) - recording.array("x")[during].min(axis=0)
    assert [high - low for low, high in zip(box.low, box.high, strict=True)] == pytest.approx(span.tolist())
    assert max(high - low for low, high in zip(box.low, box.high, strict=True)) > 0.02  # m: the hand moved


@pytest.mark.parametrize("text", ["3/5/1958", "3.5.1958", "1958-05-03", "03/05/1958"])
def test_days_are_read_as_people_write_them(text: str) -> None:
    day = read_day(text, "Birth date", dt.date(2026, 3, 2))
    assert day is not None and (day.year, day.month, day.day) == (1958, 5, 3)


@pytest.mark.parametrize("text", ["31/2/1958", "yesterday", "1/1/2999"])
def test_a_day_that_is_none_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(BadInput, match="Birth date"):
        read_day(text, "Birth date", dt.date(2026, 3, 2))


def test_a_number_may_have_a_comma_and_its_unit() -> None:
    assert read_number("26,5 cm", "Forearm", 12, 40, "cm") == 26.5
    assert read_number("", "Forearm", 12, 40, "cm") is None
