"""One switch steers in every direction: they are offered in turn, and a press takes the one that is offered.

    offered ──dwell──▶ next ──dwell──▶ …          accepted press ──▶ moving ──▶ offered again, the same direction first

A press counts once it has lasted `acceptance` (a tremor or a stumble does not), and the next one `lockout` after its
end at the earliest (a switch that bounces, a hand that shakes). Moving: `hold` as long as the switch is held, `latch`
until the next press; in both at most `longest`. Time comes as an argument: no clock, no device.
"""

from __future__ import annotations

from math import cos, inf, pi, sin
from typing import NamedTuple

from rehab.core.values import Floats


class Timing(NamedTuple):
    """All in s."""

    dwell: float = 1.0
    acceptance: float = 0.05
    lockout: float = 0.2
    longest: float = 5.0


def directions(dimensions: int, count: int) -> tuple[Floats, ...]:
    """Clockwise from straight ahead; with one dimension both ways."""
    if dimensions == 1:
        return ((1.0,), (-1.0,))
    angles = [pi / 2.0 - 2.0 * pi * k / count for k in range(count)]
    return tuple([(round(cos(a), 12), round(sin(a), 12)) for a in angles])


class Scanning:
    """`offer` is the direction that is offered, or moved in; `intent` what is asked for."""

    def __init__(self, ways: tuple[Floats, ...], timing: Timing, *, latch: bool) -> None:
        self._ways, self._timing, self._latch = ways, timing, latch
        self._zero = (0.0,) * len(ways[0])
        self._index = 0
        self._since: float | None = None  # when this direction was offered first
        self._pressed = inf  # since when it is held; inf: it is not
        self._taken = False  # this press has had its effect
        self._free = -inf  # when the next press may begin
        self._moving_since = inf

    @property
    def moving(self) -> bool:
        return self._moving_since < inf

    @property
    def offer(self) -> Floats:
        return self._ways[self._index]

    @property
    def intent(self) -> Floats:
        return self.offer if self.moving else self._zero

    def press(self, now: float, down: bool) -> None:
        """The switch goes down or up at `now` (s)."""
        self.look(now)
        if down:
            if self._pressed == inf and now >= self._free:
                self._pressed, self._taken = now, False
        elif self._pressed < inf:
            if self._taken:
                self._free = now + self._timing.lockout
                if self.moving and not self._latch:
                    self._stop(now)
            self._pressed = inf

    def look(self, now: float) -> None:
        """What the time that has passed brings."""
        timing = self._timing
        if self._since is None:
            self._since = now
        accepted = self._pressed + timing.acceptance
        self._end_by(min(now, accepted))
        if not self._taken and now >= accepted:
            self._offer_until(accepted)
            self._taken = True
            if self.moving:
                self._stop(accepted)
            else:
                self._moving_since = accepted
        self._end_by(now)
        self._offer_until(now)

    def _end_by(self, now: float) -> None:
        """A movement that has lasted long enough is over."""
        if self.moving and now >= self._moving_since + self._timing.longest:
            self._stop(self._moving_since + self._timing.longest)

    def _offer_until(self, now: float) -> None:
        """The next direction, as often as its time has come."""
        assert self._since is not None
        # while a press is being looked at, what was offered stays
        if self.moving or (self._pressed < inf and not self._taken):
            return
        steps = int((now - self._since) / self._timing.dwell)
        if steps > 0:
            self._index = (self._index + steps) % len(self._ways)
            self._since += steps * self._timing.dwell

    def _stop(self, now: float) -> None:
        self._moving_since, self._since = inf, now
