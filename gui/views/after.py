"""After the session: how it went, pain and fatigue, adverse events, a note, report, signature, the next patient."""

from __future__ import annotations

from typing import Any

from gui.i18n import shown_number, tr
from gui.qt import QtCore, QtGui, QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model
from gui.viewmodels.visit import OUTCOMES, Visit
from gui.views.model_page import ModelPage
from gui.widgets.buttons import IconButton
from gui.widgets.columns import Columns
from gui.widgets.fields import PinAsked
from gui.widgets.flow import Flow
from gui.widgets.plain import Card, Row, clear, far, field, muted, text
from gui.widgets.scale import FATIGUE, PAIN, PAIN_FACES, Scale
from gui.widgets.state import StateMark


class AfterPage(ModelPage):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Model(desk))
        self._chips: tuple[str, ...] | None = None
        self.chips: list[IconButton] = []
        self.whole = QtWidgets.QWidget()
        self.nothing = text(tr("No session has just ended. Sessions that are not signed wait on Today."))
        self.nothing.setAlignment(QtCore.Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(self.nothing)
        self.to_today = self.button(tr("Today"), "fa6s.calendar-day", desk.home)
        self.column.addLayout(Row(self.to_today, None))
        self.column.addStretch(0)  # takes what is left while there is nothing below
        self.column.addWidget(self.whole, 1)
        column = QtWidgets.QVBoxLayout(self.whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self._result())
        self.pain = Scale(tr("How much pain is there now?"), PAIN, PAIN_FACES)
        self.fatigue = Scale(tr("How tired is the patient now?"), FATIGUE)
        self.pain.chosen.connect(lambda value: self._visit.ask_after(pain=value))
        self.fatigue.chosen.connect(lambda value: self._visit.ask_after(fatigue=value))
        column.addWidget(self.pain)
        column.addWidget(self.fatigue)
        column.addWidget(self._notes())
        column.addStretch(1)

    @property
    def title(self) -> str:
        return tr("After the session")

    @property
    def _visit(self) -> Visit:
        assert self.desk.visit is not None
        return self.desk.visit

    def enter(self, **what: Any) -> None:
        self._seen = -1
        acting = self.desk.acting
        if self._chips is None and acting is not None:
            self.model.ask(tr("Reading the chart"), acting.charts.chips, self._have_chips)
        self.pain.answers[0].setFocus()

    def _have_chips(self, chips: tuple[str, ...]) -> None:
        self._chips = chips
        self._seen = -1

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        for scale in (self.pain, self.fatigue):
            scale.dress(theme)
        self.sign.dress(theme)
        for mark in self.findChildren(StateMark):
            mark.dress(theme)

    def refresh(self) -> None:
        visit = self.desk.visit
        self.nothing.setVisible(visit is None or visit.record is None)
        self.to_today.setVisible(self.nothing.isVisibleTo(self))
        self.whole.setVisible(visit is not None and visit.record is not None)
        if visit is not None:
            self.model = visit
        super().refresh()

    # parts ----------------------------------------------------------------------------------------------------------

    def _result(self) -> Card:
        card = Card(margin=GRID)
        self.who, self.result, self.figures = far(), text(), muted()
        self.report = self.button(tr("Open the report"), "fa6s.file-pdf", self._open_report)
        words = QtWidgets.QVBoxLayout()
        words.setSpacing(GRID // 2)
        for label in (self.who, self.result, self.figures):
            words.addWidget(label)
        words.addStretch(1)
        self.sign = PinAsked(tr("Sign"), "fa6s.signature")
        self.sign.given.connect(lambda pin: self._visit.sign(pin))
        self.signed = StateMark("", "fa6s.circle-check", colour="good")
        self.later = muted(tr("It can be signed later too: it waits on Today."))
        self.next = self.button(tr("Next patient"), "fa6s.arrow-right", lambda: self._visit.next_patient(), kind="go")
        ways = QtWidgets.QGridLayout()
        ways.setSpacing(GRID)
        ways.addWidget(self.report, 0, 0)
        ways.addWidget(self.next, 0, 1)
        ways.addWidget(self.sign, 1, 0, 1, 2)
        ways.addWidget(self.signed, 2, 0, 1, 2)
        ways.addWidget(self.later, 3, 0, 1, 2)
        card.inside.addWidget(Columns((words, 3), (ways, 2), spacing=3 * GRID))
        self.adverse = QtWidgets.QVBoxLayout()
        card.inside.addLayout(self.adverse)
        return card

    def _notes(self) -> Card:
        card = Card(tr("Note"), margin=GRID)
        self.chip_flow = Flow()
        self.note = QtWidgets.QLineEdit()
        self.note.textChanged.connect(lambda typed: self.desk.drafts.update({"note after": typed}))
        self.add_note = self.button(tr("Add the note"), "fa6s.plus", self._add_note)
        card.inside.addWidget(self.chip_flow)
        row = Row(spacing=GRID)
        row.addLayout(field(tr("In your own words"), self.note), 1)
        row.addWidget(self.add_note, 0, QtCore.Qt.AlignmentFlag.AlignBottom)
        card.inside.addLayout(row)
        return card

    # showing --------------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        visit = self.desk.visit
        if visit is None or visit.record is None:
            return
        record, run = visit.record, visit.run
        self.who.setText(visit.patient.full_name)
        saving = record.state != "ended"
        outcome = tr("Saving the session") if saving else tr(OUTCOMES.get(record.outcome, "") or "Done")
        reached = tr("{reached} of {total} trials reached", reached=record.reached, total=record.trials)
        self.result.setText(outcome if saving else f"{outcome} · {reached}")
        self.figures.setText(
            tr("{minutes} of robot time, strapping {strapping}",
               minutes=shown_number(record.robot / 60.0, 1, "min"),
               strapping=shown_number(record.strapping / 60.0, 1, "min"))
        )  # fmt: skip
        self.report.setVisible(run is not None and run.report is not None)
        if run is not None and run.problem:
            self.problem.say(visit.problem or run.problem)
        clear(self.adverse)
        for note in visit.adverse:
            said = text(tr("Adverse event: {what}", what=note.text or ", ".join(note.chips)))
            said.setProperty("notice", True)
            self.adverse.addWidget(said)
        self.pain.show_value(visit.pain_after)
        self.fatigue.show_value(visit.fatigue_after)
        self.note.setText(self.desk.drafts.get("note after", ""))
        self._fill_chips()
        signed = record.signed is not None
        self.sign.setVisible(not signed)
        self.sign.setEnabled(not saving)
        self.later.setVisible(not signed)
        self.signed.setVisible(signed)
        if signed:
            self.signed.say(tr("Signed by {name}", name=record.signed_by), "fa6s.circle-check", colour="good")
        for answer in (*self.pain.answers, *self.fatigue.answers):
            answer.setEnabled(not signed)

    def _fill_chips(self) -> None:
        if self._chips is None or self.chips:
            return
        for words in self._chips:
            chip = self.button(words, "fa6s.tag", lambda: None)
            chip.setText(words)
            chip.setIcon(QtGui.QIcon())
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            self.chips.append(chip)
            self.chip_flow.add(chip)

    # acts -----------------------------------------------------------------------------------------------------------

    def _add_note(self) -> None:
        chosen = tuple(chip.text() for chip in self.chips if chip.isChecked())
        typed = self.note.text().strip()
        if typed or chosen:
            self._visit.note(typed, chosen)
            self.note.clear()
            for chip in self.chips:
                chip.setChecked(False)

    def _open_report(self) -> None:
        run = self._visit.run
        if run is not None and run.report is not None:
            QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(run.report)))
