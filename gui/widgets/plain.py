"""The few plain parts that every page is made of: texts by their role, cards, rows, the words of a problem."""

from __future__ import annotations

import re

from gui.qt import Qt, QtWidgets
from gui.theme import GRID


def text(words: str = "", *, wrap: bool = True, says: str = "") -> QtWidgets.QLabel:
    """A label. `says` is its accessible name where the words alone do not tell what they are."""
    label = QtWidgets.QLabel(words)
    label.setWordWrap(wrap)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if says:
        label.setAccessibleName(says)
    return label


def far(words: str = "", **options: object) -> QtWidgets.QLabel:
    """To be read from two metres."""
    return _with("far", words, **options)


def title(words: str = "", **options: object) -> QtWidgets.QLabel:
    return _with("title", words, **options)


def muted(words: str = "", **options: object) -> QtWidgets.QLabel:
    return _with("muted", words, **options)


class Problem(QtWidgets.QLabel):
    """What went wrong and how to mend it; hidden while nothing is wrong, announced when something is."""

    def __init__(self, says: str) -> None:
        super().__init__()
        self.setProperty("problem", True)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(says)
        self.hide()

    def say(self, words: str) -> None:
        from gui.widgets.announce import announce

        if words and breakable(words) != self.text():
            announce(self, words)
        self.setText(breakable(words))
        self.setVisible(bool(words))


def breakable(words: str) -> str:
    """Paths may go on in a new line after each of their slashes; a label cannot break them otherwise."""
    return re.sub(r"\S{24,}", lambda path: re.sub(r"([/\\\\])", "\\1\u200b", path[0]), words)


class Card(QtWidgets.QFrame):
    """A framed piece of a page; `inside` is its layout."""

    def __init__(self, heading: str = "", *, margin: int = 2 * GRID) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.inside = QtWidgets.QVBoxLayout(self)
        self.inside.setContentsMargins(margin, margin, margin, margin)
        self.inside.setSpacing(GRID)
        if heading:
            self.inside.addWidget(title(heading))


class Row(QtWidgets.QHBoxLayout):
    """Widgets side by side on the grid; None is a stretch."""

    def __init__(self, *widgets: QtWidgets.QWidget | QtWidgets.QLayout | None, spacing: int = 2 * GRID) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        for widget in widgets:
            if widget is None:
                self.addStretch(1)
            elif isinstance(widget, QtWidgets.QLayout):
                self.addLayout(widget)
            else:
                self.addWidget(widget)


def field(words: str, widget: QtWidgets.QWidget) -> QtWidgets.QVBoxLayout:
    """A field under its name, which is its accessible name too; Alt and the letter after & goes to it."""
    label = QtWidgets.QLabel(words)
    label.setBuddy(widget)
    if not widget.accessibleName():
        widget.setAccessibleName(words.replace("&", ""))
    column = QtWidgets.QVBoxLayout()
    column.setSpacing(GRID // 2)
    column.addWidget(label)
    column.addWidget(widget)
    return column


def hint(line: QtWidgets.QLineEdit, words: str) -> None:
    """What to type, shown while nothing is typed; the field is never too narrow for it."""
    line.setPlaceholderText(words)
    line.setMinimumWidth(line.fontMetrics().horizontalAdvance(words) + 5 * GRID)


def clear(layout: QtWidgets.QLayout) -> None:
    """Take everything out of a layout, for a page that is filled anew."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
            inner.deleteLater()


def _with(role: str, words: str, **options: object) -> QtWidgets.QLabel:
    label = text(words, **options)  # type: ignore[arg-type]
    label.setProperty(role, True)
    return label


def restyle(widget: QtWidgets.QWidget, name: str, value: bool) -> None:
    """Give it that property, and the looks that the theme has for it."""
    if widget.property(name) is not value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.updateGeometry()
