"""Flexor synergy: effort at the shoulder bends the elbow, wanted or not.

    τ_elbow ← τ_elbow + s·c·|τ_shoulder|

c coupling · s direction that bends. After stroke shoulder and elbow cannot be driven independently: Dewald & Beer 2001,
Muscle Nerve 24:273; Beer, Dewald, Dawson & Rymer 2004, Exp. Brain Res. 156:458. A limb with one joint has no partner
for it: there it does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from sim.patients.limb import Limb
from sim.patients.traits.effort import ABNORMAL, Effort
from sim.patients.traits.trait import MuscleTrait, number


@dataclass(frozen=True)
class Synergy(MuscleTrait):
    stage = ABNORMAL
    coupling: float = number(0.3, least=0.0, most=1.0, says="torque that bends the elbow, per torque at the shoulder")

    def begin(self, limb: Limb, generator: Generator) -> Coupled:
        return Coupled(self.coupling * limb.bends[-1] if len(limb.bends) > 1 else 0.0)


class Coupled:
    """At work."""

    def __init__(self, coupling: float) -> None:
        self._coupling = coupling

    def act(self, effort: Effort) -> None:
        effort.torque[-1] += self._coupling * abs(effort.torque[0])
