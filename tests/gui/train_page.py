"""The session's page, where the window has none of its own: the training view of the demonstration."""

from __future__ import annotations

from typing import Any

from gui.i18n import tr
from gui.qt import QtWidgets
from gui.theme import LIGHT, Theme
from gui.viewmodels.desk import Desk
from gui.views import places
from gui.views.page import Page
from gui.views.training import TrainingView


class TrainPage(Page):
    SCROLLS = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._theme = LIGHT
        self._view: TrainingView | None = None
        self._layout = QtWidgets.QVBoxLayout(self)

    @property
    def title(self) -> str:
        return tr("Today")

    def enter(self, **what: Any) -> None:
        self.refresh()

    def refresh(self) -> None:
        run = self.desk.run
        if run is None or run.training is None:
            return
        if self._view is None or self._view.run is not run:
            if self._view is not None:
                self._view.hide()
                self._view.deleteLater()
            self._view = TrainingView(run)
            self._view.dress(self._theme)
            self._layout.addWidget(self._view)
        self._view.refresh()

    def dress(self, theme: Theme) -> None:
        self._theme = theme


def stand_in(places_by_name: dict[str, places.Place]) -> None:
    """Only where there is no page of that name."""
    train = places_by_name["train"]
    if not places.there(train):
        places_by_name["train"] = train._replace(where="tests.gui.train_page:TrainPage")
