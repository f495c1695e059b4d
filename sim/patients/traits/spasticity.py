"""Spasticity: a muscle that is stretched fast catches at an angle, and lets go when the stretch slows down.

    active when  ṡ_d > ṡ_c  and  s_d + δ ṡ_d ≥ s_c − μ (ṡ_d − ṡ_c)
    drive = min(τ_max, G ṡ_d)        da/dt = (drive − a) / (20 ms rising, 100 ms falling)

s stretch of the muscle rad: flexors are stretched as the last joint straightens, extensors as it bends · s_c where it
catches when stretched at just the threshold ṡ_c rad/s; faster stretches catch earlier by μ s · index d: what the reflex
arc knows, δ = 25 to 50 ms late · G, τ_max gain and ceiling of the reflex · a its torque, against the stretch.
The reflex answers to speed as well as to angle, by as much as its own delay costs, so that at constant speed torque
begins at the catch angle, which is what an examiner feels (R1 of the Tardieu scale).
A velocity-dependent stretch reflex threshold: Jobin & Levin 2000, Dev. Med. Child Neurol. 42:531; Levin & Feldman 1994,
Brain Res. 657:23. The arm's short-latency reflex comes 20 to 45 ms after a sudden displacement: Kurtzer 2015, Front.
Integr. Neurosci. 8:99.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import radians

from numpy.random import Generator

from sim.patients.limb import Limb
from sim.patients.traits.effort import UNWILLED, Effort
from sim.patients.traits.trait import MuscleTrait, number, word

RISE, FALL = 0.020, 0.100  # s: a muscle's torque comes faster than it goes


@dataclass(frozen=True)
class Spasticity(MuscleTrait):
    stage = UNWILLED
    muscle: str = word("flexors", ("flexors", "extensors"), says="which it is, of the elbow or the knee")
    angle: float = number(
        radians(80.0), unit="rad", least=0.0, most=radians(150.0), says="bend at which it catches; 0 is straight"
    )
    threshold: float = number(
        radians(90.0), unit="rad/s", least=radians(5.0), most=radians(600.0), says="slower stretches do not catch"
    )
    earlier: float = number(0.0, unit="s", least=0.0, most=0.5, says="how much earlier faster stretches catch")
    gain: float = number(0.04, unit="s/rad", least=0.0, most=1.0, says="share of an able joint's strength per speed")
    most: float = number(0.15, least=0.0, most=1.0, says="share of an able joint's strength that it reaches")
    delay: float = number(0.03, unit="s", least=0.025, most=0.050, says="of the reflex")

    def catch_angle(self, speed: float) -> float | None:
        """The bend (rad) at which a stretch at that constant speed (rad/s) meets torque; None if it never does."""
        if speed <= self.threshold:
            return None
        sign = 1.0 if self.muscle == "flexors" else -1.0
        return self.angle + sign * self.earlier * (speed - self.threshold)

    def begin(self, limb: Limb, generator: Generator) -> Reflex:
        return Reflex(self, limb)


class Reflex:
    """At work. `active` is the torque N·m with which the muscle pulls."""

    def __init__(self, trait: Spasticity, limb: Limb) -> None:
        self._trait, self._limb = trait, limb
        self._stretches = -1.0 if trait.muscle == "flexors" else 1.0  # sign of bending that stretches it
        self._joint = limb.bends[-1]
        self._gain, self._most = trait.gain * limb.strength[-1], trait.most * limb.strength[-1]
        self._past: list[tuple[float, float]] = []  # stretch and its speed of the last `delay` s, as a ring
        self._dt, self._at = 0.0, 0
        self.active = 0.0

    def act(self, effort: Effort) -> None:
        trait, stretches = self._trait, self._stretches
        now = (stretches * self._limb.bend(), stretches * self._joint * effort.qd[-1])
        if effort.dt != self._dt:
            self._dt, self._at = effort.dt, 0
            self._past = [(now[0], 0.0)] * max(1, round(trait.delay / effort.dt))
        stretch, speed = self._past[self._at]
        self._past[self._at] = now
        self._at = (self._at + 1) % len(self._past)
        drive = 0.0
        if speed > trait.threshold:
            catch = stretches * trait.angle - trait.earlier * (speed - trait.threshold)
            if stretch + trait.delay * speed >= catch:
                drive = min(self._most, self._gain * speed)
        self.active += (drive - self.active) * effort.dt / (RISE if drive > self.active else FALL)
        effort.torque[-1] -= stretches * self._joint * self.active
