"""A face between content and in tears, by the painter: a picture of pain beside its number and words."""

from __future__ import annotations

from gui.qt import Qt, QtCore, QtGui


def paint_face(painter: QtGui.QPainter, box: QtCore.QRectF, pain: float, line: str, ground: str) -> None:
    """`pain` 0 … 1: the mouth turns from a smile to a frown, the brows from raised to drawn together, then tears."""
    size = min(box.width(), box.height())
    centre, r = box.center(), 0.46 * size
    pen = QtGui.QPen(QtGui.QColor(line), max(2.0, 0.06 * size), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(QtGui.QColor(ground))
    painter.drawEllipse(centre, r, r)
    painter.setBrush(QtGui.QColor(line))
    for side in (-1.0, 1.0):
        eye = QtCore.QPointF(centre.x() + side * 0.38 * r, centre.y() - 0.18 * r)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(eye, 0.09 * r, (0.13 - 0.07 * pain) * r)
        painter.setPen(pen)
        inner = QtCore.QPointF(centre.x() + side * 0.2 * r, centre.y() - (0.5 - 0.06 * pain) * r)
        outer = QtCore.QPointF(centre.x() + side * 0.56 * r, centre.y() - (0.5 - 0.2 * pain) * r)
        if pain > 0.25:
            painter.drawLine(inner, outer)
        if pain > 0.85:
            painter.drawLine(eye + QtCore.QPointF(0.0, 0.2 * r), eye + QtCore.QPointF(0.0, 0.55 * r))
    bend = (0.5 - pain) * 0.7 * r  # down in the middle: a smile
    mouth = QtGui.QPainterPath(QtCore.QPointF(centre.x() - 0.45 * r, centre.y() + 0.45 * r - 0.3 * bend))
    mouth.quadTo(
        QtCore.QPointF(centre.x(), centre.y() + 0.45 * r + 1.2 * bend),
        QtCore.QPointF(centre.x() + 0.45 * r, centre.y() + 0.45 * r - 0.3 * bend),
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(mouth)
