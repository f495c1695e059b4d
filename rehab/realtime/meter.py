"""Who keeps the loop from being in time: how long controller and exercise take, and whether it is their own doing.

A machine that takes the processor away for 20 ms does so in the middle of somebody's law, too. A plug-in is slow by
itself when in the time that it took it computed for a whole period, or went to sleep (waited, read a file).
"""

from __future__ import annotations

import resource
from time import thread_time_ns

from rehab.core.clock import Clock


class Meter:
    """After a tick in which one of them alone took more than a period `slow` is "controller" or "exercise", and `took`
    how long, s; else "". Costs 2 µs a tick."""

    def __init__(self, clock: Clock, period: float) -> None:
        self._clock, self._period_ns = clock, round(period * 1e9)
        self.slow, self.took = "", 0.0
        self._at = 0
        self._used = _usage()

    def begin(self) -> None:
        self.slow, self.took = "", 0.0
        self._used = _usage()
        self._at = self._clock.now_ns()

    def exercise(self) -> None:
        self._lap("exercise")

    def controller(self) -> None:
        self._lap("controller")

    def ask(self) -> None:
        self._at = self._clock.now_ns()

    def _lap(self, who: str) -> None:
        now = self._clock.now_ns()
        took = now - self._at
        if took > self._period_ns and took > 1e9 * self.took and self._own():
            self.slow, self.took = who, took * 1e-9
        self._at = now

    def _own(self) -> bool:
        """Since the tick began, which is a few microseconds more."""
        (computed, slept), (now_computed, now_slept) = self._used, _usage()
        return now_computed - computed > self._period_ns or now_slept > slept


def _usage() -> tuple[int, int]:
    """Of this thread: ns of processor time, and how often it has given the processor away of its own accord."""
    return thread_time_ns(), resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
