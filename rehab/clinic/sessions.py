"""Sessions: begun, parked, ended, signed; their measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy import func, select

from rehab.clinic import chart, charts
from rehab.clinic import measures as kept
from rehab.clinic.checklist import stops
from rehab.clinic.diary import sentence
from rehab.clinic.last_time import card
from rehab.clinic.models import GrantRow, NoteRow, PlanRow, SessionRow, UserRow
from rehab.clinic.notes import add_note, note_of
from rehab.clinic.plans import current_of
from rehab.clinic.records import Answers, LastTime, MeasureName, MeasureRow, Note, Point, SessionRecord
from rehab.clinic.roles import THERAPIST
from rehab.clinic.service import Service, Work, acts, day_bounds, text
from rehab.clinic.sitting import answers, last_of, own, record, robot_seconds, row_of, sessions, stop_parking
from rehab.core.about import LANGUAGES
from rehab.core.errors import BadInput, Finding, Findings, NotNow, UnknownName

OUTCOMES = ("done", "cut_short", "stopped")
RUNNING = ("open", "parked")
LONGEST = 86400.0  # s
KEEPS = timedelta(hours=12)


class Sessions(Service):
    """acting.sessions"""

    # running ---------------------------------------------------------------------------------------------------------

    def begin(
        self,
        patient: str,
        *,
        device: str,
        title: str = "",
        plan: int | None = None,
        before: Answers | None = None,
        despite: str = "",
        strapped: float = 0.0,
    ) -> SessionRecord:
        """A session begins: with the plan in force if none is named (0: no plan). Raises NotNow while one of this
        patient is open, and where the checklist forbids it; `despite` is the reason to train all the same.
        `strapped`: s that strapping has taken just before; the session began with it."""
        with self._acts("sessions.begin", patient) as work:
            if sessions(work, SessionRow.patient == patient, SessionRow.state.in_(RUNNING)):
                raise NotNow(f"a session of {patient} is open already: resume or end it")
            forbids = stops(charts.checklist_of(work, patient))
            if forbids and not despite.strip():
                raise NotNow(f"the checklist says yes to {', '.join(forbids)}: give the reason to train despite that")
            if forbids:
                add_note(work, patient, f"training despite {', '.join(forbids)}: {despite}")
            chosen = None if plan == 0 else _plan(work, patient, plan)
            title = text(title, "title") or (chosen.title if chosen else "")
            row = SessionRow(
                patient=patient, user=work.user.id, plan=chosen.id if chosen else None,
                title=title, device=text(device, "device", needed=True),
                side=chart.details(work, patient)[0], state="open", strapping=_seconds("strapping", strapped),
                begun=work.now - timedelta(seconds=strapped), before=answers(before or Answers()), after={},
            )  # fmt: skip
            work.db.add(row)
            work.db.flush()
            return record(work, row)

    def strapped(self, session: int, seconds: float) -> SessionRecord:
        """How long strapping took, s; more is added to what there is."""
        with self._acts("sessions.strapped") as work:
            row = own(work, session, *RUNNING)
            row.strapping += _seconds("strapping", seconds)
            return record(work, row)

    def ask_before(self, session: int, answers: Answers) -> SessionRecord:
        """Pain, fatigue, exertion before."""
        with self._acts("sessions.ask_before") as work:
            row = own(work, session)
            row.before = _answers(answers, row.before)
            return record(work, row)

    def ask_after(self, session: int, answers: Answers) -> SessionRecord:
        """Pain, fatigue, exertion afterwards; until it is signed."""
        with self._acts("sessions.ask_after") as work:
            row = own(work, session)
            row.after = _answers(answers, row.after)
            return record(work, row)

    def recorded(self, session: int, folder: str) -> SessionRecord:
        """Where its recording is."""
        with self._acts("sessions.recorded") as work:
            row = own(work, session)
            row.folder = text(folder, "folder", needed=True)
            return record(work, row)

    def park(self, session: int) -> SessionRecord:
        """Disarmed, straps out: the patient rests. Time parked is no robot time."""
        with self._acts("sessions.park") as work:
            row = own(work, session, "open")
            row.state, row.parked_at = "parked", work.now
            return record(work, row)

    def resume(self, session: int) -> SessionRecord:
        """On again; identity was confirmed anew."""
        with self._acts("sessions.resume") as work:
            row = own(work, session, "parked")
            stop_parking(work, row)
            row.state = "open"
            return record(work, row)

    def end(
        self, session: int, outcome: str = "done", *, robot: float | None = None, trials: int = 0, reached: int = 0
    ) -> SessionRecord:
        """Over: done, cut_short or stopped. `robot` (s of training) is worked out from the times when not given."""
        with self._acts("sessions.end") as work:
            row = own(work, session, *RUNNING)
            if outcome not in OUTCOMES:
                raise UnknownName("outcome", outcome, OUTCOMES)
            if not 0 <= reached <= trials:
                raise BadInput(f"{reached} of {trials} trials cannot have been reached")
            stop_parking(work, row)
            row.state, row.ended, row.outcome = "ended", work.now, outcome
            row.robot = robot_seconds(row) if robot is None else _seconds("robot", robot)
            row.trials, row.reached = trials, reached
            return record(work, row)

    def hand_to(self, session: int, user: int) -> SessionRecord:
        """The session of another therapist from here on (PIN switch)."""
        with self._acts("sessions.hand_to") as work:
            row = own(work, session, *RUNNING)
            other = work.db.get(UserRow, user)
            if other is None or not other.active or THERAPIST not in other.roles:
                raise BadInput(f"user number {user} is no therapist")
            row.user = other.id
            until = work.now + KEEPS  # whoever takes over can finish what they began
            work.db.add(
                GrantRow(
                    patient=row.patient, user=other.id, until=until, reason=f"session {session} handed over",
                    at=work.now, by=work.user.id,
                )
            )  # fmt: skip
            work.detail = f"to {other.full_name}"
            return record(work, row)

    # reading ---------------------------------------------------------------------------------------------------------

    def get(self, session: int) -> SessionRecord:
        """One."""
        with self._acts("sessions.get") as work:
            return record(work, row_of(work, session))

    def last(self, patient: str) -> SessionRecord | None:
        """The newest that has ended."""
        with self._acts("sessions.last", patient) as work:
            return last_of(work, patient)

    def list(self, patient: str) -> tuple[SessionRecord, ...]:
        """All of a patient, newest first."""
        with self._acts("sessions.list", patient) as work:
            return sessions(work, SessionRow.patient == patient, newest=True)

    def open_ones(self) -> tuple[SessionRecord, ...]:
        """One's own that are open or parked."""
        with self._acts("sessions.open_ones") as work:
            return sessions(work, SessionRow.user == work.user.id, SessionRow.state.in_(RUNNING))

    def day(self, day: date | None = None) -> tuple[SessionRecord, ...]:
        """One's own of a day (today), by time."""
        with self._acts("sessions.day") as work:
            begin, end = day_bounds(day, work.now)
            return sessions(work, SessionRow.user == work.user.id, SessionRow.begun >= begin, SessionRow.begun < end)

    # signing ---------------------------------------------------------------------------------------------------------

    def unsigned(self) -> tuple[SessionRecord, ...]:
        """One's own that have ended and are not signed, oldest first."""
        with self._acts("sessions.unsigned") as work:
            mine = SessionRow.user == work.user.id
            return sessions(work, mine, SessionRow.state == "ended", SessionRow.signed.is_(None))

    def sign(self, sessions: Iterable[int], pin: str) -> int:
        """Sign one's own with the PIN; how many. A signed session does not change any more; notes can be added."""
        chosen = tuple(dict.fromkeys(sessions))
        with acts(self._acting, "sessions.sign", written=False) as work:
            for session in chosen:
                own(work, session, "ended")
        self._acting.confirm(pin)
        with self._acts("sessions.sign", detail=", ".join(map(str, chosen))) as work:
            for session in chosen:
                row = own(work, session, "ended")
                row.signed, row.signed_by = work.now, work.user.id
                work.others.append(row.patient)
            return len(chosen)

    # adverse events, measures ----------------------------------------------------------------------------------------

    def adverse_event(
        self, session: int, text: str = "", *, chips: Iterable[str] = (), facts: Mapping[str, object] | None = None
    ) -> Note:
        """An adverse event; `facts` is the note that the loop filled in (rehab.record.adverse)."""
        with self._acts("sessions.adverse_event") as work:
            row = row_of(work, session)
            return add_note(work, row.patient, text, chips=chips, session=session, kind="adverse", facts=facts)

    def adverse_events(self, session: int) -> tuple[Note, ...]:
        """Those of a session, in order."""
        with self._acts("sessions.adverse_events") as work:
            row_of(work, session)
            rows = select(NoteRow).where(NoteRow.session == session, NoteRow.kind == "adverse").order_by(NoteRow.id)
            return tuple(note_of(work, row) for row in work.db.scalars(rows))

    def save_measures(self, session: int, rows: Iterable[MeasureRow]) -> int:
        """Measures of its trials; those of the same trial and name are replaced, until it is signed. How many."""
        with self._acts("sessions.save_measures") as work:
            own(work, session)
            return kept.save(work, session, rows)

    def measures(self, session: int) -> tuple[MeasureRow, ...]:
        """All of one session."""
        with self._acts("sessions.measures") as work:
            row_of(work, session)
            return kept.measures_of(work, session)

    def measure_names(self, patient: str) -> tuple[MeasureName, ...]:
        """What there is to show."""
        with self._acts("sessions.measure_names", patient) as work:
            return kept.names(work, patient)

    def series(self, patient: str, measure: str) -> tuple[Point, ...]:
        """A measure over the sessions, oldest first."""
        with self._acts("sessions.series", patient, measure) as work:
            return kept.series(work, patient, measure)

    # for the day -----------------------------------------------------------------------------------------------------

    def diary_sentence(self, session: int, language: str = "") -> str:
        """Ready to paste into the clinic's diary; "en", "it", or the user's own."""
        with self._acts("sessions.diary_sentence") as work:
            chosen = language or work.language
            if chosen not in LANGUAGES:
                raise UnknownName("language", chosen, LANGUAGES)
            return sentence(record(work, row_of(work, session)), chosen)

    def robot_minutes(self, day: date | None = None) -> float:
        """Minutes (not s: it is a figure people read) of robot training of a day, all therapists."""
        with self._acts("sessions.robot_minutes") as work:
            begin, end = day_bounds(day, work.now)
            seconds = select(func.sum(SessionRow.robot)).where(SessionRow.begun >= begin, SessionRow.begun < end)
            return (work.db.scalar(seconds) or 0.0) / 60.0

    def as_last_time(self, patient: str, *, device: str = "", before: Answers | None = None) -> LastTime:
        """The last session and what would differ today: plan, limits, range, device, therapist, pain, setting."""
        with self._acts("sessions.as_last_time", patient) as work:
            return card(work, patient, device, before)


_answers = answers


def _plan(work: Work, patient: str, plan: int | None) -> PlanRow | None:
    if plan is None:
        current = current_of(work, patient)
        return work.db.get(PlanRow, current.id) if current is not None else None
    row = work.db.get(PlanRow, plan)
    if row is None or row.patient != patient:
        raise BadInput(f"{patient} has no plan with the id {plan}")
    return row


def _seconds(name: str, value: float) -> float:
    if not 0.0 <= value <= LONGEST:
        raise Findings([Finding(name, f"{value:g} s cannot be", f"0 to {LONGEST:g} s")])
    return value
