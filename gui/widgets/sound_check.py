"""Are the alarms heard (F42)? Asked once, when the first session opens; the answer "no" stays to be seen."""

from __future__ import annotations

from gui.i18n import tr
from gui.qt import QtWidgets, qtawesome
from gui.theme import GRID, LIGHT, Theme
from gui.viewmodels.alarms import Alarms
from gui.widgets.buttons import IconButton
from gui.widgets.plain import Row, text


class SoundCheck(QtWidgets.QFrame):
    """One line; hidden once somebody has heard the sound."""

    def __init__(self, alarms: Alarms) -> None:
        super().__init__()
        self._alarms = alarms
        self._theme = LIGHT
        self.setProperty("card", True)
        self._sign = QtWidgets.QLabel()
        self.words = text(says=tr("Alarm sound"))
        self.play = IconButton(tr("Play"), "fa6s.volume-high", tr("Play the alarm sound"))
        self.yes = IconButton(tr("Heard"), "fa6s.check", tr("The alarm sound was heard"))
        self.no = IconButton(tr("Not heard"), "fa6s.volume-xmark", tr("The alarm sound was not heard"))
        self.play.clicked.connect(alarms.test)
        self.yes.clicked.connect(lambda: self._answer(heard=True))
        self.no.clicked.connect(lambda: self._answer(heard=False))
        row = Row(self._sign, self.words, self.play, self.yes, self.no, spacing=GRID)
        row.setStretch(1, 1)
        row.setContentsMargins(2 * GRID, GRID // 2, GRID, GRID // 2)
        self.setLayout(row)
        self.hide()

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        for button in (self.play, self.yes, self.no):
            button.dress(theme)
        self._sign.setPixmap(qtawesome.icon("fa6s.bell", color=theme.text).pixmap(22, 22))

    def _answer(self, *, heard: bool) -> None:
        self._alarms.checked = heard
        self.refresh()

    def refresh(self) -> None:
        alarms = self._alarms
        fault = alarms.fault
        self.setVisible(fault is not None or alarms.checked is None)
        ask = tr("Is the alarm sound heard here? Play it once.")
        words = f"{fault.title}. {fault.text}" if fault is not None else ask
        if self.words.text() != words:
            self.words.setText(words)
        for button in (self.play, self.yes):
            button.setVisible(not alarms.no_sound)
        self.no.setVisible(not alarms.no_sound and alarms.checked is None)
