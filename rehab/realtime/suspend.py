"""Did the machine sleep? CLOCK_MONOTONIC stands still in suspend, CLOCK_BOOTTIME does not (F29)."""

from __future__ import annotations

import time
from collections.abc import Callable

LONGEST = 1.0  # s; more than two reads of two clocks can ever lie apart


def slept_ns() -> int:
    """How long this machine has been suspended since it was started, in ns; 0 where the system cannot tell."""
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return 0
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.clock_gettime_ns(time.CLOCK_MONOTONIC)


class SuspendWatch:
    """Asked once a tick (0.3 µs): after a suspend not one more tick may drive the arm."""

    def __init__(self, slept: Callable[[], int] = slept_ns) -> None:
        self._slept = slept
        self._known = slept()

    def woke(self) -> float:
        """Seconds that the machine slept since the last call, if it was more than one; else 0."""
        slept = self._slept()
        seconds = (slept - self._known) * 1e-9
        self._known = max(self._known, slept)
        return seconds if seconds > LONGEST else 0.0
