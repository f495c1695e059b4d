"""The strip of the open session on every other page: whose it is, its state, the way back, and STOP."""

from __future__ import annotations

from gui.i18n import tr
from gui.qt import QtWidgets, Signal
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.widgets.buttons import IconButton
from gui.widgets.plain import title

AT_THE_SESSION = ("train", "prepare")  # pages that show the session themselves


class SessionStrip(QtWidgets.QFrame):
    """Hidden while no session is open, or its own page is shown."""

    stopped = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("strip")
        self.words = title(wrap=False)
        self.words.setAccessibleName(tr("The open session"))
        self.back = IconButton(tr("Back to the session"), "fa6s.rotate-left", tr("Back to the session"))
        self.stop = IconButton(tr("STOP"), "fa6s.stop", tr("Stop the arm now (space bar)"), kind="stop")
        self.back.clicked.connect(lambda: desk.go(desk.session_place))
        self.stop.pressed.connect(self.stopped)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.back)
        layout.addWidget(self.stop)
        self.hide()

    def dress(self, theme: Theme) -> None:
        self.back.dress(theme)
        self.stop.dress(theme)
        self.setStyleSheet(
            f"#strip {{ background: {theme.caution}; }} "
            f"#strip QLabel {{ color: {theme.on_caution}; background: none; }}"
        )

    def refresh(self, place: str) -> None:
        run = self._desk.run
        shown = run is not None and not run.over and place not in AT_THE_SESSION
        self.setVisible(shown)
        if run is None or not shown:
            return
        locked = self._desk.locked
        self.back.setVisible(not locked)
        state = run.training.state_words if run.training is not None else tr(run.step)
        who = "" if locked else run.who
        alarm = self._desk.alarms.messages[0].title if self._desk.alarms.messages and not locked else ""
        self.words.setText(" · ".join(words for words in (who, state, alarm) if words))
