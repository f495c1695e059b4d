"""Coming in: the first user, name and password, the lock, taking over, signing out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui import i18n
from gui.qt import Qt
from gui.viewmodels.desk import LOCK_AFTER
from rehab.clinic.clinic import Clinic
from rehab.core.clock import ManualClock
from tests.gui.day import PASSWORD, PIN, Office, clinic, demo_store, office  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    yield from office(qtbot, clinic, tmp_path, monkeypatch)


@pytest.fixture
def new(qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Over an empty store."""
    empty = Clinic.open(tmp_path / "empty.db")
    yield from office(qtbot, empty, tmp_path, monkeypatch)
    empty.close()


def test_an_empty_store_asks_for_the_first_user_and_signs_them_in(new: Office) -> None:
    assert new.place == "first_user"
    page = new.page
    for line, words in ((page.full_name, "Maria Rossi"), (page.name, "maria"), (page.password, "long enough 1"),
                        (page.again, "long enough 1"), (page.pin, "4711")):  # fmt: skip
        new.type(line, words)
    new.click(page.make)
    new.wait(lambda: new.place == "today")
    assert new.desk.acting is not None and new.desk.acting.user.full_name == "Maria Rossi"
    assert {"therapist", "administrator"} <= set(new.desk.acting.user.roles)


def test_two_different_passwords_make_no_user(new: Office) -> None:
    page = new.page
    for line, words in ((page.full_name, "Maria Rossi"), (page.name, "maria"), (page.password, "long enough 1"),
                        (page.again, "long enough 2"), (page.pin, "4711")):  # fmt: skip
        new.type(line, words)
    new.press(page.pin, Qt.Key.Key_Return)
    new.settle()
    assert "differ" in page.problem.text() and new.desk.clinic.empty


def test_what_the_first_day_of_a_clinic_needs_next_is_said(new: Office) -> None:
    new.desk.signed_in(new.desk.clinic.create_first("maria", "Maria Rossi", "long enough 1", "4711"))
    new.settle()
    assert "add the first one" in new.page.model.next_step
    assert not new.page.demo.isVisible()


def test_demo_data_is_one_click_away_and_every_page_of_the_day_says_so(new: Office) -> None:
    new.click(new.page.demo)
    new.wait(lambda: new.place == "today" and new.page.model.day is not None)
    assert new.page.demo.isVisible() and new.page.model.day.cards


def test_name_and_password_let_in(app: Office) -> None:
    assert app.place == "sign_in"
    app.type(app.page.name, "marco")
    app.press(app.page.name, Qt.Key.Key_Return)
    app.type(app.page.password, PASSWORD)
    app.press(app.page.password, Qt.Key.Key_Return)
    app.wait(lambda: app.place == "today")
    assert app.desk.acting is not None and app.desk.acting.user.name == "marco"


def test_a_wrong_name_and_a_wrong_password_get_the_same_words(app: Office) -> None:
    said = []
    for name, password in (("nobody", PASSWORD), ("marco", "wrong password")):
        app.page.name.setText(name)
        app.page.password.setText(password)
        app.click(app.page.go_in)
        app.settle()
        said.append(app.page.problem.text())
        assert app.page.password.text() == "" and app.page.problem.isVisible()
    assert said[0] == said[1] != ""


def test_after_five_wrong_passwords_the_lock_is_said_in_words(app: Office) -> None:
    for _ in range(6):
        app.page.name.setText("marco")
        app.page.password.setText("wrong password")
        app.click(app.page.go_in)
        app.settle()
    assert "lock" in app.page.problem.text()


def test_who_was_here_today_is_offered_by_name(app: Office) -> None:
    app.desk.clinic.sign_in("marco", PASSWORD)
    app.page.enter()
    app.settle()
    app.click(app.page.people["marco"])
    assert app.page.name.text() == "marco" and app.page.password.hasFocus()


def test_the_window_takes_on_the_language_and_colours_of_who_signs_in(app: Office) -> None:
    app.signed_in("anna", language="it", theme="dark")
    assert i18n.language() == "it" and app.shell._theme.name == "dark"
    assert app.shell.heading.text() == "Oggi"


def test_the_pin_goes_on_where_the_lock_found_the_page(app: Office) -> None:
    app.signed_in()
    code = app.patient("Demo Uno")
    app.go("patient", patient=code)
    app.click(app.shell.lock_button)
    app.settle()
    assert app.place == "locked" and "Uno" not in " ".join(_texts(app))
    app.type(app.page.pin, PIN)
    app.press(app.page.pin, Qt.Key.Key_Return)
    app.wait(lambda: app.place == "patient")
    app.settle()
    assert app.page.identity.name.text() == "Demo Uno"


def test_a_wrong_pin_leaves_it_locked_and_says_so(app: Office) -> None:
    app.signed_in()
    app.desk.lock()
    app.settle()
    app.type(app.page.pin, "0000")
    app.click(app.page.unlock)
    app.settle()
    assert app.place == "locked" and app.page.problem.isVisible() and app.page.pin.text() == ""


def test_a_password_unlocks_too(app: Office) -> None:
    app.signed_in()
    app.desk.lock()
    app.settle()
    app.click(app.page.with_password)
    app.type(app.page.password, PASSWORD)
    app.click(app.page.go_in)
    app.wait(lambda: app.place == "today")


def test_ten_minutes_without_a_touch_lock_the_screen(
    qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    clock = ManualClock()
    for app in office(qtbot, clinic, tmp_path, monkeypatch, clock=clock):
        app.signed_in()
        clock.advance(LOCK_AFTER - 1.0)
        app.shell.frame()
        assert app.place == "today"
        clock.advance(2.0)
        app.shell.frame()
        assert app.place == "locked" and app.desk.locked


def test_signing_out_forgets_the_pin_and_what_was_typed(app: Office) -> None:
    app.signed_in()
    app.desk.drafts["note"] = "something private"
    app.desk.lock()
    app.settle()
    app.click(app.page.out)
    app.settle()
    assert app.place == "sign_in" and app.desk.acting is None
    assert "anna" not in [user.name for user in app.desk.clinic.here()]
    app.signed_in()
    assert "note" not in app.desk.drafts


def test_another_users_pages_hold_nothing_of_the_one_before(app: Office) -> None:
    app.signed_in()
    app.go("patient", patient=app.patient("Demo Uno"))
    app.desk.lock()
    app.signed_in("carla")
    assert "Uno" not in " ".join(_texts(app)) and set(app.shell._pages) == {"today"}


def test_somebody_without_patients_begins_at_their_own_places(app: Office) -> None:
    app.signed_in("carla")
    from gui.widgets.buttons import IconButton

    (button,) = [b for b in app.page.findChildren(IconButton) if b.isVisible() and "Users" in b.text()]
    app.click(button)
    assert app.place == "users"


def test_enter_presses_the_button_that_has_the_focus(app: Office) -> None:
    app.signed_in()
    code = next(iter(app.page.open_buttons))
    app.press(app.page.open_buttons[code], Qt.Key.Key_Return)
    app.settle()
    assert app.place == "patient"


def _texts(app: Office) -> list[str]:
    from gui.qt import QtWidgets

    return [label.text() for label in app.shell.findChildren(QtWidgets.QLabel) if label.isVisible()]
