"""One patient's visit: identity confirmed, asked, strapped in, trained, asked again, signed. The desk has at most one.

    confirmed ─ session opens meanwhile ─▶ preparing ─ start ─▶ training ─ the session's end ─▶ ended ─ saved ─▶ signed

The store hears of the session when it starts: one that never did leaves no trace but its recording.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.i18n import mark, tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.kept_screen import KeptScreen
from gui.viewmodels.model import Model
from gui.viewmodels.patient_run import PatientRun
from gui.viewmodels.person import SIDES, born_forms
from gui.viewmodels.run import Request, SessionRun, Stage
from gui.viewmodels.shift import Shift
from gui.viewmodels.visit_results import measure_rows, noted_by_the_loop, trained_for
from rehab.core.errors import NotNow
from rehab.core.types import Outcome

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting
    from rehab.clinic.records import Chart, LastTime, Note, Patient, SessionRecord

OUTCOMES = {"done": mark("Done"), "cut_short": mark("Cut short"), "stopped": mark("Stopped"), "": ""}


class Part(StrEnum):
    PREPARING = "preparing"
    TRAINING = "training"
    ENDED = "ended"  # the arm is at rest, the recording closed; what happened is in the store, or being saved
    FAILED = "failed"  # no session could be opened
    LEFT = "left"  # it was not this patient, or not now


class Found(NamedTuple):
    """A session that lost its window: what the store knows of it, and the request that takes it over."""

    record: SessionRecord
    request: Request


class Visit(Model):
    """
    found                 taken over: it begins where it is, in the middle of the training
    patient, chart, last  as the store gave them when the identity was confirmed
    practice              a virtual patient who sits in at a simulated device; None = nobody
    screen                how the patient's screen is set
    """

    def __init__(
        self,
        desk: Desk,
        patient: Patient,
        chart: Chart,
        last: LastTime,
        *,
        practice: str | None = None,
        found: Found | None = None,
    ) -> None:
        super().__init__(desk)
        self.patient, self.chart, self.last, self.plan = patient, chart, last, last.plan
        self.practice = practice
        self.part = Part.PREPARING
        self.pain: int | None = None
        self.fatigue: int | None = None
        self.pain_after: int | None = None
        self.fatigue_after: int | None = None
        self.record: SessionRecord | None = None
        self.adverse: tuple[Note, ...] = ()
        self.signed = False
        self.run: SessionRun | None = None
        self.shift = Shift(desk)
        self.alone = PatientRun(self)
        self._protocol: Any = None
        self._strapping_since: float | None = desk.now()
        self._strapped = 0.0
        self._saved_facts: set[Any] = set()
        self._starting = self._parked = False
        self.screen = KeptScreen(self)
        if found is not None:
            self._take_over(found)
            return
        self.ask(tr("Reading the plan"), self._read_plan, self._have_plan)

    def _take_over(self, found: Found) -> None:
        """A session that goes on without a window becomes this one's; it is in the store already."""
        self.record, self.part, self._strapping_since = found.record, Part.TRAINING, None
        self._have(self.desk.begin(found.request))

    # getting ready --------------------------------------------------------------------------------------------------

    def _read_plan(self) -> Any:
        from rehab.protocol.document import parsed
        from rehab.protocol.written import Written

        if self.plan is None:
            raise NotNow(tr("There is no plan yet: choose a ready one here, or make one."))
        protocol = parsed(Written(self.plan.protocol, self.plan.title), Path(f"{self.plan.title}.yaml"))
        if protocol.findings:
            raise protocol.written.error(protocol.findings)
        return protocol

    def _have_plan(self, protocol: Any) -> None:
        self._protocol = protocol

    def refresh(self) -> None:
        """Once a frame: the session is opened as soon as the one before it is closed."""
        self.alone.refresh()
        if self.part is Part.PREPARING and self.run is None and self._protocol is not None:
            if not self.desk.session_open:
                self._open()
        elif self.part is Part.PREPARING and self.run is not None and self.run.training is not None:
            self.shift.watch(self.run.training)
        elif self.part is Part.TRAINING:
            self._follow_parking()

    def _follow_parking(self) -> None:
        """Time parked is no robot time: the store hears of it as soon as the session does."""
        run = self.desk.run  # another than ours where a lost device was gone on from anew
        parked = run is not None and run.parked_at is not None
        record, acting = self.record, self.acting
        if record is None or parked is self._parked or (run is not None and run.over):
            return
        self._parked = parked
        act = acting.sessions.park if parked else acting.sessions.resume
        self.ask(tr("Saving"), lambda: act(record.id), self._have_record)

    def _open(self) -> None:
        patient = self.patient
        request = Request(
            self.desk.device, self.practice, self._protocol, out=self.desk.out, who=patient.full_name,
            born=born_forms(patient.birth_date, self.desk.today), side=tr(SIDES[patient.side]),
            by=self.acting.user.name, person=self.chart.layer,
        )  # fmt: skip
        self._have(self.desk.begin(request))
        self.changed()

    def _have(self, run: SessionRun) -> None:
        run.when_over(self._over)
        run.keep_note = self.adverse_event
        self.run = run

    @property
    def refusal(self) -> str:
        """Why the open session did not take the plan, in words; "" where it did, or is about to."""
        training = self.run.training if self.run is not None else None
        if self.part is not Part.PREPARING or training is None or training.worker.busy or training.state != "idle":
            return ""
        return " ".join(f"{message.title}. {message.text}" for message in training.messages[:1])

    def again(self) -> None:
        """Once more, after no session could be opened, or it did not take the plan: the plug is in now."""
        if self.refusal:
            assert self.run is not None and self.run.training is not None
            self.run.training.prepare()
        elif self.part is Part.FAILED:
            self.part, self.run, self.problem = Part.PREPARING, None, ""
            if self._protocol is None:
                self.ask(tr("Reading the plan"), self._read_plan, self._have_plan)
            self.changed()

    def wrong_patient(self) -> None:
        """It is somebody else: nothing was armed, nothing is kept. Before the start only."""
        if self.part in (Part.PREPARING, Part.FAILED):
            self._leave()
            self.desk.go("patients")

    def not_now(self) -> None:
        """The patient does not train now."""
        if self.part in (Part.PREPARING, Part.FAILED):
            self._leave()
            self.desk.home()

    def _leave(self) -> None:
        self.part = Part.LEFT
        if self.run is not None:
            self.run.end()
        self.desk.visit = None

    def ask_pain(self, value: int) -> None:
        self.pain = value
        self.changed()

    def ask_fatigue(self, value: int) -> None:
        self.fatigue = value
        self.changed()

    @property
    def strapping(self) -> float:
        """s since the identity was confirmed, until the straps are on; apart from robot time."""
        running = self.desk.now() - self._strapping_since if self._strapping_since is not None else 0.0
        return self._strapped + running

    @property
    def strapping_runs(self) -> bool:
        return self._strapping_since is not None

    def straps_on(self) -> None:
        """Strapping is done; pressed again, it goes on."""
        self._strapped = self.strapping
        self._strapping_since = None if self._strapping_since is not None else self.desk.now()
        self.changed()

    @property
    def waits_for_start(self) -> bool:
        return self.part is Part.PREPARING

    @property
    def missing(self) -> list[str]:
        """What is still needed before Start, in words."""
        wants = []
        if self.run is None or self.run.training is None:
            wants.append(tr("the robot: it is being opened"))
        elif not self.run.training.can_start or self.run.training.state == "idle":
            wants.append(tr("the robot: it is getting ready"))
        elif not self.shift.passed:
            wants.append(tr("the device check of this shift"))
        if self.pain is None:
            wants.append(tr("the pain now"))
        if self.fatigue is None:
            wants.append(tr("the fatigue now"))
        return wants

    @property
    def can_start(self) -> bool:
        return self.part is Part.PREPARING and not self._starting and not self.missing

    # training -------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Write the session down, then move. On hardware the first press arms, as everywhere."""
        if not self.can_start:
            return
        from rehab.clinic.records import Answers

        self._starting = True
        if self._strapping_since is not None:
            self.straps_on()
        run, seconds, acting = self.run, self.strapping, self.acting
        assert run is not None
        before, patient, plan = Answers(self.pain, self.fatigue), self.patient.patient, self.plan
        assert plan is not None  # it has been read
        self.shift.keep()

        def begin() -> SessionRecord:
            made = acting.sessions.begin(
                patient, device=run.request.device, title=plan.title, plan=plan.id, before=before, strapped=seconds
            )
            return acting.sessions.recorded(made.id, str(run.folder))

        self.ask(tr("Writing the session down"), begin, self._begun)

    def changed(self) -> None:
        if self.problem:
            self._starting = False
        super().changed()

    def _begun(self, record: SessionRecord) -> None:
        self.record, self.part, self._starting = record, Part.TRAINING, False
        if self.run is None or self.run.over or self.run.training is None:  # it failed in this very moment
            self._over(self.run)
            return
        self.desk.go("train")  # built before anything moves: a window that is busy building looks hung (F15)
        self.run.training.start()

    def adverse_event(self, text: str, *, chips: tuple[str, ...] = (), facts: Mapping[str, Any] | None = None) -> None:
        """Write an adverse event down; `facts` is the note that the loop filled in. Once each."""
        record, acting = self.record, self.acting
        if record is None:
            return
        if facts is not None:
            self._saved_facts.add(facts.get("number"))
        self.ask(
            tr("Saving the note"),
            lambda: acting.sessions.adverse_event(record.id, text, chips=chips, facts=facts),
            lambda note: self._noted((*self.adverse, note)),
        )

    def _noted(self, notes: tuple[Note, ...]) -> None:
        self.adverse = notes

    def taken_over(self, before: Acting, acting: Acting) -> None:
        """Another therapist is at the robot now: the session is theirs from here on."""
        record = self.record
        if record is not None and self.part is Part.TRAINING:
            self.ask(
                tr("Handing the session over"),
                lambda: before.sessions.hand_to(record.id, acting.user.id),
                self._have_record,
            )

    def _have_record(self, record: SessionRecord) -> None:
        self.record = record

    # the end --------------------------------------------------------------------------------------------------------

    def _over(self, run: SessionRun | None) -> None:
        if run is None or self.part is Part.LEFT:
            return
        if self.record is None:
            self.part, self.problem = Part.FAILED, run.problem or tr("The session ended before it began")
            super().changed()
            return
        self.part, self.run = Part.ENDED, run
        training = run.training
        trials = list(training.trials if training is not None else run.request.before)
        if training is not None and training.over:
            outcome = "done"
        elif run.faulted or run.stage is Stage.FAILED or (training is not None and training.stopped):
            outcome = "stopped"
        else:
            outcome = "cut_short"
        self.save(outcome, trials)
        if self.desk.visit is self and self.desk.went and self.desk.went[-1].place in ("train", "prepare"):
            self.desk.go("after")

    def save(self, outcome: str, trials: list[Any]) -> None:
        """Outcome, measures and what the loop noted of adverse events."""
        acting, record, seen = self.acting, self.record, set(self._saved_facts)
        folder = self.run.folder if self.run is not None else None
        assert record is not None

        def job() -> tuple[SessionRecord, tuple[Note, ...]]:
            reached = sum(trial.outcome is Outcome.REACHED for trial in trials)
            robot = trained_for(folder)
            acting.sessions.end(record.id, outcome, robot=robot, trials=len(trials), reached=reached)
            acting.sessions.save_measures(record.id, measure_rows(trials))
            for facts in noted_by_the_loop(folder):
                if facts.get("number") not in seen:
                    acting.sessions.adverse_event(record.id, str(facts.get("message", "")), facts=facts)
            return acting.sessions.get(record.id), acting.sessions.adverse_events(record.id)

        def saved(found: tuple[SessionRecord, tuple[Note, ...]]) -> None:
            self.record, self.adverse = found

        self.ask(tr("Saving the session"), job, saved)

    def ask_after(self, *, pain: int | None = None, fatigue: int | None = None) -> None:
        """Saved as it is answered."""
        from rehab.clinic.records import Answers

        self.pain_after = self.pain_after if pain is None else pain
        self.fatigue_after = self.fatigue_after if fatigue is None else fatigue
        record, acting, answers = self.record, self.acting, Answers(self.pain_after, self.fatigue_after)
        self.changed()
        if record is not None:
            self.ask(tr("Saving"), lambda: acting.sessions.ask_after(record.id, answers), self._have_record)

    def note(self, text: str, chips: tuple[str, ...]) -> None:
        record, acting, patient = self.record, self.acting, self.patient.patient
        number = record.id if record is not None else None
        self.ask(tr("Saving the note"), lambda: acting.charts.add_note(patient, text, chips=chips, session=number))

    def sign(self, pin: str) -> None:
        record, acting = self.record, self.acting
        if record is None:
            return

        def job() -> SessionRecord:
            acting.sessions.sign([record.id], pin)
            return acting.sessions.get(record.id)

        def done(signed: SessionRecord) -> None:
            self.record, self.signed = signed, True

        self.ask(tr("Signing"), job, done)

    def next_patient(self) -> None:
        """The visit is over; what is not signed waits on Today."""
        if self.part is Part.ENDED:
            self.desk.visit = None
            self.desk.home()
