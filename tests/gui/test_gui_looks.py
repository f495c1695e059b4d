"""The checks of looks themselves: each finds what it is for, and is quiet about what is right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gui.qt import Qt, QtWidgets
from gui.theme import application
from gui.widgets.buttons import IconButton
from gui.widgets.plain import text
from tests.gui import looks


@pytest.fixture
def page(qtbot: Any, no_qt_warnings: None) -> Iterator[QtWidgets.QWidget]:
    application()
    made = QtWidgets.QWidget()
    made.setLayout(QtWidgets.QVBoxLayout())
    made.setMinimumSize(100, 100)  # else each new widget gives the platform new size hints, of which offscreen warns
    made.resize(400, 300)
    qtbot.addWidget(made)
    made.show()
    yield made


def add(page: QtWidgets.QWidget, widget: QtWidgets.QWidget) -> Any:
    layout = page.layout()
    assert layout is not None
    layout.addWidget(widget)
    QtWidgets.QApplication.processEvents()
    return widget


def test_a_good_button_offends_nothing(page):
    add(page, IconButton("Start", "fa6s.play", "Start the protocol"))
    for check in (looks.without_a_name, looks.too_small, looks.not_by_keyboard, looks.cut_off):
        assert check(page) == []


def test_a_field_without_a_name_is_found(page):
    add(page, QtWidgets.QLineEdit())
    assert len(looks.without_a_name(page)) == 1


def test_a_small_button_is_found(page):
    add(page, QtWidgets.QToolButton()).setFixedSize(24, 24)
    assert "24 × 24" in looks.too_small(page)[0]


def test_what_the_tab_key_leaves_out_is_found(page):
    add(page, IconButton("Start", "fa6s.play", "Start")).setFocusPolicy(Qt.FocusPolicy.NoFocus)
    assert len(looks.not_by_keyboard(page)) == 1


@pytest.mark.parametrize("wrap", [True, False])
def test_a_label_without_room_is_found(page, wrap):
    words = "A sentence that is far too long for the little room that it was given here"
    add(page, text(words, wrap=wrap)).setFixedSize(60, 20)
    assert len(looks.cut_off(page)) == 1


def test_a_button_without_room_is_found(page):
    add(page, IconButton("Resume gentler", "fa6s.play", "Resume")).setFixedWidth(60)
    assert len(looks.cut_off(page)) == 1


def test_what_sticks_out_of_the_window_is_found(page):
    label = text("here", wrap=False)
    label.setParent(page)
    label.move(390, 10)
    label.show()
    assert "sticks out" in looks.cut_off(page)[0]


def test_a_literal_text_in_code_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(looks, "ROOT", tmp_path)
    code = tmp_path / "page.py"
    code.write_text('label.setText("Start")\nQLabel(tr("Start"))\nIconButton(tr("Go"), "fa6s.play", f"{n} trials")\n')
    assert looks.literal_texts(tmp_path) == ["page.py:1: setText('Start')", "page.py:3: IconButton(' trials')"]


def test_no_text_of_the_windows_goes_round_the_catalogue():
    offences = looks.literal_texts(Path(looks.ROOT / "gui"))
    assert not offences, "\n".join(offences)
