"""Over the training page while somebody practises: that it is practice, and the way to the result."""

from __future__ import annotations

from gui.i18n import tr
from gui.qt import QtWidgets
from gui.theme import GRID
from gui.viewmodels.desk import Desk
from gui.viewmodels.virtual import virtual_words
from gui.widgets.buttons import IconButton
from gui.widgets.plain import text


class PracticeNote(QtWidgets.QFrame):
    """Hidden while nobody practises."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.words = text(says=tr("This is practice"))
        self.words.setProperty("notice", True)
        self.result = IconButton(tr("See the result"), "fa6s.graduation-cap", tr("End the practice and see the result"))
        self.result.clicked.connect(self._finish)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.result)
        self.hide()

    def _finish(self) -> None:
        if self._desk.practice is not None:
            self._desk.practice.finish()

    def refresh(self) -> None:
        practice, run = self._desk.practice, self._desk.run
        shown = practice is not None and run is not None and run.request.practice
        self.setVisible(shown)
        if practice is None or not shown:
            return
        words = tr("Practice with a virtual patient ({patient}): nothing goes into a record.",
                   patient=virtual_words(practice.virtual))  # fmt: skip
        if words != self.words.text():
            self.words.setText(words)
        self.result.setVisible(practice.can_finish)
