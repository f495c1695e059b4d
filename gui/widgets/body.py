"""The side as a picture: a person seen from the front; click the arm that is trained, or use the arrow keys.

Seen from the front the person's right arm is on the left of the picture, as it is when one stands before them.
"""

from __future__ import annotations

from gui.i18n import tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets, Signal
from gui.theme import GRID, LIGHT, Theme

WIDE, HIGH = 240.0, 280.0  # of the drawing, in its own units


class BodySide(QtWidgets.QWidget):
    chosen = Signal(str)  # left or right

    def __init__(self) -> None:
        super().__init__()
        self.side = ""
        self._theme = LIGHT
        self.setMinimumSize(240, 280)
        self.setMaximumSize(360, 420)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name()

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_side(self, side: str) -> None:
        if side != self.side:
            self.side = side
            self._name()
            self.update()

    def _name(self) -> None:
        said = {"left": tr("left arm"), "right": tr("right arm"), "": tr("none chosen")}[self.side]
        self.setAccessibleName(tr("Side that is trained: {side}", side=said))
        self.setAccessibleDescription(tr("A person seen from the front. Arrow keys choose the arm."))

    def _choose(self, side: str) -> None:
        self.show_side(side)
        self.chosen.emit(side)

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self.setFocus()
        self._choose("right" if event.position().x() < 0.5 * self.width() else "left")

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:  # noqa: N802 - Qt's name
        side = {Qt.Key.Key_Left: "right", Qt.Key.Key_Right: "left"}.get(Qt.Key(event.key()))
        if side is None:
            super().keyPressEvent(event)
            return
        self._choose(side)

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = self._theme
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        frame = QtCore.QRectF(self.rect()).adjusted(2, 2, -2, -2)
        edge = QtGui.QPen(QtGui.QColor(theme.accent), 3.0) if self.hasFocus() else QtGui.QPen(
            QtGui.QColor(theme.muted), 1.0)  # fmt: skip
        painter.setPen(edge)
        painter.setBrush(QtGui.QColor(theme.surface))
        painter.drawRoundedRect(frame, GRID, GRID)
        scale = min(self.width() / WIDE, self.height() / HIGH)
        painter.translate(0.5 * (self.width() - scale * WIDE), 0.5 * (self.height() - scale * HIGH))
        painter.scale(scale, scale)
        body = QtGui.QColor(theme.arm)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(body)
        painter.drawEllipse(QtCore.QPointF(120, 44), 22, 26)
        torso = QtGui.QPainterPath(QtCore.QPointF(84, 86))
        for corner in ((156, 86), (148, 176), (152, 214), (88, 214), (92, 176)):
            torso.lineTo(*corner)
        torso.closeSubpath()
        painter.drawPath(torso)
        painter.drawRoundedRect(QtCore.QRectF(111, 64, 18, 26), 6, 6)
        self._arm(painter, "right", -1.0)
        self._arm(painter, "left", 1.0)
        font = painter.font()
        font.setPixelSize(16)
        for side, x, words in (("right", 8.0, tr("Right")), ("left", WIDE - 88.0, tr("Left"))):
            font.setBold(self.side == side)
            painter.setFont(font)
            painter.setPen(QtGui.QColor(theme.accent if self.side == side else theme.text))
            align = Qt.AlignmentFlag.AlignLeft if side == "right" else Qt.AlignmentFlag.AlignRight
            painter.drawText(QtCore.QRectF(x, HIGH - 34, 80, 24), align | Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()

    def _arm(self, painter: QtGui.QPainter, side: str, sign: float) -> None:
        """Shoulder, elbow, wrist; the chosen one is thicker, coloured and ticked, so that colour is not all."""
        chosen = self.side == side
        colour = QtGui.QColor(self._theme.accent if chosen else self._theme.arm)
        shoulder, elbow, wrist = ((120 + sign * x, y) for x, y in ((38, 96), (62, 150), (74, 204)))
        painter.setPen(QtGui.QPen(colour, 24 if chosen else 18, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                                  Qt.PenJoinStyle.RoundJoin))  # fmt: skip
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline([QtCore.QPointF(*shoulder), QtCore.QPointF(*elbow), QtCore.QPointF(*wrist)])
        if chosen:
            painter.setPen(QtGui.QPen(QtGui.QColor(self._theme.on_accent), 4.0, Qt.PenStyle.SolidLine,
                                      Qt.PenCapStyle.RoundCap))  # fmt: skip
            x, y = elbow
            painter.drawPolyline([QtCore.QPointF(x - 7, y), QtCore.QPointF(x - 2, y + 6), QtCore.QPointF(x + 8, y - 6)])
