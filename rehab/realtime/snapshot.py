"""The latest tick for whoever looks: windows, progress views, virtual patients. A seqlock in a shared mmap.

The writer makes the sequence word odd, writes, makes it even; a reader copies and tries again if the word was odd or
has changed. The scene is encoded only when it changed; the row is written every tick (about 3 µs).

Layout: 0 sequence · 8 length of scene · 16 number of scene · 24 length of header JSON · 64 row (WIDTH float64) ·
1024 scene JSON (up to 15 KiB) · 16384 header JSON (RingHeader).
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from rehab.core.types import NO_SCENE, Scene
from rehab.realtime import shm
from rehab.realtime.layout import WIDTH
from rehab.realtime.ring import RingHeader

SIZE = 65536
ROW_AT, SCENE_AT, HEADER_AT = 64, 1024, 16384

_encode = msgspec.json.Encoder().encode
_decode_scene = msgspec.json.Decoder(Scene).decode


class Look(NamedTuple):
    """One consistent view: the row as a mapping column -> value, and the scene."""

    values: dict[str, float]
    scene: Scene


class SnapshotWriter:
    """The loop's end."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory
        view = memoryview(memory)
        self._words = view.cast("Q")
        self._row = view[ROW_AT : ROW_AT + WIDTH * 8].cast("d")
        self._scene: Scene | None = None

    def describe(self, header: RingHeader) -> None:
        data = _encode(header)
        if len(data) > SIZE - HEADER_AT:
            raise ValueError(f"the snapshot's header takes {len(data)} bytes; there is room for {SIZE - HEADER_AT}")
        self._memory[HEADER_AT : HEADER_AT + len(data)] = data
        self._words[3] = len(data)

    def put(self, row: Sequence[float], scene: Scene) -> None:
        words = self._words
        words[0] += 1
        self._row[: len(row)] = array("d", row)
        if scene is not self._scene:
            data = _encode(scene)
            if len(data) > HEADER_AT - SCENE_AT:
                data = _encode(Scene(text=scene.text, phase=scene.phase))
            self._memory[SCENE_AT : SCENE_AT + len(data)] = data
            words[1] = len(data)
            words[2] += 1
            self._scene = scene
        words[0] += 1


class SnapshotReader:
    """A looker's end; safe against a writer that dies half way (it then returns None)."""

    TRIES = 100

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory
        self._words = memoryview(memory).cast("Q")
        self._scene_number = -1
        self._scene = NO_SCENE
        self._names: tuple[str, ...] = ()

    @classmethod
    def attach(cls, path: Path) -> SnapshotReader:
        return cls(shm.attach(path))

    def header(self) -> RingHeader | None:
        """The session's facts, or None while the loop has not published them."""
        length = self._words[3]
        if length == 0:
            return None
        return msgspec.json.decode(self._memory[HEADER_AT : HEADER_AT + length], type=RingHeader)

    @property
    def sequence(self) -> int:
        """Grows by two a tick: a heartbeat of the loop."""
        return self._words[0]

    def look(self) -> Look | None:
        """The newest consistent view, or None before the first tick."""
        if not self._names:
            header = self.header()
            if header is None:
                return None
            self._names = tuple(channel.name for channel in header.channels)
        taken = self._take()
        if taken is None:
            return None
        row, scene = taken
        return Look(dict(zip(self._names, row, strict=False)), scene)

    def scene(self) -> Scene | None:
        """Only the scene; cheap when it has not changed."""
        if self._words[0] == 0:
            return None
        if self._words[2] == self._scene_number:
            return self._scene
        taken = self._take()
        return taken[1] if taken else None

    def _take(self) -> tuple[array[float], Scene] | None:
        for _ in range(self.TRIES):
            before = self._words[0]
            if before == 0 or before & 1:
                continue
            row = array("d", self._memory[ROW_AT : ROW_AT + WIDTH * 8])
            number, length = self._words[2], self._words[1]
            data = b"" if number == self._scene_number else self._memory[SCENE_AT : SCENE_AT + length]
            if self._words[0] != before:
                continue
            if data:
                self._scene, self._scene_number = _decode_scene(data), number
            return row, self._scene
        return None
