"""Enter presses the button that has the focus, as the space bar cannot while it is STOP."""

from __future__ import annotations

from gui.qt import Qt, QtCore, QtGui, QtWidgets


class EnterPresses(QtCore.QObject):
    """For the whole application."""

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:  # noqa: N802 - Qt's name
        if (
            event.type() != QtCore.QEvent.Type.KeyPress
            or not isinstance(event, QtGui.QKeyEvent)
            or event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            or not isinstance(watched, QtWidgets.QAbstractButton)
            or not watched.hasFocus()
        ):
            return False
        if watched.isEnabled() and not event.isAutoRepeat():
            watched.click()
        return True
