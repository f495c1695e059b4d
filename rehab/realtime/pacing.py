"""Absolute deadlines on a fixed grid. After a stall whole periods are skipped, never caught up in a burst."""

from __future__ import annotations

from typing import NamedTuple

from rehab.core.clock import Clock


class Beat(NamedTuple):
    """One tick's timing. `dt` is the measured time since the tick before, in whole periods for simulated clocks."""

    now: float  # s, monotonic clock
    dt: float  # s since the beat before
    late: float  # s after its deadline
    skipped: int  # whole periods that were given up before this beat


class Pacer:
    """Waits for one deadline after the other on `clock`; the period is in s."""

    def __init__(self, clock: Clock, period: float) -> None:
        self.clock = clock
        self.period_ns = round(period * 1e9)
        self.restart()

    def restart(self) -> None:
        """Begin a new grid now: after work that was allowed to take long."""
        self._last = self.clock.now_ns()
        self._deadline = self._last + self.period_ns

    def wait(self) -> Beat:
        """Sleep to the next deadline of the grid that has not passed by a whole period or more."""
        behind = self.clock.now_ns() - self._deadline
        skipped = max(0, behind // self.period_ns)
        self._deadline += skipped * self.period_ns
        self.clock.sleep_until_ns(self._deadline)
        now = self.clock.now_ns()
        beat = Beat(now * 1e-9, (now - self._last) * 1e-9, (now - self._deadline) * 1e-9, skipped)
        self._last = now
        self._deadline += self.period_ns
        return beat
