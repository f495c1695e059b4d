"""Side by side where there is room, else one under the other."""

from __future__ import annotations

from typing import Any

import pytest

from gui.qt import QtWidgets
from gui.theme import application
from gui.widgets.columns import Columns
from gui.widgets.plain import text
from tests.gui import looks


@pytest.fixture
def columns(qtbot: Any) -> Columns:
    application()
    pieces = [QtWidgets.QWidget(), QtWidgets.QWidget()]
    for piece in pieces:
        piece.setMinimumSize(300, 50)
        piece.minimumSizeHint = piece.minimumSize  # type: ignore[method-assign]
    made = Columns((pieces[0], 3), (pieces[1], 2))
    made.setMinimumSize(10, 10)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(("width", "stacked"), [(900, False), (616, False), (615, True), (320, True)])
def test_the_width_decides(columns: Columns, width: int, stacked: bool) -> None:
    columns.resize(width, 400)
    assert columns.stacked is stacked
    columns._layout.activate()
    first, second = columns._pieces
    assert (second.y() > first.y()) is stacked


def test_they_stand_side_by_side_again_when_there_is_room_again(columns: Columns) -> None:
    columns.resize(320, 400)
    columns.resize(900, 400)
    assert not columns.stacked


def test_what_is_hidden_needs_no_room(columns: Columns) -> None:
    columns._pieces[1].hide()
    columns.resize(320, 400)
    assert not columns.stacked


def test_a_page_that_scrolls_grows_when_columns_in_it_go_under_each_other(qtbot: Any) -> None:
    application()
    words = "A sentence that needs one line in a wide window and several in a narrow one, as sentences do. " * 3
    page, inner = QtWidgets.QWidget(), QtWidgets.QVBoxLayout()
    inner.addWidget(text(words))
    upper = [QtWidgets.QPushButton("a button with many words on it") for _ in range(3)]
    column = QtWidgets.QVBoxLayout(page)
    column.addWidget(Columns(*((button, 1) for button in upper)))
    column.addWidget(Columns((inner, 1), (text(words), 1)), 1)
    area = QtWidgets.QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(page)
    area.setMinimumSize(50, 50)
    area.resize(1200, 300)
    qtbot.addWidget(area)
    area.show()
    area.resize(400, 300)
    qtbot.waitUntil(lambda: page.height() >= page.heightForWidth(page.width()), timeout=5000)
    assert page.findChildren(Columns)[0].stacked
    assert looks.cut_off(area) == []
