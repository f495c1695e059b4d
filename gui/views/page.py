"""A page of the application: what a new one has to say."""

from __future__ import annotations

from typing import Any

from gui.qt import QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.widgets.buttons import IconButton


class Page(QtWidgets.QWidget):
    """Made when it is first gone to, and made anew when the language changes.

    The page asks the store through `desk.ask`, goes elsewhere through `desk.go`, and never waits for anything.
    """

    SCROLLS = True  # in a vertical scroll area where the window is too low; False for pages that fill it themselves

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    @property
    def title(self) -> str:
        """What stands at the top of the window, translated."""
        raise NotImplementedError

    def enter(self, **what: Any) -> None:
        """It is shown now: load what it shows."""

    def leave(self) -> None:
        """It is shown no more."""

    def refresh(self) -> None:
        """Once a frame while it is shown."""

    def dress(self, theme: Theme) -> None:
        """Take on a theme's icons; colours come by themselves."""
        for button in self.findChildren(IconButton):
            button.dress(theme)


def spaced(layout: QtWidgets.QLayout) -> None:
    """The margins and gaps of a page."""
    layout.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
    layout.setSpacing(2 * GRID)
