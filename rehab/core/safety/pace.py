"""F27: is the loop itself in time? One tick that is too late, or too few ticks in a second. Where a plug-in alone took
more than its tick, it is that one which failed (F38, F39), by the same limits."""

from __future__ import annotations

from rehab.core.limits import Limits
from rehab.core.safety.faults import Fault
from rehab.core.safety.ladder import Trip
from rehab.core.values import Action

RATE_WARN = 0.95  # share of the ticks of a second below which it is said


class Pace:
    """`slow`: fewer than RATE_WARN of the ticks of the last second ran."""

    def __init__(self, period: float, trip: Trip) -> None:
        self._trip = trip
        self._ticks = round(1.0 / period)  # of a second
        self.begin()

    def follow(self, limits: Limits) -> None:
        self._late, self._least = limits.values["overrun_stop"], limits.values["rate_stop"]

    def begin(self) -> None:
        """Count from now."""
        self._skips = bytearray(self._ticks)  # the last second: 1 where a tick was skipped
        self._at = self._missed = 0
        self.slow = False

    def step(self, skipped: int, late: float, by: Fault = Fault.LOOP_OVERRUN, who: str = "") -> None:
        """Once a tick: so many ticks were skipped before it, and it began `late` s late. `by` is whose fault that would
        be, and `who` its author, in words that go before the others."""
        if late > self._late:
            allowed = self._late * 1e3
            self._trip(by, f"{who}a tick was {late * 1e3:.1f} ms late; {allowed:.0f} ms are allowed")
        if not (skipped or self._missed):
            return  # the usual tick: in a second without a 1 it does not matter where the next goes
        for _ in range(min(skipped, self._ticks)):
            self._note(1)
        self._note(0)
        kept = 1.0 - self._missed / self._ticks
        self.slow = kept < RATE_WARN
        if self.slow:
            words = f"{who}only {kept * 100:.0f} % of the ticks of the last second ran"
            stops = kept < self._least
            self._trip(by if stops else Fault.LOOP_OVERRUN, words, None if stops else Action.WARN)

    def _note(self, missed: int) -> None:
        at = self._at
        self._missed += missed - self._skips[at]
        self._skips[at] = missed
        self._at = at + 1 if at + 1 < self._ticks else 0
