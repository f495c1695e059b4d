"""A line on which a fault script is at work, both ways, between the emulated device and its pty.

It works on whole frames (what ends with 00), in the device's own time. Unplugging closes the pty: the host's next read
or write fails, while the device goes on, feels that no command comes, and stops by its own watchdog.
"""

from __future__ import annotations

import sys
from random import Random
from typing import NamedTuple

from sim.emulators.codec import LONGEST
from sim.emulators.device import EmulatedDevice
from sim.emulators.line import Line
from sim.injection import Injection
from sim.line_faults import Direction


class Chunk(NamedTuple):
    """A frame, or a piece of one; samples are sent now or never."""

    data: bytes
    sample: bool = False


class FaultyLine:
    """As sim.emulators.line.Line, which it holds."""

    def __init__(self, line: Line, faults: Injection, device: EmulatedDevice) -> None:
        self.line, self.unplugged = line, False
        self._faults, self._device = faults, device
        period_us = round(device.info.period_s * 1e6)
        self._up = Direction(faults.up, period_us, damage=_damaged, halves=_halves)
        self._down = Direction(faults.down, period_us, damage=_damaged, halves=_halves)
        self._part = b""  # of a frame of the host whose end has not come

    def read(self) -> bytes:
        """What has arrived from the host."""
        now = self._device.time_us
        if self._gone(now):
            return b""
        *ended, self._part = (self._part + self.line.read()).split(b"\0")
        self._part = self._part[: LONGEST + 1]  # more is too long anyway
        for frame in ended:
            self._down.put(now, Chunk(frame + b"\0"))
        return b"".join(chunk.data for chunk in self._down.take(now))

    def answer(self, data: bytes) -> None:
        """Send whole frames."""
        for frame in data.split(b"\0")[:-1]:
            self._up.put(self._device.time_us, Chunk(frame + b"\0"))
        self._flush()

    def stream(self, data: bytes) -> bool:
        """Send a sample; whatever is due goes too."""
        if data:
            self._up.put(self._device.time_us, Chunk(data, sample=True))
        return self._flush()

    def forget(self) -> None:
        """Nobody is there."""
        self._up.clear()
        self._down.clear()
        if not self.unplugged:
            self.line.forget()

    def close(self) -> None:
        """Hang up, unless the script has done so."""
        if not self.unplugged:
            self.line.close()

    def _flush(self) -> bool:
        now, went = self._device.time_us, True
        if self._gone(now):
            return False
        for chunk in self._up.take(now):
            if chunk.sample:
                went = self.line.stream(chunk.data)
            else:
                self.line.answer(chunk.data)
        return went

    def _gone(self, now: int) -> bool:
        if not self.unplugged and self._faults.unplugged(now):
            self.unplugged = True
            self.line.close()
            print("unplugged by the fault script; nothing can reach this device any more", file=sys.stderr, flush=True)
        return self.unplugged


def _damaged(chunk: Chunk, dice: Random, bits: int) -> Chunk:
    """With so many bits flipped, anywhere, the delimiter included."""
    data = bytearray(chunk.data)
    for place in dice.sample(range(8 * len(data)), min(bits, 8 * len(data))):
        data[place // 8] ^= 1 << place % 8
    return chunk._replace(data=bytes(data))


def _halves(chunk: Chunk) -> tuple[Chunk | None, Chunk]:
    middle = len(chunk.data) // 2
    return chunk._replace(data=chunk.data[:middle]) if middle else None, chunk._replace(data=chunk.data[middle:])
