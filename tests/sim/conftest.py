"""What the tests of the simulation share: the model, the same without friction, and a patient who is asked to reach."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from math import cos, pi, sin
from typing import NamedTuple

import msgspec
import numpy as np
import pytest

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Array, Scene, Target
from rehab.core.values import Floats
from rehab.measures import minimum_jerk, movement_bounds, path_length_ratio, sparc
from sim import models
from sim.body import make_body

ENGINES = ("closed_form", "pybullet") if find_spec("pybullet") else ("closed_form",)
DT = 0.001  # s


@pytest.fixture(scope="session")
def info() -> DeviceInfo:
    return models.load("planar_arm")


@pytest.fixture(scope="session")
def frictionless(info: DeviceInfo) -> DeviceInfo:
    joints = tuple(msgspec.structs.replace(joint, damping=0.0) for joint in info.joints)
    return msgspec.structs.replace(info, joints=joints)


class Reached(NamedTuple):
    """One reach of 10 cm from home: when the hand had stayed in the target (s; None if it never did), and its path."""

    time: float | None
    path: Array  # m (n, 2), 1 kHz

    @property
    def speed(self) -> Array:
        return np.linalg.norm(np.gradient(self.path, DT, axis=0), axis=1)

    @property
    def moving(self) -> slice:
        first, last = movement_bounds(self.speed, 1.0 / DT)
        return slice(first, last + 1)

    @property
    def smoothness(self) -> float:
        return sparc(self.speed[self.moving], 1.0 / DT)

    @property
    def detour(self) -> float:
        return path_length_ratio(self.path[self.moving])


@pytest.fixture(scope="session")
def reach(info: DeviceInfo) -> Callable[..., Reached]:
    """reach(patient, seed, direction, assistance=0): a radius of 1 cm, a dwell of 0.3 s, 5 s at most.

    assistance is the stiffness (N/m) of a robot that leads the hand to the target in 1.5 s; 0 is one that does nothing.
    """
    kinematics = kinematics_of(info)
    home = kinematics.forward(info.home)[0]

    def run(patient: str, seed: int, direction: float, assistance: float = 0.0) -> Reached:
        goal = (home[0] + 0.1 * cos(direction), home[1] + 0.1 * sin(direction))
        lead = minimum_jerk(np.arange(0.0, 5.0, DT), start=np.array(home), end=np.array(goal), duration=1.5)[0].tolist()
        body = make_body(info, patient, seed, "closed_form")
        body.see(Scene(targets=(Target(goal, 0.01),)))
        path, inside = [], 0
        for led in lead:
            body.step(_pull(body.q, body.x, body.v, led, assistance, kinematics.forward(body.q)[1]), DT)
            path.append(body.x)
            near = (body.x[0] - goal[0]) ** 2 + (body.x[1] - goal[1]) ** 2 < 0.01**2
            inside = inside + 1 if near else 0
            if inside == 300:
                return Reached(len(path) * DT, np.array(path))
        return Reached(None, np.array(path))

    return run


def _pull(q: Floats, x: Floats, v: Floats, to: Floats, stiffness: float, jacobian: tuple[Floats, ...]) -> Floats:
    fx, fy = (stiffness * (r - p) - 0.075 * stiffness * s for r, p, s in zip(to, x, v, strict=True))
    (a, b), (c, d) = jacobian
    return (a * fx + c * fy, b * fx + d * fy)


DIRECTIONS = tuple(k * pi / 4 for k in range(8))
