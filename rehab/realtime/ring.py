"""The ring between the loop and whoever writes or watches: rows of float64 and events, never blocking the writer.

One writer, any number of readers with cursors of their own. A slot carries the number of its row before and after
writing, so that a reader knows a torn or overwritten row. Only age drops rows and events: 65.5 s at 1 kHz.

Layout, 64-bit words: header page | rows: CAPACITY × (number + WIDTH words + number) | events: EVENTS × 2 KiB.
Header words: 0 magic, 1 rows written, 2 events written, 3 closed, 4 length of the header's JSON (at byte 512).
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from rehab.core.device import DeviceInfo
from rehab.realtime import shm
from rehab.realtime.layout import WIDTH, Channel

MAGIC = 0x52494E47_00000001
HEADER = 65536  # bytes
JSON_AT = 512
CAPACITY = 65536  # rows
SLOT = WIDTH + 2  # words
EVENTS = 2048
EVENT_SIZE = 2048  # bytes
SIZE = HEADER + CAPACITY * SLOT * 8 + EVENTS * EVENT_SIZE


class RingHeader(Struct, frozen=True):
    """What a reader needs to know, written once by the loop when the device is open."""

    session: str  # id of the session
    folder: str  # where its recording is written
    info: DeviceInfo
    channels: tuple[Channel, ...]


class RingEvent(Struct, frozen=True):
    """An event with the tick and the session time (s) it belongs to."""

    kind: str
    tick: int
    t: float
    data: dict[str, Any] = {}


class Missed(NamedTuple):
    """Rows that were overwritten before they were read: first and one past the last."""

    first: int
    end: int


_encode = msgspec.json.Encoder().encode
_decode_event = msgspec.json.Decoder(RingEvent).decode


class RingWriter:
    """The loop's end. `put` takes about 3 µs and allocates nothing that stays."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory
        view = memoryview(memory)
        self._words = view[: HEADER + CAPACITY * SLOT * 8].cast("Q")
        self._rows = view[: HEADER + CAPACITY * SLOT * 8].cast("d")
        self.written = 0
        self.events = 0
        self._words[0] = MAGIC

    @classmethod
    def take_over(cls, memory: mmap.mmap) -> RingWriter:
        """Go on where a writer that has died stopped: the supervisor's way to record why it died."""
        writer = cls(memory)
        writer.written, writer.events = writer._words[1], writer._words[2]
        return writer

    def describe(self, header: RingHeader) -> None:
        """Publish the header; readers wait for it."""
        data = _encode(header)
        if len(data) > HEADER - JSON_AT:
            raise ValueError(f"the ring's header takes {len(data)} bytes; there is room for {HEADER - JSON_AT}")
        self._memory[JSON_AT : JSON_AT + len(data)] = data
        self._words[4] = len(data)

    def put(self, row: Sequence[float]) -> None:
        """One row of at most WIDTH numbers."""
        at = HEADER // 8 + (self.written % CAPACITY) * SLOT
        words, number = self._words, self.written + 1
        words[at] = 0
        words[at + SLOT - 1] = number
        self._rows[at + 1 : at + 1 + len(row)] = array("d", row)
        words[at] = number
        self.written = number
        words[1] = number

    def event(self, event: RingEvent) -> None:
        """One event; one that does not fit, or holds what is not plain, keeps its kind and says so."""
        try:
            data = _encode(event)
        except (TypeError, ValueError, OverflowError) as error:
            data = _encode(RingEvent(str(event.kind), event.tick, event.t, {"not_plain": str(error)}))
        if len(data) > EVENT_SIZE - 16:
            data = _encode(RingEvent(event.kind, event.tick, event.t, {"too_long": len(data)}))
        at = HEADER + CAPACITY * SLOT * 8 + (self.events % EVENTS) * EVENT_SIZE
        number = self.events + 1
        self._memory[at : at + 8] = b"\0" * 8
        self._memory[at + 8 : at + 16] = len(data).to_bytes(8, "little")
        self._memory[at + 16 : at + 16 + len(data)] = data
        self._memory[at : at + 8] = number.to_bytes(8, "little")
        self.events = number
        self._words[2] = number

    def close(self) -> None:
        """Nothing more will come."""
        self._words[3] = 1


class RingReader:
    """A reader with its own cursor. `start=None` begins at the oldest row still there, else at that row (0-based)."""

    def __init__(self, memory: mmap.mmap, *, start: int | None = 0) -> None:
        self._memory = memory
        self._words = np.frombuffer(memory, dtype=np.uint64, count=(HEADER + CAPACITY * SLOT * 8) // 8)
        slots = self._words[HEADER // 8 :].reshape(CAPACITY, SLOT)
        self._before, self._after = slots[:, 0], slots[:, -1]
        self._values = slots[:, 1:-1].view(np.float64)
        self.cursor = max(0, self.written - CAPACITY) if start is None else start
        self.event_cursor = 0
        self.missed: list[Missed] = []

    @classmethod
    def attach(cls, path: Path, *, start: int | None = 0) -> RingReader:
        return cls(shm.attach(path), start=start)

    @property
    def written(self) -> int:
        return int(self._words[1])

    @property
    def closed(self) -> bool:
        return bool(self._words[3])

    def header(self) -> RingHeader | None:
        """The header, or None while the loop has not published it."""
        length = int(self._words[4])
        if length == 0:
            return None
        return msgspec.json.decode(self._memory[JSON_AT : JSON_AT + length], type=RingHeader)

    def rows(self, most: int = CAPACITY) -> NDArray[np.float64]:
        """New rows since the last call, at most that many, as a copy (k, WIDTH). Overwritten ones go to `missed`."""
        written = self.written
        if written - self.cursor > CAPACITY - 1:
            oldest = written - CAPACITY + 1024  # leave the writer room to run while we copy
            self.missed.append(Missed(self.cursor, oldest))
            self.cursor = oldest
        rows = self.between(self.cursor, min(written, self.cursor + most))
        self.cursor += len(rows)
        return rows

    def between(self, first: int, end: int) -> NDArray[np.float64]:
        """Rows first … end−1 (0-based) as a copy, cut before the first that is torn or overwritten."""
        index = np.arange(first, end) % CAPACITY
        numbers = np.arange(first + 1, end + 1, dtype=np.uint64)
        rows: NDArray[np.float64] = self._values[index]
        good = (self._before[index] == numbers) & (self._after[index] == numbers)
        return rows if good.all() else rows[: int(np.argmin(good))]

    def events(self) -> list[RingEvent]:
        """New events since the last call."""
        found, written = [], int(self._words[2])
        self.event_cursor = max(self.event_cursor, written - EVENTS)
        while self.event_cursor < written:
            at = HEADER + CAPACITY * SLOT * 8 + (self.event_cursor % EVENTS) * EVENT_SIZE
            number = (self.event_cursor + 1).to_bytes(8, "little")
            length = int.from_bytes(self._memory[at + 8 : at + 16], "little")
            data = self._memory[at + 16 : at + 16 + length]
            if self._memory[at : at + 8] == number:  # else the writer has lapped us: 2048 events ago, it is lost
                found.append(_decode_event(data))
            self.event_cursor += 1
        return found
