"""While a session is open the space bar is STOP, wherever the focus is."""

from __future__ import annotations

from collections.abc import Callable

from gui.qt import Qt, QtCore, QtGui, QtWidgets

FIELDS = (QtWidgets.QLineEdit, QtWidgets.QPlainTextEdit, QtWidgets.QTextEdit)


class SpaceStops(QtCore.QObject):
    """While a session is open the space bar is STOP, wherever the focus is: in text fields and on buttons too. Only
    while the arm has no power (`disarmed`) it writes a space where one writes."""

    KEYS = (QtCore.QEvent.Type.KeyPress, QtCore.QEvent.Type.KeyRelease, QtCore.QEvent.Type.ShortcutOverride)

    def __init__(self, stop: Callable[[], bool], disarmed: Callable[[], bool] = lambda: False) -> None:
        super().__init__()
        self._stop, self._disarmed = stop, disarmed
        self._taken = False  # the press was ours, so its release is too

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() not in self.KEYS or not isinstance(event, QtGui.QKeyEvent) or event.key() != Qt.Key.Key_Space:
            return False
        if isinstance(QtWidgets.QApplication.focusWidget(), FIELDS) and not self._taken and self._disarmed():
            return False
        if event.type() == QtCore.QEvent.Type.KeyPress and not event.isAutoRepeat():
            self._taken = self._stop()
        if event.type() == QtCore.QEvent.Type.ShortcutOverride:
            return False
        return self._taken
