"""Weakness: the hand does not press harder than a ceiling in one direction; in all others it is as strong as before.

    F = J⁻ᵀ τ        τ ← τ − Jᵀ u · max(0, u·F − F_max)

u unit vector in the robot's axes · F force N that the voluntary torque τ makes at a hand held fast · F_max ceiling N.
Strength after stroke depends on the direction: Lum, Burgar & Shor 2003, Muscle Nerve 27:211. Several may act at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from operator import mul

from numpy.random import Generator

from rehab.core.values import Floats
from sim.patients.limb import Limb
from sim.patients.traits.effort import CEILING, Effort
from sim.patients.traits.trait import MuscleTrait, number, word


@dataclass(frozen=True)
class Weakness(MuscleTrait):
    """`direction`: "out", away from the body, "in", or a vector in the robot's axes."""

    stage = CEILING
    direction: str | Floats = word("out", ("out", "in"), says="in which the hand is weak")  # noqa: RUF009
    most: float = number(0.1, least=0.0, most=1.0, says="share of an able hand's force that is left there")

    def begin(self, limb: Limb, generator: Generator) -> Ceiling:
        direction = self.direction
        if direction in ("out", "in"):
            sign = 1.0 if direction == "out" else -1.0
            direction = tuple(sign * c for c in limb.outward)
        if isinstance(direction, str) or len(direction) != len(limb.outward) or not hypot(*direction) > 0.0:
            raise ValueError(f"Weakness: {direction} is no direction of this limb's hand")
        length = hypot(*direction)
        return Ceiling(limb, tuple(c / length for c in direction), self.most * limb.force)


class Ceiling:
    """At work. `most` N along `direction`."""

    def __init__(self, limb: Limb, direction: Floats, most: float) -> None:
        self.limb, self.direction, self.most = limb, direction, most

    def act(self, effort: Effort) -> None:
        self.bound(effort.torque, effort)

    def bound(self, both: list[float], effort: Effort) -> None:
        beyond = sum(map(mul, self.direction, self.limb.hand_force(both))) - self.most
        if beyond > 0.0:
            for k, lever in enumerate(self.limb.joint_torque(self.direction)):
                both[k] -= beyond * lever
