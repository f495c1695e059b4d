"""One line at the bottom: health of device and timing, what is limited. Icon and words, never colour alone."""

from __future__ import annotations

from gui.i18n import tr
from gui.qt import Qt, QtCore, QtGui, QtWidgets, qtawesome
from gui.theme import GRID, LIGHT, Theme
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


class Elided(QtWidgets.QLabel):
    """One line that never makes its window wider: what has no room ends in "…", and is whole in the tool tip."""

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QtCore.QSize:  # noqa: N802
        return QtCore.QSize(0, super().minimumSizeHint().height())

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802
        return self.minimumSizeHint()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:  # noqa: N802
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        self.style().drawItemText(
            QtGui.QPainter(self), room, int(self.alignment()), self.palette(), True, shown, self.foregroundRole()
        )


class StatusLine(QtWidgets.QWidget):
    """Device, timing, limits."""

    def __init__(self) -> None:
        super().__init__()
        self.device, self.timing = HealthLabel(tr("Health of the device")), HealthLabel(tr("Health of the timing"))
        self.limited = Elided()
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
