"""One switch chooses among many answers: they are offered in turn, and a press takes the one that is offered.

    offered ──dwell──▶ next ──dwell──▶ … ──▶ the first again
       ╰── press, held for `acceptance` ──▶ taken

A press counts once it has lasted `acceptance` (a tremor does not), and the next one `lockout` after its end at the
earliest (a switch that bounces, a hand that shakes). While a press is being looked at, what was offered stays. Nothing
is ever taken by waiting. Time comes as an argument: no clock, no window.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple


class Timing(NamedTuple):
    """All in s."""

    dwell: float = 1.5
    acceptance: float = 0.05
    lockout: float = 0.3


class Scanning:
    """`offer` is the number of what is offered, `taken` of what was chosen; None while nothing was."""

    def __init__(self, count: int, timing: Timing) -> None:
        if count < 1 or not timing.dwell > 0.0:
            raise ValueError(f"{count} things to offer, for {timing.dwell:g} s each")
        self._count, self._timing = count, timing
        self.offer = 0
        self.taken: int | None = None
        self._since: float | None = None  # when this one was offered first
        self._pressed = inf  # since when it is held; inf: it is not
        self._free = -inf  # when the next press may begin

    def press(self, now: float, down: bool) -> None:
        """The switch goes down or up at `now` (s)."""
        self.look(now)
        if down:
            if self._pressed == inf and now >= self._free:
                self._pressed = now
        elif self._pressed < inf:
            self._free = now + self._timing.lockout
            self._pressed = inf

    def look(self, now: float) -> None:
        """What the time that has passed brings."""
        if self._since is None:
            self._since = now
        if self.taken is not None:
            return
        if self._pressed < inf:
            if now >= self._pressed + self._timing.acceptance:
                self.taken = self.offer
            return
        steps = int((now - self._since) / self._timing.dwell)
        if steps > 0:
            self.offer = (self.offer + steps) % self._count
            self._since += steps * self._timing.dwell

    def begin(self, count: int, now: float) -> None:
        """Other things are offered from now on, by the same switch: one that is still held must be let go first."""
        self._count, self.offer, self.taken, self._since = count, 0, None, now
        if self._pressed < inf:
            self._pressed, self._free = inf, now + self._timing.lockout
