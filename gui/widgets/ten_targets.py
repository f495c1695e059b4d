"""The patient's picture: ten targets, those that were reached filled and ticked; at the beginning, and now."""

from __future__ import annotations

from collections.abc import Sequence

from gui.i18n import tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import LIGHT, Theme

COUNT = 10
LABEL = 40  # px of a row's words


class TenTargets(QtWidgets.QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._rows: Sequence[tuple[str, int]] = ()
        self.setAccessibleName(tr("Targets reached, of ten"))

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_rows(self, rows: Sequence[tuple[str, int]]) -> None:
        """A label and how many of ten, for each row."""
        self._rows = rows
        self.setAccessibleDescription(
            "; ".join(tr("{when}: {n} of 10", when=words, n=reached) for words, reached in rows)
        )
        self.setMinimumHeight(len(rows) * (LABEL + 72))
        self.update()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if not self._rows:
            return
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPixelSize(22)
        font.setBold(True)
        painter.setFont(font)
        tall = self.height() / len(self._rows)
        step = min(self.width() / COUNT, tall - LABEL)
        for k, (words, reached) in enumerate(self._rows):
            painter.setPen(QtGui.QColor(self._theme.text))
            painter.drawText(
                QtCore.QRectF(0, k * tall, self.width(), LABEL), int(Qt.AlignmentFlag.AlignVCenter), words
            )
            for n in range(COUNT):
                middle = QtCore.QPointF((n + 0.5) * step, k * tall + LABEL + 0.5 * step)
                self._target(painter, middle, 0.4 * step, n < reached)
        painter.end()

    def _target(self, painter: QtGui.QPainter, middle: QtCore.QPointF, radius: float, reached: bool) -> None:
        theme = self._theme
        painter.setPen(QtGui.QPen(QtGui.QColor(theme.accent if reached else theme.muted), 3))
        painter.setBrush(QtGui.QColor(theme.accent) if reached else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, radius, radius)
        if reached:
            pen = QtGui.QPen(QtGui.QColor(theme.on_accent), 0.16 * radius + 2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            tick = ((-0.45, 0.02), (-0.1, 0.38), (0.48, -0.36))
            points = [QtCore.QPointF(middle.x() + radius * x, middle.y() + radius * y) for x, y in tick]
            painter.drawPolyline(points)
