"""The arrow keys of the terminal steer while a session runs (keyboard:arrows); the space bar stops.

A terminal tells of key presses only, and repeats a key that is held after half a second. So a press counts for FIRST,
and a repeated one for NEXT; what counts is said again every SAY, since the loop forgets it after 200 ms.
"""

from __future__ import annotations

import os
import select
import termios
import tty
from types import TracebackType
from typing import Any, Protocol, Self

from rehab.core.clock import Clock, MonotonicClock

FIRST, NEXT, SAY = 0.6, 0.15, 0.05  # s
ARROWS = {b"A": (0.0, 1.0), b"B": (0.0, -1.0), b"C": (1.0, 0.0), b"D": (-1.0, 0.0)}
STILL = (0.0, 0.0)


class Steered(Protocol):
    """What this needs of a session."""

    def steer(self, *intent: float) -> None: ...
    def stop(self) -> None: ...


class Keys:
    """`with Keys(session, 2, fd) as keys:` then `keys.poll()` every few milliseconds."""

    def __init__(self, session: Steered, dimensions: int, number: int = 0, clock: Clock | None = None) -> None:
        self._session, self._dimensions, self._number = session, dimensions, number
        self._clock = clock or MonotonicClock()
        self._intent, self._until, self._last, self._said = STILL, 0.0, 0.0, 0.0
        self._before: Any = None

    def __enter__(self) -> Self:
        if os.isatty(self._number):
            self._before = termios.tcgetattr(self._number)
            tty.setcbreak(self._number)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            termios.tcsetattr(self._number, termios.TCSADRAIN, self._before)

    def poll(self) -> None:
        now = self._clock.now_ns() * 1e-9
        if select.select([self._number], [], [], 0.0)[0]:
            self._take(os.read(self._number, 256), now)
        if self._intent != STILL and now >= self._until:
            self._intent = STILL
            self._session.steer(*STILL[: self._dimensions])
        elif self._intent != STILL and now >= self._said + SAY:
            self._said = now
            self._session.steer(*self._intent[: self._dimensions])

    def _take(self, data: bytes, now: float) -> None:
        if b" " in data:
            self._session.stop()
        for part in data.replace(b"\x1bO", b"\x1b[").split(b"\x1b[")[1:]:
            wanted = ARROWS.get(part[:1], STILL)
            if self._dimensions == 1 and wanted[0] == 0.0:  # up and down move one joint too
                wanted = (wanted[1], 0.0)
            if wanted == STILL:
                continue
            repeats = wanted == self._intent and now < self._until
            self._intent, self._until = wanted, now + (NEXT if repeats and now > self._last + NEXT else FIRST)
            if not repeats:
                self._last = now
