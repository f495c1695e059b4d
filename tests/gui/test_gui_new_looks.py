"""Another theme, another language: the page that is shown is made anew, the others when they are gone to again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui import i18n
from gui.qt import Qt, QtWidgets
from gui.theme import DARK
from rehab.clinic.clinic import Clinic
from tests.gui.day import Office, clinic, demo_store, office  # noqa: F401

pytestmark = pytest.mark.usefixtures("no_qt_warnings")


@pytest.fixture
def app(qtbot: Any, clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:  # noqa: F811
    for made in office(qtbot, clinic, tmp_path, monkeypatch):
        made.signed_in()
        made.go("patients")
        made.go("patient", patient=made.patient("Demo Uno"))
        yield made


def alive(app: Office) -> int:
    return len(app.shell.findChildren(QtWidgets.QWidget))


def test_another_theme_keeps_one_page_and_what_it_shows(app: Office) -> None:
    assert list(app.shell._pages) == ["today", "patients", "patient"]
    before = alive(app)
    app.click(app.shell.theme_button)
    assert list(app.shell._pages) == ["patient"] and app.shell._theme is DARK
    app.settle()
    assert app.page.identity.name.text() == "Demo Uno"
    assert alive(app) < before
    assert QtWidgets.QApplication.overrideCursor() is None


def test_the_pages_that_are_not_shown_are_gone_before_the_style_visits_every_widget(app: Office) -> None:
    app.click(app.shell.theme_button)
    app.settle()
    once = alive(app)
    for _ in range(3):  # contrast, light, dark again
        app.click(app.shell.theme_button)
        app.settle()
    assert alive(app) == once


def test_another_language_is_saved_before_the_page_asks_the_store_anew(app: Office) -> None:
    app.click(app.shell.language_button)
    app.settle()
    try:
        assert list(app.shell._pages) == ["patient"] and i18n.language() == "it"
        shown = [label.text() for label in app.page.findChildren(QtWidgets.QLabel)]
        assert any("limitato da" in words for words in shown)
        assert not any("limited by" in words for words in shown)
    finally:
        i18n.use("en")


def test_what_was_typed_is_there_after_another_theme(app: Office, qtbot: Any) -> None:
    page = app.go("new_patient")
    qtbot.keyClicks(page.lines["given_name"], "Gina")
    app.click(app.shell.theme_button)
    app.settle()
    assert app.page is not page
    assert app.page.lines["given_name"].text() == "Gina"


def test_the_theme_button_works_by_keyboard_and_the_next_press_too(app: Office, qtbot: Any) -> None:
    for name in ("dark", "contrast", "light"):
        button = app.shell.theme_button
        button.setFocus()
        qtbot.keyClick(button, Qt.Key.Key_Return)
        app.settle()
        assert app.shell._theme.name == name
