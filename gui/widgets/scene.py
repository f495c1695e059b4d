"""A still picture of an exercise on its device, from above: arm, targets, paths, and where a limb may go."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import GRID, LIGHT, Theme
from gui.viewmodels.drawn import Drawn
from rehab.core.types import Shape
from rehab.realtime.picture import Point

Outline = Sequence[Point]


class ScenePicture(QtWidgets.QWidget):
    """`show_drawn` gives it what to show; painted once for each size and theme."""

    def __init__(self, says: str, *, height: int = 160, arm: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(says)
        self.setMinimumHeight(height)
        self.setMinimumWidth(height)
        self._arm, self._drawn, self._theme = arm, Drawn(), LIGHT
        self._allowed: Outline = ()
        self._own: Outline = ()
        self._painted = QtGui.QPixmap()

    def show_drawn(self, drawn: Drawn, *, allowed: Outline = (), own: Outline = ()) -> None:
        """allowed: outline of where the device may go · own: of where this person's limb goes."""
        self._drawn, self._allowed, self._own = drawn, allowed, own
        self._forget()

    @property
    def drawn(self) -> Drawn:
        return self._drawn

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        self._forget()

    def _forget(self) -> None:
        self._painted = QtGui.QPixmap()
        self.update()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        self._forget()
        super().resizeEvent(event)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if self._painted.isNull():
            ratio = self.devicePixelRatioF()
            self._painted = QtGui.QPixmap(self.size() * ratio)
            self._painted.setDevicePixelRatio(ratio)
            self._painted.fill(Qt.GlobalColor.transparent)
            painter = QtGui.QPainter(self._painted)
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            self._paint(painter)
            painter.end()
        painter = QtGui.QPainter(self)
        painter.drawPixmap(0, 0, self._painted)
        painter.end()

    # painting -------------------------------------------------------------------------------------------------------

    def _paint(self, painter: QtGui.QPainter) -> None:
        theme = self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QtGui.QColor(theme.ground))
        painter.drawRoundedRect(QtCore.QRectF(self.rect()), 8.0, 8.0)
        points = self._points()
        if not points:
            return
        clip = QtGui.QPainterPath()
        clip.addRoundedRect(QtCore.QRectF(self.rect()), 8.0, 8.0)
        painter.setClipPath(clip)
        self._aim(points)
        self._outline(painter, self._allowed, theme.muted, Qt.PenStyle.DashLine, 0)
        self._outline(painter, self._own, theme.good, Qt.PenStyle.SolidLine, 36)
        if self._arm:
            self._paint_arm(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        thin = QtGui.QColor(theme.accent)
        thin.setAlpha(110)
        painter.setPen(QtGui.QPen(thin, 2.0))
        painter.drawPolyline([self._at(point) for point in self._drawn.way])
        painter.setPen(QtGui.QPen(QtGui.QColor(theme.muted), 3.0))
        for path in self._drawn.paths:
            painter.drawPolyline([self._at(point) for point in path])
        for spot in self._drawn.spots:
            colour = QtGui.QColor(theme.accent if spot.role == "goal" else theme.muted)
            fill = QtGui.QColor(colour)
            fill.setAlpha(90 if spot.role == "goal" else 0)
            painter.setPen(QtGui.QPen(colour, 2.5))
            painter.setBrush(fill if spot.shape is not Shape.RING else Qt.BrushStyle.NoBrush)
            radius = max(5.0, spot.radius * self._scale)
            if spot.shape is Shape.SQUARE:
                centre = self._at(spot.at)
                painter.drawRect(QtCore.QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius))
            else:
                painter.drawEllipse(self._at(spot.at), radius, radius)

    def _points(self) -> list[Point]:
        drawn = self._drawn
        found = [*drawn.way, *(point for path in drawn.paths for point in path)]
        for spot in drawn.spots:
            (x, y), r = spot.at, spot.radius
            found += [(x - r, y - r), (x + r, y + r)]
        if self._arm:
            found += [*drawn.arm, *self._own]
        return found

    def _aim(self, points: Sequence[Point]) -> None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
        least = 0.12  # m: a single target must not fill the picture
        wide, high = max(x1 - x0, least), max(y1 - y0, least)
        room = 2 * GRID
        self._scale = min((self.width() - 2 * room) / wide, (self.height() - 2 * room) / high)
        self._middle = (0.5 * (x0 + x1), 0.5 * (y0 + y1))

    def _at(self, point: Point) -> QtCore.QPointF:
        return QtCore.QPointF(
            0.5 * self.width() + self._scale * (point[0] - self._middle[0]),
            0.5 * self.height() - self._scale * (point[1] - self._middle[1]),
        )

    def _outline(self, painter: QtGui.QPainter, points: Outline, name: str, line: Qt.PenStyle, alpha: int) -> None:
        if len(points) < 2:
            return
        colour, fill = QtGui.QColor(name), QtGui.QColor(name)
        fill.setAlpha(alpha)
        painter.setPen(QtGui.QPen(colour, 1.5, line))
        painter.setBrush(fill if alpha and points[0] == points[-1] else Qt.BrushStyle.NoBrush)
        shape = [self._at(point) for point in points]
        (painter.drawPolygon if points[0] == points[-1] else painter.drawPolyline)(shape)

    def _paint_arm(self, painter: QtGui.QPainter) -> None:
        colour = QtGui.QColor(self._theme.arm)
        colour.setAlpha(150)
        for k, (a, b) in enumerate(pairwise(self._drawn.arm)):
            pen = QtGui.QPen(colour, max(5.0, 14.0 - 4.0 * k), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(self._at(a), self._at(b))
