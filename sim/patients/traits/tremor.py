"""Tremor: an oscillation of its own at 3 to 12 Hz, strongest in action or already at rest.

    τ ← τ + A (r + (1 − r) a) sin φ        dφ = 2πf dt + sqrt(2πΔf) dW

A N·m of each joint · r share that is there at rest · a how tense the limb is, 0 … 1 · f Hz · Δf = 0.2 Hz width of the
peak in the spectrum, by the random walk W of the phase. Frequencies: Parkinson's 4 to 6, essential 4 to 12, cerebellar
3 to 5 Hz (Deuschl, Bain & Brin 1998, Mov. Disord. 13 Suppl. 3:2).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin, sqrt

from numpy.random import Generator

from rehab.core.values import Floats
from sim.patients.limb import Limb
from sim.patients.traits.effort import UNWILLED, Effort, normal
from sim.patients.traits.trait import MuscleTrait, number

WIDTH = 0.2  # Hz


@dataclass(frozen=True)
class Tremor(MuscleTrait):
    stage = UNWILLED
    frequency: float = number(5.0, unit="Hz", least=3.0, most=12.0, says="at which it shakes")
    torque: float = number(0.02, least=0.0, most=0.5, says="amplitude, as a share of an able joint's strength")
    at_rest: float = number(0.3, least=0.0, most=1.0, says="share of it that is there without any effort")

    def begin(self, limb: Limb, generator: Generator) -> Shaking:
        return Shaking(self, tuple(self.torque * most for most in limb.strength), generator)


class Shaking:
    """At work."""

    def __init__(self, trait: Tremor, amplitude: Floats, generator: Generator) -> None:
        self._trait, self._amplitude = trait, amplitude
        self._phase = 2.0 * pi * float(generator.random())
        self._numbers = normal(generator)
        self._dt = self._turn = self._walk = 0.0

    def act(self, effort: Effort) -> None:
        trait = self._trait
        if effort.dt != self._dt:
            self._dt = effort.dt
            self._turn, self._walk = 2.0 * pi * trait.frequency * effort.dt, sqrt(2.0 * pi * WIDTH * effort.dt)
        self._phase = (self._phase + self._turn + self._walk * next(self._numbers)) % (2.0 * pi)
        wave = (trait.at_rest + (1.0 - trait.at_rest) * effort.tense) * sin(self._phase)
        for k, amplitude in enumerate(self._amplitude):
            effort.torque[k] += amplitude * wave
