"""Widgets in lines, as words in a text: as many in a line as there is room for."""

from __future__ import annotations

from gui.qt import Qt, QtCore, QtGui, QtWidgets
from gui.theme import GRID


class Flow(QtWidgets.QWidget):
    """Each as wide as it asks for, from the left, its foot on the line's; what is hidden takes no room.

    It places its children itself: a QLayout in Python would share its items with C++, which deletes them.
    """

    def __init__(self, *widgets: QtWidgets.QWidget, spacing: int = GRID) -> None:
        super().__init__()
        self._gap = spacing
        self._widgets: list[QtWidgets.QWidget] = []
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Fixed)
        for widget in widgets:
            self.add(widget)

    def add(self, widget: QtWidgets.QWidget) -> None:
        hidden = widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
        widget.setParent(self)
        widget.setHidden(hidden)
        self._widgets.append(widget)

    def minimumSizeHint(self) -> QtCore.QSize:  # noqa: N802 - Qt's name
        """The widest of them."""
        return QtCore.QSize(max((_size(w).width() for w in self._shown()), default=0), self.minimumHeight())

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802
        """All in one line."""
        shown = self._shown()
        width = sum(_size(w).width() for w in shown) + self._gap * max(0, len(shown) - 1)
        return QtCore.QSize(width, self.minimumHeight())

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._place()

    def event(self, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.LayoutRequest:  # a child is shown, hidden, or says something else
            self._place()
        return super().event(event)

    def _shown(self) -> list[QtWidgets.QWidget]:
        return [widget for widget in self._widgets if not widget.isHidden()]

    def _lines(self) -> list[list[QtWidgets.QWidget]]:
        lines: list[list[QtWidgets.QWidget]] = []
        left = 0
        for widget in self._shown():
            width = _size(widget).width()
            if not lines or left < width:
                lines.append([])
                left = self.width()
            lines[-1].append(widget)
            left -= width + self._gap
        return lines

    def _place(self) -> None:
        y = 0
        for line in self._lines():
            x, height = 0, max(_size(widget).height() for widget in line)
            for widget in line:
                size = _size(widget)
                widget.setGeometry(x, y + height - size.height(), size.width(), size.height())
                x += size.width() + self._gap
            y += height + self._gap
        height = max(0, y - self._gap)
        if self.minimumHeight() != height:
            self.setFixedHeight(height)
            self.updateGeometry()


def _size(widget: QtWidgets.QWidget) -> QtCore.QSize:
    asked = widget.sizeHint().expandedTo(widget.minimumSizeHint())
    return asked.boundedTo(widget.maximumSize()).expandedTo(widget.minimumSize())
