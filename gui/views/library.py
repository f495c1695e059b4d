"""The exercise library: a card each, with a picture, plain words, and filters; from here into a patient's plan."""

from __future__ import annotations

from functools import partial
from typing import Any

from gui.i18n import tr, trn
from gui.qt import QtGui, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.library import EXERCISE, PROTOCOL, Entry, Library, goal_words, mode_words
from gui.views.model_page import ModelPage
from gui.widgets.columns import Columns
from gui.widgets.plain import Card, field, hint, muted, text, title
from gui.widgets.scene import ScenePicture

CARD = 280  # px: least width of a card; as many stand side by side as fit


class LibraryPage(ModelPage):
    model: Library

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Library(desk))
        self.patient = ""
        self.cards: dict[tuple[str, str], EntryCard] = {}
        self.search = QtWidgets.QLineEdit()
        hint(self.search, tr("A word of it, for example circle"))
        self.search.textChanged.connect(lambda words: self.model.filter(words=words))
        self.goal, self.mode, self.kind = (QtWidgets.QComboBox() for _ in range(3))
        self.goal.addItem(tr("All goals"), "")
        self.mode.addItem(tr("All modes"), "")
        for kind, words in (("", tr("All")), (EXERCISE, tr("Single exercises")), (PROTOCOL, tr("Ready plans"))):
            self.kind.addItem(words, kind)
        for box, name in ((self.goal, "goal"), (self.mode, "mode"), (self.kind, "kind")):
            box.currentIndexChanged.connect(partial(self._choose, box, name))
        head = Columns(
            (field(tr("Search"), self.search), 2), (field(tr("Goal"), self.goal), 1),
            (field(tr("Mode"), self.mode), 1), (field(tr("Kind"), self.kind), 1),
        )  # fmt: skip
        self.count = muted(tr("Loading"), wrap=False)
        self.note = text()
        self.note.setProperty("notice", True)
        self.empty = text(tr("Nothing fits: choose another goal or mode, or search for another word."))
        self.box = QtWidgets.QWidget()
        self.grid = QtWidgets.QGridLayout(self.box)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setSpacing(2 * GRID)
        self.column.addWidget(head)
        self.column.addWidget(self.note)
        self.column.addWidget(self.count)
        self.column.addWidget(self.empty)
        self.column.addWidget(self.box)
        self.column.addStretch(1)
        self.empty.hide()

    @property
    def title(self) -> str:
        return tr("Add to the plan") if self.patient else tr("Exercises")

    def enter(self, patient: str = "", **what: Any) -> None:
        self.patient = patient
        for card in self.cards.values():
            card.add.setVisible(bool(patient))
        self.model.load()
        self.model.changed()

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        for card in self.cards.values():
            card.picture.dress(theme)

    def _choose(self, box: QtWidgets.QComboBox, name: str, index: int) -> None:
        self.model.filter(**{name: box.itemData(index) or ""})

    def fill(self) -> None:
        entries = self.model.entries
        if entries is None:
            self.note.hide()
            return
        if not self.cards:
            self._make(entries)
        plans = self.desk.acting is not None and self.desk.acting.may("plans.add")
        self.note.setVisible(self.model.assumed or (plans and not self.patient))
        if self.model.assumed:
            self.note.setText(tr("The robot has not been connected yet: this is what {model} can do.",
                                 model=self.model.model))  # fmt: skip
        else:
            self.note.setText(tr("To plan with these: open a patient, then Plan."))
        for key, picture in self.model.pictures.items():
            if self.cards[key].picture.drawn is not picture:
                self.cards[key].picture.show_drawn(picture)
        self._lay_out()

    def _make(self, entries: tuple[Entry, ...]) -> None:
        for entry in entries:
            card = EntryCard(entry, self)
            card.picture.dress(self.theme)
            card.add.setVisible(bool(self.patient))
            self.cards[entry.kind, entry.name] = card
        for goal in self.model.goals:
            self.goal.addItem(goal_words(goal), goal)
        for mode in dict.fromkeys(m for entry in entries for m in entry.modes if m != "-"):
            self.mode.addItem(mode_words(mode), mode)

    def _lay_out(self) -> None:
        shown = self.model.shown
        self.count.setText(trn("{n} exercise", "{n} exercises", len(shown)))
        self.empty.setVisible(not shown)
        while self.grid.count():
            self.grid.takeAt(0)
        wanted = {(entry.kind, entry.name) for entry in shown}
        for key, card in self.cards.items():
            if key not in wanted:
                card.hide()
        columns = self._columns()
        for k, entry in enumerate(shown):
            card = self.cards[entry.kind, entry.name]
            self.grid.addWidget(card, k // columns, k % columns)
            card.show()
        for column in range(8):
            self.grid.setColumnStretch(column, 1 if column < columns else 0)
        self._laid = columns

    def _columns(self) -> int:
        room = self.width() - 6 * GRID
        return max(1, min(6, (room + 2 * GRID) // (CARD + 2 * GRID)))

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        if self.cards and self._columns() != self._laid:
            self._lay_out()

    def add(self, entry: Entry) -> None:
        """Into the plan of the patient for whom the library was opened."""
        self.desk.went.pop()
        self.desk.go("plan", patient=self.patient, add=(entry.kind, entry.name))


class EntryCard(Card):
    def __init__(self, entry: Entry, page: LibraryPage) -> None:
        super().__init__()
        self.entry = entry
        self.picture = ScenePicture(tr("Picture of {title}: its targets and paths from above", title=entry.title))
        self.inside.addWidget(self.picture)
        self.inside.addWidget(title(entry.title))
        if entry.instruction:
            self.inside.addWidget(text(entry.instruction))
        for words, said in ((tr("Trains: {what}", what=entry.trains), entry.trains),
                            (tr("Measures: {what}", what=entry.measures), entry.measures)):  # fmt: skip
            if said:
                self.inside.addWidget(muted(words))
        marks = [goal_words(goal) for goal in entry.goals]
        marks += [mode_words(mode) for mode in entry.modes if mode != "-"]
        marks += [tr("For studies")] if entry.research else []
        if marks:
            self.inside.addWidget(muted(" · ".join(marks)))
        if entry.why_not:
            refused = text(tr("Not on this device: {why}", why=entry.why_not))
            refused.setProperty("notice", True)
            self.inside.addWidget(refused)
        self.inside.addStretch(1)
        self.add = page.button(tr("Add to the plan"), "fa6s.plus", partial(page.add, entry), kind="go",
                               says=tr("Add {title} to the plan", title=entry.title))  # fmt: skip
        self.add.setEnabled(not entry.why_not)
        self.inside.addWidget(self.add)
