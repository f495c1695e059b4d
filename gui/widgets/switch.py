"""The patient's one switch: a key or a click, wherever the focus is. STOP stays what it is."""

from __future__ import annotations

from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.viewmodels.patient_screen import PatientScreen
from gui.widgets.buttons import StopButton

KEYS = {"enter": (Qt.Key.Key_Return, Qt.Key.Key_Enter), "f5": (Qt.Key.Key_F5,), "f8": (Qt.Key.Key_F8,),
        "f12": (Qt.Key.Key_F12,)}  # fmt: skip
DOWN, UP = QtCore.QEvent.Type.KeyPress, QtCore.QEvent.Type.KeyRelease
PRESSED, RELEASED = QtCore.QEvent.Type.MouseButtonPress, QtCore.QEvent.Type.MouseButtonRelease


class Switch(QtCore.QObject):
    """Takes what the switch sends, while one switch is chosen in the settings."""

    def __init__(self, model: PatientScreen, window: QtWidgets.QWidget) -> None:
        super().__init__(window)
        self._model, self._window = model, window

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:  # noqa: N802 - Qt's name
        settings = self._model.settings
        if not settings.scan or not isinstance(watched, QtWidgets.QWidget):
            return False
        if event.type() in (DOWN, UP) and isinstance(event, QtGui.QKeyEvent):
            if event.key() not in KEYS.get(settings.key, ()):
                return False
            if not event.isAutoRepeat():
                self._model.switch(event.type() == DOWN)
            return True
        if settings.key == "click" and event.type() in (PRESSED, RELEASED) and isinstance(event, QtGui.QMouseEvent):
            if isinstance(watched, StopButton) or event.button() != Qt.MouseButton.LeftButton:
                return False
            self._model.switch(event.type() == PRESSED)
            return True
        return False
