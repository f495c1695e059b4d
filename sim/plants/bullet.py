"""PyBullet, set up for torque control.

Its defaults are wrong for that: velocity motors hold every joint, links have damping 0.04, inertia is recomputed, joint
limits push back. All of it is switched off here; the joint damping that the device declares and the force on the hand
are applied as torque, so that every engine solves the same equation (sim/plants/closed_form.py) with the same
integrator. A robot's plane is the engine's x, y; where gravity acts in that plane it is the engine's own.
"""

from __future__ import annotations

import os
from importlib import import_module
from math import isfinite
from operator import add, mul, sub
from typing import Any, ClassVar

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput
from rehab.core.kinematics import kinematics_of
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
KINEMATICS = {"single_joint": 1, "planar_2r": 2}  # joints
NO_LIMIT = 1e9  # rad: the monitor keeps to the range of motion; a stop in here would hide that it does


class BulletPlant:
    """A Plant for models of these kinematics that have a URDF. Reading, torque and step of two joints take 7 µs."""

    engine: ClassVar[str] = "pybullet"

    def __init__(self, info: DeviceInfo) -> None:
        if KINEMATICS.get(info.kinematics) != info.n_joints:
            known = " and ".join(f'"{name}"' for name in KINEMATICS)
            what = f'"{info.kinematics}" with {info.n_joints} joints'
            raise BadInput(f"the PyBullet plant simulates {known}; {info.model} is {what}")
        path = models.urdf(info.model)
        self._forward = kinematics_of(info).forward
        self._damping = tuple(joint.damping for joint in info.joints)
        self._joints = tuple(range(info.n_joints))
        self._dt = 0.0
        self._client: int | None = pybullet.connect(pybullet.DIRECT)
        try:
            self._robot = self._load(str(path), info.gravity or (0.0, 0.0))
            self._compare(info)
        except BadInput:
            self.close()
            raise
        self.reset(info.home, (0.0,) * info.n_joints)

    def _load(self, path: str, gravity: Floats) -> int:
        at, joints = {"physicsClientId": self._client}, self._joints
        robot: int = pybullet.loadURDF(path, useFixedBase=True, flags=pybullet.URDF_USE_INERTIA_FROM_FILE, **at)
        pybullet.setGravity(*gravity, 0.0, **at)
        for link in (-1, *joints):
            pybullet.changeDynamics(robot, link, linearDamping=0.0, angularDamping=0.0, jointDamping=0.0, **at)
        for link in joints:
            pybullet.changeDynamics(robot, link, jointLowerLimit=-NO_LIMIT, jointUpperLimit=NO_LIMIT, **at)
        pybullet.setJointMotorControlArray(robot, joints, pybullet.VELOCITY_CONTROL, forces=[0.0] * len(joints), **at)
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
        for joint in self._joints:
            pybullet.resetJointState(self._robot, joint, q[joint], qd[joint], physicsClientId=self._client)
        self.q, self.qd = q, qd

    def step(self, torque: Floats, hand_force: Floats, dt: float) -> None:
        if not isfinite(sum(torque) + sum(hand_force)):
            raise ValueError(f"torque {torque} N·m or hand force {hand_force} N is not finite")
        robot, client, joints = self._robot, self._client, self._joints
        if dt != self._dt:
            pybullet.setTimeStep(dt, physicsClientId=client)
            self._dt = dt
        total = map(sub, torque, map(mul, self._damping, self.qd))
        for row, force in zip(self._forward(self.q)[1], hand_force, strict=True):
            total = map(add, total, map(float(force).__mul__, row))
        # torque lasts one step only, so it is sent with every step
        pybullet.setJointMotorControlArray(robot, joints, TORQUE, forces=list(total), physicsClientId=client)
        pybullet.stepSimulation(physicsClientId=client)
        self.q, self.qd, *_ = zip(*pybullet.getJointStates(robot, joints, physicsClientId=client), strict=True)

    def close(self) -> None:
        if self._client is not None:
            pybullet.disconnect(physicsClientId=self._client)
            self._client = None
