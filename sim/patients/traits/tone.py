"""Tone: muscles that never quite let go pull the limb to a bent posture, however slowly it is moved.

    τ ← τ − clamp(K_t (q − q_t)) − D_t q̇        D_t = 0.05 s · K_t

K_t N·m/rad · q_t the posture rad: that at the beginning, every joint bent by `bent` more. Damping in proportion to
stiffness as for all muscle here (sim/patients/patient.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, radians

from numpy.random import Generator

from rehab.core.values import Floats
from sim.patients.limb import Limb
from sim.patients.traits.effort import UNWILLED, Effort
from sim.patients.traits.trait import MuscleTrait, number

DAMPING_PER_STIFFNESS = 0.05  # s


@dataclass(frozen=True)
class Tone(MuscleTrait):
    stage = UNWILLED
    stiffness: float = number(0.1, least=0.0, most=1.0, says="share of an able limb's stiffness that never goes")
    bent: float = number(
        radians(15.0), unit="rad", least=-pi / 2.0, most=pi / 2.0, says="how much more it is bent where it wants to be"
    )
    most: float = number(0.1, least=0.0, most=1.0, says="share of an able limb's strength that it pulls with at most")

    def begin(self, limb: Limb, generator: Generator) -> Pull:
        posture = tuple(q + self.bent * sign for q, sign in zip(limb.home, limb.bends, strict=True))
        stiffness = tuple(self.stiffness * able for able in limb.stiffness)
        return Pull(posture, stiffness, tuple(self.most * able for able in limb.strength))


class Pull:
    """At work: `stiffness` N·m/rad and `most` N·m of each joint, `posture` rad."""

    def __init__(self, posture: Floats, stiffness: Floats, most: Floats) -> None:
        self.posture, self.stiffness, self.most = posture, stiffness, most

    def act(self, effort: Effort) -> None:
        for k, (q, w, rest, stiffness, most) in enumerate(
            zip(effort.q, effort.qd, self.posture, self.stiffness, self.most, strict=True)
        ):
            pull = stiffness * (rest - q)
            pull = most if pull > most else -most if pull < -most else pull
            effort.torque[k] += pull - DAMPING_PER_STIFFNESS * stiffness * w
