"""A robot and a limb that hold each other: what stands behind the simulated device and behind the emulators."""

from __future__ import annotations

from math import isfinite
from operator import mul

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Scene
from rehab.core.values import Floats
from sim.patients import Patient, make_patient
from sim.plants import Plant, make_plant


class Body:
    """The robot's plant and the patient's limb, stepped together; without a patient the hand is free.

    t       s since it was made or reset
    q, qd   rad, rad/s
    x, v    hand m, m/s
    torque  N·m applied in the last step: what was asked, as far as the motors can
    force   N, limb on robot, in the last step
    steps   number of steps since it was made
    """

    def __init__(self, info: DeviceInfo, plant: Plant, patient: Patient | None = None) -> None:
        self.info, self.plant, self.patient = info, plant, patient
        self._kinematics = kinematics_of(info)
        self._most = tuple(joint.torque for joint in info.joints)
        self._no_force = (0.0,) * self._kinematics.n_task
        self.t = 0.0
        self.steps = 0
        self.torque: Floats = (0.0,) * info.n_joints
        self.force: Floats = self._no_force
        plant.reset(info.home, (0.0,) * info.n_joints)
        self._look()

    def see(self, scene: Scene) -> None:
        """Show the patient a scene; it may change at any step."""
        if self.patient is not None:
            self.patient.see(scene)

    def step(self, torque: Floats, dt: float) -> None:
        """One step of dt s with constant torque (N·m); raises ValueError, before anything moves, if not finite."""
        if not isfinite(sum(torque)):
            raise ValueError(f"torque {torque} N·m is not finite")
        applied = tuple(map(_saturated, torque, self._most))
        if self.patient is not None:
            self.force = self.patient.force(self.t, self.x, self.v, dt)
        self.plant.step(applied, self.force, dt)
        self.torque = applied
        self.t += dt
        self.steps += 1
        self._look()

    def close(self) -> None:
        """Free the engine; idempotent."""
        self.plant.close()

    def _look(self) -> None:
        self.q, self.qd = self.plant.q, self.plant.qd
        self.x, jacobian = self._kinematics.forward(self.q)
        self.v = tuple([sum(map(mul, row, self.qd)) for row in jacobian])


def _saturated(wish: float, most: float) -> float:
    """Motors give no more than this."""
    if wish > most:
        return most
    if wish < -most:
        return -most
    return wish


def make_body(info: DeviceInfo, patient: str | None, seed: int, engine: str = "auto") -> Body:
    """A body of that device with the virtual patient of that name (None: nobody). Raises UnknownName."""
    somebody = None if patient is None else make_patient(patient, info, seed)
    return Body(info, make_plant(info, engine), somebody)
