"""One line at the bottom: health of device and timing, what is limited. Icon and words, never colour alone."""

from __future__ import annotations

from gui.i18n import tr
from gui.qt import QtWidgets, qtawesome
from gui.theme import GRID, LIGHT, Theme
from gui.widgets.fitting import Fitting
from rehab.realtime.health import Level, Words

ICONS = {Level.GOOD: "fa6s.circle-check", Level.FAIR: "fa6s.triangle-exclamation", Level.BAD: "fa6s.circle-xmark"}


class HealthLabel(QtWidgets.QWidget):
    """Words with the icon of their level."""

    def __init__(self, says: str) -> None:
        super().__init__()
        self._theme, self._words = LIGHT, Words(Level.FAIR, "")
        self._icon, self.label = QtWidgets.QLabel(), QtWidgets.QLabel()
        self._icon.setFixedWidth(24)
        self.label.setAccessibleName(says)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._icon)
        layout.addWidget(self.label)

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        self._draw()

    def say(self, words: Words) -> None:
        if words != self._words:
            self._words = words
            self._draw()

    def _draw(self) -> None:
        theme, level = self._theme, self._words.level
        colour = {Level.GOOD: theme.good, Level.FAIR: theme.text, Level.BAD: theme.text}[level]
        self._icon.setPixmap(qtawesome.icon(ICONS[level], color=colour).pixmap(20, 20))
        self.label.setText(self._words.text)


class StatusLine(QtWidgets.QWidget):
    """Device, timing, limits."""

    def __init__(self) -> None:
        super().__init__()
        self.device, self.timing = HealthLabel(tr("Health of the device")), HealthLabel(tr("Health of the timing"))
        self.limited = Fitting()
        self.limited.setAccessibleName(tr("What is limited"))
        self.hint = QtWidgets.QLabel(tr("Space bar: STOP"))
        self.hint.setProperty("muted", True)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * GRID)
        layout.addWidget(self.device)
        layout.addWidget(self.timing)
        layout.addWidget(self.limited, 1)
        layout.addWidget(self.hint)

    def dress(self, theme: Theme) -> None:
        self.device.dress(theme)
        self.timing.dress(theme)
