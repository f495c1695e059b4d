"""Before the start: whom it is about, pain, fatigue, the device check of the shift, strapping, and Start.

The session opens while the questions are asked, so that Start does not wait for it.
"""

from __future__ import annotations

from typing import Any

from gui.i18n import shown_time, tr
from gui.qt import QtWidgets
from gui.theme import GRID, Theme
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model
from gui.viewmodels.person import SIDES, born_words
from gui.viewmodels.shift import NAMES, WORDS, Check
from gui.viewmodels.visit import Part, Visit
from gui.views.model_page import ModelPage
from gui.widgets.columns import Columns
from gui.widgets.flow import Flow
from gui.widgets.identity import Identity
from gui.widgets.patient_panel import panel_button
from gui.widgets.plain import Card, Row, far, muted, text, title
from gui.widgets.scale import FATIGUE, PAIN, PAIN_FACES, Scale
from gui.widgets.state import StateMark

ICONS = {Check.WAITING: "fa6s.hourglass-half", Check.HALF: "fa6s.hand", Check.GOOD: "fa6s.circle-check",
         Check.FAIR: "fa6s.circle-check", Check.BAD: "fa6s.triangle-exclamation",
         Check.NONE: "fa6s.minus"}  # fmt: skip


class PreparePage(ModelPage):
    """Shows the desk's visit; without one it says where to begin."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Model(desk))
        self._shown: object = None
        self.nobody = Card(tr("Nobody is being prepared"))
        self.nobody.inside.addWidget(text(tr("Open a patient and confirm who it is: then this page helps to begin.")))
        self.nobody.inside.addLayout(
            Row(self.button(tr("Find a patient"), "fa6s.magnifying-glass", lambda: desk.go("patients")), None)
        )
        self.column.addWidget(self.nobody)
        self.below = QtWidgets.QWidget()  # while nobody is being prepared, the card is no taller than its words
        self.column.addWidget(self.below, 1)
        self.whole = QtWidgets.QWidget()
        self.column.addWidget(self.whole, 1)
        column = QtWidgets.QVBoxLayout(self.whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self.identity = Identity()
        self.wrong = self.button(tr("Wrong patient"), "fa6s.user-xmark", self._wrong)
        self.not_now = self.button(tr("Not now"), "fa6s.xmark", self._not_now)
        who = Card(margin=GRID)
        ways = Flow()
        ways.add(self.wrong)
        ways.add(self.not_now)
        who.inside.addWidget(Columns((self.identity, 1), (ways, 0)))
        self.practice = text(tr("Practice: the robot is simulated, nobody is strapped in."))
        self.practice.setProperty("notice", True)
        who.inside.addWidget(self.practice)
        self.alone = text(says=tr("The patient runs it alone"))
        self.alone.setProperty("notice", True)
        who.inside.addWidget(self.alone)
        self.room = text(says=tr("Room on the disk"))
        self.room.setProperty("notice", True)
        who.inside.addWidget(self.room)
        column.addWidget(who)
        self.pain = Scale(tr("How much pain is there now?"), PAIN, PAIN_FACES)
        self.fatigue = Scale(tr("How tired is the patient now?"), FATIGUE)
        self.pain.chosen.connect(lambda value: self._visit.ask_pain(value))
        self.fatigue.chosen.connect(lambda value: self._visit.ask_fatigue(value))
        column.addWidget(self.pain)
        column.addWidget(self.fatigue)
        column.addWidget(Columns((self._checks(), 3), (self._straps(), 2), (self._begin(), 3), spacing=GRID), 4)
        column.addStretch(1)

    @property
    def title(self) -> str:
        return tr("Get ready")

    @property
    def visit(self) -> Visit | None:
        return self.desk.visit

    @property
    def _visit(self) -> Visit:
        assert self.desk.visit is not None
        return self.desk.visit

    def enter(self, **what: Any) -> None:
        import gui.views.train  # noqa: F401 - half a second of plots, now, while nothing moves

        self._shown = None
        self._show_visit()
        self.pain.answers[0].setFocus()

    def refresh(self) -> None:
        visit = self.visit
        if visit is not None and visit.part not in (Part.PREPARING, Part.FAILED):
            self.desk.go("train" if visit.part is Part.TRAINING else "after")
            return
        self.model = visit if visit is not None else self.model
        shown = (visit.version, visit.shift.version, visit.missing, visit.refusal) if visit is not None else None
        if visit is not None and shown != self._shown:
            self._shown = shown
            self.problem.say(visit.problem or visit.refusal or visit.shift.problem)
            self._show_visit()
        self._bar()
        if visit is not None:
            self.alone.setText(visit.alone.words)
            self.alone.setVisible(bool(visit.alone.words))
            room = visit.run.room if visit.run is not None else None
            self.room.setText(f"{room.title}. {room.text}" if room is not None else "")
            self.room.setVisible(room is not None)
            self.timer.setText(f"{int(visit.strapping // 60)}:{int(visit.strapping % 60):02d}")

    def dress(self, theme: Theme) -> None:
        super().dress(theme)
        self.pain.dress(theme)
        self.fatigue.dress(theme)
        for mark in self.findChildren(StateMark):
            mark.dress(theme)

    # parts ----------------------------------------------------------------------------------------------------------

    def _checks(self) -> Card:
        card = Card(tr("Device check of this shift"), margin=GRID)
        self.checked_before = StateMark("", "fa6s.circle-check", colour="good")
        card.inside.addWidget(self.checked_before)
        self.check_list = QtWidgets.QWidget()
        rows = QtWidgets.QGridLayout(self.check_list)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setVerticalSpacing(2)
        self.marks = {}
        for k, (name, words) in enumerate(NAMES.items()):
            self.marks[name] = StateMark("", "fa6s.minus")
            rows.addWidget(self.marks[name], 2 * k + 1, 0)
            rows.addWidget(text(tr(words)), 2 * k, 0)
        card.inside.addWidget(self.check_list)
        card.inside.addStretch(1)
        return card

    def _straps(self) -> Card:
        card = Card(tr("Strapping"), margin=GRID)
        self.timer = far("0:00", wrap=False, says=tr("Strapping time"))
        self.straps = self.button(tr("Straps are on"), "fa6s.check", lambda: self._visit.straps_on())
        self.seat = muted()
        card.inside.addWidget(self.timer)
        card.inside.addWidget(self.straps)
        card.inside.addWidget(self.seat)
        self.screen_of_patient = panel_button(self.desk, self, lambda: self.theme)
        card.inside.addStretch(1)
        card.inside.addWidget(self.screen_of_patient)
        return card

    def _begin(self) -> Card:
        card = Card(margin=GRID)
        self.plan = title()
        self.start = self.button(tr("Start"), "fa6s.play", lambda: self._visit.start(), kind="go", big=True)
        self.again = self.button(tr("Try again"), "fa6s.rotate-right", lambda: self._visit.again(), kind="go", big=True)
        self.waits = text()
        card.inside.addWidget(self.plan)
        card.inside.addStretch(1)
        card.inside.addWidget(self.waits)
        card.inside.addWidget(self.start)
        card.inside.addWidget(self.again)
        return card

    # showing --------------------------------------------------------------------------------------------------------

    def _show_visit(self) -> None:
        visit = self.visit
        self.nobody.setVisible(visit is None)
        self.below.setVisible(visit is None)
        self.whole.setVisible(visit is not None)
        if visit is None:
            return
        patient = visit.patient
        born = born_words(patient.birth_date, self.desk.today)
        self.identity.show_patient(patient.full_name, born, tr(SIDES[patient.side]),
                                   patient.patient)  # fmt: skip
        simulated = visit.run is not None and visit.run.training is not None and visit.run.training.info.simulated
        self.practice.setVisible(simulated)
        self.pain.show_value(visit.pain)
        self.fatigue.show_value(visit.fatigue)
        self.plan.setText(visit.plan.title if visit.plan is not None else "")
        self._show_checks(visit)
        running = visit.strapping_runs
        self.straps.say(tr("Straps are on") if running else tr("Strap again"),
                        "fa6s.check" if running else "fa6s.rotate-right",
                        tr("Straps are on") if running else tr("Strap again"))  # fmt: skip
        setting = visit.chart.setting
        self.seat.setText(setting.splint if setting is not None else "")
        failed = visit.part is Part.FAILED or bool(visit.refusal)
        self.start.setVisible(not failed)
        self.again.setVisible(failed)
        arms = visit.run is not None and visit.run.training is not None and visit.run.training.start_label == "Arm"
        if arms:
            self.start.say(tr("Arm"), "fa6s.power-off", tr("Power the arm; the limb must be strapped in"))
        else:
            self.start.say(tr("Start"), "fa6s.play", tr("Start the training"))
        self.start.setEnabled(visit.can_start)
        missing = visit.missing
        self.waits.setText(tr("Still needed: {what}", what="; ".join(missing)) if missing and not failed else "")

    def _show_checks(self, visit: Visit) -> None:
        before = visit.shift.before
        self.checked_before.setVisible(before is not None)
        self.check_list.setVisible(before is None)
        if before is not None:
            when = shown_time(before.at.astimezone())
            self.checked_before.say(tr("Checked today at {time} by {name}", time=when, name=before.by),
                                    "fa6s.circle-check", colour="good")  # fmt: skip
        for name, check in visit.shift.checks.items():
            colour = "good" if check is Check.GOOD else "text"
            self.marks[name].say(tr(WORDS[check]), ICONS[check], colour)

    def _wrong(self) -> None:
        if self.visit is not None:
            self.visit.wrong_patient()

    def _not_now(self) -> None:
        if self.visit is not None:
            self.visit.not_now()
