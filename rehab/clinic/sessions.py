"""Sessions: begun, parked, ended, signed; their measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from rehab.clinic.records import (
    Answers,
    LastTime,
    MeasureName,
    MeasureRow,
    Note,
    Point,
    SessionRecord,
)  # fmt: skip
from rehab.clinic.service import Service


class Sessions(Service):
    """acting.sessions"""

    def begin(self, patient: str, *, device: str, title: str = "", plan: int | None = None, before: Answers | None = None) -> SessionRecord:
        """A session begins: with the plan in force if none is named. Raises NotNow while one of this patient is open."""
        raise NotImplementedError

    def strapped(self, session: int, seconds: float) -> SessionRecord:
        """How long strapping took, s; more is added to what there is."""
        raise NotImplementedError

    def ask_before(self, session: int, answers: Answers) -> SessionRecord:
        """Pain, fatigue, exertion before."""
        raise NotImplementedError

    def ask_after(self, session: int, answers: Answers) -> SessionRecord:
        """Pain, fatigue, exertion afterwards; until it is signed."""
        raise NotImplementedError

    def recorded(self, session: int, folder: str) -> SessionRecord:
        """Where its recording is."""
        raise NotImplementedError

    def park(self, session: int) -> SessionRecord:
        """Disarmed, straps out: the patient rests. Time parked is no robot time."""
        raise NotImplementedError

    def resume(self, session: int) -> SessionRecord:
        """On again; identity was confirmed anew."""
        raise NotImplementedError

    def end(self, session: int, outcome: str = "done", *, robot: float | None = None, trials: int = 0, reached: int = 0) -> SessionRecord:
        """Over: done, cut_short or stopped. `robot` (s of training) is worked out from the times when not given."""
        raise NotImplementedError

    def hand_to(self, session: int, user: int) -> SessionRecord:
        """The session of another therapist from here on (PIN switch)."""
        raise NotImplementedError

    def get(self, session: int) -> SessionRecord:
        """One."""
        raise NotImplementedError

    def last(self, patient: str) -> SessionRecord | None:
        """The newest that has ended."""
        raise NotImplementedError

    def list(self, patient: str) -> tuple[SessionRecord, ...]:
        """All of a patient, newest first."""
        raise NotImplementedError

    def open_ones(self) -> tuple[SessionRecord, ...]:
        """One's own that are open or parked."""
        raise NotImplementedError

    def day(self, day: date | None = None) -> tuple[SessionRecord, ...]:
        """One's own of a day (today), by time."""
        raise NotImplementedError

    def unsigned(self) -> tuple[SessionRecord, ...]:
        """One's own that have ended and are not signed, oldest first."""
        raise NotImplementedError

    def sign(self, sessions: Iterable[int], pin: str) -> int:
        """Sign one's own with the PIN; how many. A signed session does not change any more; notes can be added."""
        raise NotImplementedError

    def adverse_event(self, session: int, text: str = "", *, chips: Iterable[str] = (), facts: Mapping[str, object] | None = None) -> Note:
        """An adverse event; `facts` is the note that the loop filled in (rehab.record.adverse)."""
        raise NotImplementedError

    def adverse_events(self, session: int) -> tuple[Note, ...]:
        """Those of a session, in order."""
        raise NotImplementedError

    def save_measures(self, session: int, rows: Iterable[MeasureRow]) -> int:
        """Measures of its trials; those of the same trial and name are replaced, until it is signed. How many."""
        raise NotImplementedError

    def measures(self, session: int) -> tuple[MeasureRow, ...]:
        """All of one session."""
        raise NotImplementedError

    def measure_names(self, patient: str) -> tuple[MeasureName, ...]:
        """What there is to show."""
        raise NotImplementedError

    def series(self, patient: str, measure: str) -> tuple[Point, ...]:
        """A measure over the sessions, oldest first."""
        raise NotImplementedError

    def diary_sentence(self, session: int, language: str = "") -> str:
        """Ready to paste into the clinic's diary; "en", "it", or the user's own."""
        raise NotImplementedError

    def robot_minutes(self, day: date | None = None) -> float:
        """Minutes (not s: it is a figure people read) of robot training of a day, all therapists."""
        raise NotImplementedError

    def as_last_time(self, patient: str, *, device: str = "", before: Answers | None = None) -> LastTime:
        """The last session and what would differ today: plan, limits, range, device, therapist, pain, setting."""
        raise NotImplementedError
