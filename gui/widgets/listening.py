"""What the window hears wherever it happens, in one place: Qt asks a filter of the application about every event."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gui.qt import QtCore

_KIND = QtCore.QEvent.Type
KEYS = (_KIND.KeyPress, _KIND.KeyRelease, _KIND.ShortcutOverride)
TOUCHES = (_KIND.KeyPress, _KIND.MouseButtonPress, _KIND.TouchBegin, _KIND.Wheel)
HEARD = frozenset((*KEYS, *TOUCHES))


class Listening(QtCore.QObject):
    """The one filter of the application, out again at once for all but one event in a thousand.

    keys     filters that are asked about keys, in their order, until one takes the event
    touched  called with every sign that somebody is there
    """

    def __init__(self, *, keys: Sequence[QtCore.QObject], touched: Callable[[], None]) -> None:
        super().__init__()
        self._keys, self._touched = keys, touched

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:  # noqa: N802 - Qt's name
        kind = event.type()
        if kind not in HEARD:
            return False
        if kind in TOUCHES:
            self._touched()
        return kind in KEYS and any(each.eventFilter(watched, event) for each in self._keys)
