"""Pieces side by side where there is room for them, else one under the other."""

from __future__ import annotations

from gui.qt import QtCore, QtGui, QtWidgets
from gui.theme import GRID

_ACROSS, _DOWN = QtWidgets.QBoxLayout.Direction.LeftToRight, QtWidgets.QBoxLayout.Direction.TopToBottom


class Columns(QtWidgets.QWidget):
    """Widgets or layouts with their shares of the width; `Columns((left, 3), (right, 2))`.

    They stand side by side while each has at least its own minimum width; a screen of 1280 px at 150 % has 853.
    """

    def __init__(self, *pieces: tuple[QtWidgets.QWidget | QtWidgets.QLayout, int], spacing: int = 2 * GRID) -> None:
        super().__init__()
        self._pieces = [_widget(piece) for piece, _ in pieces]
        self._layout = QtWidgets.QBoxLayout(_ACROSS, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(spacing)
        for piece, (_, share) in zip(self._pieces, pieces, strict=True):
            self._layout.addWidget(piece, share)

    def minimumSizeHint(self) -> QtCore.QSize:  # noqa: N802 - Qt's name
        """The widest piece: more is not needed, since they can stand one under the other."""
        widest = max((w.minimumSizeHint().width() for w in self._shown()), default=0)
        return QtCore.QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        shown = self._shown()
        needed = sum(w.minimumSizeHint().width() for w in shown) + self._layout.spacing() * max(0, len(shown) - 1)
        direction = _ACROSS if event.size().width() >= needed else _DOWN
        if direction != self._layout.direction():
            self._layout.setDirection(direction)
            self.updateGeometry()
        super().resizeEvent(event)

    @property
    def stacked(self) -> bool:
        return self._layout.direction() == _DOWN

    def _shown(self) -> list[QtWidgets.QWidget]:
        return [w for w in self._pieces if not w.isHidden()]


def _widget(piece: QtWidgets.QWidget | QtWidgets.QLayout) -> QtWidgets.QWidget:
    if isinstance(piece, QtWidgets.QWidget):
        return piece
    made = QtWidgets.QWidget()
    piece.setContentsMargins(0, 0, 0, 0)
    made.setLayout(piece)
    return made
