"""Workspace box: the hand is free inside, and pushed back at every side.

    F_i = −max(0, K (p⁺ + λ ṗ⁺)) + max(0, K (p⁻ + λ ṗ⁻))        p± = ±(x_i − c_i) − h_i        τ = Jᵀ F + g(q)

for each axis i of the device's base: x hand m (d,) · c middle of the box m · h half its width m · p± depth behind the
two sides m, negative inside · K stiffness N/m · λ = D/K damping time s · g torque that holds the arm's own weight
Each side is the wall of `virtual_wall`: continuous at its face, never sticking. The reference is ignored.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from rehab.core.controller import Spring, hand_torque
from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.parameters import Parameters, quantity
from rehab.core.ramp import Ramps
from rehab.core.types import Array, Reference, State


class WorkspaceBox:
    """A box around the hand's home. On a line, its two ends: width and x."""

    parameters: ClassVar[Parameters] = Parameters(
        stiffness=quantity(
            "1 kN/m", unit="N/m", least="50 N/m", most="5 kN/m", says="how hard its sides are", live=True
        ),
        damping_time=quantity("10 ms", unit="s", least="0 ms", most="50 ms", says="damping over stiffness"),
        width=quantity("24 cm", unit="m", least="1 cm", most="2 m", says="size along x"),
        depth=quantity("24 cm", unit="m", least="1 cm", most="2 m", says="size along y"),
        x=quantity("0 cm", unit="m", least="-1 m", most="1 m", says="its middle, from the hand's home"),
        y=quantity("0 cm", unit="m", least="-1 m", most="1 m", says="its middle, from the hand's home"),
    )  # fmt: skip

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        values = self.parameters.complete(parameters)
        self._live, self._lambda = Ramps(self.parameters, values), values["damping_time"]
        home, _ = kinematics_of(device).forward(device.home)
        d = len(home)
        self._middle = np.array(home) + np.array((values["x"], values["y"])[:d])
        self._half = 0.5 * np.array((values["width"], values["depth"])[:d])

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
        soon = state.x - self._middle + self._lambda * state.v
        beyond = np.maximum(0.0, soon - self._half) - np.maximum(0.0, -soon - self._half)
        return hand_torque(state, -self._live["stiffness"] * beyond)
