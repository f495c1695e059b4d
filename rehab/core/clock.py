"""Time for control: nanoseconds that only go forward.

The wall clock jumps (NTP, daylight saving, a hand on the dial); it labels recordings and never times control.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A clock that control can wait on. `simulated` clocks stand still unless somebody waits."""

    simulated: bool

    def now_ns(self) -> int: ...

    def sleep_until_ns(self, deadline_ns: int) -> None:
        """Return at or after the deadline; at once when it has passed."""
        ...


class MonotonicClock:
    """The machine's monotonic clock. Sleeps to `deadline − spin_ns`, then spins: late wake-ups cost CPU, not jitter.

    Whoever is so busy that there is never time to sleep takes a breath every 20 ms: without it a slow loop under
    real-time scheduling would starve the machine, and be killed as a runaway (rehab.realtime.scheduling).
    """

    simulated = False
    BREATH_EVERY_NS, BREATH = 20_000_000, 100e-6  # ns, s; shorter ones were found not to put the thread to sleep

    def __init__(self, spin_ns: int = 0) -> None:
        self.spin_ns = spin_ns
        self._slept_ns = time.monotonic_ns()

    def now_ns(self) -> int:
        return time.monotonic_ns()

    def sleep_until_ns(self, deadline_ns: int) -> None:
        now = time.monotonic_ns()
        left = deadline_ns - self.spin_ns - now
        if left > 0:
            time.sleep(left * 1e-9)
            self._slept_ns = now
        elif now - self._slept_ns > self.BREATH_EVERY_NS:
            time.sleep(self.BREATH)
            self._slept_ns = now
        while time.monotonic_ns() < deadline_ns:
            pass


class ManualClock:
    """Simulated time: waiting moves it, nothing else does. `stall` makes the next wait end late, for tests."""

    simulated = True

    def __init__(self, start_ns: int = 0) -> None:
        self._now = start_ns

    def now_ns(self) -> int:
        return self._now

    def sleep_until_ns(self, deadline_ns: int) -> None:
        self._now = max(self._now, deadline_ns)

    def advance(self, seconds: float) -> None:
        self._now += round(seconds * 1e9)


def wall_clock_iso() -> str:
    """UTC now as 2026-11-23T10:15:00.123456Z; a label for people, never an input of control."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
