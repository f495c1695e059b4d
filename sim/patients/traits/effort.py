"""One step's torque on its way from the intention to the limb: every mechanism changes it, in this order.

    will        what is meant, less what is held back            slacking
    ceiling     what the muscles can give of it, damping too     strength, fatigue, weakness, damping, noise
    abnormal    what comes with it unasked                       synergy
    unwilled    what comes in any case, beyond all strength      tone, spasticity, tremor, spasms
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, sqrt
from operator import add, sub
from typing import Protocol

import numpy as np

from rehab.core.values import Floats

STAGES = WILL, CEILING, ABNORMAL, UNWILLED = range(4)
NOISE_TIME = 0.05  # s: 1/(2π·3 Hz)
BLOCK = 512  # numbers drawn at once


class Effort:
    """t, dt    s
    q, qd    joint angles of the limb rad and velocities rad/s
    torque   N·m, one a joint: what the muscles are about to do; damping is not in it
    damping  N·m: what they do besides, because they are stretched or shorten
    force    N, limb on robot, in the robot's task space
    towards  unit vector in which the hand is meant to go; () when nowhere
    behind   m by which the hand is behind where it is meant to be, that way
    tense    share of the stiffness that is there, 0 … 1: near 0 relaxed, 1 acting
    most     N·m of each joint that the patient has when rested
    """

    __slots__ = ("behind", "damping", "dt", "force", "most", "q", "qd", "t", "tense", "torque", "towards")

    t: float
    dt: float
    q: Floats
    qd: Floats
    torque: list[float]
    damping: list[float]
    force: Floats
    towards: Floats
    tense: float

    def __init__(self, most: Floats) -> None:
        self.most = most
        self.dt = 0.0
        self.towards = ()
        self.behind = 0.0


class Mechanism(Protocol):
    """At work in one limb. Plain floats, a microsecond or two; keeps no more from step to step than it must."""

    def act(self, effort: Effort) -> None: ...


class Ceiling(Protocol):
    """A mechanism of the stage `CEILING` that keeps torque below something."""

    def act(self, effort: Effort) -> None: ...

    def bound(self, both: list[float], effort: Effort) -> None:
        """Keep torque and damping together (N·m, one a joint) below it, or where the torque alone is, in place."""
        ...


class Strength:
    """No joint gives more than the patient has."""

    def act(self, effort: Effort) -> None:
        limit(effort.torque, effort.most, 1.0)

    def bound(self, both: list[float], effort: Effort) -> None:
        limit(both, effort.most, 1.0, effort.torque)


class Damping:
    """What damps is muscle too: with it no ceiling is passed. One that shortens gives less, as it did before."""

    def __init__(self, ceilings: Sequence[Ceiling]) -> None:
        self._ceilings = ceilings

    def act(self, effort: Effort) -> None:
        torque = effort.torque
        both = list(map(add, torque, effort.damping))
        for ceiling in self._ceilings:
            ceiling.bound(both, effort)
        effort.damping = list(map(sub, both, torque))


def limit(torque: list[float], most: Floats, share: float, already: Sequence[float] = ()) -> None:
    """Keep each joint's torque within that share of `most`, or within what is there `already`, in place."""
    for k, full in enumerate(most):
        ceiling = max(share * full, abs(already[k])) if already else share * full
        if torque[k] > ceiling:
            torque[k] = ceiling
        elif torque[k] < -ceiling:
            torque[k] = -ceiling


class Noise:
    """τ ← τ (1 + σ n), n of unit variance in a band of 3 Hz: the error grows with the effort.

    Signal-dependent noise: Harris & Wolpert 1998, Nature 394:780.
    """

    def __init__(self, share: float, joints: int, generator: np.random.Generator) -> None:
        self._share, self._numbers = share, normal(generator)
        self._n = [0.0] * joints
        self._dt = self._keep = self._new = 0.0

    def act(self, effort: Effort) -> None:
        if effort.dt != self._dt:
            self._dt = effort.dt
            self._keep = exp(-effort.dt / NOISE_TIME)
            self._new = sqrt(1.0 - self._keep**2)
        torque, n, share = effort.torque, self._n, self._share
        for k in range(len(n)):
            n[k] = now = self._keep * n[k] + self._new * next(self._numbers)
            torque[k] += share * now * abs(torque[k])


def normal(generator: np.random.Generator) -> Iterator[float]:
    """Standard normal numbers, drawn in blocks: 0.1 µs each instead of 1."""
    block = np.empty(BLOCK)
    while True:
        yield from generator.standard_normal(out=block).tolist()
