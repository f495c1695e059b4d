"""Transparent: the arm makes itself felt as little as it can, and helps nowhere.

    τ = g(q) + σ b q̇        0 ≤ σ ≤ 0.8

σ share of the friction that is taken away · b declared viscous damping of the joints N·m·s/rad (n,)
q̇ joint velocity rad/s (n,) · g gravity torque N·m: zero for all kinematics that a device can declare, which move in a
horizontal plane. The reference is ignored.

Compensation is positive feedback of velocity. With joint friction b it leaves (1 − σ) b > 0, and since the loop's gain
σ b stays below b it cannot pump at any delay (small-gain theorem: Zames 1966, IEEE Trans. Autom. Control 11); the
limit of 0.8 leaves a fifth for an arm that has less friction than it declares.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.parameters import Parameters, number
from rehab.core.ramp import Ramp
from rehab.core.types import Array, Reference, State


class Transparent:
    """Takes away a share of the arm's own friction and does nothing else. Any arm: it works joint by joint."""

    parameters: ClassVar[Parameters] = Parameters(
        friction_share=number(
            0.5, least=0.0, most=0.8, says="share of the declared joint friction that is taken away", live=True
        ),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        self._share = Ramp(self.parameters.complete(parameters)["friction_share"])
        self._friction = np.array([joint.damping for joint in device.joints])

    def set(self, name: str, value: float) -> None:
        """Change friction_share while running: it gets there in 200 ms and the torque never steps."""
        {"friction_share": self._share}[name].to(value)

    def reset(self, state: State) -> None:
        self._share.finish()

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        torque: Array = self._share.step(dt) * self._friction * state.qd
        return torque
