"""Side by side where there is room, else one under the other."""

from __future__ import annotations

from typing import Any

import pytest

from gui.qt import QtWidgets
from gui.theme import application
from gui.widgets.columns import Columns


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
