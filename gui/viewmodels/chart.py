"""A patient's page: who it is, as last time, what would differ today, and the file behind it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gui.i18n import mark, tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model
from gui.viewmodels.person import SIDES, born_forms, born_words
from gui.viewmodels.ready import ready_plan
from gui.viewmodels.start import SIMULATED
from gui.viewmodels.today import waiting_module
from gui.viewmodels.visit import Found, Part, Visit
from rehab.core.errors import NotNow

if TYPE_CHECKING:
    from rehab.clinic.records import Chart, CheckItem, LastTime, Patient, SessionRecord

DIFFERENCES = {
    "plan": mark("Plan"),
    "limits": mark("Limits"),
    "range": mark("Range of motion"),
    "device": mark("Robot"),
    "therapist": mark("Therapist"),
    "pain": mark("Pain"),
    "setting": mark("Seat and splint"),
    "side": mark("Side"),
    "adverse": mark("Adverse event"),
}


class File(NamedTuple):
    patient: Patient
    chart: Chart
    last: LastTime
    sessions: tuple[SessionRecord, ...]
    items: tuple[CheckItem, ...]


class PatientChart(Model):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.code = ""
        self.file: File | None = None
        self.session = ""  # id of one without a window, to be taken over
        self.practice = ""  # the virtual patient chosen, "" for nobody

    def load(self, patient: str, *, session: str = "") -> None:
        if patient != self.code:
            self.file = None
        self.session = session
        self.code, acting, device = patient, self.acting, self.desk.device

        def job() -> File:
            return File(
                acting.patients.get(patient), acting.charts.read(patient),
                acting.sessions.as_last_time(patient, device=device), acting.sessions.list(patient),
                acting.charts.check_items(),
            )  # fmt: skip

        self.ask(tr("Reading the chart"), job, self._have)
        self.changed()

    def _have(self, file: File) -> None:
        if file.patient.patient == self.code:
            self.file = file

    # who it is ------------------------------------------------------------------------------------------------------

    @property
    def born(self) -> str:
        """ "born 3 May 1958, 67 years": two of the three things that identify a person."""
        return born_words(self.file.patient.birth_date, self.desk.today) if self.file is not None else ""

    @property
    def side(self) -> str:
        return tr(SIDES[self.file.patient.side]) if self.file is not None else ""

    # what holds them back -------------------------------------------------------------------------------------------

    @property
    def hindrances(self) -> list[str]:
        """Why no session can be begun now, with what to do about it."""
        if self.file is None:
            return []
        if self.session:
            return []
        found = []
        if not self.file.patient.side:
            found.append(tr("The side to be trained is not chosen yet: open the patient's details."))
        if self.file.last.plan is None:
            found.append(tr("There is no plan yet: choose a ready one here, or make one."))
        if self.desk.session_open:
            found.append(tr("A session is open: end it before another one begins."))
        checklist = self.file.chart.checklist
        if checklist is None:
            found.append(tr("The contraindications have not been asked yet: open the patient's details."))
        else:
            stops = [item for item in self.file.items if item.stops and item.name in checklist.cautions]
            if stops and not checklist.remarks.strip():
                found.append(tr("A contraindication was answered yes: write the decision in the patient's details."))
        return found

    @property
    def cautions(self) -> list[str]:
        """Questions of the checklist that were answered yes, in the language of the window."""
        from gui.i18n import own

        if self.file is None or self.file.chart.checklist is None:
            return []
        said = self.file.chart.checklist.cautions
        return [own({"en": item.text, "it": item.text_it}) for item in self.file.items if item.name in said]

    # beginning ------------------------------------------------------------------------------------------------------

    @property
    def simulated(self) -> bool:
        """Nobody's limb is at the robot: practice."""
        return self.desk.device.partition(":")[0] in SIMULATED

    def confirm_identity(self) -> None:
        """It is this patient, at this robot: the session opens while the questions are asked."""
        if self.file is None or self.hindrances:
            return
        if self.session:
            self._take_over(self.file, self.session)
            return
        practice = self.practice or None if self.simulated else None
        self.desk.visit = Visit(self.desk, self.file.patient, self.file.chart, self.file.last, practice=practice)
        self.desk.go("prepare")

    def _take_over(self, file: File, session: str) -> None:
        waiting, acting, patient, today = waiting_module(), self.acting, file.patient, self.desk.today

        def job() -> Found:
            try:
                (one,) = [w for w in waiting.sessions_waiting() if w.session == session]
                (record,) = [r for r in acting.sessions.open_ones() if Path(r.folder).name == session]
            except ValueError:
                raise NotNow(tr("This session does not wait any more")) from None
            request = waiting.request_for(
                one, who=patient.full_name, born=born_forms(patient.birth_date, today), side=tr(SIDES[patient.side]),
                by=acting.user.full_name,
            )  # fmt: skip
            return Found(record, request)

        def have(found: Found) -> None:
            self.session = ""
            self.desk.visit = Visit(self.desk, patient, file.chart, file.last, found=found)
            self.desk.go("train")

        self.ask(tr("Taking the session over"), job, have)

    def use_ready_plan(self, name: str) -> None:
        """Make a protocol that ships the plan of this patient."""
        acting, code = self.acting, self.code

        def job() -> None:
            title, text = ready_plan(name)
            acting.plans.add(code, title, text)

        self.ask(tr("Saving the plan"), job, lambda _: self.load(code))

    def appoint(self, at: dt.datetime) -> None:
        acting, code = self.acting, self.code
        self.ask(tr("Saving the appointment"), lambda: acting.appointments.add(code, at), lambda _: self.load(code))

    def add_note(self, text: str, chips: tuple[str, ...] = ()) -> None:
        acting, code = self.acting, self.code
        self.ask(tr("Saving the note"), lambda: acting.charts.add_note(code, text, chips=chips),
                 lambda _: self.load(code))  # fmt: skip

    @property
    def visited(self) -> bool:
        """Is this patient the one at the robot?"""
        visit = self.desk.visit
        return visit is not None and visit.patient.patient == self.code and visit.part is not Part.LEFT
