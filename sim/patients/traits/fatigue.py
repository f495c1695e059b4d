"""Fatigue: muscle that has worked is out of action until it has rested, and the strength is what is left.

    dM_F/dt = u/T_F − M_F/T_R        |τ| ≤ (1 − M_F) τ_max        u = max over joints of |τ|/τ_max

M_F share of the muscle that is fatigued · T_F, T_R times of fatigue and recovery s · u share of the strength in use
The three-compartment model of Xia & Frey-Law 2008, J. Biomech. 41(14):3046, with muscle that follows the demand at
once. Healthy elbows 1/T_F = 0.0091, 1/T_R = 0.00094 1/s; knees 0.015 and 0.0015 (Frey-Law, Looft & Heitsman 2012, J.
Biomech. 45:1803).
"""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from sim.patients.limb import Limb
from sim.patients.traits.effort import CEILING, Effort, limit
from sim.patients.traits.trait import MuscleTrait, number


@dataclass(frozen=True)
class Fatigue(MuscleTrait):
    stage = CEILING
    tiring: float = number(110.0, unit="s", least=1.0, most=36_000.0, says="T_F, full effort uses all up in it")
    recovery: float = number(1060.0, unit="s", least=1.0, most=36_000.0, says="T_R, rest brings most back in it")

    def begin(self, limb: Limb, generator: Generator) -> Tiring:
        return Tiring(self)


class Tiring:
    """At work. `capacity` is the share of the strength that is left."""

    def __init__(self, trait: Fatigue) -> None:
        self._trait = trait
        self.capacity = 1.0

    def act(self, effort: Effort) -> None:
        limit(effort.torque, effort.most, self.capacity)
        used = max([abs(torque) / (most or 1.0) for torque, most in zip(effort.torque, effort.most, strict=True)])
        lost = used / self._trait.tiring - (1.0 - self.capacity) / self._trait.recovery
        self.capacity = min(1.0, max(0.0, self.capacity - lost * effort.dt))

    def bound(self, both: list[float], effort: Effort) -> None:
        limit(both, effort.most, self.capacity, effort.torque)
