"""A patient's limits, goals and pain, to be changed; and everything in one file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.i18n import shown_date, tr
from gui.qt import QtCore, QtWidgets
from gui.theme import GRID
from gui.viewmodels.desk import Desk
from gui.viewmodels.parameter_words import limit_words
from gui.viewmodels.patient_file import LIMITS, PatientFile
from gui.views.model_page import ModelPage
from gui.widgets.columns import Columns
from gui.widgets.form import Choice, Spin
from gui.widgets.plain import Card, Row, breakable, clear, field, muted, text
from gui.widgets.tick import Tick
from rehab.core.limits import BUILTIN
from rehab.core.units import beside, pretty

if TYPE_CHECKING:
    from rehab.clinic.records import Chart

SOON = 6 * 7  # days: until when a goal is meant to be reached, at first


class PatientFilePage(ModelPage):
    model: PatientFile

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, PatientFile(desk))
        self.done = text(says=tr("What was saved"))
        self.column.addWidget(self.done)
        self._asked: Callable[[str], None] | None = None
        self.asking = self._why_asked()
        self.column.addWidget(self.asking)
        self.loading = muted(tr("Loading"))
        self.column.addWidget(self.loading)
        left, right = QtWidgets.QVBoxLayout(), QtWidgets.QVBoxLayout()
        for side, cards in ((left, (self._hurts(), self._goals())), (right, (self._limits(), self._export()))):
            side.setSpacing(2 * GRID)
            for card in cards:
                side.addWidget(card)
            side.addStretch(1)
        self.whole = Columns((left, 1), (right, 1))
        self.column.addWidget(self.whole, 1)

    @property
    def title(self) -> str:
        who = self.model.patient
        return tr("File of {name}", name=who.full_name) if who is not None else tr("Patient")

    def enter(self, patient: str = "", **what: Any) -> None:
        self.model.load(patient or self.model.code)
        self.model.changed()

    # parts ----------------------------------------------------------------------------------------------------------

    def _why_asked(self) -> Card:
        card = Card(tr("Why does it hold no longer?"))
        self.because = QtWidgets.QLineEdit()
        self.because.returnPressed.connect(self._because)
        yes = self.button(tr("Take it out"), "fa6s.check", self._because, kind="go")
        no = self.button(tr("Leave it"), "fa6s.xmark", self._leave_it, says=tr("Leave it as it is"))
        card.inside.addLayout(field(tr("Reason"), self.because))
        card.inside.addLayout(Row(yes, no, None, spacing=GRID))
        card.hide()
        return card

    def _hurts(self) -> Card:
        card = Card(tr("What hurts"))
        self.hurts = _lines(card)
        self.place, self.when = QtWidgets.QLineEdit(), QtWidgets.QLineEdit()
        self.pain = _number(0, 10)
        self.add_hurt = self.button(tr("Add what hurts"), "fa6s.plus", self._add_hurt)
        card.inside.addLayout(field(tr("Where it hurts"), self.place))
        card.inside.addWidget(Columns(
            (field(tr("How much, 0 to 10"), self.pain), 1), (field(tr("When it hurts"), self.when), 2)
        ))  # fmt: skip
        card.inside.addWidget(self.add_hurt)
        return card

    def _goals(self) -> Card:
        card = Card(tr("Goals"))
        self.goals = _lines(card)
        self.goal, self.until = QtWidgets.QLineEdit(), QtWidgets.QDateEdit()
        self.until.setDisplayFormat("dd/MM/yyyy")
        self.until.lineEdit().setTextMargins(GRID, 0, 0, 0)
        day = self.desk.today + dt.timedelta(days=SOON)
        self.until.setDate(QtCore.QDate(day.year, day.month, day.day))
        self.add_goal = self.button(tr("Add the goal"), "fa6s.plus", self._add_goal)
        card.inside.addLayout(field(tr("What the patient wants to be able to do"), self.goal))
        card.inside.addLayout(field(tr("Until"), self.until))
        card.inside.addWidget(self.add_goal)
        return card

    def _limits(self) -> Card:
        card = Card(tr("Limits"))
        card.inside.addWidget(muted(tr("A limit can only tighten those of the clinic and the robot.")))
        self.limits = _lines(card)
        self.limit, self.value, self.reason = Choice(), Spin(), QtWidgets.QLineEdit()
        for name in LIMITS:
            self.limit.addItem(limit_words(name), name)
        self.limit.currentIndexChanged.connect(self._choose_limit)
        self._choose_limit()
        self.set_limit = self.button(tr("Set the limit"), "fa6s.check", self._set_limit)
        card.inside.addLayout(field(tr("Limit"), self.limit))
        card.inside.addWidget(Columns((field(tr("At most"), self.value), 1), (field(tr("Reason"), self.reason), 2)))
        card.inside.addWidget(self.set_limit)
        return card

    def _export(self) -> Card:
        card = Card(tr("All records in one file"))
        card.inside.addWidget(muted(tr(
            "Sessions, measures, scales, notes and recordings with their reports, under the code and without the name."
        )))  # fmt: skip
        self.sure = Tick(tr("The patient has asked for it, or has agreed"))
        self.export = self.button(tr("Write the file"), "fa6s.file-export", self._write)
        self.export.setEnabled(False)
        self.sure.toggled.connect(self.export.setEnabled)
        card.inside.addWidget(self.sure)
        card.inside.addWidget(self.export)
        return card

    # acts -----------------------------------------------------------------------------------------------------------

    def _add_hurt(self) -> None:
        if self.place.text().strip():
            self.model.add_hurt(self.place.text(), int(self.pain.value()), self.when.text())
            self.place.clear()
            self.when.clear()

    def _add_goal(self) -> None:
        if self.goal.text().strip():
            day = self.until.date()
            self.model.add_goal(self.goal.text(), dt.date(day.year(), day.month(), day.day()))
            self.goal.clear()

    def _choose_limit(self) -> None:
        limit = BUILTIN[self.limit.currentData()]
        fine = limit.most <= 10.0
        self.value.setDecimals(2 if fine else 0)
        self.value.setRange(limit.least, limit.default)
        self.value.setSingleStep(0.05 if fine else 1.0)
        self.value.setSuffix(beside(pretty(limit.unit)))
        self.value.setValue(limit.default)

    def _set_limit(self) -> None:
        self.model.set_limit(self.limit.currentData(), self.value.value(), self.reason.text())
        self.reason.clear()

    def _write(self) -> None:
        start = f"{self.model.code}.zip"
        name, _ = QtWidgets.QFileDialog.getSaveFileName(self, tr("Write all records"), start, "*.zip")
        if name:
            self.sure.setChecked(False)
            self.model.export(Path(name))

    # showing --------------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        chart = self.model.chart
        self.loading.setVisible(chart is None and not self.model.problem)
        self.whole.setVisible(chart is not None)
        self.done.setText(breakable(self.model.done))
        self.done.setVisible(bool(self.model.done) and not self.model.problem)
        if chart is None:
            return
        self._fill_hurts(chart)
        self._fill_goals(chart)
        self._fill_limits(chart)

    def _fill_hurts(self, chart: Chart) -> None:
        clear(self.hurts)
        for hurt in chart.hurts:
            said = tr("{place}: {pain} of 10", place=hurt.place, pain=hurt.pain)
            off = self.button("", "fa6s.trash-can", partial(self.model.remove_hurt, hurt.place),
                              says=tr("It hurts no more: {what}", what=hurt.place))  # fmt: skip
            self.hurts.addLayout(_line(f"{said}, {hurt.when}" if hurt.when else said, off))
        if not chart.hurts:
            self.hurts.addWidget(muted(tr("Nothing, as far as is known")))

    def _fill_goals(self, chart: Chart) -> None:
        clear(self.goals)
        for goal in chart.goals:
            until = tr("until {day}", day=shown_date(goal.until)) if goal.until is not None else ""
            reached = tr("reached {day}", day=shown_date(goal.reached.astimezone().date())) if goal.reached else ""
            said = " · ".join(part for part in (goal.text, reached or until) if part)
            if goal.reached:
                self.goals.addWidget(text(said))
                continue
            yes = self.button("", "fa6s.check", partial(self.model.reach_goal, goal.id),
                              says=tr("Reached: {what}", what=goal.text))  # fmt: skip
            off = self.button("", "fa6s.trash-can", partial(self._why, partial(self.model.drop_goal, goal.id)),
                              says=tr("Give up: {what}", what=goal.text))  # fmt: skip
            self.goals.addLayout(_line(said, yes, off))
        if not chart.goals:
            self.goals.addWidget(muted(tr("No goal yet: write down what the patient wants to be able to do.")))

    def _fill_limits(self, chart: Chart) -> None:
        clear(self.limits)
        for line in chart.limits:
            off = self.button("", "fa6s.trash-can", partial(self._why, partial(self.model.lift_limit, line.id)),
                              says=tr("Lift: {what}", what=line.says))  # fmt: skip
            self.limits.addLayout(_line(f"{limit_words(line.name)} {line.says}: {line.reason}", off))
        if not chart.limits:
            self.limits.addWidget(muted(tr("None of their own: those of the clinic and the robot hold")))

    def _why(self, act: Callable[[str], None]) -> None:
        """Ask for the reason; without one nothing is taken out."""
        self._asked = act
        self.asking.show()
        self.because.setFocus()

    def _because(self) -> None:
        act, words = self._asked, self.because.text().strip()
        if act is not None and words:
            self._leave_it()
            act(words)

    def _leave_it(self) -> None:
        self._asked = None
        self.because.clear()
        self.asking.hide()


def _number(least: float, most: float) -> Spin:
    made = Spin()
    made.setDecimals(0)
    made.setRange(least, most)
    return made


def _lines(card: Card) -> QtWidgets.QVBoxLayout:
    layout = QtWidgets.QVBoxLayout()
    layout.setSpacing(GRID)
    card.inside.addLayout(layout)
    return layout


def _line(words: str, *buttons: QtWidgets.QWidget) -> QtWidgets.QHBoxLayout:
    row = Row(spacing=GRID)
    row.addWidget(text(words), 1)
    for button in buttons:
        row.addWidget(button)
    return row
