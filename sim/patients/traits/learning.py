"""Learning: from trial to trial the patient comes to compensate what disturbs it, a force field or a turned cursor.

    F_ff = −W v_d        the hand's own force against a field F = W v, from the movement that is meant
    aim turned by −x     the angle by which the hand is aimed beside the target, against a turned cursor

Both are memories of two states (two_state.py), x in rad and W in N·s/m, and both learn once a trial: from its first
movement to a goal, until the hand is looked at again, a reaction time after the movement's end.

    e_W = −Σ F_fb / Σ |v_d|                   F_fb = J⁻ᵀ (K(q_d − q) + D(q̇_d − q̇));  it is the error of W t̂
    e_x = ∠(target, cursor) − ∠(aim, hand)    both seen from the start of the movement, at its middle

t̂ the direction that was meant · F_fb the force by which the limb's own impedance corrected what was not foreseen, less
what it was at the beginning: in sum, from rest to rest, the force that was missing (feedback-error learning: Kawato,
Furukawa & Suzuki 1987, Biol. Cybern. 57:169; docs/decisions/0011). So the friction of the robot is learned too, as far
as it is not taken away. What the hand itself did beside its aim is no error of a cursor that follows it. A cursor that
is hidden shows no error, a hand led by a channel as little as the channel gives; what was learned then fades, by the
memory's own rates.
Adaptation by such updates: Thoroughman & Shadmehr 2000, Nature 407:742; of aim: Krakauer et al. 2000, J. Neurosci.
20:8916.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, dist, hypot, pi, remainder

from rehab.core.types import CursorMap
from rehab.core.values import Floats
from sim.patients.traits.trait import Trait, number
from sim.patients.traits.two_state import TwoState, TwoStateMap

LEAST_WAY = 0.01  # m: a hand that has gone less has no direction


@dataclass(frozen=True)
class Learning(Trait):
    keep_fast: float = number(0.59, least=0.0, most=1.0, says="A_f, share of the fast memory that stays to next trial")
    learn_fast: float = number(0.21, least=0.0, most=1.0, says="B_f, share of the error that the fast memory takes in")
    keep_slow: float = number(0.992, least=0.0, most=1.0, says="A_s, share of the slow memory that stays")
    learn_slow: float = number(0.02, least=0.0, most=1.0, says="B_s, share of the error that the slow memory takes in")


class Learner:
    """At work. `field` holds W, `angle` holds x."""

    def __init__(self, trait: Learning, dimensions: int) -> None:
        rates = (trait.keep_fast, trait.learn_fast, trait.keep_slow, trait.learn_slow)
        self.field, self.angle = TwoStateMap(dimensions, rates), TwoState(1, rates)
        self._trial: _Trial | None = None

    @property
    def watches(self) -> bool:
        """Whether a movement is under way that teaches."""
        return self._trial is not None

    @property
    def aim(self) -> float:
        """rad by which movements are turned away from the target."""
        return -self.angle.net[0]

    def force(self, v: Floats) -> Floats:
        """F_ff in N for a hand that is meant to move at v (m/s)."""
        return tuple([-f for f in self.field.of(v)])

    def begin(self, hand: Floats, aim: Floats, target: Floats, half: float) -> None:
        """The first movement of a trial: from `hand` (m) in the direction `aim`, because of a target at `target` in the
        scene; `half` s is its middle."""
        self._trial = _Trial(hand, aim, target, half)

    def watch(self, t: float, hand: Floats, cursor: CursorMap) -> None:
        """One step of that movement, the hand at `hand` m."""
        if self._trial is not None:
            self._trial.watch(t, hand, cursor)

    def correct(self, force: Floats, v: Floats, dt: float) -> None:
        """In this step of dt s feedback gave that force (N) to a hand that was meant to move at v (m/s)."""
        if self._trial is not None:
            self._trial.correct(force, v, dt)

    def over(self) -> None:
        """The movement or its trial is over: what was seen is learned, once."""
        if self._trial is not None:
            self.field.learn(self._trial.along, self._trial.missing())
            self.angle.learn((self._trial.turned,))
            self._trial = None


class _Trial:
    """What the patient sees of one movement."""

    def __init__(self, hand: Floats, aim: Floats, target: Floats, half: float) -> None:
        length = hypot(*aim) or 1.0
        self._start, self._target, self._half = hand, target, half
        self.along = tuple([c / length for c in aim])
        self._began: Floats = ()  # N, of feedback
        self._impulse = (0.0,) * len(hand)  # N·s
        self._passed = 0.0  # m
        self.turned = 0.0  # e_x
        self._seen = len(hand) != 2  # in one dimension nothing can be turned

    def correct(self, force: Floats, v: Floats, dt: float) -> None:
        self._began = self._began or force
        self._impulse = tuple([p + (f - b) * dt for p, f, b in zip(self._impulse, force, self._began, strict=True)])
        self._passed += hypot(*v) * dt

    def watch(self, t: float, hand: Floats, cursor: CursorMap) -> None:
        if not self._seen and t >= self._half:
            self._seen = True
            self._look(hand, cursor)

    def _look(self, hand: Floats, cursor: CursorMap) -> None:
        if not cursor.shown or dist(hand, self._start) < LEAST_WAY:
            return
        shown, began = cursor.place(hand), cursor.place(self._start)
        went = (hand[0] - self._start[0], hand[1] - self._start[1])
        seen = (shown[0] - began[0], shown[1] - began[1])
        wanted = (self._target[0] - began[0], self._target[1] - began[1])
        own = 0.0 if cursor.clamp else _angle(self.along, went)
        self.turned = remainder(_angle(wanted, seen) - own, 2.0 * pi)

    def missing(self) -> Floats:
        """e_W, N·s/m."""
        return tuple([-p / self._passed if self._passed > 0.0 else 0.0 for p in self._impulse])


def _angle(a: Floats, b: Floats) -> float:
    """From a to b, rad, counter-clockwise."""
    return atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1])
