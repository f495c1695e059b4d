"""The patient's workspace: target, cursor and way, large, on black. No arm, no force, no grid: one thing to look at."""

from __future__ import annotations

from gui.i18n import tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import CONTRAST, GRID, Theme
from rehab.core.types import Shape
from rehab.realtime.picture import Eye, Picture, Point, Spot

AROUND = 0.12  # m about the hand's home that is shown at first
EDGE = 0.015  # m beyond a target that stays in sight
CURSOR = 0.012  # m: least radius of the cursor as drawn
SIDE = 4 * GRID  # px: width of the bar on the side that is overlooked


class PatientCanvas(QtWidgets.QWidget):
    """`see` what is to be shown. The view only grows, so that nothing jumps."""

    def __init__(self, eye: Eye, theme: Theme = CONTRAST) -> None:
        super().__init__()
        self._theme = theme
        x, y = eye.home()
        self._box = (x - AROUND, x + AROUND, y - AROUND, y + AROUND)
        self._picture: Picture | None = None
        self._glow, self._side, self._anchor = False, "", ""
        self._level: float | None = None
        self.setAccessibleName(tr("What is to be reached"))
        self.setMinimumSize(240, 240)

    def see(self, picture: Picture | None, *, glow: bool, side: str, anchor: str, level: float | None) -> None:
        """`anchor` the side that is overlooked, always marked; `side` the same while something waits there."""
        self._picture, self._glow, self._side, self._anchor, self._level = picture, glow, side, anchor, level
        if picture is not None:
            x0, x1, y0, y1 = self._box
            for spot in picture.spots:
                (x, y), far = spot.at, spot.radius + EDGE
                x0, x1, y0, y1 = min(x0, x - far), max(x1, x + far), min(y0, y - far), max(y1, y + far)
            for path in picture.paths:
                for x, y in path:
                    x0, x1, y0, y1 = min(x0, x - EDGE), max(x1, x + EDGE), min(y0, y - EDGE), max(y1, y + EDGE)
            self._box = (x0, x1, y0, y1)
        self.setAccessibleDescription(self.describe())
        self.update()

    def describe(self) -> str:
        """The same in words."""
        picture = self._picture
        goal = next((spot for spot in picture.spots if spot.role == "goal"), None) if picture else None
        if picture is None or goal is None:
            return ""
        at = picture.cursor or picture.hand
        dx, dy = goal.at[0] - at[0], goal.at[1] - at[1]
        if dx * dx + dy * dy <= goal.radius**2:
            return tr("You are in the target")
        if abs(dx) > abs(dy):
            return tr("The target is on the right") if dx > 0 else tr("The target is on the left")
        return tr("The target is straight ahead") if dy > 0 else tr("The target is towards you")

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QtGui.QColor(self._theme.ground))
        self._aim()
        self._paint_sides(painter)
        if self._picture is not None:
            self._paint(painter, self._picture)
        if self._level is not None:
            self._paint_level(painter, self._level)
        if self._glow:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QtGui.QPen(QtGui.QColor(self._theme.good), 10.0))
            painter.drawRoundedRect(QtCore.QRectF(self.rect()).adjusted(5, 5, -5, -5), 16.0, 16.0)
        painter.end()

    def _aim(self) -> None:
        x0, x1, y0, y1 = self._box
        left = 2 * SIDE
        width, height = max(1, self.width() - 2 * left), max(1, self.height() - 2 * GRID)
        self._scale = min(width / (x1 - x0), height / (y1 - y0))
        self._middle = (0.5 * (x0 + x1), 0.5 * (y0 + y1))

    def to_pixels(self, point: Point) -> QtCore.QPointF:
        (cx, cy), s = self._middle, self._scale
        return QtCore.QPointF(0.5 * self.width() + s * (point[0] - cx), 0.5 * self.height() - s * (point[1] - cy))

    def _paint(self, painter: QtGui.QPainter, picture: Picture) -> None:
        theme = self._theme
        for path in picture.paths:
            way = QtGui.QPen(QtGui.QColor(theme.first), 10.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            painter.setPen(way)
            painter.drawPolyline([self.to_pixels(point) for point in path])
        for spot in sorted(picture.spots, key=lambda spot: spot.role == "goal"):
            self._paint_spot(painter, spot)
        if picture.cursor is None:
            return
        radius = max(16.0, CURSOR * self._scale)
        at = self.to_pixels(picture.cursor)
        painter.setPen(QtGui.QPen(QtGui.QColor(theme.ground), 4.0))
        painter.setBrush(QtGui.QColor(theme.text))
        painter.drawEllipse(at, radius, radius)

    def _paint_spot(self, painter: QtGui.QPainter, spot: Spot) -> None:
        theme, goal = self._theme, spot.role == "goal"
        radius = max(28.0 if goal else 20.0, spot.radius * self._scale)
        colour = QtGui.QColor(theme.accent if goal else theme.arm)
        painter.setPen(QtGui.QPen(colour, 8.0 if goal else 5.0))
        fill = QtGui.QColor(colour)
        fill.setAlphaF(0.45)
        painter.setBrush(fill if goal and spot.shape is not Shape.RING else Qt.BrushStyle.NoBrush)
        at = self.to_pixels(spot.at)
        if spot.shape is Shape.SQUARE:
            painter.drawRect(QtCore.QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius))
            return
        painter.drawEllipse(at, radius, radius)
        if goal and spot.shape is Shape.CIRCLE:  # a bull's eye: known without colour
            painter.drawEllipse(at, 0.45 * radius, 0.45 * radius)

    def _paint_sides(self, painter: QtGui.QPainter) -> None:
        """A steady bar at the edge that is overlooked; broad, with arrows, while something waits there."""
        if not self._anchor:
            return
        active = bool(self._side)
        width = float(SIDE if active else GRID)
        x = 0.0 if self._anchor == "left" else self.width() - width
        painter.fillRect(QtCore.QRectF(x, 0.0, width, self.height()), QtGui.QColor(self._theme.second))
        if not active:
            return
        dark = QtGui.QColor(self._theme.ground)
        painter.setPen(QtGui.QPen(dark, 5.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        out = -1.0 if self._anchor == "left" else 1.0
        for share in (0.2, 0.5, 0.8):
            cx, cy, a = x + 0.5 * width, share * self.height(), 8.0
            tip = QtCore.QPointF(cx + out * 0.5 * a, cy)
            painter.drawLine(tip, QtCore.QPointF(cx - out * 0.5 * a, cy - a))
            painter.drawLine(tip, QtCore.QPointF(cx - out * 0.5 * a, cy + a))

    def _paint_level(self, painter: QtGui.QPainter, level: float) -> None:
        """A bar that fills from below, beside the picture."""
        right = self._anchor != "right"
        box = QtCore.QRectF(self.width() - 120.0 if right else 64.0, 0.1 * self.height(), 56.0, 0.8 * self.height())
        painter.setPen(QtGui.QPen(QtGui.QColor(self._theme.text), 3.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 8.0, 8.0)
        full = box.adjusted(6, 6, -6, -6)
        full.setTop(full.bottom() - min(1.0, max(0.0, level)) * full.height())
        painter.fillRect(full, QtGui.QColor(self._theme.good))
