"""Practise: choose who sits in and what may go wrong, then see how quick and how right the reaction was.

    ┌ what to practise ──────┬ what came of it ──────┐
    │                        │ how it goes           │
    └ all tries ─────────────┴───────────────────────┘
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gui.i18n import shown_date, shown_number, tr
from gui.qt import QtWidgets
from gui.theme import GRID
from gui.viewmodels.desk import Desk
from gui.viewmodels.incidents import ANY, INCIDENTS, act_words, incident_words
from gui.viewmodels.practice import LAST, USUAL_EXERCISE, USUAL_PATIENT, Practice, Trainer
from gui.viewmodels.virtual import virtual_words
from gui.views.model_page import ModelPage
from gui.widgets.columns import Columns
from gui.widgets.form import Choice
from gui.widgets.plain import Card, field, muted, text, title
from gui.widgets.table import Table

if TYPE_CHECKING:
    from rehab.clinic.records import PracticeTry


class TrainerPage(ModelPage):
    model: Trainer

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Trainer(desk))
        side = QtWidgets.QVBoxLayout()
        side.setSpacing(2 * GRID)
        self.result, self.progress = self._result(), self._progress()
        for card in (self.result, self.progress):
            side.addWidget(card)
        side.addStretch(1)
        left = QtWidgets.QVBoxLayout()
        left.addWidget(self._wanted())
        left.addStretch(1)
        self.column.addWidget(Columns((left, 1), (side, 1)))
        self.history = Card(tr("All tries"))
        self.table = Table(tr("All tries, newest first"), words=(0, 1, 2, 3, 4, 5), wide=4)
        self.history.inside.addWidget(self.table)
        self.column.addWidget(self.history)
        self.column.addStretch(1)

    @property
    def title(self) -> str:
        return tr("Practise")

    def enter(self, **what: Any) -> None:
        self.model.load()
        self.model.changed()

    # parts ----------------------------------------------------------------------------------------------------------

    def _wanted(self) -> Card:
        card = Card(tr("Practise an incident"))
        card.inside.addWidget(text(tr(
            "A virtual patient sits in for a person, and something goes wrong. React as you would with a patient: the "
            "first thing you do is timed. Nothing goes into a record, and no robot moves."
        )))  # fmt: skip
        self.patient, self.exercise, self.incident = Choice(), Choice(), Choice()
        self.incident.addItem(tr("Any: not told before"), ANY)
        for name, incident in INCIDENTS.items():
            self.incident.addItem(tr(incident.title), name)
        self.begin = self.button(tr("Begin the practice"), "fa6s.play", self._begin, kind="go")
        card.inside.addLayout(field(tr("Virtual patient"), self.patient))
        card.inside.addLayout(field(tr("Exercise"), self.exercise))
        card.inside.addLayout(field(tr("Incident"), self.incident))
        self.why_not = muted(tr("A session is open: end it first."))
        card.inside.addWidget(self.why_not)
        card.inside.addWidget(self.begin)
        return card

    def _result(self) -> Card:
        card = Card()
        self.verdict = title()
        self.happened, self.did, self.right = text(), text(), text()
        for label in (self.verdict, self.happened, self.did, self.right):
            card.inside.addWidget(label)
        return card

    def _progress(self) -> Card:
        card = Card(tr("How it goes"))
        self.counted, self.quicker = text(), muted()
        card.inside.addWidget(self.counted)
        card.inside.addWidget(self.quicker)
        return card

    def _begin(self) -> None:
        self.model.begin(self.patient.currentData(), self.exercise.currentData(), self.incident.currentData())

    # showing --------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        super().refresh()
        self.begin.setEnabled(self.model.can_begin)
        self.why_not.setVisible(self.desk.session_open)

    def words_of_problem(self) -> str:
        last = self.model.last
        return self.model.problem or (last.problem if last is not None else "")

    def fill(self) -> None:
        model = self.model
        if model.choices is not None and not self.patient.count():
            for name in model.choices.patients:
                self.patient.addItem(virtual_words(name), name)
            for name, words in model.choices.exercises:
                self.exercise.addItem(words, name)
            self.patient.setCurrentIndex(max(0, self.patient.findData(USUAL_PATIENT)))
            self.exercise.setCurrentIndex(max(0, self.exercise.findData(USUAL_EXERCISE)))
        self._fill_result(model.last)
        self._fill_progress(model.tries)

    def _fill_result(self, last: Practice | None) -> None:
        self.result.setVisible(last is not None and not last.problem)
        if last is None:
            return
        watch = last.watch
        if watch.came is None:
            self.verdict.setText(tr("The session ended before an incident came"))
            for label in (self.happened, self.did, self.right):
                label.hide()
            return
        for label in (self.happened, self.did, self.right):
            label.show()
        self.verdict.setText(verdict(right=watch.right, act=watch.act))
        self.happened.setText(tr("What happened: {what}", what=tr(watch.incident.happened)))
        self.did.setText(did(watch.act, watch.reaction, self.model.best(watch.incident.name)))
        self.right.setText(tr("What is right: {what}", what=tr(watch.incident.right)))

    def _fill_progress(self, tries: tuple[PracticeTry, ...] | None) -> None:
        self.history.setVisible(bool(tries))
        right, all_ = self.model.right
        if tries is None:
            self.counted.setText(tr("Loading"))
        elif not tries:
            self.counted.setText(tr("Nothing practised yet: choose an incident, and begin."))
        else:
            self.counted.setText(tr("{right} of {all} tries were right.", right=right, all=all_))
        medians = self.model.medians
        self.quicker.setText(
            tr("Reaction when right, median: the first {n} {before}, the last {n} {after}.", n=LAST,
               before=seconds(medians[0]), after=seconds(medians[1])) if medians is not None
            else tr("After {n} right reactions it shows whether they get quicker.", n=2 * LAST)
        )  # fmt: skip
        exercises = dict(self.model.choices.exercises) if self.model.choices is not None else {}
        heads = [tr("Day"), tr("Incident"), tr("Virtual patient"), tr("Exercise"), tr("First reaction"),
                 tr("Was right"), tr("Reaction time")]  # fmt: skip
        self.table.fill(heads, [
            [shown_date(t.at.astimezone().date()) if t.at is not None else "", incident_words(t.incident),
             virtual_words(t.virtual), exercises.get(t.exercise, t.exercise), act_words(t.act),
             tr("yes") if t.right else tr("no"), seconds(t.reaction) if t.reaction is not None else "–"]
            for t in tries or ()
        ])  # fmt: skip
        self.table.whole()


def verdict(*, right: bool, act: str) -> str:
    if not act:
        return tr("Missed: nothing was done")
    return tr("That was right") if right else tr("Not the right thing first")


def did(act: str, reaction: float | None, best: float | None) -> str:
    """ "You pressed STOP after 1.4 s; your quickest so far: 1.1 s"."""
    if not act or reaction is None:
        return tr("What you did: nothing")
    words = tr("What you did: {what}, after {time}", what=act_words(act), time=seconds(reaction))
    quickest = tr("quickest so far: {time}", time=seconds(best)) if best is not None else ""
    return f"{words} ({quickest})" if quickest else words


def seconds(value: float) -> str:
    return shown_number(value, 1, "s")
