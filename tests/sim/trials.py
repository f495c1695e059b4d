"""Trials of a virtual patient on a robot that does little: reach 10 cm and come back, with a field at the hand."""

from __future__ import annotations

from math import cos, hypot, pi, sin
from typing import NamedTuple

import numpy as np

from rehab.core.kinematics import kinematics_of
from rehab.core.types import Array, CursorMap, Scene, Target
from rehab.core.values import Floats
from sim import models
from sim.body import Body
from sim.patients.patient import VirtualPatient
from sim.patients.person import Traits
from sim.plants.closed_form import ClosedFormPlant

DT = 0.001  # s
ARM, KNEE = models.load("planar_arm"), models.load("knee")
HOME = (0.0, 0.42)
CURL = ((0.0, 15.0), (-15.0, 0.0))  # N·s/m
NULL = ((0.0, 0.0), (0.0, 0.0))
PLAIN = CursorMap(centre=HOME)


def body_of(traits: Traits, seed: int = 1, info=ARM) -> Body:
    return Body(info, ClosedFormPlant(info), VirtualPatient(info, traits, seed))


class Reach(NamedTuple):
    """`path` m from home (n, 2) until the cursor had stayed in the target; `aside` m, the largest deviation to the left
    of the straight line (negative: right)."""

    path: Array
    aside: float
    arrived: bool


def reach(
    body: Body, angle: float, field=NULL, cursor: CursorMap = PLAIN, *, size: float = 0.01,
    channel: float = 0.0, seconds: float = 3.0,
) -> Reach:  # fmt: skip
    """One trial in that direction. The field F = B v (N·s/m) acts on the way out only, and `channel` is the stiffness
    (N/m) of walls beside the straight line."""
    kinematics = kinematics_of(body.info)
    goal = (HOME[0] + 0.1 * cos(angle), HOME[1] + 0.1 * sin(angle))
    left = (-sin(angle), cos(angle))
    body.see(Scene(targets=(Target(goal, size),), cursor=cursor))
    path, inside = [], 0
    for _ in range(round(seconds / DT)):
        (vx, vy), x = body.v, body.x
        fx, fy = field[0][0] * vx + field[0][1] * vy, field[1][0] * vx + field[1][1] * vy
        if channel:
            beside = (x[0] - HOME[0]) * left[0] + (x[1] - HOME[1]) * left[1]
            push = -channel * beside - 0.02 * channel * (vx * left[0] + vy * left[1])
            fx, fy = fx + push * left[0], fy + push * left[1]
        body.step(torque_of(kinematics.forward(body.q)[1], (fx, fy)), DT)
        path.append((body.x[0] - HOME[0], body.x[1] - HOME[1]))
        shown = cursor.place(body.x) if cursor.shown else body.x
        inside = inside + 1 if hypot(shown[0] - goal[0], shown[1] - goal[1]) < size else 0
        if inside == 300:
            break
    body.see(Scene(targets=(Target(HOME, size, "home"),)))
    for _ in range(1500):
        body.step((0.0, 0.0), DT)
    way = np.array(path)
    beside = way @ np.array(left)
    return Reach(way, float(beside[np.abs(beside).argmax()]), inside == 300)


def torque_of(jacobian: tuple[Floats, ...], force: Floats) -> Floats:
    """Jᵀ F in N·m."""
    return tuple(sum(row[k] * f for row, f in zip(jacobian, force, strict=True)) for k in range(len(jacobian[0])))


def directions(cycles: int, seed: int = 1) -> list[float]:
    """Eight directions, shuffled anew each cycle."""
    dice = np.random.default_rng(seed)
    return [float(k) * pi / 4.0 for _ in range(cycles) for k in dice.permutation(8)]
