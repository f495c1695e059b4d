"""Rows that begin a new row where they are full."""

from __future__ import annotations

from typing import Any

import pytest

from gui.qt import QtWidgets
from gui.theme import application
from gui.widgets.flow import Flow


@pytest.fixture
def box(qtbot: Any) -> QtWidgets.QWidget:
    application()
    made = QtWidgets.QWidget()
    pieces = [QtWidgets.QWidget() for _ in range(3)]
    for piece, height in zip(pieces, (50, 80, 50), strict=True):
        piece.setFixedSize(100, height)
    flow = Flow(*pieces, spacing=10)
    made.setLayout(flow)
    made.setMinimumSize(10, 10)
    qtbot.addWidget(made)
    made.show()
    return made


def places(box: QtWidgets.QWidget, width: int) -> list[tuple[int, int]]:
    box.resize(width, 300)
    layout = box.layout()
    assert isinstance(layout, Flow)
    layout.activate()
    return [(w.x(), w.y()) for k in range(3) if (w := layout.itemAt(k).widget())]


def test_what_has_room_stands_in_one_row_on_one_line(box):
    assert places(box, 320) == [(0, 30), (110, 0), (220, 30)]


def test_one_pixel_too_few_begins_a_new_row(box):
    assert places(box, 319) == [(0, 30), (110, 0), (0, 90)]


def test_it_is_as_high_as_its_rows(box):
    flow = box.layout()
    assert [flow.heightForWidth(width) for width in (320, 319, 100)] == [80, 140, 200]
    assert flow.minimumSize().width() == 100


def test_what_is_hidden_takes_no_room(box):
    flow = box.layout()
    flow.itemAt(1).widget().hide()
    assert places(box, 210)[2] == (110, 0)
    assert flow.heightForWidth(210) == 50
