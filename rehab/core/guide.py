"""The way a hand is guided on, and walls around it.

In a trial the way is the reference's path; where the reference has none, the straight line from where the hand was
when the exercise named a target (`trial_start`) to that target. Between trials there is none: the hand is led.

A wall is a one-sided spring and damper on the depth p (m) to which the hand is in it:

    F = max(0, K p + B ṗ min(1, p/p₀))  for p > 0,  else 0

so that nothing jumps by B·v at its edge, nothing acts outside it, and it never holds the hand back. Three of them make
the tunnel: one around the way at the distance w, one across it ahead of the reference's own place, one behind that.
The last two stand on the leg on which the hand is: at a corner they wait for it, so that none pushes it past. When the
way changes, or the hand comes round a corner, each wall begins where the hand is and closes with CLOSING, so that
nobody is thrown into a tunnel they are not in.

K stiffness N/m · B damping N·s/m · p₀ = EDGE. Plain floats: about 8 µs a tick in the plane.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import dist, hypot, inf, isfinite
from operator import mul

from rehab.core.path import Path, Place, line
from rehab.core.progress import Progress
from rehab.core.types import Event
from rehab.core.values import Floats

EDGE = 0.01  # m of wall over which its damping sets in
CLOSING = 0.1  # m/s, slower than the 0.15 m/s with which an exercise leads a hand that nobody has told to go
LEAST_WAY = 0.002  # m: a target nearer than that has no direction
AT_TURN = 0.001  # m from a corner at which the reference, which comes to rest there, is round it


def pressed(depth: float, rate: float, K: float, B: float) -> float:
    """The force in N of a wall on a hand at a depth (m) that grows by `rate` (m/s)."""
    if not depth > 0.0:
        return 0.0
    return max(0.0, K * depth + B * rate * min(1.0, depth / EDGE))


def dot(a: Iterable[float], b: Iterable[float]) -> float:
    product: float = sum(map(mul, a, b))
    return product


def added(base: Floats, factor: float, direction: Floats) -> Floats:
    """base + factor · direction."""
    return tuple([c + factor * u for c, u in zip(base, direction, strict=True)])


def place_in(event: Event, name: str) -> Floats:
    """A place (m) that an event tells of; () where it has none, or what is no place."""
    try:
        place = tuple(map(float, event.data.get(name, ())))
    except (TypeError, ValueError):
        return ()
    return place if all(map(isfinite, place)) else ()


def secret(event: Event) -> bool:
    """Whether a trial's target is for the record alone: the hand is led by the reference, never helped to the target.
    A test of the sense of position asks so."""
    return event.data.get("secret") is True


class Way:
    """Where the hand (`hand`) and the reference (`s_ref`, m) are on the `path`; None while there is no way.

    gone, length  m that the hand has come since the way was taken, and that it has to come: what the trial names
                  (`length`), at most to the end of the way; once round, if closed
    turned        the hand came round a corner of it in this tick
    """

    def __init__(self) -> None:
        self.path: Path | None = None
        self.hand: Place | None = None
        self.s_ref = self.gone = self.length = 0.0
        self._trial = False
        self._named = inf  # m that the trial says are to be gone
        self._own: Path | None = None  # the straight line to the target that was named
        self._target: Floats = ()
        self._hand: Progress | None = None
        self._reference: Progress | None = None
        self._last: Floats = ()  # where the hand was last seen, m

    def reset(self, x: Floats) -> None:
        """Begin at x (m): a target that was named is now reached from there."""
        self._last, self.path = x, None
        self._straight()

    def heed(self, event: Event) -> None:
        if event.kind == "trial_start":
            if secret(event):
                self._trial, self._target, self._own = False, (), None
                return
            self._trial, self._target = True, place_in(event, "target")
            named = event.data.get("length")
            self._named = float(named) if isinstance(named, int | float) and isfinite(named) else inf
            self._straight()
        elif event.kind == "trial_end":
            self._trial, self._target, self._own = False, (), None

    def again(self) -> None:
        """The trial is tried once more, from where the hand is."""
        self._straight()

    def _straight(self) -> None:
        known = len(self._target) == len(self._last) > 0 and dist(self._last, self._target) > LEAST_WAY
        self._own = line(self._last, self._target) if known else None

    @property
    def turned(self) -> bool:
        return self._hand is not None and self._hand.turned

    def look(self, x: Floats, x_ref: Floats, given: Path | None, v_ref: Floats = ()) -> bool:
        """Find the places of this tick; whether it is another way than in the tick before. The hand begins on the leg
        on which the reference is, and that, where it might be on several, on the one along which it moves."""
        self._last = x
        path = (given if given is not None else self._own) if self._trial else None
        changed = path is not self.path
        self.path = path
        if path is None:
            self.hand = self._hand = self._reference = None
            return changed
        if changed or self._hand is None or self._reference is None:
            self._hand, self._reference = Progress(path), Progress(path, AT_TURN)
            self._reference.begin(x_ref, v_ref)
            self._hand.on(self._reference.leg, x)
            self.gone = 0.0
            self.length = min(path.length - (0.0 if path.closed else self._hand.place.s), self._named)
        else:
            before = self._hand.place.s
            self._hand.step(x)
            self.gone += self._between(before, self._hand.place.s)
            self._reference.step(x_ref)
        self.hand, self.s_ref = self._hand.place, self._reference.place.s
        return changed

    def corners(self) -> tuple[float, float]:
        """m from the corner behind the hand, and to the one before it, or to the ends of the way."""
        assert self._hand is not None
        return self._hand.gone, self._hand.left

    def ahead(self) -> float:
        """How far (m) the hand is ahead of the reference."""
        assert self.hand is not None
        return self._between(self.s_ref, self.hand.s)

    def _between(self, s: float, to: float) -> float:
        """m along the way; of a closed one the shorter way round."""
        assert self.path is not None
        if not self.path.closed:
            return to - s
        length = self.path.length
        return (to - s + 0.5 * length) % length - 0.5 * length


class Margin:
    """How far a wall stands off: `width` m, and more just after `open`, as much as the hand needs."""

    __slots__ = ("_more", "_opening")

    def __init__(self) -> None:
        self._more, self._opening = 0.0, True

    def open(self) -> None:
        """The wall begins anew, where the hand is."""
        self._opening = True

    def depth(self, away: float, width: float, dt: float) -> float:
        """How deep (m, negative: not) a hand at the distance `away` (m) is in it."""
        if self._opening:
            self._opening, self._more = False, max(0.0, away - width)
        elif self._more > 0.0:
            self._more = max(0.0, self._more - CLOSING * dt)
        return away - width - self._more


class Tunnel:
    """The walls around a Way, or, while there is none, around the reference: then the hand is on a rope of length w."""

    def __init__(self) -> None:
        self._side, self._front, self._back = Margin(), Margin(), Margin()
        self.away = 0.0  # m from the way, or from the reference

    def open(self) -> None:
        """After another way was taken."""
        for margin in (self._side, self._front, self._back):
            margin.open()

    def side(self, way: Way, x: Floats, v: Floats, x_ref: Floats, v_ref: Floats, width: float, K: float, B: float,
             dt: float) -> Floats:  # fmt: skip
        """N on the hand at x (m) moving at v (m/s) from the wall around the way."""
        middle, moving = (x_ref, v_ref) if way.hand is None else (way.hand.point, (0.0,) * len(x))
        out = tuple([c - m for c, m in zip(x, middle, strict=True)])
        self.away = away = hypot(*out)
        depth = self._side.depth(away, width, dt)
        if not depth > 0.0:
            return (0.0,) * len(x)
        n = tuple([c / away for c in out])
        rate = dot(v, n) - dot(moving, n)
        return added((0.0,) * len(x), -pressed(depth, rate, K, B), n)

    def ends(self, way: Way, v: Floats, v_ref: Floats, ahead: float, behind: float, K: float, B: float,
             dt: float) -> float:  # fmt: skip
        """N along the way: holds a hand back that is too far ahead of the reference, draws on one too far behind."""
        assert way.path is not None and way.hand is not None
        lead = way.ahead()
        gone, left = way.corners()
        reference = way.path.at(way.s_ref).direction
        rate = dot(v, way.hand.direction) - dot(v_ref, reference)
        front = self._front.depth(min(lead, gone + ahead), ahead, dt)
        back = self._back.depth(min(-lead, left + behind), behind, dt)
        return pressed(back, -rate, K, B) - pressed(front, rate, K, B)
