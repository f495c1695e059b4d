"""Things in a row, and in the next row where the first one is full, as words on a page."""

from __future__ import annotations

from gui.qt import Qt, QtCore, QtWidgets
from gui.theme import GRID


class Flow(QtWidgets.QLayout):
    """Widgets at the width they ask for, from the left, on one line at the bottom; what is hidden takes no room."""

    def __init__(self, *widgets: QtWidgets.QWidget, spacing: int = GRID) -> None:
        super().__init__()
        self._items: list[QtWidgets.QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QtWidgets.QLayoutItem) -> None:  # noqa: N802 - Qt's names, here and below
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QtWidgets.QLayoutItem | None:  # noqa: N802
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QtWidgets.QLayoutItem | None:  # noqa: N802
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return self._put(QtCore.QRect(0, 0, width, 0), move=False)

    def setGeometry(self, room: QtCore.QRect) -> None:  # noqa: N802
        super().setGeometry(room)
        self._put(room, move=True)

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802
        """All in one row."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QtCore.QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QtCore.QSize:  # noqa: N802
        """The widest of them."""
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        return QtCore.QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def _put(self, room: QtCore.QRect, *, move: bool) -> int:
        """The height that they need in this width."""
        y, gap = room.y(), self.spacing()
        rows = self._rows(room.width())
        for row in rows:
            x, height = room.x(), max(item.sizeHint().height() for item in row)
            for item in row:
                size = item.sizeHint()
                if move:
                    item.setGeometry(QtCore.QRect(QtCore.QPoint(x, y + height - size.height()), size))
                x += size.width() + gap
            y += height + gap
        return max(0, y - gap - room.y())

    def _rows(self, width: int) -> list[list[QtWidgets.QLayoutItem]]:
        rows: list[list[QtWidgets.QLayoutItem]] = []
        left = 0
        for item in self._items:
            if item.isEmpty():
                continue
            wide = item.sizeHint().width()
            if not rows or wide > left:
                rows.append([])
                left = width
            rows[-1].append(item)
            left -= wide + self.spacing()
        return rows
