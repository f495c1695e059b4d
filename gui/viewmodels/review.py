"""One session, looked at afterwards: its trials, measures, notes, alarms, limits, timing; out of the recording where
there is one, else what the store kept.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.i18n import mark, own, shown_number, tr, trn
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model
from gui.viewmodels.paper import papers, write_csv
from rehab.core.limits import BUILTIN
from rehab.core.types import Array, Outcome
from rehab.report.columns import BY_DEFINITION, BY_NAME, IDEALS, Column

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting
    from rehab.clinic.records import MeasureRow, Note, SessionRecord
    from rehab.record.recording import Recording

OUTCOMES = {
    Outcome.REACHED: mark("target reached"),
    Outcome.TIMEOUT: mark("time ran out"),
    Outcome.ABORTED: mark("skipped"),
    Outcome.STOPPED: mark("was stopped"),
}
WHO = {
    "built-in": mark("the program"),
    "site": mark("the clinic"),
    "device": mark("the robot"),
    "patient": mark("the patient's file"),
    "protocol": mark("the plan"),
    "block": mark("the exercise"),
}
JOINT = {
    "torque": mark("torque at joint {n}"),
    "q_min": mark("least angle of joint {n}"),
    "q_max": mark("largest angle of joint {n}"),
    "joint_speed": mark("speed of joint {n}"),
}
JOINT_UNITS = {"torque": "N*m", "q_min": "rad", "q_max": "rad", "joint_speed": "rad/s"}
WHAT = {"force": mark("force"), "speed": mark("speed"), "power": mark("power")}
ALARMS = ("fault", "stop")  # events of a recording
POINTS = 300  # of one path: more cannot be told apart on a screen


class Line(NamedTuple):
    """One trial. `outcome` None where only the store's measures are there; `path` is decimated, m (n, 2)."""

    number: int
    block: str
    outcome: Outcome | None
    measures: dict[str, float]
    path: Array | None = None


class Said(NamedTuple):
    """Something that happened: when (s into the session; None = not known), a heading, and words."""

    at: float | None
    heading: str
    words: str


class Stored(NamedTuple):
    sessions: tuple[SessionRecord, ...]
    record: SessionRecord | None
    rows: tuple[MeasureRow, ...]
    adverse: tuple[Note, ...]
    notes: tuple[Note, ...]


class Recorded(NamedTuple):
    """Out of a recording, in words where it has words.

    targets   centre and radius, m · limits (what, value, who) · acted (filter, share of the ticks, limits behind it)
    """

    lines: tuple[Line, ...]
    medians: dict[str, float]
    completed: int
    targets: tuple[tuple[float, float, float], ...]
    alarms: tuple[dict[str, Any], ...]  # fault and stop events
    limits: tuple[tuple[str, str, str], ...]
    acted: tuple[tuple[str, float, tuple[str, ...]], ...]
    timing: dict[str, Any]
    damage: str


class Review(Model):
    """
    stored     what the store has · recorded what the recording has, None without one · absent why there is none
    shown      numbers of the trials whose paths are drawn
    verified   words of the last verification; `intact` says whether it held
    made       the file that was written last, to be opened; None when it was opened
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.code = ""
        self.stored: Stored | None = None
        self.recorded: Recorded | None = None
        self.absent = ""
        self.shown: set[int] = set()
        self.verified, self.intact = "", False
        self.made: Path | None = None
        self.said = ""

    # reading --------------------------------------------------------------------------------------------------------

    def load(self, patient: str, session: int | None = None) -> None:
        """That session, or the last one."""
        self.code, self.stored, self.recorded = patient, None, None
        self.absent, self.verified, self.said, self.shown = "", "", "", set()
        acting = self.acting
        self.ask(tr("Reading the session"), lambda: read_store(acting, patient, session), self._have)
        self.changed()

    def _have(self, stored: Stored) -> None:
        self.stored = stored
        if stored.record is None:
            return
        folder = Path(stored.record.folder) if stored.record.folder else None
        if folder is None:
            self.absent = tr("There is no recording of this session: what the store kept of it is shown.")
        elif not folder.is_dir():
            self.absent = tr("The recording is not on this machine: what the store kept of it is shown.")
        else:
            self.ask(tr("Reading the recording"), lambda: read_recording(folder), self._have_recording)

    def _have_recording(self, recorded: Recorded) -> None:
        self.recorded = recorded
        self.shown = {line.number for line in recorded.lines}

    # what is shown --------------------------------------------------------------------------------------------------

    @property
    def record(self) -> SessionRecord | None:
        return self.stored.record if self.stored is not None else None

    @property
    def lines(self) -> tuple[Line, ...]:
        if self.recorded is not None:
            return self.recorded.lines
        return lines_of(self.stored.rows) if self.stored is not None else ()

    @property
    def columns(self) -> list[Column]:
        """Those that any trial has: quality of movement first, then speed, then who worked."""
        lines = self.lines
        return [c for name, c in BY_NAME.items() if any(name in line.measures for line in lines)]

    @property
    def medians(self) -> dict[str, float]:
        """As `rehab measures` has them: of the completed trials. Without a recording, of all that the store kept."""
        if self.recorded is not None:
            return self.recorded.medians
        from statistics import median

        kept = [line.measures for line in self.lines]
        return {c.name: median(m[c.name] for m in kept if c.name in m) for c in self.columns}

    @property
    def counted(self) -> str:
        """ "median of 14 completed trials"."""
        n = self.recorded.completed if self.recorded is not None else len(self.lines)
        return trn("Median of {n} trial", "Median of {n} trials", n)

    @property
    def success(self) -> str:
        record = self.record
        return "" if record is None else tr(
            "{reached} of {total} trials reached", reached=record.reached, total=record.trials
        )  # fmt: skip

    @property
    def happened(self) -> list[Said]:
        """Adverse events, alarms and notes, in this order."""
        if self.stored is None:
            return []
        found = [
            Said(_seconds(note.facts.get("t")), tr("Adverse event"), _note(note)) for note in self.stored.adverse
        ]
        for alarm in self.recorded.alarms if self.recorded is not None else ():
            found.append(_alarm(alarm))
        return found + [Said(None, note.by, _note(note)) for note in self.stored.notes]

    # acting ---------------------------------------------------------------------------------------------------------

    def show(self, numbers: set[int]) -> None:
        """Draw the paths of these trials only."""
        self.shown = set(numbers)
        self.changed()

    def toggle(self, number: int, on: bool) -> None:
        self.show(self.shown | {number} if on else self.shown - {number})

    def sign(self, pin: str) -> None:
        acting, record = self.acting, self.record
        assert record is not None

        def job() -> Stored:
            acting.sessions.sign([record.id], pin)
            return read_store(acting, self.code, record.id)

        self.ask(tr("Signing"), job, self._signed)

    def _signed(self, stored: Stored) -> None:
        self.stored = stored

    @property
    def may_sign(self) -> bool:
        record = self.record
        return (
            record is not None and record.signed is None and record.state == "ended"
            and self.acting.may("sessions.sign") and record.therapist_id == self.acting.user.id
        )  # fmt: skip

    def report(self) -> None:
        """Write the PDF beside the recording."""
        record = self.record
        assert record is not None and record.folder
        folder = Path(record.folder)

        def job() -> Path:
            from rehab.record.recording import Recording
            from rehab.report import session_report

            return session_report(Recording.open(folder), folder / "report.pdf")

        self.ask(tr("Writing the report"), job, self._have_file)

    def export(self) -> None:
        """The trials as CSV."""
        record = self.record
        assert record is not None
        rows = [(line.number, line.block, str(line.outcome or ""), line.measures) for line in self.lines]
        names = [column.name for column in self.columns]
        day = f"{record.begun.astimezone():%Y-%m-%d}"
        path = papers(self.desk.out) / f"{record.patient}-{day}-{record.id}-trials.csv"
        self.ask(tr("Writing the table"), lambda: write_csv(path, names, rows), self._saved)

    def _saved(self, path: Path) -> None:
        self.said = tr("Saved: {path}", path=path)

    def _have_file(self, path: Path) -> None:
        self.made = path
        self._saved(path)

    def verify(self) -> None:
        record = self.record
        assert record is not None and record.folder
        folder = Path(record.folder)

        def job() -> Any:
            from rehab.record.verify import verify

            return verify(folder)

        self.ask(tr("Verifying the recording"), job, self._have_verified)

    def _have_verified(self, found: Any) -> None:
        self.intact = bool(found.ok)
        if found.ok and found.state == "recovered":
            self.verified = tr("The recording is intact, but was closed by recovery: its last moments may be missing.")
        elif found.ok:
            self.verified = tr("The recording is intact: {chunks} chunks, {ticks} ticks.",
                               chunks=shown_number(found.chunks), ticks=shown_number(found.rows))  # fmt: skip
        elif found.state == "open":
            self.verified = tr("The recording was not closed. {why}", why="; ".join(found.findings))
        else:
            self.verified = tr("The recording is NOT intact. {why}", why="; ".join(found.findings))


# words ---------------------------------------------------------------------------------------------------------------


def head(column: Column) -> str:
    """ "Peak speed (cm/s)"."""
    name = own({"en": column.head, "it": column.it})
    return f"{name} ({column.unit})" if column.unit else name


def shown(column: Column, value: float | None) -> str:
    """A value in the column's unit, pointed as the language does."""
    if value is None or not math.isfinite(value):
        return "–"
    rounded = round(column.factor * value, column.digits) + 0.0  # no minus before a zero
    return shown_number(rounded, column.digits).replace("-", "−")


def ideal(column: Column) -> tuple[str, str]:
    """The ideal and where it comes from; dashes where there is none, and none is invented."""
    found = IDEALS.get(column.name)
    if found is None:
        return "–", ""
    if found.source == BY_DEFINITION:
        return shown(column, found.value), tr(found.says)
    return shown(column, found.value), f"{tr(found.says)} ({found.source.partition(',')[0]})"


def sources(columns: list[Column]) -> str:
    """Where the ideals come from, in full."""
    cited = [IDEALS[c.name].source for c in columns if c.name in IDEALS]
    return "; ".join(dict.fromkeys(source for source in cited if source != BY_DEFINITION))


def who(layer: str) -> str:
    return tr(WHO[layer]) if layer in WHO else layer


def behind(text: str) -> str:
    """ "force 30 N: limited by protocol" → "force 30 N (the plan)"."""
    what, _, layer = text.partition(": limited by ")
    first, _, rest = what.partition(" ")
    what = f"{tr(WHAT[first])} {rest}" if first in WHAT else what
    return f"{what} ({who(layer)})" if layer else what


def timing_words(timing: dict[str, Any]) -> list[str]:
    """The timing certificate as sentences."""
    if not timing.get("ticks"):
        return [tr("No timing was recorded: the session ended before the loop could report it.")]
    said = []
    if timing.get("clock") == "simulated":
        said.append(tr("The clock was simulated: these figures say nothing about a loop in real time."))
    if _number(timing.get("rate_hz")):
        said.append(tr("The arm was looked after {rate} times a second.", rate=shown_number(timing["rate_hz"], 0)))
    if _number(timing.get("period_p999_us")) and _number(timing.get("period_max_us")):
        said.append(
            tr("99.9 % of the steps took at most {most}, the longest {longest}.",
               most=_ms(timing["period_p999_us"]), longest=_ms(timing["period_max_us"]))
        )  # fmt: skip
    skipped = int(timing.get("skipped") or 0)
    said.append(trn("{n} step was left out.", "{n} steps were left out.", skipped) if skipped
                else tr("No step was left out."))  # fmt: skip
    return said


def _ms(microseconds: float) -> str:
    return shown_number(microseconds / 1000.0, 2, "ms")


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _seconds(value: Any) -> float | None:
    return float(value) if _number(value) else None


def _note(note: Note) -> str:
    return " · ".join(part for part in (*note.chips, note.text) if part)


def _alarm(alarm: dict[str, Any]) -> Said:
    """The label and help of the fault, as the banner of the session said them."""
    from rehab.core.safety.faults import FACTS, Fault

    if alarm["kind"] == "stop":
        return Said(alarm["t"], tr("Stopped by hand"), str(alarm["data"].get("by") or ""))
    try:
        fault = Fault(int(alarm["data"].get("id", 0)))
    except ValueError:
        return Said(alarm["t"], str(alarm["data"].get("name", "")), str(alarm["data"].get("message", "")))
    helps = FACTS[fault].help
    return Said(alarm["t"], tr(fault.label), tr(helps) if helps else "")


# reading -------------------------------------------------------------------------------------------------------------


def read_store(acting: Acting, patient: str, session: int | None) -> Stored:
    sessions = tuple(s for s in acting.sessions.list(patient) if s.state == "ended")
    record = next((s for s in sessions if session in (None, s.id)), None)
    if record is None:
        return Stored(sessions, None, (), (), ())
    adverse = acting.sessions.adverse_events(record.id) if acting.may("sessions.adverse_events") else ()
    notes = acting.charts.read(patient).notes if acting.may("charts.read") else ()
    mine = tuple(note for note in notes if note.session == record.id and note.kind != "adverse")
    return Stored(sessions, record, acting.sessions.measures(record.id), adverse, mine)


def lines_of(rows: tuple[MeasureRow, ...]) -> tuple[Line, ...]:
    found: dict[int, Line] = {}
    for row in rows:
        line = found.setdefault(row.trial, Line(row.trial, row.block, None, {}))
        line.measures[row.name] = row.value
    return tuple(found[number] for number in sorted(found))


def read_recording(folder: Path) -> Recorded:
    """Raises RecordingError in words."""
    from rehab.measures.summary import completed, medians
    from rehab.record.recording import Recording
    from rehab.report import monitored

    recording = Recording.open(folder)
    trials = recording.trials
    paths = _paths(recording)
    lines = tuple(
        Line(t.number, t.block, t.outcome, dict(t.measures), path) for t, path in zip(trials, paths, strict=True)
    )
    powered = "enable" in recording.ticks and "info" in recording.metadata
    sharing = monitored.shares(recording) if powered else []
    deciding = monitored.deciding(recording) if sharing else {}
    return Recorded(
        lines, medians(trials), len(completed(trials)), _targets(trials),
        tuple({"kind": e.kind, "t": e.t, "data": dict(e.data)} for e in recording.events if e.kind in ALARMS),
        tuple(_limits(recording)) if "info" in recording.metadata else (),
        tuple((words, share, tuple(deciding.get(words, ()))) for words, _, share in sharing),
        dict(recording.timing), recording.damage,
    )  # fmt: skip


def _limits(recording: Recording) -> list[tuple[str, str, str]]:
    """Force and speed, and whatever somebody tightened beyond program and robot: what, value, who."""
    from rehab.report.monitored import limits, people

    info, found = recording.info, limits(recording)
    own = ("built-in", "device", info.model)
    rows = [
        (tr(limit.says), people(found.values[name], limit.unit) if limit.unit else f"{found.values[name]:.0%}",
         found.owner(name))
        for name, limit in BUILTIN.items()
        if name in found.values and (name in ("force", "speed") or found.owner(name) not in own)
    ]  # fmt: skip
    for k in range(info.n_joints):
        for name, words in JOINT.items():
            if found.owner(name, k) not in own:
                value = people(getattr(found, name)[k], JOINT_UNITS[name])
                rows.append((tr(words, n=k + 1), value, found.owner(name, k)))
    return rows


def _paths(recording: Recording) -> list[Array | None]:
    """The hand of each trial in the plane, every k-th sample and the last one."""
    import numpy as np

    trials = recording.trials
    if not trials:
        return []
    x, ticks = recording.array("x"), recording.ticks["tick"]
    found: list[Array | None] = []
    for trial in trials:
        first, end = np.searchsorted(ticks, (trial.first_tick, trial.last_tick + 1))
        path = x[first:end]
        path = path[np.isfinite(path).all(axis=1)]
        if path.shape[1] != 2 or len(path) < 2:
            found.append(None)
            continue
        kept = np.unique(np.linspace(0, len(path) - 1, min(POINTS, len(path))).round().astype(int))
        found.append(path[kept])
    return found


def _targets(trials: Any) -> tuple[tuple[float, float, float], ...]:
    """The different targets, centre and radius, m."""
    found = {
        (*(round(float(c), 4) for c in t.parameters["target"]), float(t.parameters.get("radius", 0.01)))
        for t in trials if len(t.parameters.get("target", ())) == 2
    }  # fmt: skip
    return tuple(sorted(found))  # type: ignore[arg-type]
