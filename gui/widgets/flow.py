"""Widgets in lines, as words in a text: as many in a line as there is room for."""

from __future__ import annotations

from gui.qt import QtCore, QtGui, QtWidgets
from gui.theme import GRID


class Flow(QtWidgets.QWidget):
    """Places its children itself: a QLayout in Python would share its items with C++, which deletes them."""

    def __init__(self, gap: int = GRID) -> None:
        super().__init__()
        self._gap = gap
        self._widgets: list[QtWidgets.QWidget] = []
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Fixed)

    def add(self, widget: QtWidgets.QWidget) -> None:
        widget.setParent(self)
        self._widgets.append(widget)

    def minimumSizeHint(self) -> QtCore.QSize:  # noqa: N802 - Qt's name
        return QtCore.QSize(max((w.sizeHint().width() for w in self._shown()), default=0), self.minimumHeight())

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802
        return self.minimumSizeHint()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._place()

    def event(self, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.LayoutRequest:  # a child is shown, hidden, or says something else
            self._place()
        return super().event(event)

    def _shown(self) -> list[QtWidgets.QWidget]:
        return [widget for widget in self._widgets if not widget.isHidden()]

    def _place(self) -> None:
        x = y = line = 0
        for widget in self._shown():
            size = widget.sizeHint().expandedTo(widget.minimumSizeHint())
            if x > 0 and x + size.width() > self.width():
                x, y, line = 0, y + line + self._gap, 0
            widget.setGeometry(x, y, size.width(), size.height())
            x, line = x + size.width() + self._gap, max(line, size.height())
        if self.minimumHeight() != y + line:
            self.setFixedHeight(y + line)
            self.updateGeometry()
