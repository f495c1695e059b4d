"""Staying on a goal that moves: what was seen a reaction ago, carried on to now, and corrected by looks.

    ŵ = g + h ġ + ½ h² g̈        ẅ = ω² (ŵ − w) + 2 ω (ġ + h g̈ − ẇ) + φ g̈        g as it was seen at t − δ
    x_d = turned(w) + c         c ← c + ½ ρ (w(t_k) − y(t_k)) a reaction after t_k, and the hand goes there by ω
    δ = ½ reaction              h = φ δ              ω = 5 / movement

g the goal in the pictures, m, with its velocity and acceleration · δ s: what is under way is corrected in half of the
time of an answer to something new (110 ms: Brenner & Smeets 1997, J. Mot. Behav. 29:297) · φ how much is anticipated
(feed_forward) · w, ẇ where the cursor is meant to be and how fast, begun with the motion that the hand has · y the
cursor · c by what the hand has to be elsewhere for it, looked at in turns, t_k · ρ share of a way that one movement
covers · ω 1/s, so that an answer, critically damped, takes as long as a movement.

The delay is that of seeing only: the hand's own motion is known without it (Smith predictor: Miall, Weir, Wolpert &
Stein 1993, J. Mot. Behav. 25:203), the goal's is extrapolated by its speed (Engel & Soechting 2000, J. Neurophysiol.
83:3483), and errors are corrected in turns (intermittency: Miall, Weir & Stein 1993, J. Mot. Behav. 25:53). The form is
ours.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import cos, dist, hypot, sin
from typing import NamedTuple

from numpy.random import Generator

from rehab.core.values import Floats
from sim.patients.person import Traits

SEEING = 0.5  # of a reaction
GLIDES = 0.8  # m/s: what is seen to go farther than that from one picture to the next has jumped
LEAST, PICTURE = 0.01, 0.05  # s: the times between two pictures of something that moves
SMOOTH = 0.2  # of a new acceleration is believed at each picture: 0.1 s of them
SHARPEST = 2.0  # m/s²: a sharper turn is a bounce, which does not go on
OVER = 0.3  # s after the last picture of it: it has come to rest
SETTLED = 0.01  # m/s
BANDWIDTH = 5.0  # a critically damped answer is over after 5/ω
MOST_BESIDE = 0.1  # m that a correction comes to
KEPT = 600  # pictures: 10 s, the longest reaction, of 50 a second


class Glance(NamedTuple):
    """What was made of one picture, and of those before it."""

    t: float  # s
    x: Floats  # m
    v: Floats  # m/s
    a: Floats  # m/s²

    def later(self, dt: float) -> tuple[Floats, Floats]:
        """Where it will be after dt s, and how fast."""
        x = tuple([x + dt * v + 0.5 * dt * dt * a for x, v, a in zip(self.x, self.v, self.a, strict=True)])
        return x, tuple([v + dt * a for v, a in zip(self.v, self.a, strict=True)])


class Seen:
    """A goal in the pictures, from the first one of it on."""

    def __init__(self, t: float, place: Floats | None) -> None:
        self._pictures: deque[Glance] = deque(maxlen=KEPT)
        rest = () if place is None else (0.0,) * len(place)
        self._last = Glance(t, place or (), rest, rest)
        self._now: Glance | None = None

    def goes_to(self, t: float, place: Floats | None) -> bool:
        """Take in a picture shown at t (s) in which it is elsewhere. False: so far away that it is another goal."""
        last = self._last
        if place is None or not last.x:
            return False
        since = min(max(t - last.t, LEAST), PICTURE)  # one that begins to move did so nobody knows how long ago
        if dist(place, last.x) > GLIDES * since:
            return False
        v: Floats = tuple([(b - a) / since for a, b in zip(last.x, place, strict=True)])
        a = last.a
        if self._moved(last, t):
            new = [(w - u) / since for u, w in zip(last.v, v, strict=True)]
            least = max(1.0, hypot(*new) / SHARPEST)
            a = tuple([b + SMOOTH * (w / least - b) for b, w in zip(last.a, new, strict=True)])
        self._last = Glance(t, place, v, a)
        self._pictures.append(self._last)
        return True

    def _moved(self, last: Glance, t: float) -> bool:
        return any(last.v) and t - last.t <= PICTURE

    def at(self, t: float) -> Glance:
        """As it was at t (s), once it was seen to move."""
        now = self._until(t)
        assert now is not None
        if t - now.t > 2.0 * PICTURE:
            rest = (0.0,) * len(now.x)
            return Glance(t, now.x, rest, rest)
        return Glance(t, *now.later(t - now.t), now.a)

    def moves(self, t: float) -> bool:
        """Whether it was seen to move at t (s), or little before."""
        now = self._until(t)
        return now is not None and t - now.t <= OVER

    def _until(self, t: float) -> Glance | None:
        while self._pictures and self._pictures[0].t <= t:
            self._now = self._pictures.popleft()
        return self._now


def seeing(traits: Traits) -> float:
    """δ, s."""
    return SEEING * traits.reaction


class Pursuit:
    """One, from when a goal is seen to move until it rests. `x`, `v`: where the hand is meant to be, m, how fast, m/s.

    aim, middle  rad and m: the hand is aimed that much beside the cursor, seen from the middle
    varied       a duration (s) around its mean
    """

    def __init__(
        self, seen: Seen, traits: Traits, dice: Generator, t: float, x: Floats, v: Floats,
        *, aim: float, middle: Floats, varied: Callable[[float], float],
    ) -> None:  # fmt: skip
        self.seen, self.x, self.v = seen, x, v
        self._traits, self._dice, self._aim, self._middle, self._varied = traits, dice, aim, middle, varied
        self._rate = BANDWIDTH / traits.movement
        self._zero = (0.0,) * len(x)
        self._t = t
        self._w, self._wd = self._about(x, -aim), turned(v, -aim)
        self._c = self._cd = self._beside = self._zero
        self._missed: Floats = ()  # by which the cursor was beside, and not answered yet
        self._look = t + varied(traits.reaction)

    def _about(self, x: Floats, angle: float) -> Floats:
        way = turned(tuple([c - m for c, m in zip(x, self._middle, strict=True)]), angle)
        return tuple([m + w for m, w in zip(self._middle, way, strict=True)])

    @property
    def over(self) -> bool:
        """The goal rests, and the hand is meant to."""
        return not self.seen.moves(self._t - seeing(self._traits)) and hypot(*self.v) <= SETTLED

    def follow(self, t: float) -> None:
        """Go on to t (s)."""
        dt, self._t = t - self._t, t
        delay, share = seeing(self._traits), self._traits.feed_forward
        goal = self.seen.at(t - delay)
        self._w, self._wd = self._after(
            self._w, self._wd, *goal.later(share * delay), tuple([share * a for a in goal.a]), dt
        )
        self._c, self._cd = self._after(self._c, self._cd, self._beside, self._zero, self._zero, dt)
        self.x = tuple([w + c for w, c in zip(self._about(self._w, self._aim), self._c, strict=True)])
        self.v = tuple([w + c for w, c in zip(turned(self._wd, self._aim), self._cd, strict=True)])

    def _after(self, x: Floats, v: Floats, goal: Floats, pace: Floats, a: Floats, dt: float) -> tuple[Floats, Floats]:
        """x, v dt s later, critically damped towards a goal that goes at `pace` (m/s) and speeds up by `a` (m/s²)."""
        k, d = self._rate**2, 2.0 * self._rate
        v = tuple([
            u + dt * (k * (g - p) + d * (w - u) + c) for p, u, g, w, c in zip(x, v, goal, pace, a, strict=True)
        ])  # fmt: skip
        return tuple([p + dt * u for p, u in zip(x, v, strict=True)]), v

    def look(self, t: float, cursor: Floats) -> None:
        """Where the cursor is, m: looked at in turns, and answered a reaction later."""
        if t < self._look:
            return
        traits = self._traits
        self._look = t + self._varied(traits.reaction)
        if not self._missed:
            self._missed = tuple([w - y for w, y in zip(self._w, cursor, strict=True)])
            return
        share, missed, self._missed = 0.5 * traits.reach, self._missed, ()
        beside = [b + share * m for b, m in zip(self._beside, missed, strict=True)]
        if traits.contrary and float(self._dice.random()) < traits.contrary:  # stays behind on purpose
            speed = max(SETTLED, hypot(*self._wd))
            beside = [b - MOST_BESIDE * w / speed for b, w in zip(beside, self._wd, strict=True)]
        long = max(1.0, hypot(*beside) / MOST_BESIDE)
        self._beside = tuple([b / long for b in beside])


def turned(way: Floats, angle: float) -> Floats:
    """A way (m) in the plane, turned by an angle (rad)."""
    if not angle or len(way) != 2:
        return way
    c, s = cos(angle), sin(angle)
    return (c * way[0] - s * way[1], s * way[0] + c * way[1])
