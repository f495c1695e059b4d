"""What a report reads of a recording, and the plain facts it makes of it. No drawing here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rehab.core.device import DeviceInfo
from rehab.core.types import Outcome, Trial
from rehab.realtime.layout import SESSION_STATES
from rehab.realtime.ring import RingEvent
from rehab.record.adverse import adverse_events


class Recorded(Protocol):
    """The part of rehab.record.Recording that reports use."""

    @property
    def folder(self) -> Path: ...
    @property
    def info(self) -> DeviceInfo: ...
    @property
    def ticks(self) -> Mapping[str, NDArray[Any]]: ...
    @property
    def trials(self) -> Sequence[Trial]: ...
    @property
    def events(self) -> Sequence[RingEvent]: ...
    @property
    def timing(self) -> Mapping[str, Any]: ...
    @property
    def metadata(self) -> Mapping[str, Any]: ...
    def array(self, name: str) -> NDArray[Any]: ...


def column(recording: Recorded, name: str) -> NDArray[Any]:
    """One column; empty when the recording has not a single tick or not that column."""
    return np.asarray(recording.ticks[name]) if name in recording.ticks else np.empty(0)


def session_id(recording: Recorded) -> str:
    return str(recording.metadata.get("session") or recording.folder.name)


def span(seconds: float) -> str:
    """A length of time as people say it: "4 min 05 s", "12.3 s"."""
    if seconds < 60.0:
        return f"{seconds:.1f} s"
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {left:02d} s"


def date(recording: Recorded) -> str:
    """When the session began, as written in the recording: "23 November 2026, 10:15 UTC"."""
    written = str(recording.metadata.get("started") or "")
    try:
        began = datetime.fromisoformat(written).astimezone(UTC)
    except ValueError:
        return written or "not recorded"
    return f"{began.day} {began:%B %Y, %H:%M} UTC"


def person(recording: Recorded) -> str:
    """Who took part: a pseudonym, or the virtual patient; never a name, recordings hold none."""
    patient = recording.metadata.get("patient")
    if isinstance(patient, Mapping):
        if patient.get("virtual"):
            return f'virtual patient "{patient["virtual"]}"'
        return str(patient.get("pseudonym") or "nobody named")
    if not patient:
        return "nobody named"
    return f'virtual patient "{patient}"' if recording.info.simulated else str(patient)


_TOP_LEVEL = re.compile(r"""^(protocol|version):\s*["']?(.*?)["']?\s*(?:\s#.*)?$""", re.MULTILINE)


def protocol(recording: Recorded) -> str:
    """Title (and the author's version) of the protocol; else the exercises that were run."""
    written = recording.metadata.get("protocol") or {}
    if isinstance(written, str):  # the YAML as it was written, or only a name
        written = dict(_TOP_LEVEL.findall(written)) if "\n" in written.strip() else {"protocol": written.strip()}
    title, version = written.get("title") or written.get("protocol"), written.get("version")
    if title:
        return f"{title}, version {version}" if version else str(title)
    names = dict.fromkeys(str(e.data.get("exercise", "")) for e in recording.events if e.kind == "block_start")
    return ", ".join(name for name in names if name) or "none"


def device(recording: Recorded) -> str:
    info = recording.info
    kind = "simulated" if info.simulated else f"serial number {info.identity}"
    return f"{info.model} ({kind}), firmware {info.firmware}"


def header(recording: Recorded) -> list[tuple[str, str]]:
    """Label and text of each fact at the head of the report."""
    t, states = column(recording, "t"), column(recording, "state")
    lasted = span(float(t[-1] - t[0])) if len(t) else "no tick was recorded"
    running = float(np.count_nonzero(states == SESSION_STATES.index("running"))) * recording.info.period_s
    return [
        ("Date", date(recording)),
        ("Person", person(recording)),
        ("Device", device(recording)),
        ("Protocol", protocol(recording)),
        ("Duration", f"{lasted}, of which {span(running)} running" if len(t) else lasted),
        ("Trials", counted(recording.trials, planned(recording))),
    ]


def planned(recording: Recorded) -> int:
    """Trials asked for by the blocks that began; one that went on after a fault counts once."""
    begun = [e.data for e in recording.events if e.kind == "block_start" and "resumed" not in e.data]
    return sum(int(data.get("trials", 0)) for data in begun)


def counted(trials: Sequence[Trial], asked: int) -> str:
    if not trials:
        return f"none of {asked} planned" if asked else "none"
    return f"{len(trials)} of {asked} planned" if asked > len(trials) else str(len(trials))


ENDED = {
    Outcome.TIMEOUT: "ran out of time",
    Outcome.ABORTED: "aborted",
    Outcome.STOPPED: "stopped",
}


def reached(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.outcome == Outcome.REACHED]


def median(trials: Sequence[Trial], name: str) -> float | None:
    """Median of a measure over the trials that have it."""
    values = [trial.measures[name] for trial in trials if name in trial.measures]
    return float(np.median(values)) if values else None


def summary(recording: Recorded) -> str:
    """The session in two or three sentences of plain words, with units."""
    trials = recording.trials
    if not trials:
        return "No trial was done in this session, so there are no movements to report on."
    hits = reached(trials)
    counts = [(words, sum(t.outcome == outcome for t in trials)) for outcome, words in ENDED.items()]
    others = ", ".join(f"{count} {words}" for words, count in counts if count)
    noun = "trial" if len(trials) == 1 else "trials"
    first = f"{len(hits)} of {len(trials)} {noun} reached the target" + (f" ({others})." if others else ".")
    parts = []
    for name, words in (
        ("movement_time", "movement time {0:.2f}\N{NO-BREAK SPACE}s"),
        ("peak_speed", "peak speed {2:.1f}\N{NO-BREAK SPACE}cm/s"),
        ("path_length_ratio", "path {0:.2f} times the straight line"),
        ("sparc", "smoothness SPARC\N{NO-BREAK SPACE}{0:.2f}"),
    ):
        value = median(hits, name)
        if value is not None:
            parts.append(words.format(value, None, 100.0 * value).replace("-", "−"))
    return f"{first} Medians of the reached trials: {', '.join(parts)}." if parts else first


def _adverse(note: Mapping[str, Any]) -> tuple[str, str]:
    """The note of an adverse event, for a person to complete and sign."""
    where = f"in trial {note['trial']} of {note['block']}" if note["trial"] else f"between trials ({note['block']})"
    force, speed = note["limits"]["force"], note["limits"]["speed"]
    words = (
        f"At {span(note['t'])} (tick {note['tick']}), {where}: {note['message']}; the limb's torque at joint "
        f"{note['joint']} was {abs(note['torque']):.1f} N·m. Limits in force: {force:.0f} N ({note['who']['force']}), "
        f"{speed:.2f} m/s ({note['who']['speed']}). "
    )
    return f"Adverse event {note['number']}: {note['name']}", words + f"Then: {note['next'] or 'nothing was recorded'}."


def notices(recording: Recorded) -> list[tuple[str, str]]:
    """Heading and words of everything about this session that must not be overlooked."""
    found = [
        (
            f"Stopped by a fault: {event.data.get('name', 'unknown fault')}",
            f"At {span(event.t)}: {event.data.get('message') or 'no further words were recorded'}."
            + (f" What helps: {event.data['help']}." if event.data.get("help") else ""),
        )
        for event in recording.events
        if event.kind == "fault"
    ]
    found += [_adverse(note) for note in adverse_events(recording.events)]
    found += [
        ("Stopped by hand", f"At {span(event.t)}, by {event.data.get('by') or 'an unnamed user'}.")
        for event in recording.events
        if event.kind == "stop"
    ]
    told = recording.metadata
    if told.get("state") in ("open", "recovered"):
        reason = f" ({told['reason']})" if told.get("reason") else ""
        words = f"It ends at its last complete chunk{reason}; what came later, up to a second, is lost."
        found.append(("The recording was not closed", words))
    lost = sum(int(end) - int(first) for first, end in told.get("gaps") or ())
    if lost:
        words = f"{lost} ticks were not written to disk; measures of the trials around them suffer."
        found.append(("Ticks are missing", words))
    if told.get("damage"):
        found.append(("The recording is damaged", f"{told['damage']}. rehab verify says more."))
    return found
