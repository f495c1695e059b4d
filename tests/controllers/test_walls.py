"""One-sided walls: nothing before the face, restoring behind it, continuous, and never sticky."""

from __future__ import annotations

from math import cos, radians, sin
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.virtual_wall import VirtualWall
from controllers.workspace_box import WorkspaceBox
from rehab.core.kinematics import kinematics_of
from tests.arms import hand_at, planar_arm, pose, reference_at, wrist

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x
DT = 0.001
metres, speed = st.floats(-0.3, 0.3), st.floats(-1.0, 1.0)


def force_of(controller: Any, offset: tuple[float, float], v: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    """N at the hand, which is `offset` m from home."""
    state = hand_at(ARM, (HOME[0] + offset[0], HOME[1] + offset[1]), v)
    torque = controller.update(state, reference_at((9.0, 9.0)), DT)
    return np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))


@given(metres, metres, st.floats(-180.0, 180.0))
def test_a_resting_hand_feels_the_wall_only_behind_its_face(dx: float, dy: float, angle: float) -> None:
    wall = VirtualWall(ARM, angle=radians(angle), distance=0.08, stiffness=1000.0)
    n = np.array([cos(radians(angle)), sin(radians(angle))])
    depth = n @ (dx, dy) - 0.08
    assert force_of(wall, (dx, dy)) == pytest.approx(-1000.0 * max(0.0, depth) * n, abs=1e-6)


@given(metres, speed, speed)
def test_the_force_is_one_sided_spring_and_damper(dx: float, vx: float, vy: float) -> None:
    wall = VirtualWall(ARM, distance=0.08, stiffness=1000.0, damping_time=0.01)
    expected = max(0.0, 1000.0 * (dx - 0.08 + 0.01 * vx))
    assert force_of(wall, (dx, 0.1), (vx, vy)) == pytest.approx([-expected, 0.0], abs=1e-6)


@given(speed, speed)
def test_nothing_jumps_at_the_face_however_fast_the_hand_is(vx: float, vy: float) -> None:
    wall = VirtualWall(ARM, distance=0.08, stiffness=1000.0)
    before, behind = (force_of(wall, (0.08 + side, 0.0), (vx, vy)) for side in (-1e-6, 1e-6))
    assert np.linalg.norm(behind - before) <= 1000.0 * 2e-6 + 1e-9


@given(metres, speed)
def test_it_never_pulls_a_hand_into_itself(dx: float, vx: float) -> None:
    assert force_of(VirtualWall(ARM), (dx, 0.0), (vx, 0.0))[0] <= 0.0


def test_a_hand_that_hits_it_leaves_with_less_than_it_came_with() -> None:
    """1.5 kg at 0.5 m/s, tick by tick."""
    wall, x, v = VirtualWall(ARM, distance=0.0, damping_time=0.01), -0.05, 0.5
    deepest = 0.0
    for _ in range(500):
        v += DT * force_of(wall, (x, 0.0), (v, 0.0))[0] / 1.5
        x += DT * v
        deepest = max(deepest, x)
    assert 0.005 < deepest < 0.02
    assert -0.5 < v < -0.1
    assert x < 0.0


@given(metres, metres)
def test_a_box_is_free_inside_and_restoring_outside(dx: float, dy: float) -> None:
    box = WorkspaceBox(ARM, width=0.2, depth=0.3, x=0.02, y=-0.01, stiffness=500.0)
    expected = [
        -500.0 * (max(0.0, p - half) - max(0.0, -p - half)) for p, half in ((dx - 0.02, 0.1), (dy + 0.01, 0.15))
    ]
    assert force_of(box, (dx, dy)) == pytest.approx(expected, abs=1e-6)


@given(st.sampled_from([(0.12, 0.0), (-0.12, 0.05), (0.0, 0.12), (0.12, -0.12)]), speed, speed)
def test_nothing_jumps_at_any_side_of_a_box(at: tuple[float, float], vx: float, vy: float) -> None:
    box, out = WorkspaceBox(ARM), 1.0 + 1e-5
    before, behind = (force_of(box, (at[0] * s, at[1] * s), (vx, vy)) for s in (1.0 / out, out))
    assert np.linalg.norm(behind - before) <= 1000.0 * 1e-5


@given(metres, metres, speed, speed)
def test_a_box_never_pushes_outwards(dx: float, dy: float, vx: float, vy: float) -> None:
    """At a side that the hand is beyond, or nears."""
    force = force_of(WorkspaceBox(ARM), (dx, dy), (vx, vy))
    for f, p in zip(force, (dx, dy), strict=True):
        assert f * p <= 1e-9 or abs(p) < 0.12  # inside, a fast hand is braked before the side it flies to


def test_on_a_line_a_wall_stands_ahead_or_behind_and_a_box_has_two_ends() -> None:
    info = wrist()
    for angle, side in ((0.0, 1.0), (np.pi, -1.0)):
        wall = VirtualWall(info, angle=angle, distance=0.05)
        torque = wall.update(hand_at(info, (side * 0.06,)), reference_at((0.0,)), DT)
        assert torque == pytest.approx([-side * 1000.0 * 0.01 * 0.25])
        torque = WorkspaceBox(info, width=0.1).update(hand_at(info, (side * 0.06,)), reference_at((0.0,)), DT)
        assert torque == pytest.approx([-side * 1000.0 * 0.01 * 0.25])


@pytest.mark.parametrize("plugin", [VirtualWall, WorkspaceBox])
def test_what_the_device_must_hold_stably_is_the_hardness_and_damping_of_a_wall(plugin: Any) -> None:
    spring = plugin(ARM, stiffness=2000.0, damping_time=0.02).spring
    assert (spring.stiffness, spring.damping, spring.joint) == (2000.0, 40.0, False)
    assert not hasattr(plugin(ARM), "stiffness")  # it leashes no reference
