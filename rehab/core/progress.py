"""How far something has come along a path, without jumps: what is nearest is looked for near where it was, leg by leg.

A path that turns back on itself is as near going as coming, and one that turns sharply is, to a hand beyond the corner,
as near before it as after it. There the nearest place of the whole path flips at every tick, and with it the direction
of whatever force acts along it. So the place stays on one leg of the path (rehab.core.path) until

    it has come within `turn` of the leg's end                               then it is on the next leg
    or the hand cut the corner: within CUT of it, nearer to the other leg    by NEARER to the next, by BACK to the last

which are apart, so that no hand rests where both hold. Within a leg it is looked for WINDOW before and after the last.
"""

from __future__ import annotations

from math import inf

from rehab.core.path import Path, Place
from rehab.core.values import Floats

WINDOW = 0.01  # m: 10 m/s at 1 ms
TURN = 0.01  # m from a corner at which a hand has made it
CUT = 0.03  # m before or after a corner that may be cut
NEARER = 0.003  # m: more than noise
BACK = 0.015  # m: more than TURN, or a hand that has just made the corner would be back before it
SAME = 0.001  # m within which two legs are equally near
MOVING = 0.005  # m/s: what is slower has no direction


class Progress:
    """The place on a path of x; `begin`, then `step` in every tick. `turned`: it came onto another leg just now."""

    __slots__ = ("_cornered", "_from", "_long", "_turn", "leg", "path", "place", "turned")

    def __init__(self, path: Path, turn: float = TURN) -> None:
        self.path, self._turn = path, turn
        self._cornered = len(path.legs) > 1 or not path.closed
        self.on(0, path.points[0])

    def begin(self, x: Floats, v: Floats = ()) -> None:
        """On the leg nearest to x (m); of those equally near on the one that goes along with v (m/s), or the first."""
        places = [self.path.nearest(x, leg=leg) for leg in range(len(self.path.legs))]
        least = min(place.distance for place in places) + SAME
        near = [leg for leg, place in enumerate(places) if place.distance <= least]
        ahead = [sum(a * b for a, b in zip(v, places[leg].direction, strict=False)) for leg in near]
        self.on(near[ahead.index(max(ahead))] if max(ahead) > MOVING else near[0], x)

    def on(self, leg: int, x: Floats) -> None:
        """On that leg, where it is nearest to x (m)."""
        self.leg, self.turned = leg, False
        self._from, end = self.path.ends(leg)
        self._long = (end - self._from) % self.path.length if self.path.closed else end - self._from
        self.place = self.path.nearest(x, leg=leg)

    def step(self, x: Floats) -> Place:
        self.place = self.path.nearest(x, around=self.place.s, window=WINDOW, leg=self.leg)
        self.turned = len(self.path.legs) > 1 and self._turned(x)
        return self.place

    @property
    def gone(self) -> float:
        """m from the beginning of the leg; endless on a path that goes round without a corner."""
        return self._gone() if self._cornered else inf

    @property
    def left(self) -> float:
        """m to the end of the leg; likewise."""
        return self._long - self._gone() if self._cornered else inf

    def _gone(self) -> float:
        gone = self.place.s - self._from
        if self.path.closed:
            middle, half = 0.5 * self._long, 0.5 * self.path.length
            gone = (gone - middle + half) % self.path.length - half + middle
        return min(max(gone, 0.0), self._long)

    def _turned(self, x: Floats) -> bool:
        """Go to the next leg, or the last, if it is time."""
        count = len(self.path.legs)
        gone = self._gone()
        left = self._long - gone
        onward = self.path.closed or self.leg + 1 < count
        if onward and (left <= self._turn or (left <= CUT and self._nearer(x, self.leg + 1, NEARER))):
            self.on((self.leg + 1) % count, x)
        elif gone <= CUT and (self.path.closed or self.leg > 0) and self._nearer(x, self.leg - 1, BACK):
            self.on((self.leg - 1) % count, x)
        else:
            return False
        return True

    def _nearer(self, x: Floats, leg: int, by: float) -> bool:
        other = self.path.nearest(x, around=self.place.s, window=CUT + TURN, leg=leg % len(self.path.legs))
        return other.distance < self.place.distance - by
