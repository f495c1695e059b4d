"""A page that shows a view model: filled anew when that has changed, with a bar while the store is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gui.i18n import tr
from gui.qt import QtWidgets
from gui.theme import LIGHT, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model
from gui.views.page import Page, spaced
from gui.widgets.buttons import IconButton
from gui.widgets.plain import Problem

SOON = 0.4  # s: what takes longer gets a bar


class ModelPage(Page):
    """`column` is its layout; `fill` shows the model, and is called at the frame after it changed."""

    def __init__(self, desk: Desk, model: Model) -> None:
        super().__init__(desk)
        self.model: Any = model
        self.theme = LIGHT
        self._seen = -1
        self._since: float | None = None
        self.bar = QtWidgets.QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Working"))
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(kept)
        self.bar.hide()
        self.problem = Problem(tr("What went wrong"))
        self.column = QtWidgets.QVBoxLayout(self)
        spaced(self.column)
        self.column.setContentsMargins(24, 0, 24, 16)
        self.column.addWidget(self.bar)
        self.column.addWidget(self.problem)

    def dress(self, theme: Theme) -> None:
        self.theme = theme
        super().dress(theme)

    def button(
        self, words: str, icon: str, act: Callable[[], Any], *, says: str = "", kind: str = "plain", big: bool = False
    ) -> IconButton:
        """Dressed as the page is. `says` where the words alone do not tell, for example "Open: Demo Uno"."""
        made = IconButton(words, icon, says or words, kind=kind, big=big)
        made.dress(self.theme)
        made.clicked.connect(lambda: act())
        return made

    def refresh(self) -> None:
        self._bar()
        if self.model.version != self._seen:
            self._seen = self.model.version
            self.problem.say(self.words_of_problem())
            self.fill()

    def words_of_problem(self) -> str:
        return str(self.model.problem)

    def fill(self) -> None:
        """Show the model as it is now."""

    def _bar(self) -> None:
        now = self.desk.now()
        if not self.model.waiting:
            self._since = None
        elif self._since is None:
            self._since = now
        self.bar.setVisible(self._since is not None and now - self._since > SOON)
