"""Rows that begin a new row where they are full."""

from __future__ import annotations

from typing import Any

import pytest

from gui.qt import QtWidgets
from gui.theme import application
from gui.widgets.flow import Flow


@pytest.fixture
def flow(qtbot: Any) -> Flow:
    application()
    pieces = [QtWidgets.QWidget() for _ in range(3)]
    for piece, height in zip(pieces, (50, 80, 50), strict=True):
        piece.setFixedSize(100, height)
    made = Flow(*pieces, spacing=10)
    made.setMinimumWidth(10)
    qtbot.addWidget(made)
    made.show()
    return made


def places(flow: Flow, width: int) -> list[tuple[int, int]]:
    flow.resize(width, 300)
    return [(w.x(), w.y()) for w in flow._widgets]


def test_what_has_room_stands_in_one_row_on_one_line(flow):
    assert places(flow, 320) == [(0, 30), (110, 0), (220, 30)]


def test_one_pixel_too_few_begins_a_new_row(flow):
    assert places(flow, 319) == [(0, 30), (110, 0), (0, 90)]


@pytest.mark.parametrize(("width", "height"), [(320, 80), (319, 140), (100, 200)])
def test_it_is_as_high_as_its_rows(flow, width, height):
    places(flow, width)
    assert flow.minimumHeight() == flow.maximumHeight() == height


def test_it_needs_the_width_of_the_widest(flow):
    assert flow.minimumSizeHint().width() == 100
    assert flow.sizeHint().width() == 320


def test_what_is_hidden_takes_no_room(flow):
    places(flow, 210)
    flow._widgets[1].hide()
    QtWidgets.QApplication.processEvents()
    assert (flow._widgets[2].x(), flow._widgets[2].y()) == (110, 0)
    assert flow.minimumHeight() == 50


def test_what_comes_later_is_shown(flow):
    piece = QtWidgets.QWidget()
    flow.add(piece)
    assert piece.isVisible()
