"""Slacking: effort falls as the robot's help rises or the movement succeeds, and comes back when neither does.

    T de/dt = 1 − depth·h − e        h = clamp(max(−F·t̂ / F_help, 1 − ℓ / ℓ_e), 0, 1)        τ ← e τ

e share of the effort that is made · h how superfluous effort is · −F force N of the robot on the limb · t̂ unit vector
in which the hand is meant to go · F_help force N that takes over all of it · ℓ m by which the hand is behind where it
is meant to be, ℓ_e m of it that bring all effort back; with ℓ_e = 0 only help counts. Without a movement e stays as it
is.
That people's effort decays, by a forgetting factor, unless an error asks for it, as who minimises effort and error at
once: Emken et al. 2007, J. Neurophysiol. 97:3997; Reinkensmeyer, Akoner, Ferris & Gordon 2009, Proc. IEEE EMBS: 6079;
under robotic help: Wolbrecht et al. 2008, IEEE Trans. Neural Syst. Rehabil. Eng. 16(3).
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
    error: float = number(
        0.0, unit="m", least=0.0, most=0.5,
        says="lag that asks for all of the effort, less for less of it; 0: effort falls by help only",
    )  # fmt: skip

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
            needless = -sum(map(mul, effort.force, effort.towards)) / self._full
            if trait.error:
                needless = max(needless, 1.0 - effort.behind / trait.error)
            needless = min(1.0, max(0.0, needless))
            self.effort += (1.0 - trait.depth * needless - self.effort) * effort.dt / trait.time
        for k, torque in enumerate(effort.torque):
            effort.torque[k] = self.effort * torque
