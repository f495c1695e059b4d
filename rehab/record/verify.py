"""Is a recording whole and unchanged? Chain, hashes, counts, continuity, manifest; the first bad chunk by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from rehab.core.errors import RecordingError
from rehab.record import batches, events, manifest
from rehab.record.closing import stream_of
from rehab.record.folder import EVENTS, FRAMES, MANIFEST, SITE_KEY, key_of
from rehab.record.frames import Frame, Stream


class Verification(Struct, frozen=True):
    """What was found.

    ok          closed or recovered, every file is as it was then, every chunk is chained, every gap is known
    findings    what is wrong, most telling first; empty when ok
    chunks      good chunks from the first on
    rows        ticks in them
    authorship  who can have written it, as far as the key tells
    state       open, closed or recovered
    gaps        ticks that the recorder itself marked as lost
    """

    ok: bool
    findings: tuple[str, ...]
    chunks: int
    rows: int
    authorship: str
    state: str
    gaps: int = 0

    def __str__(self) -> str:
        counted = f"{_grouped(self.chunks, 'chunk')}, {_grouped(self.rows, 'tick')}"
        if not self.ok:
            kind = "not closed" if self.state == "open" else "NOT INTACT"
            return f"{kind}: {counted} are good before the first problem; authorship {self.authorship}"
        lost = f", {_grouped(self.gaps, 'tick')} marked as lost" if self.gaps else ""
        cut = "; closed by recovery: its last moments may be missing" if self.state == "recovered" else ""
        return f"intact: {counted}{lost}, authorship {self.authorship}{cut}"


def verify(folder: str | Path) -> Verification:
    """Look at everything. Raises RecordingError for a folder that holds no recording."""
    path = Path(folder)
    about, data = manifest.read(path)
    findings: list[str] = []
    state = str(about.get("state"))
    try:
        key = key_of(about)
        authorship = _authorship(about, key)
    except RecordingError as error:
        findings.append(str(error))
        key, authorship = None, "unknown"
    else:
        if key is None:
            findings.append(f"the site's key is needed to verify it: set {SITE_KEY} to its file")
    stream = Stream((), None, (), b"", 0)
    if (path / FRAMES).exists():
        stream = stream_of(path / FRAMES, key, about["session"])
        findings += _of_stream(stream)
        findings += _of_ticks(stream.frames, about, path)
    else:
        findings.append(f"{FRAMES} is missing")
    if key is not None and not manifest.is_authentic(data, key, stream.mac) and stream.bad is None:
        findings.append(_of_manifest(about, stream))
    findings += _of_files(about, path)
    if state == "open":
        findings.append("the recording was never closed: it is still running, or was killed and its end may be missing")
    elif state not in ("closed", "recovered"):
        findings.append(f'the manifest has an unknown state "{state}"')
    rows, gaps = sum(frame.rows for frame in stream.frames), _marked(path)
    return Verification(
        not findings,
        tuple(findings),
        len(stream.frames),
        rows,
        authorship,
        state,
        sum(end - first for first, end in gaps),
    )


def _authorship(about: dict[str, Any], key: bytes | None) -> str:
    entry = about["integrity"]["key"]
    if entry["kind"] == "random":
        return "unproven (no site key)"
    return f"proven (site key {entry['id']})" if key is not None else f"unknown (site key {entry['id']} is not here)"


def _of_stream(stream: Stream) -> list[str]:
    if stream.bad is None:
        return []
    behind = f"; {_grouped(len(stream.after), 'chunk')} behind it can be read" if stream.after else ""
    return [f"{FRAMES}: {stream.bad}{behind}"]


def _of_manifest(about: dict[str, Any], stream: Stream) -> str:
    """The stream is good in itself and the manifest does not lie under it."""
    there, recorded = len(stream.frames), about.get("chain", {}).get("frames")
    if isinstance(recorded, int) and recorded > there:
        return f"{FRAMES}: chunks {there} to {recorded - 1} are cut off: it ends between two chunks"
    return f"{MANIFEST} was changed, or belongs to other ticks"


def _of_files(about: dict[str, Any], path: Path) -> list[str]:
    findings = []
    for name, expected in about.get("files", {}).items():
        file = path / name
        if not file.exists():
            findings.append(f"{name} is missing")
        elif (found := manifest.describe_file(file)) != expected:
            findings.append(f"{name} is not as it was when the recording was closed: {found['bytes']} bytes now")
    return findings


def _of_ticks(frames: tuple[Frame, ...], about: dict[str, Any], path: Path) -> list[str]:
    """Rows follow each other except where the recorder said so, and the tick column says the same."""
    known = {(first, end) for first, end in _marked(path)}
    names = [channel.name for channel in manifest.channels_of(about)]
    findings, row = [], 0
    for frame in frames:
        if frame.first_row != row and (row, frame.first_row) not in known:
            findings.append(f"chunk {frame.number} begins at row {frame.first_row}; the one before ends at row {row}")
        row = frame.first_row + frame.rows
    if findings or "tick" not in names or not frames:
        return findings
    try:
        ticks = batches.columns((frame.body for frame in frames), ["tick"], names)["tick"]
    except RecordingError as error:
        return [str(error)]
    if len(ticks) != sum(frame.rows for frame in frames):
        return [f"{FRAMES} holds {len(ticks)} ticks; its chunks say {sum(frame.rows for frame in frames)}"]
    starts = np.concatenate([np.arange(frame.first_row, frame.first_row + frame.rows) for frame in frames])
    wrong = np.flatnonzero(np.diff(ticks - starts))
    if len(wrong):
        at = int(wrong[0])
        findings.append(f"tick {ticks[at]} is followed by tick {ticks[at + 1]}, and no gap is marked there")
    return findings


def _marked(path: Path) -> list[list[int]]:
    try:
        lines, _ = events.split((path / EVENTS).read_bytes())
    except OSError:
        return []
    return events.gaps(lines)


def _grouped(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}".replace(",", " ")
