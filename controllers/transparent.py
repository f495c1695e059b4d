"""Transparent: the arm makes itself felt as little as it can, and helps nowhere.

    τ = g(q) + σ b q̇ + ι M(q) q̈_f        0 ≤ σ ≤ 0.8,  0 ≤ ι ≤ 0.5

g torque that holds the arm's own weight N·m · σ share of the friction that is taken away · b declared viscous damping
of the joints N·m·s/rad (n,) · q̇ joint velocity rad/s (n,) · ι share of the inertia that is taken away
M(q) inertia of the bare arm kg·m² (n, n) · q̈_f joint acceleration rad/s² through a low-pass of 5 Hz
(rehab.core.acceleration). The reference is ignored.

Compensation is positive feedback. With joint friction b it leaves (1 − σ) b > 0, and since the loop's gain σ b stays
below b it cannot pump at any delay (small-gain theorem: Zames 1966, IEEE Trans. Autom. Control 11); the limit of 0.8
leaves a fifth for an arm that has less friction than it declares. Of a bare joint the inertia's share is likewise a
loop gain of at most ι, both together sqrt(σ² + ι²) = 0.94 at the limits, since friction and inertia torque are a
quarter period apart. A limb in the arm adds inertia and damping of its own. Where it swings on the arm's padding,
faster than the low-pass, the share comes a quarter period late and feeds the swing with up to ι M ω_c: so the low-pass
is slow, and the inertia is left alone by default. With the virtual patients' grip (5 kN/m, 50 N·s/m) both limits are
stable (tests/controllers/test_sessions.py).
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from rehab.core.acceleration import Acceleration
from rehab.core.device import DeviceInfo
from rehab.core.inertia import mass_matrix
from rehab.core.parameters import Parameters, number
from rehab.core.ramp import Ramps
from rehab.core.types import Array, Reference, State

CUTOFF = 5.0  # Hz; a reach of 0.5 s has its acceleration at 2 Hz


class Transparent:
    """Takes away a share of the arm's own friction and inertia, holds its weight, and does nothing else. Any arm: it
    works joint by joint."""

    parameters: ClassVar[Parameters] = Parameters(
        friction_share=number(
            0.5, least=0.0, most=0.8, says="share of the declared joint friction that is taken away", live=True
        ),
        inertia_share=number(
            0.0, least=0.0, most=0.5, says="share of the arm's inertia that is taken away", live=True
        ),
    )  # fmt: skip

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        self._live = Ramps(self.parameters, self.parameters.complete(parameters))
        self._device = device
        self._friction = np.array([joint.damping for joint in device.joints])
        self._acceleration = Acceleration(CUTOFF)

    def set(self, name: str, value: float) -> None:
        """Change a share while running: it gets there in 200 ms and the torque never steps."""
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()
        self._acceleration.reset(state.qd)

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._live.step(dt)
        acceleration = self._acceleration.step(state.qd, dt)
        torque: Array = state.gravity + self._live["friction_share"] * self._friction * state.qd
        share = self._live["inertia_share"]
        if share > 0.0:
            torque = torque + share * mass_matrix(self._device, tuple(state.q.tolist())) @ acceleration
        return torque
