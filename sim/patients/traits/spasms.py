"""Spasms: now and then the elbow or the knee bends by itself, beyond all will and strength.

They come at random, on average once in `every` s after the last one (a Poisson process), rise within 60 ms, last, and
go as fast. A fault script brings one at a chosen moment instead (docs/fault-scripts.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from sim.patients.limb import Limb
from sim.patients.traits.effort import UNWILLED, Effort
from sim.patients.traits.trait import MuscleTrait, number

RISE = 0.060  # s


@dataclass(frozen=True)
class Spasms(MuscleTrait):
    stage = UNWILLED
    every: float = number(30.0, unit="s", least=0.5, most=3600.0, says="mean time from one to the next")
    torque: float = number(0.3, least=0.0, most=1.0, says="share of an able joint's strength that bends it")
    lasting: float = number(1.0, unit="s", least=0.1, most=60.0, says="how long each holds")

    def begin(self, limb: Limb, generator: Generator) -> Cramps:
        return Cramps(self, limb.bends[-1] * self.torque * limb.strength[-1], generator)


class Cramps:
    """At work. `begins` is when (s) the present or next one does; `count` how many have begun."""

    def __init__(self, trait: Spasms, torque: float, generator: Generator) -> None:
        self._trait, self._torque, self._dice = trait, torque, generator
        self.count = 0
        self.begins = float(generator.exponential(trait.every))

    def act(self, effort: Effort) -> None:
        passed = effort.t - self.begins
        if passed < 0.0:
            return
        if passed < effort.dt:
            self.count += 1
        left = self._trait.lasting - passed
        if left <= 0.0:
            self.begins = effort.t + float(self._dice.exponential(self._trait.every))
            return
        effort.torque[-1] += self._torque * min(1.0, passed / RISE, left / RISE)
