"""events.jsonl: one event a line, appended the moment it is known.

{"n": number in the ring from 1, null for what the recorder noted itself, "kind": "tick": ..., "t": s, "data": {...}}
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from rehab.core.errors import RecordingError
from rehab.realtime.ring import RingEvent


class Line(Struct, frozen=True):
    """One line. Kinds of the recorder's own: gap, resumed, clock_jump."""

    n: int | None
    kind: str
    tick: int
    t: float
    data: dict[str, Any] = {}


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Line).decode


def encode(number: int | None, event: RingEvent) -> bytes:
    return _encode(Line(number, event.kind, event.tick, event.t, event.data)) + b"\n"


def split(data: bytes) -> tuple[list[Line], int]:
    """The complete good lines from the beginning, and the byte at which they end."""
    lines: list[Line] = []
    at = 0
    while (end := data.find(b"\n", at)) >= 0:
        try:
            lines.append(_decode(data[at:end]))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            break
        at = end + 1
    return lines, at


def read(path: Path) -> list[RingEvent]:
    """All events up to the first line that is cut or damaged; none when there is no file. Raises RecordingError."""
    try:
        lines, _ = split(path.read_bytes())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}") from error
    return [RingEvent(line.kind, line.tick, line.t, line.data) for line in lines]


def gaps(lines: list[Line]) -> list[list[int]]:
    """Rows that were lost: [first, one past the last] each."""
    marked = [line.data for line in lines if line.n is None and line.kind == "gap" and "first" in line.data]
    return [[int(data["first"]), int(data["end"])] for data in marked]
