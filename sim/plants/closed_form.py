"""The planar two-link robot in closed form: runs everywhere, and checks the other engines.

    M(q) q̈ + C(q, q̇) q̇ + B q̇ = τ + Jᵀ F

B is the joint damping that the device declares (N·m·s/rad, diagonal), taken at the velocity before the step. The rest
of the equation, its source and the integrator: sim/two_link.py.
"""

from __future__ import annotations

from math import isfinite
from typing import ClassVar

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput
from rehab.core.values import Floats
from sim.two_link import TwoLink


class ClosedFormPlant:
    """A Plant for kinematics "planar_2r"."""

    engine: ClassVar[str] = "closed_form"

    def __init__(self, info: DeviceInfo) -> None:
        if info.kinematics != "planar_2r":
            raise BadInput(f'the closed-form plant simulates "planar_2r"; {info.model} is "{info.kinematics}"')
        self.chain = TwoLink(info.links[0], info.links[1], info.base)
        self._b1, self._b2 = (joint.damping for joint in info.joints)
        self.reset(info.home, (0.0, 0.0))

    def reset(self, q: Floats, qd: Floats) -> None:
        self.chain.place(q, qd)
        self.q, self.qd = q, qd

    def step(self, torque: Floats, hand_force: Floats, dt: float) -> None:
        t1, t2 = torque
        fx, fy = hand_force
        if not isfinite(t1 + t2 + fx + fy):
            raise ValueError(f"torque {torque} N·m or hand force {hand_force} N is not finite")
        chain = self.chain
        chain.advance(t1 - self._b1 * chain.w1, t2 - self._b2 * chain.w2, fx, fy, dt)
        self.q, self.qd = (chain.q1, chain.q2), (chain.w1, chain.w2)

    def close(self) -> None:
        pass
