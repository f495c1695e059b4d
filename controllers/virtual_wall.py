"""Virtual wall: beyond it the hand is pushed back; before it nothing is felt.

    F = −max(0, K (p + λ ṗ)) n        p = n·(x − x_w)        τ = Jᵀ F + g(q)

p depth behind the wall m, negative before it · n unit vector into the wall (d,) · x_w a point of its face m
K stiffness N/m · λ = D/K damping time s: fast contact begins λṗ before the face, so that nothing jumps by D v there,
and the wall never sticks to a hand that leaves · x hand m, ṗ = n·v · g torque that holds the arm's own weight
One-sided spring-damper as in haptics (Colgate & Schenkel 1997, J. Robotic Systems 14(1)), in the form that is
continuous. The reference is ignored.
"""

from __future__ import annotations

from math import cos, sin
from typing import Any, ClassVar

import numpy as np

from rehab.core.controller import Spring, hand_torque
from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.parameters import Parameters, quantity
from rehab.core.ramp import Ramps
from rehab.core.types import Array, Reference, State


class VirtualWall:
    """One wall, placed from the hand's home. On a line it is ahead for angles below 90° and behind beyond."""

    parameters: ClassVar[Parameters] = Parameters(
        stiffness=quantity(
            "1 kN/m", unit="N/m", least="50 N/m", most="5 kN/m", says="how hard the wall is", live=True
        ),
        damping_time=quantity("10 ms", unit="s", least="0 ms", most="50 ms", says="damping over stiffness"),
        angle=quantity("0 deg", unit="rad", least="-360 deg", most="360 deg", says="where it stands; 0: along x"),
        distance=quantity("8 cm", unit="m", least="0 cm", most="1 m", says="of its face from the hand's home"),
    )  # fmt: skip

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        values = self.parameters.complete(parameters)
        self._live, self._lambda = Ramps(self.parameters, values), values["damping_time"]
        home, _ = kinematics_of(device).forward(device.home)
        ahead = (cos(values["angle"]), sin(values["angle"]))
        self._n = np.array(ahead if len(home) == 2 else (1.0 if ahead[0] >= 0.0 else -1.0,))
        self._face = np.array(home) + values["distance"] * self._n

    @property
    def spring(self) -> Spring:
        K = self._live["stiffness"]
        return Spring(K, K * self._lambda)

    def set(self, name: str, value: float) -> None:
        """Change the stiffness while running: it gets there in 200 ms and the torque never steps."""
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._live.step(dt)
        depth, rate = self._n @ (state.x - self._face), self._n @ state.v
        return hand_torque(state, -max(0.0, self._live["stiffness"] * (depth + self._lambda * rate)) * self._n)
