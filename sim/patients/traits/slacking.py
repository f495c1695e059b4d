"""Slacking: effort falls as the robot's help rises, and comes back when the help goes.

    T de/dt = 1 − depth·h − e        h = clamp(−F·t̂ / F_help, 0, 1)        τ ← e τ

e share of the effort that is made · h how much the robot helps · −F force N of the robot on the limb · t̂ unit vector in
which the hand is meant to go · F_help force N that takes over all of it. Without a movement e stays as it is.
That people's effort decays unless an error asks for it: Emken et al. 2007, J. Neurophysiol. 97:3997; under robotic
help: Wolbrecht et al. 2008, IEEE Trans. Neural Syst. Rehabil. Eng. 16(3).
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import mul

from numpy.random import Generator

from sim.patients.limb import Limb
from sim.patients.traits.effort import WILL, Effort
from sim.patients.traits.trait import MuscleTrait, number


@dataclass(frozen=True)
class Slacking(MuscleTrait):
    stage = WILL
    depth: float = number(0.9, least=0.0, most=1.0, says="share of the effort that full help makes superfluous")
    help: float = number(0.05, least=0.001, most=1.0, says="share of an able hand's force that is full help")
    time: float = number(2.0, unit="s", least=0.1, most=600.0, says="how fast effort follows")

    def begin(self, limb: Limb, generator: Generator) -> Held:
        return Held(self, self.help * limb.force)


class Held:
    """At work. `effort` is the share that is made."""

    def __init__(self, trait: Slacking, full: float) -> None:
        self._trait, self._full = trait, full
        self.effort = 1.0

    def act(self, effort: Effort) -> None:
        trait = self._trait
        if effort.towards:
            help_ = min(1.0, max(0.0, -sum(map(mul, effort.force, effort.towards)) / self._full))
            self.effort += (1.0 - trait.depth * help_ - self.effort) * effort.dt / trait.time
        for k, torque in enumerate(effort.torque):
            effort.torque[k] = self.effort * torque
