"""A session read afterwards: what the store kept of it, and what its recording has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.i18n import mark, tr
from rehab.core.limits import BUILTIN
from rehab.core.types import Array, Outcome

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting
    from rehab.clinic.records import MeasureRow, Note, SessionRecord
    from rehab.record.recording import Recording

JOINT = {
    "torque": mark("torque at joint {n}"),
    "q_min": mark("least angle of joint {n}"),
    "q_max": mark("largest angle of joint {n}"),
    "joint_speed": mark("speed of joint {n}"),
}
JOINT_UNITS = {"torque": "N*m", "q_min": "rad", "q_max": "rad", "joint_speed": "rad/s"}
ALARMS = ("fault", "stop")  # events of a recording
POINTS = 300  # of one path: more cannot be told apart on a screen


class Line(NamedTuple):
    """One trial. `outcome` None where only the store's measures are there; `path` is decimated, m (n, 2)."""

    number: int
    block: str
    outcome: Outcome | None
    measures: dict[str, float]
    path: Array | None = None


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
