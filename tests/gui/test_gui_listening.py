"""One filter hears keys and touches for the whole application, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gui.qt import Qt, QtCore, QtWidgets
from gui.theme import application
from gui.widgets.enter import EnterPresses
from gui.widgets.listening import Listening
from gui.widgets.space import SpaceStops


class Heard:
    def __init__(self) -> None:
        self.touched = self.stopped = self.pressed = 0
        self.open = True

    def touch(self) -> None:
        self.touched += 1

    def stop(self) -> bool:
        self.stopped += self.open
        return self.open


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def button(qtbot: Any, heard: Heard, no_qt_warnings: None) -> Iterator[QtWidgets.QPushButton]:
    app = application()
    listening = Listening(keys=(EnterPresses(), SpaceStops(heard.stop)), touched=heard.touch)
    app.installEventFilter(listening)
    made = QtWidgets.QPushButton("Go")
    made.setMinimumSize(100, 50)
    qtbot.addWidget(made)
    made.clicked.connect(lambda: setattr(heard, "pressed", heard.pressed + 1))
    made.show()
    made.activateWindow()
    made.setFocus()
    heard.touched = 0
    yield made
    app.removeEventFilter(listening)


def test_the_space_bar_stops_and_presses_nothing(button, heard, qtbot):
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert (heard.stopped, heard.pressed) == (1, 0)


def test_the_space_bar_presses_when_there_is_nothing_to_stop(button, heard, qtbot):
    heard.open = False
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert heard.pressed == 1


def test_enter_presses_once(button, heard, qtbot):
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert (heard.stopped, heard.pressed) == (0, 1)


def test_keys_and_clicks_are_signs_of_somebody_and_paints_are_not(button, heard, qtbot):
    QtWidgets.QApplication.sendEvent(button, QtCore.QEvent(QtCore.QEvent.Type.UpdateRequest))
    assert heard.touched == 0
    qtbot.keyClick(button, Qt.Key.Key_A)
    after_key = heard.touched
    assert after_key > 0
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard.touched > after_key


def test_filters_are_asked_about_keys_only(qtbot):
    class Counts(QtCore.QObject):
        asked = 0

        def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:  # noqa: N802 - Qt's name
            self.asked += 1
            return False

    counts = Counts()
    listening = Listening(keys=(counts,), touched=lambda: None)
    for kind in (QtCore.QEvent.Type.Paint, QtCore.QEvent.Type.Timer, QtCore.QEvent.Type.MouseButtonPress):
        listening.eventFilter(counts, QtCore.QEvent(kind))
    assert counts.asked == 0
    listening.eventFilter(counts, QtCore.QEvent(QtCore.QEvent.Type.KeyRelease))
    assert counts.asked == 1
