"""Messages by priority: in words, with an icon, announced to screen readers. Only the icon of an alarm blinks, slower
than three times a second."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from gui.i18n import mark, tr
from gui.qt import QtCore, QtGui, QtWidgets, Signal, qtawesome
from gui.theme import GRID, LIGHT, Theme
from gui.viewmodels.words import Message, Priority
from gui.widgets.announce import announce
from gui.widgets.buttons import IconButton

WORDS = {Priority.HIGH: mark("ALARM"), Priority.MEDIUM: mark("WARNING"), Priority.LOW: mark("NOTE")}
ICONS = {
    Priority.HIGH: "fa6s.triangle-exclamation",
    Priority.MEDIUM: "fa6s.circle-exclamation",
    Priority.LOW: "fa6s.circle-info",
}


class Banner(QtWidgets.QFrame):
    """The worst message large, the others below it; hidden while there is none."""

    acted = Signal(str)  # the command that the message offers was pressed
    silenced = Signal()  # somebody has heard the alarm

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._messages: tuple[Message, ...] = ()
        self.setObjectName("banner")
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Minimum)
        self._sign = QtWidgets.QLabel()
        self._sign.setFixedWidth(44)
        self._title, self._text = QtWidgets.QLabel(), QtWidgets.QLabel()
        for label in (self._title, self._text):
            label.setWordWrap(True)
        self.button = IconButton(tr("Reset"), "fa6s.rotate-left", tr("Clear the fault; its cause must be gone"))
        self.heard = IconButton("", "fa6s.bell-slash", tr("Heard: no sound for 2 minutes (F4)"))
        self.heard.setShortcut(QtGui.QKeySequence("F4"))
        self.heard.clicked.connect(self.silenced)
        self._pixmap = QtGui.QPixmap()
        self.button.clicked.connect(self._press)
        words = QtWidgets.QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._text)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self._sign)
        layout.addLayout(words, 1)
        layout.addWidget(self.heard)
        layout.addWidget(self.button)
        self.hide()

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        self.button.dress(theme)
        self.heard.dress(theme)
        self._draw()

    def show_messages(self, messages: Sequence[Message]) -> None:
        """Worst first. Only a change is drawn and announced."""
        if tuple(messages) == self._messages:
            return
        self._messages = tuple(messages)
        self._draw()
        if messages:
            self._announce(messages[0])

    def pulse(self, *, lit: bool, paused: float) -> None:
        """Once a frame: the sign of an alarm, and how long its sound is paused (s)."""
        if not self._messages:
            return
        self._sign.setPixmap(self._pixmap if lit else QtGui.QPixmap())
        words = tr("Sound off {n} s", n=ceil(paused)) if paused > 0.0 else tr("Heard")
        if f"\u00a0{words}" != self.heard.text():
            self.heard.setText(f"\u00a0{words}")

    @property
    def words(self) -> str:
        """All that is shown, as text."""
        return " ".join((self._title.text(), self._text.text())) if self._messages else ""

    def _draw(self) -> None:
        self.setVisible(bool(self._messages))
        if not self._messages:
            return
        worst, theme = self._messages[0], self._theme
        ground, colour = {
            Priority.HIGH: (theme.stop, theme.on_stop),
            Priority.MEDIUM: (theme.caution, theme.on_caution),
            Priority.LOW: (theme.surface, theme.text),
        }[worst.priority]
        self.setStyleSheet(
            f"#banner {{ background: {ground}; border-radius: 8px; }} "
            f"#banner QLabel {{ color: {colour}; background: none; }}"
        )
        self._pixmap = qtawesome.icon(ICONS[worst.priority], color=colour).pixmap(36, 36)
        self._sign.setPixmap(self._pixmap)
        self._title.setText(f"{tr(WORDS[worst.priority])}: {worst.title}")
        self._title.setStyleSheet("font-size: 24px; font-weight: 700;")
        others = [f"{message.title}: {message.text}" for message in self._messages[1:]]
        self._text.setText("\n".join([worst.text, *others]))
        self._text.setStyleSheet("font-size: 18px;")
        self.heard.setVisible(worst.priority > Priority.LOW)
        self.button.setVisible(any(message.action for message in self._messages))

    def _press(self) -> None:
        for message in self._messages:
            if message.action:
                self.acted.emit(message.action)
                return

    def _announce(self, message: Message) -> None:
        words = f"{tr(WORDS[message.priority])}: {message.title}. {message.text}"
        announce(self, words, now=message.priority is Priority.HIGH)

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802 - Qt's name
        return QtCore.QSize(480, max(80, super().sizeHint().height()))
