"""Say something to people who hear the window: through the platform's screen reader."""

from __future__ import annotations

from gui.qt import QtGui, QtWidgets


def announce(widget: QtWidgets.QWidget, words: str, *, now: bool = False) -> None:
    """`now`: interrupting whatever is being read; for alarms only."""
    event = QtGui.QAccessibleAnnouncementEvent(widget, words)
    if now:
        event.setPoliteness(QtGui.QAccessible.AnnouncementPoliteness.Assertive)
    QtGui.QAccessible.updateAccessibility(event)
