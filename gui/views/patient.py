"""A patient's page. Left: who it is, "As last time" with what would differ today, and one button to go on. Right: the
file: limits with their reasons, what hurts, cautions, notes, goals, appointments.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from gui.i18n import shown_date, shown_number, shown_time, tr
from gui.qt import QtCore, QtWidgets
from gui.theme import GRID
from gui.viewmodels.chart import DIFFERENCES, File, PatientChart
from gui.viewmodels.desk import Desk
from gui.viewmodels.ready import ready_words
from gui.viewmodels.start import patients, protocols
from gui.viewmodels.virtual import virtual_words
from gui.viewmodels.visit import OUTCOMES
from gui.views.model_page import ModelPage
from gui.views.places import BY_NAME, there
from gui.widgets.columns import Columns
from gui.widgets.identity import Identity
from gui.widgets.plain import Card, Row, clear, field, muted, text
from gui.widgets.state import StateMark

MOST = 3  # notes and goals that are shown; the rest is in the history


class PatientPage(ModelPage):
    model: PatientChart

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, PatientChart(desk))
        self._listed = False
        self.loading = muted(tr("Loading"))
        self.column.addWidget(self.loading)
        left, self.right = QtWidgets.QVBoxLayout(), QtWidgets.QVBoxLayout()
        left.setSpacing(2 * GRID)
        self.right.setSpacing(2 * GRID)
        self.whole = Columns((left, 3), (self.right, 2))
        left.addWidget(self._identity())
        left.addWidget(self._last_time())
        left.addWidget(self._ways())
        left.addStretch(1)
        self.column.addWidget(self.whole, 1)
        self.whole.hide()

    @property
    def title(self) -> str:
        return tr("Patient")

    def enter(self, patient: str = "", session: str = "", **what: Any) -> None:
        """`session`: one without a window, to be taken over once the identity is confirmed."""
        self.model.load(patient or self.model.code, session=session)

    # parts ----------------------------------------------------------------------------------------------------------

    def _identity(self) -> Card:
        card = Card()
        self.identity = Identity()
        self.confirm = self.button(
            tr("Yes, this is the patient here"), "fa6s.user-check", self.model.confirm_identity, kind="go", big=True,
            says=tr("Yes, this is the patient here: name, birth date and side are right"),
        )  # fmt: skip
        self.wrong = self.button(tr("Wrong patient"), "fa6s.user-xmark", lambda: self.desk.go("patients"))
        self.hindrance = text()
        self.hindrance.setProperty("notice", True)
        self.to_session = self.button(
            tr("Back to the session"), "fa6s.rotate-left", lambda: self.desk.go(self.desk.session_place)
        )
        self.practice = QtWidgets.QComboBox()
        self.practice_box = QtWidgets.QWidget()
        inside = QtWidgets.QVBoxLayout(self.practice_box)
        inside.setContentsMargins(0, 0, 0, 0)
        note = text(tr("Practice: the robot is simulated, nobody is strapped in."))
        note.setProperty("notice", True)
        inside.addWidget(note)
        inside.addLayout(field(tr("Virtual patient who holds the simulated arm"), self.practice))
        self.practice.currentIndexChanged.connect(self._choose_practice)
        card.inside.addWidget(self.identity)
        card.inside.addWidget(self.confirm)
        card.inside.addWidget(self.hindrance)
        card.inside.addLayout(Row(self.wrong, self.to_session, None, spacing=GRID))
        card.inside.addWidget(self.practice_box)
        return card

    def _last_time(self) -> Card:
        card = Card(tr("As last time"))
        self.last, self.plan = text(), text()
        self.differs = QtWidgets.QVBoxLayout()
        self.differs.setSpacing(GRID)
        self.ready = QtWidgets.QComboBox()
        self.use_ready = self.button(tr("Make it the plan"), "fa6s.check", self._use_ready)
        self.plan_box = QtWidgets.QWidget()
        row = QtWidgets.QHBoxLayout(self.plan_box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addLayout(field(tr("Ready plans"), self.ready), 1)
        row.addWidget(self.use_ready, 0, QtCore.Qt.AlignmentFlag.AlignBottom)
        for widget in (self.last, self.plan):
            card.inside.addWidget(widget)
        card.inside.addLayout(self.differs)
        card.inside.addWidget(self.plan_box)
        return card

    def _ways(self) -> QtWidgets.QWidget:
        """To the other pages of this patient."""
        box = QtWidgets.QWidget()
        grid = QtWidgets.QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID)
        ways = [
            (tr("Details"), "fa6s.id-card", "new_patient"),
            (tr("Limits, goals, pain"), "fa6s.sliders", "patient_file"),
            (tr("Plan"), "fa6s.list-check", "plan"),
            (tr("Handover"), "fa6s.people-arrows", "handover"),
            (tr("Last session"), "fa6s.chart-line", "review"),
            (tr("Progress"), "fa6s.arrow-trend-up", "progress"),
            (tr("Scales"), "fa6s.ruler", "scales"),
        ]
        shown = [way for way in ways if there(BY_NAME[way[2]])]
        for k, (words, icon, place) in enumerate(shown):
            button = self.button(words, icon, partial(self._go, place))
            grid.addWidget(button, k // 3, k % 3)
        return box

    # filling --------------------------------------------------------------------------------------------------------

    def fill(self) -> None:
        file = self.model.file
        self.loading.setVisible(file is None and not self.model.problem)
        self.whole.setVisible(file is not None)
        if file is None:
            return
        self.identity.show_patient(file.patient.full_name, self.model.born, self.model.side, file.patient.patient)
        hindrances = self.model.hindrances
        self.confirm.setVisible(not hindrances)
        self.confirm.setEnabled(not hindrances)
        self.hindrance.setText("\n".join(hindrances))
        self.hindrance.setVisible(bool(hindrances))
        self.to_session.setVisible(self.desk.session_open)
        self.practice_box.setVisible(self.model.simulated and not self.model.session)
        if self.model.simulated and not self.practice.count():
            self._list_practice()
        self._fill_last(file)
        self._fill_file(file)

    def _fill_last(self, file: File) -> None:
        session = file.last.session
        if session is None:
            self.last.setText(tr("This will be the first session."))
        else:
            when = session.begun.astimezone()
            parts = [
                f"{shown_date(when.date(), 'full')}, {shown_time(when)}",
                session.title,
                tr("{reached} of {total} trials reached", reached=session.reached, total=session.trials),
                tr("{minutes} of robot time, strapping {strapping}",
                   minutes=shown_number(session.robot / 60.0, 0, "min"),
                   strapping=shown_number(session.strapping / 60.0, 0, "min")),
                session.therapist,
                tr(OUTCOMES.get(session.outcome, "") or "Done"),
            ]  # fmt: skip
            self.last.setText("\n".join((" · ".join(parts[:2]), " · ".join(parts[2:]))))
        plan = file.last.plan
        self.plan.setText(tr("Today: {plan}", plan=plan.title) if plan is not None else "")
        self.plan.setVisible(plan is not None)
        self.plan_box.setVisible(plan is None)
        if plan is None and not self.ready.count():
            for choice in protocols():
                self.ready.addItem(ready_words(choice.name) or choice.shown, choice.name)
        clear(self.differs)
        for difference in file.last.differences:
            words = text(f"{tr(DIFFERENCES.get(difference.what, difference.what))}: {difference.says}")
            words.setProperty("notice", True)
            words.setProperty("difference", difference.what)
            self.differs.addWidget(words)
        if session is not None and not file.last.differences:
            self.differs.addWidget(StateMark(tr("Nothing differs from last time"), "fa6s.equals", self.theme))

    def _fill_file(self, file: File) -> None:
        clear(self.right)
        chart = file.chart
        cautions = self.model.cautions
        for heading, lines, empty in (
            (tr("Take care"), cautions, ""),
            (tr("What hurts"), [_hurt(hurt) for hurt in chart.hurts], tr("Nothing, as far as is known")),
            (tr("Limits"), [f"{line.says}: {line.reason}" if line.reason else line.says for line in chart.limits],
             tr("None of their own: those of the clinic and the robot hold")),
            (tr("Goals"), [goal.text for goal in chart.goals[:MOST]], ""),
        ):  # fmt: skip
            if lines or empty:
                self.right.addWidget(_listing(heading, lines, empty))
        self.right.addWidget(self._notes(chart.notes[:MOST]))
        self.right.addWidget(self._appointment())
        self.right.addStretch(1)

    def _notes(self, notes: Any) -> Card:
        card = Card(tr("Notes"))
        for note in notes:
            said = " · ".join((*note.chips, note.text)) if note.chips else note.text
            card.inside.addWidget(text(said.strip(" ·")))
            card.inside.addWidget(muted(f"{note.by}, {shown_date(note.at.astimezone().date())}"))
        if not notes:
            card.inside.addWidget(muted(tr("No note yet")))
        self.note = QtWidgets.QLineEdit(self.desk.drafts.get(f"note {self.model.code}", ""))
        self.note.textChanged.connect(lambda typed: self.desk.drafts.update({f"note {self.model.code}": typed}))
        self.note.returnPressed.connect(self._add_note)
        card.inside.addLayout(field(tr("New note"), self.note))
        card.inside.addLayout(Row(None, self.button(tr("Add the note"), "fa6s.plus", self._add_note)))
        return card

    def _appointment(self) -> Card:
        card = Card(tr("Next appointment"))
        self.when = QtWidgets.QDateTimeEdit()
        self.when.setDisplayFormat("dd/MM/yyyy HH:mm")
        self.when.lineEdit().setTextMargins(GRID, 0, 0, 0)
        at = self.desk.local.replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
        self.when.setDateTime(QtCore.QDateTime(at.year, at.month, at.day, at.hour, at.minute, 0))
        make = self.button(tr("Make the appointment"), "fa6s.calendar-plus", self._appoint)
        card.inside.addLayout(field(tr("Day and time"), self.when))
        card.inside.addWidget(make)
        return card

    # acts -----------------------------------------------------------------------------------------------------------

    def _go(self, place: str) -> None:
        self.desk.go(place, patient=self.model.code)

    def _add_note(self) -> None:
        if self.note.text().strip():
            self.model.add_note(self.note.text().strip())
            self.note.clear()

    def _appoint(self) -> None:
        at = self.when.dateTime()
        moment = dt.datetime(at.date().year(), at.date().month(), at.date().day(), at.time().hour(), at.time().minute())
        self.model.appoint(moment.astimezone())

    def _use_ready(self) -> None:
        self.model.use_ready_plan(str(self.ready.currentData()))

    def _list_practice(self) -> None:
        for choice in patients():
            self.practice.addItem(virtual_words(choice.name) if choice.name else tr("nobody"), choice.name)
        if self.desk.demo and (stroke := self.practice.findData("stroke")) >= 0:
            self.practice.setCurrentIndex(stroke)
        self._choose_practice()

    def _choose_practice(self) -> None:
        self.model.practice = str(self.practice.currentData() or "")


def _hurt(hurt: Any) -> str:
    said = tr("{place}: {pain} of 10", place=hurt.place, pain=hurt.pain)
    return f"{said}, {hurt.when}" if hurt.when else said


def _listing(heading: str, lines: list[str], empty: str) -> Card:
    card = Card(heading)
    for line in lines:
        card.inside.addWidget(text(line))
    if not lines:
        card.inside.addWidget(muted(empty))
    return card

