"""Today: who comes, what is running, what waits for a signature, the figures of the day, what to do next."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.i18n import mark, tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting
    from rehab.clinic.records import Appointment, PatientLine, SessionRecord

COMES, HERE, LATE, TRAINS, RESTS, DONE = "comes", "here", "late", "trains", "rests", "done"
STATES = {
    COMES: mark("Expected"),
    HERE: mark("Is here"),
    LATE: mark("Late"),
    TRAINS: mark("Trains now"),
    RESTS: mark("Rests, session parked"),
    DONE: mark("Done today"),
}


class Card(NamedTuple):
    """One patient of the day. `appointment` None: of the caseload, without an appointment today."""

    patient: str
    name: str
    side: str
    state: str  # of STATES, "" without an appointment
    at: dt.datetime | None = None
    appointment: int | None = None
    birth_date: dt.date | None = None
    last: dt.datetime | None = None


class Lost(NamedTuple):
    """A session that goes on without a window, and whose it is (patient "" where the store does not know)."""

    words: str
    patient: str
    session: str  # its id
    name: str = ""


class Day(NamedTuple):
    cards: tuple[Card, ...]
    caseload: tuple[Card, ...]
    unsigned: tuple[SessionRecord, ...]
    robot_minutes: float
    diary: dict[str, str]  # language -> the sentence of the session that ended last; {} before
    diary_of: str  # whose it is
    lost: tuple[Lost, ...] = ()


class Today(Model):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.day: Day | None = None

    @property
    def clinical(self) -> bool:
        """Has this user patients at all?"""
        return "therapist" in self.acting.user.roles

    def load(self) -> None:
        if not self.clinical:
            return
        acting = self.acting

        def job() -> Day:
            today = self.desk.local
            appointments, mine = acting.appointments.day(), acting.patients.search(mine=True, most=500)
            sessions, unsigned = acting.sessions.day(), acting.sessions.unsigned()
            ended = [s for s in sessions if s.state == "ended"]
            diary, diary_of = {}, ""
            if ended:
                newest = max(ended, key=lambda s: s.ended or s.begun)
                diary = {language: acting.sessions.diary_sentence(newest.id, language) for language in ("it", "en")}
                diary_of = newest.full_name
            cards = tuple(_card(a, sessions, mine, today) for a in appointments)
            shown = {a.patient for a in appointments}
            rest = tuple(_line(p, sessions) for p in mine if p.patient not in shown)
            return Day(cards, rest, unsigned, acting.sessions.robot_minutes(), diary, diary_of, _lost(acting))

        self.ask(tr("Reading the day"), job, self._have)

    def _have(self, day: Day) -> None:
        self.day = day

    def arrived(self, appointment: int) -> None:
        acting = self.acting
        self.ask(tr("Saving"), lambda: acting.appointments.arrived(appointment), lambda _: self.load())

    def sign_all(self, pin: str) -> None:
        if self.day is None:
            return
        acting, numbers = self.acting, [session.id for session in self.day.unsigned]
        self.ask(tr("Signing"), lambda: acting.sessions.sign(numbers, pin), lambda _: self.load())

    @property
    def next_step(self) -> str:
        """What to do now, in one sentence; "" while the day speaks for itself."""
        if self.day is None:
            return ""
        if not self.day.cards and not self.day.caseload:
            return tr("There are no patients yet: add the first one, or import the clinic's worklist.")
        if not self.day.cards:
            return tr("No appointment today: open a patient of the caseload, or find one.")
        return ""


def _lost(acting: Acting) -> tuple[Lost, ...]:
    """Sessions without a window that are this user's, as the store knows them by their folders."""
    if (waiting := waiting_module()) is None:
        return ()
    mine = {Path(record.folder).name: record for record in acting.sessions.open_ones() if record.folder}
    return tuple(
        Lost(waiting.waiting_words(w), mine[w.session].patient, w.session, mine[w.session].full_name)
        for w in waiting.sessions_waiting() if w.session in mine
    )  # fmt: skip


def waiting_module() -> Any:
    """gui.viewmodels.waiting, where this installation can take sessions over."""
    name = "gui.viewmodels.waiting"
    return import_module(name) if find_spec(name) is not None else None


def _card(
    appointment: Appointment, sessions: tuple[SessionRecord, ...], mine: tuple[PatientLine, ...], now: dt.datetime
) -> Card:
    line = next((p for p in mine if p.patient == appointment.patient), None)
    state = _session_state(appointment.patient, sessions)
    if not state:
        late = appointment.at + dt.timedelta(minutes=10) < now
        state = HERE if appointment.arrived is not None else (LATE if late else COMES)
    return Card(
        appointment.patient, appointment.full_name, appointment.side, state, appointment.at, appointment.id,
        line.birth_date if line else None, line.last_session if line else None,
    )  # fmt: skip


def _line(line: PatientLine, sessions: tuple[SessionRecord, ...]) -> Card:
    state = _session_state(line.patient, sessions)
    return Card(line.patient, line.full_name, line.side, state, None, None, line.birth_date, line.last_session)


def _session_state(patient: str, sessions: tuple[SessionRecord, ...]) -> str:
    states = {session.state for session in sessions if session.patient == patient}
    for state, means in (("open", TRAINS), ("parked", RESTS), ("ended", DONE)):
        if state in states:
            return means
    return ""
