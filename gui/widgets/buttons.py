"""Buttons: large, named, with icons that follow the theme."""

from __future__ import annotations

from gui.i18n import tr
from gui.qt import Qt, QtCore, QtWidgets, qtawesome
from gui.theme import LIGHT, Theme


class IconButton(QtWidgets.QPushButton):
    """A button with an icon of Font Awesome 6. `kind` is plain, go or stop; `says` is its accessible name."""

    def __init__(self, text: str, icon: str, says: str, *, kind: str = "plain", big: bool = False) -> None:
        super().__init__(_spaced(text) if icon else text)
        self._icon, self._kind, self._theme = icon, kind, LIGHT
        self.setProperty("kind", kind)
        self.setProperty("big", big)
        self.setAccessibleName(says)
        self.setToolTip(says)
        size = 36 if big else 22
        self.setIconSize(QtCore.QSize(size, size))
        self.setAutoDefault(True)  # Enter presses it: the space bar is STOP
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.dress(LIGHT)

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        if not self._icon:
            return
        colour = {"go": theme.on_accent, "stop": theme.on_stop}.get(self._kind, theme.text)
        checked = theme.on_accent if self._kind == "plain" else colour
        self.setIcon(
            qtawesome.icon(
                self._icon, color=colour, color_active=colour, color_disabled=theme.muted,
                color_on=checked, color_on_active=checked,
            )
        )  # fmt: skip

    def say(self, text: str, icon: str, says: str) -> None:
        """Become another button in the same place, for example Pause and Resume."""
        if (_spaced(text), says) == (self.text(), self.accessibleName()):
            return
        self._icon = icon
        self.setText(_spaced(text))
        self.setAccessibleName(says)
        self.setToolTip(says)
        self.dress(self._theme)


def _spaced(text: str) -> str:
    """A gap between icon and text, which style sheets cannot make."""
    return f"\u00a0{text}" if text else ""


class StopButton(IconButton):
    """Acts when it is pressed, not when it is let go. The space bar does the same from anywhere."""

    def __init__(self) -> None:
        super().__init__(tr("STOP"), "fa6s.stop", tr("Stop the arm now (space bar)"), kind="stop", big=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
