"""Sessions whose window is gone, each with a button to go on with it: for the start of an application."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from gui.i18n import tr
from gui.qt import QtWidgets, Signal
from gui.theme import GRID, Theme
from gui.viewmodels.waiting import request_for, waiting_words
from gui.widgets.buttons import IconButton
from gui.widgets.plain import Card, Row, clear, text
from rehab.session.waiting import Waiting


class WaitingSessions(QtWidgets.QWidget):
    """Hidden while there is none. `chosen` carries the Request that takes a session over."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._layout = QtWidgets.QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID)
        self.buttons: list[IconButton] = []
        self.hide()

    def dress(self, theme: Theme) -> None:
        for button in self.buttons:
            button.dress(theme)

    def show_sessions(self, sessions: Sequence[Waiting]) -> None:
        clear(self._layout)
        self.buttons = []
        for session in sessions:
            words = waiting_words(session)
            button = IconButton(tr("Go on with it"), "fa6s.plug", tr("Go on: {words}", words=words), kind="go")
            button.clicked.connect(partial(self.chosen.emit, request_for(session)))
            self.buttons.append(button)
            card, row = Card(), Row(text(words), button)
            row.setStretch(0, 1)
            card.inside.addLayout(row)
            self._layout.addWidget(card)
        self.setVisible(bool(sessions))
