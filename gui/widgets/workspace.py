"""The workspace from above: arm, hand, trail, targets, the robot's force. Equal scales, in cm, drawn by QPainter.

What stands still (card, grid, labels) is painted once into a pixmap; a frame then costs about 1 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, hypot

from gui.i18n import mark, tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import GRID, LIGHT, Theme
from rehab.core.types import Shape
from rehab.realtime.picture import Picture, Point, Spot

Box = tuple[float, float, float, float]
MARGIN = 2 * GRID  # px around the workspace
SMALLEST = 320  # px to each side
STEP = 0.10  # m between grid lines
APART = 30.0  # px between them, at least: else every second, fifth or tenth
SHAPE = mark("shape")
LEAST_FORCE = 0.5  # N: smaller ones are not drawn
ROLES = {"goal": mark("target"), "home": mark("start"), "other": ""}


class Workspace(QtWidgets.QWidget):
    """Show a picture with `see`; the view only ever grows, so that nothing jumps.

    box, middle  what is shown at first, and where the hand rests, m · force_scale  m/N
    """

    def __init__(self, box: Box, middle: Point, force_scale: float) -> None:
        super().__init__()
        self._box, self._middle, self._force_scale = box, middle, force_scale
        self._theme = LIGHT
        self._picture: Picture | None = None
        self._trail: Sequence[Point] = ()
        self._still = QtGui.QPixmap()
        self._transform = QtGui.QTransform()
        self.setMinimumSize(SMALLEST, SMALLEST)
        self.setAccessibleName(tr("Workspace seen from above"))

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        self._still = QtGui.QPixmap()
        self.update()

    def see(self, picture: Picture | None, trail: Sequence[Point] = ()) -> None:
        self._picture, self._trail = picture, trail
        if picture is not None:
            self._grow([picture.hand, *(spot.at for spot in picture.spots)])
        self.update()

    @property
    def picture(self) -> Picture | None:
        return self._picture

    def describe(self) -> str:
        """What is to be seen, in words; also told to screen readers, by whom the picture cannot be seen."""
        if self._picture is None:
            return tr("nothing yet")
        words = [tr("hand at {place}", place=_cm(self._picture.hand))]
        for spot in self._picture.spots:
            words.append(tr("{what} at {place}", what=tr(ROLES.get(spot.role) or SHAPE), place=_cm(spot.at)))
        force = hypot(*self._picture.force)
        return "; ".join([*words, tr("the robot pushes with {force} N", force=f"{force:.0f}")])

    def to_pixels(self, point: Point) -> QtCore.QPointF:
        """Where a point of the workspace (m) is on the widget."""
        return self._transform.map(QtCore.QPointF(*point))

    def _grow(self, points: Sequence[Point]) -> None:
        x0, x1, y0, y1 = self._box
        room = 0.03
        box = (
            min(x0, *(x - room for x, _ in points)), max(x1, *(x + room for x, _ in points)),
            min(y0, *(y - room for _, y in points)), max(y1, *(y + room for _, y in points)),
        )  # fmt: skip
        if box != self._box:
            self._box, self._still = box, QtGui.QPixmap()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        self._still = QtGui.QPixmap()
        super().resizeEvent(event)

    # painting --------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        if self._still.isNull():
            self._aim()
            self._still = self._paint_still()
        painter = QtGui.QPainter(self)
        painter.drawPixmap(0, 0, self._still)
        if self._picture is not None:
            painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
            self._paint(painter, self._picture)
        painter.end()

    def _aim(self) -> None:
        """World to pixels: equal scales, y up, centred."""
        x0, x1, y0, y1 = self._box
        width, height = max(1, self.width() - 2 * MARGIN), max(1, self.height() - 2 * MARGIN)
        scale = min(width / (x1 - x0), height / (y1 - y0))
        self._scale = scale
        cx, cy = 0.5 * self.width() - scale * 0.5 * (x0 + x1), 0.5 * self.height() + scale * 0.5 * (y0 + y1)
        self._transform = QtGui.QTransform(scale, 0.0, 0.0, -scale, cx, cy)

    def _paint_still(self) -> QtGui.QPixmap:
        theme, ratio = self._theme, self.devicePixelRatioF()
        pixmap = QtGui.QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QtGui.QColor(theme.ground))
        painter = QtGui.QPainter(pixmap)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(QtGui.QPen(QtGui.QColor(theme.line), 1.0))
        painter.setBrush(QtGui.QColor(theme.surface))
        painter.drawRoundedRect(QtCore.QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8.0, 8.0)
        self._paint_grid(painter)
        painter.end()
        return pixmap

    def _paint_grid(self, painter: QtGui.QPainter) -> None:
        inverse, _ = self._transform.inverted()
        low = inverse.map(QtCore.QPointF(0.0, self.height()))
        high = inverse.map(QtCore.QPointF(self.width(), 0.0))
        font = painter.font()
        font.setPixelSize(13)
        painter.setFont(font)
        faint = QtGui.QColor(self._theme.line)
        faint.setAlpha(110)
        line, label = QtGui.QPen(faint, 1.0), QtGui.QPen(QtGui.QColor(self._theme.muted))
        closest = abs(self._transform.map(QtCore.QPointF(STEP, 0.0)).x() - self._transform.map(QtCore.QPointF()).x())
        every = next((n for n in (1, 2, 5) if n * closest >= APART), 10)  # labels must not touch
        for k in range(ceil(low.x() / STEP), floor(high.x() / STEP) + 1):
            if k % every:
                continue
            x = self._transform.map(QtCore.QPointF(k * STEP, 0.0)).x()
            if not 20 < x < self.width() - 48:
                continue
            painter.setPen(line)
            painter.drawLine(QtCore.QLineF(x, 1, x, self.height() - 1))
            painter.setPen(label)
            painter.drawText(
                QtCore.QRectF(x - 30, self.height() - 20, 60, 16), Qt.AlignmentFlag.AlignCenter, f"{10 * k}"
            )
        for k in range(ceil(low.y() / STEP), floor(high.y() / STEP) + 1):
            if k % every:
                continue
            y = self._transform.map(QtCore.QPointF(0.0, k * STEP)).y()
            if not 16 < y < self.height() - 28:
                continue
            painter.setPen(line)
            painter.drawLine(QtCore.QLineF(1, y, self.width() - 1, y))
            painter.setPen(label)
            painter.drawText(QtCore.QRectF(8, y - 17, 40, 16), Qt.AlignmentFlag.AlignLeft, f"{10 * k}")
        painter.drawText(
            QtCore.QRectF(self.width() - 48, self.height() - 20, 40, 16), Qt.AlignmentFlag.AlignRight, "cm"
        )

    def _paint(self, painter: QtGui.QPainter, picture: Picture) -> None:
        for path in picture.paths:
            painter.setPen(QtGui.QPen(QtGui.QColor(self._theme.muted), 2.0, Qt.PenStyle.DashLine))
            painter.drawPolyline([self.to_pixels(point) for point in path])
        for spot in picture.spots:
            self._paint_spot(painter, spot)
        self._paint_arm(painter, [self.to_pixels(point) for point in picture.arm])
        self._paint_trail(painter)
        self._paint_force(painter, picture)
        self._paint_hand(painter, picture)
        for spot in picture.spots:
            self._name_spot(painter, spot)

    def _name_spot(self, painter: QtGui.QPainter, spot: Spot) -> None:
        """Beyond the target, seen from the middle: away from where the hand comes from."""
        words = tr(ROLES.get(spot.role, spot.role)) if ROLES.get(spot.role, spot.role) else ""
        if not words:
            return
        dx, dy = spot.at[0] - self._middle[0], spot.at[1] - self._middle[1]
        far = hypot(dx, dy)
        ux, uy = (dx / far, -dy / far) if far > 1e-3 else (0.0, -1.0)
        at, radius = self.to_pixels(spot.at), max(8.0, spot.radius * self._scale)
        colour = QtGui.QColor(self._theme.accent if spot.role == "goal" else self._theme.muted)
        self._write(painter, words, at.x() + (radius + 38) * ux, at.y() + (radius + 18) * uy, 18, colour)

    def _paint_spot(self, painter: QtGui.QPainter, spot: Spot) -> None:
        theme, centre = self._theme, self.to_pixels(spot.at)
        radius = max(8.0, spot.radius * self._scale)
        colour = QtGui.QColor(theme.accent if spot.role == "goal" else theme.muted)
        fill = QtGui.QColor(colour)
        fill.setAlpha(70 if spot.role == "goal" else 0)
        style = Qt.PenStyle.DotLine if spot.role == "other" else Qt.PenStyle.SolidLine
        painter.setPen(QtGui.QPen(colour, 4.0 if spot.role == "goal" else 2.5, style))
        painter.setBrush(fill if spot.shape is not Shape.RING else Qt.BrushStyle.NoBrush)
        if spot.shape is Shape.SQUARE:
            painter.drawRect(QtCore.QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius))
        else:
            painter.drawEllipse(centre, radius, radius)

    def _paint_arm(self, painter: QtGui.QPainter, points: Sequence[QtCore.QPointF]) -> None:
        colour = QtGui.QColor(self._theme.arm)
        soft = QtGui.QColor(colour)
        soft.setAlpha(150)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for k, (a, b) in enumerate(pairwise(points)):
            painter.setPen(QtGui.QPen(soft, max(6.0, 20.0 - 6.0 * k), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(a, b)
        painter.setPen(QtGui.QPen(colour, 3.0))
        painter.setBrush(QtGui.QColor(self._theme.surface))
        for point in points[:-1]:
            painter.drawEllipse(point, 8.0, 8.0)

    def _paint_trail(self, painter: QtGui.QPainter) -> None:
        points = [self.to_pixels(point) for point in self._trail]
        colour = QtGui.QColor(self._theme.first)
        for share, alpha in ((0, 60), (1, 130), (2, 220)):  # fades with age, in three pieces
            piece = points[share * len(points) // 3 : (share + 1) * len(points) // 3 + 1]
            colour.setAlpha(alpha)
            painter.setPen(QtGui.QPen(colour, 2.5))
            painter.drawPolyline(piece)

    def _paint_force(self, painter: QtGui.QPainter, picture: Picture) -> None:
        fx, fy = picture.force
        size = hypot(fx, fy)
        if not size >= LEAST_FORCE:
            return
        x, y = picture.hand
        start, tip = (
            self.to_pixels(picture.hand),
            self.to_pixels((x + self._force_scale * fx, y + self._force_scale * fy)),
        )
        colour = QtGui.QColor(self._theme.force)
        painter.setPen(QtGui.QPen(colour, 5.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(start, tip)
        ux, uy = fx / size, -fy / size  # pixels: y down
        left = QtCore.QPointF(tip.x() - 7 * uy, tip.y() + 7 * ux)
        right = QtCore.QPointF(tip.x() + 7 * uy, tip.y() - 7 * ux)
        head = QtCore.QPointF(tip.x() + 15 * ux, tip.y() + 15 * uy)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon([left, right, head])
        self._write(painter, f"{size:.0f} N", head.x() + 26 * ux, head.y() + 16 * uy, 18, colour)

    def _paint_hand(self, painter: QtGui.QPainter, picture: Picture) -> None:
        text, surface = QtGui.QColor(self._theme.text), QtGui.QColor(self._theme.surface)
        hand = self.to_pixels(picture.hand)
        seen = picture.cursor is not None and not picture.mapped
        painter.setPen(QtGui.QPen(surface if seen else text, 3.0))
        painter.setBrush(text if seen else surface)
        painter.drawEllipse(hand, 8.0, 8.0)
        if picture.cursor is None:
            self._write(painter, tr("cursor hidden"), hand.x(), hand.y() + 26, 16, text)
        elif picture.mapped:
            cursor = self.to_pixels(picture.cursor)
            painter.setPen(QtGui.QPen(surface, 3.0))
            painter.setBrush(QtGui.QColor(self._theme.text))
            painter.drawEllipse(cursor, 8.0, 8.0)
            self._write(painter, tr("cursor"), cursor.x(), cursor.y() + 26, 16, text)

    def _write(self, painter: QtGui.QPainter, text: str, x: float, y: float, size: int, colour: QtGui.QColor) -> None:
        font = painter.font()
        font.setPixelSize(size)
        font.setBold(True)
        metrics, path = QtGui.QFontMetricsF(font), QtGui.QPainterPath()
        path.addText(x - 0.5 * metrics.horizontalAdvance(text), y + 0.35 * size, font, text)
        halo = QtGui.QColor(self._theme.surface)
        painter.strokePath(
            path, QtGui.QPen(halo, 5.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.fillPath(path, colour)


def _cm(point: Point) -> str:
    return f"{100 * point[0]:.0f}, {100 * point[1]:.0f} cm"
