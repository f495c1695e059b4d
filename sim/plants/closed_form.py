"""Robots of one joint and planar robots of two in closed form: runs everywhere, and checks the other engines.

    M(q) q̈ + C(q, q̇) q̇ + B q̇ + g(q) = τ + Jᵀ F

B is the joint damping that the device declares (N·m·s/rad, diagonal), g its gravity torque (rehab/core/gravity.py),
both taken at the state before the step. The rest of the equation, its source and the integrator: sim/two_link.py and
sim/one_link.py.
"""

from __future__ import annotations

from math import isfinite
from operator import mul, sub
from typing import Any, ClassVar

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput
from rehab.core.gravity import Gravity
from rehab.core.values import Floats
from sim.one_link import OneLink
from sim.two_link import TwoLink


class ClosedFormPlant:
    """A Plant for kinematics "single_joint" and "planar_2r"."""

    engine: ClassVar[str] = "closed_form"

    def __init__(self, info: DeviceInfo) -> None:
        self.chain: OneLink | TwoLink
        match info.kinematics, len(info.links):
            case "single_joint", 1:
                self.chain = OneLink(info.links[0], info.links[0].length)
            case "planar_2r", 2:
                self.chain = TwoLink(info.links[0], info.links[1], info.base)
            case kinematics, links:
                what = f'"{kinematics}" with {links} links'
                raise BadInput(f'the closed-form plant does "single_joint" and "planar_2r"; {info.model} is {what}')
        self._damping = tuple(joint.damping for joint in info.joints)
        self._gravity = Gravity(info)
        self.reset(info.home, (0.0,) * info.n_joints)

    def reset(self, q: Floats, qd: Floats) -> None:
        self.chain.place(q, qd)
        self.q, self.qd = q, qd

    def step(self, torque: Floats, hand_force: Floats, dt: float) -> None:
        if not isfinite(sum(torque) + sum(hand_force)):
            raise ValueError(f"torque {torque} N·m or hand force {hand_force} N is not finite")
        total = map(sub, torque, map(mul, self._damping, self.qd))
        if self._gravity.acts:
            total = map(sub, total, self._gravity.torque(self.q))
        chain: Any = self.chain  # as many torques and forces as it has joints
        chain.advance(*total, *hand_force, dt)
        self.q, self.qd = chain.q, chain.qd

    def close(self) -> None:
        pass
