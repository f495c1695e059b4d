"""Position hold: a firm impedance about the pose of the reset."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.position_hold import PositionHold
from rehab.core.kinematics import kinematics_of
from tests.arms import hand_at, planar_arm, pose, reference_at, wrist

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x
DT = 0.001
metres = st.floats(-0.3, 0.3)


def force_of(hold: PositionHold, at: tuple[float, ...]) -> np.ndarray:
    torque = hold.update(hand_at(ARM, at), reference_at((9.0, -9.0), (1.0, 1.0), (50.0, 50.0)), DT)
    return np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))


@given(metres, metres)
def test_where_it_was_reset_nothing_is_pushed_wherever_the_reference_goes(dx: float, dy: float) -> None:
    hold, place = PositionHold(ARM), (HOME[0] + dx, HOME[1] + dy)
    hold.reset(hand_at(ARM, place))
    assert force_of(hold, place) == pytest.approx([0.0, 0.0], abs=1e-9)


@given(metres, metres)
def test_it_pulls_back_to_the_place_and_never_harder_than_it_may(dx: float, dy: float) -> None:
    hold = PositionHold(ARM, stiffness=1000.0, force=30.0)
    hold.reset(hand_at(ARM, tuple(HOME)))
    away = float(np.hypot(dx, dy))
    most = 1000.0 if away == 0.0 else min(1000.0, 30.0 / away)
    assert force_of(hold, (HOME[0] + dx, HOME[1] + dy)) == pytest.approx([-most * dx, -most * dy], abs=1e-6)


def test_a_second_reset_moves_the_place() -> None:
    hold = PositionHold(ARM)
    for place in ((0.0, 0.4), (0.1, 0.45)):
        hold.reset(hand_at(ARM, place))
    assert force_of(hold, (0.1, 0.45)) == pytest.approx([0.0, 0.0], abs=1e-9)
    assert force_of(hold, (0.0, 0.4))[0] > 10.0


@given(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_in_joints_the_pose_is_held(d1: float, d2: float) -> None:
    hold = PositionHold(ARM, space="joint", joint_stiffness=50.0, force=150.0)
    hold.reset(pose(ARM, ARM.home))
    torque = hold.update(pose(ARM, (ARM.home[0] + d1, ARM.home[1] + d2)), reference_at((9.0, 9.0)), DT)
    assert torque == pytest.approx([-50.0 * d1, -50.0 * d2], rel=1e-6, abs=1e-6)


def test_one_joint_is_held_too() -> None:
    info = wrist()
    hold = PositionHold(info, stiffness=800.0)
    hold.reset(pose(info, (0.3,)))
    assert hold.update(pose(info, (0.32,)), reference_at((0.0,)), DT) == pytest.approx([-800.0 * 0.005 * 0.25])


def test_it_leashes_no_reference_and_tells_how_stiffly_it_holds() -> None:
    hold = PositionHold(ARM, stiffness=900.0)
    assert not hasattr(hold, "stiffness")
    assert hold.spring.stiffness == 900.0
    assert PositionHold(ARM, space="joint", joint_stiffness=70.0).spring[0::2] == (70.0, True)


@given(st.floats(0.0, 2 * pi))
def test_a_hand_that_moves_is_braked(around: float) -> None:
    hold, v = PositionHold(ARM), (0.3 * np.cos(around), 0.3 * np.sin(around))
    hold.reset(hand_at(ARM, tuple(HOME)))
    torque = hold.update(hand_at(ARM, tuple(HOME), v), reference_at((0.0, 0.0)), DT)
    force = kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home)
    assert force == pytest.approx([-hold.spring.damping * c for c in v])
