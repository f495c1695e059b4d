"""A state as icon and word: never a colour alone."""

from __future__ import annotations

from gui.qt import QtCore, QtWidgets, qtawesome
from gui.theme import GRID, LIGHT, Theme


class StateMark(QtWidgets.QWidget):
    def __init__(self, words: str, icon: str, theme: Theme = LIGHT, *, colour: str = "text") -> None:
        super().__init__()
        self._icon, self._colour, self._theme = icon, colour, theme
        self.picture, self.words = QtWidgets.QLabel(), QtWidgets.QLabel(words)
        self.words.setWordWrap(False)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(GRID, 0, GRID, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.picture)
        layout.addWidget(self.words)
        layout.addStretch(1)
        self.dress(theme)

    def say(self, words: str, icon: str, colour: str = "text") -> None:
        if (words, icon, colour) != (self.words.text(), self._icon, self._colour):
            self.words.setText(words)
            self._icon, self._colour = icon, colour
            self.dress(self._theme)

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        colour = getattr(theme, self._colour)
        self.picture.setPixmap(qtawesome.icon(self._icon, color=colour).pixmap(QtCore.QSize(22, 22)))
