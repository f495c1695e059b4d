"""PyBullet, set up for torque control.

Its defaults are wrong for that: velocity motors hold every joint, links have damping 0.04, inertia is recomputed, joint
limits push back. All of it is switched off here; the joint damping that the device declares and the force on the hand
are applied as torque, so that every engine solves the same equation (sim/two_link.py) with the same integrator.
"""

from __future__ import annotations

import os
from importlib import import_module
from math import isfinite
from typing import Any, ClassVar

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput
from rehab.core.kinematics import Planar2R
from rehab.core.values import Floats
from sim import models


def _import_quietly(name: str) -> Any:
    """Import a module whose C code prints when it was built, on stderr: errors of ours are one clear line there."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        return import_module(name)
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


pybullet: Any = _import_quietly("pybullet")

TORQUE: int = pybullet.TORQUE_CONTROL
JOINTS = (0, 1)
NO_LIMIT = 1e9  # rad: the monitor keeps to the range of motion; a stop in here would hide that it does


class BulletPlant:
    """A Plant for models of kinematics "planar_2r" that have a URDF. Reading, torque and step take 7 µs."""

    engine: ClassVar[str] = "pybullet"

    def __init__(self, info: DeviceInfo) -> None:
        if info.kinematics != "planar_2r":
            raise BadInput(f'the PyBullet plant simulates "planar_2r"; {info.model} is "{info.kinematics}"')
        path = models.urdf(info.model)
        self._jacobian = Planar2R(info.links[0].length, info.links[1].length).forward
        self._b1, self._b2 = (joint.damping for joint in info.joints)
        self._dt = 0.0
        self._client: int | None = pybullet.connect(pybullet.DIRECT)
        try:
            self._robot = self._load(str(path))
            self._compare(info)
        except BadInput:
            self.close()
            raise
        self.reset(info.home, (0.0, 0.0))

    def _load(self, path: str) -> int:
        at = {"physicsClientId": self._client}
        robot: int = pybullet.loadURDF(path, useFixedBase=True, flags=pybullet.URDF_USE_INERTIA_FROM_FILE, **at)
        pybullet.setGravity(0.0, 0.0, 0.0, **at)  # the plane is horizontal
        for link in (-1, *JOINTS):
            pybullet.changeDynamics(robot, link, linearDamping=0.0, angularDamping=0.0, jointDamping=0.0, **at)
        for link in JOINTS:
            pybullet.changeDynamics(robot, link, jointLowerLimit=-NO_LIMIT, jointUpperLimit=NO_LIMIT, **at)
        pybullet.setJointMotorControlArray(robot, JOINTS, pybullet.VELOCITY_CONTROL, forces=(0.0, 0.0), **at)
        return robot

    def _compare(self, info: DeviceInfo) -> None:
        """Refuse a URDF of another robot: its masses would be simulated under this device's name."""
        for number, link in enumerate(info.links):
            facts = pybullet.getDynamicsInfo(self._robot, number, physicsClientId=self._client)
            mass, inertia, centre = facts[0], facts[2][2], facts[3][0]
            if max(abs(mass - link.mass), abs(inertia - link.inertia), abs(centre - link.centre)) > 1e-9:
                raise BadInput(
                    f"{info.model}.urdf: link {number + 1} has {mass} kg, centre {centre} m, {inertia} kg·m²; "
                    f"the device declares {link.mass} kg, {link.centre} m, {link.inertia} kg·m²"
                )

    def reset(self, q: Floats, qd: Floats) -> None:
        for joint in JOINTS:
            pybullet.resetJointState(self._robot, joint, q[joint], qd[joint], physicsClientId=self._client)
        self.q, self.qd = q, qd

    def step(self, torque: Floats, hand_force: Floats, dt: float) -> None:
        t1, t2 = torque
        fx, fy = hand_force
        if not isfinite(t1 + t2 + fx + fy):
            raise ValueError(f"torque {torque} N·m or hand force {hand_force} N is not finite")
        robot, client = self._robot, self._client
        if dt != self._dt:
            pybullet.setTimeStep(dt, physicsClientId=client)
            self._dt = dt
        (a, b), (c, d) = self._jacobian(self.q)[1]
        w1, w2 = self.qd
        total = (t1 + a * fx + c * fy - self._b1 * w1, t2 + b * fx + d * fy - self._b2 * w2)
        # torque lasts one step only, so it is sent with every step
        pybullet.setJointMotorControlArray(robot, JOINTS, TORQUE, forces=total, physicsClientId=client)
        pybullet.stepSimulation(physicsClientId=client)
        (q1, w1, *_), (q2, w2, *_) = pybullet.getJointStates(robot, JOINTS, physicsClientId=client)
        self.q, self.qd = (q1, q2), (w1, w2)

    def close(self) -> None:
        if self._client is not None:
            pybullet.disconnect(physicsClientId=self._client)
            self._client = None
