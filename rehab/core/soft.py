"""A soft spring to the reference, for an arm that is to be held gently whatever controller a block has: rests, pages.

    F = K (x_r − x) + D (v_r − v)        K = F_max / 0.10 m        D = 2 sqrt(K m)        τ = g(q) + Jᵀ F

K N/m, halved until this device holds it stably at its link's delay · m mass of the bare arm at the hand, kg
"""

from __future__ import annotations

from math import sqrt
from typing import ClassVar

from rehab.core.device import DeviceInfo
from rehab.core.inertia import hand_mass
from rehab.core.parameters import Parameters
from rehab.core.stability import is_stable
from rehab.core.types import Array, Reference, State

SOFT = 0.10  # m behind its reference at which the limb feels all of the force: it can stay behind unhurt


class SoftSpring:
    """`force` N is the most that it does, at SOFT from the reference; `delay` s is that of the device's link."""

    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, device: DeviceInfo, force: float, delay: float) -> None:
        mass = hand_mass(device, device.home)
        self.stiffness = force / SOFT
        self.damping = 2.0 * sqrt(self.stiffness * mass)
        while not is_stable(device, self.stiffness, self.damping, delay=delay) and self.stiffness > 1.0:
            self.stiffness *= 0.5
            self.damping = 2.0 * sqrt(self.stiffness * mass)

    def reset(self, state: State) -> None:
        pass

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        force = self.stiffness * (reference.x - state.x) + self.damping * (reference.v - state.v)
        torque: Array = state.gravity + state.jacobian.T @ force
        return torque
