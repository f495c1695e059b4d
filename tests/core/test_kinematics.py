"""Joint space and task space of the arms we know in closed form."""

from __future__ import annotations

from math import cos, hypot, isfinite, pi, sin

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rehab.core.kinematics import OutOfReach, Planar2R, SingleJoint, kinematics_of
from tests.arms import planar_arm, wrist

length = st.floats(0.1, 0.6)
base = st.tuples(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
shoulder = st.floats(-3.0, 3.0)
elbow = st.one_of(st.floats(-2.9, -0.05), st.floats(0.05, 2.9))
torque = st.tuples(st.floats(-20.0, 20.0), st.floats(-20.0, 20.0))


@given(length, length, base, shoulder, elbow)
def test_the_inverse_of_a_reached_point_is_the_pose_that_reached_it(
    l1: float, l2: float, b: tuple, q1: float, q2: float
) -> None:
    arm = Planar2R(l1, l2, b)
    hand, _ = arm.forward((q1, q2))
    assume(hypot(hand[0] - b[0], hand[1] - b[1]) > 0.02)  # over the base, the shoulder may be anywhere
    assert arm.inverse(hand, near=(q1, q2)) == pytest.approx((q1, q2), abs=1e-5)


@given(length, length, base, shoulder, st.floats(-3.1, 3.1))
def test_the_jacobian_is_the_derivative_of_the_hand(l1: float, l2: float, b: tuple, q1: float, q2: float) -> None:
    arm, h = Planar2R(l1, l2, b), 1e-6
    columns = []
    for dq in ((h, 0.0), (0.0, h)):
        ahead, behind = arm.forward((q1 + dq[0], q2 + dq[1]))[0], arm.forward((q1 - dq[0], q2 - dq[1]))[0]
        columns.append([(a - c) / (2 * h) for a, c in zip(ahead, behind, strict=True)])
    assert np.array(arm.forward((q1, q2))[1]) == pytest.approx(np.array(columns).T, abs=1e-8)


def test_the_hand_of_a_right_angle() -> None:
    hand, jacobian = Planar2R(0.3, 0.4, (1.0, 2.0)).forward((0.0, pi / 2))
    assert hand == pytest.approx((1.3, 2.4))
    assert np.array(jacobian) == pytest.approx(np.array([[-0.4, -0.4], [0.3, 0.0]]), abs=1e-12)


@given(length, length, shoulder, st.one_of(st.floats(-2.2, -0.9), st.floats(0.9, 2.2)), torque)
def test_away_from_singularities_the_hand_force_balances_the_torque(
    l1: float, l2: float, q1: float, q2: float, tau: tuple
) -> None:
    arm = Planar2R(l1, l2)
    jacobian = np.array(arm.forward((q1, q2))[1])
    assume(np.linalg.svd(jacobian, compute_uv=False)[-1] > Planar2R.LEAST_SINGULAR_VALUE)
    assert arm.hand_force(tau, (q1, q2)) == pytest.approx(np.linalg.solve(jacobian.T, tau), rel=1e-6, abs=1e-6)


@given(length, length, shoulder, st.floats(-pi, pi), torque)
def test_the_hand_force_is_bounded_at_singularities(l1: float, l2: float, q1: float, q2: float, tau: tuple) -> None:
    force = Planar2R(l1, l2).hand_force(tau, (q1, q2))
    assert all(map(isfinite, force))
    assert hypot(*force) <= hypot(*tau) / Planar2R.LEAST_SINGULAR_VALUE * (1 + 1e-9)


@pytest.mark.parametrize("q2", [0.0, pi, -pi])
def test_a_straight_or_folded_arm_is_no_division_by_zero(q2: float) -> None:
    assert all(map(isfinite, Planar2R(0.3, 0.3).hand_force((5.0, -5.0), (0.4, q2))))


@given(length, length, base, st.floats(0.0, 2 * pi), st.floats(0.001, 1.0))
def test_a_point_too_far_is_refused_with_the_nearest_that_is_reached(
    l1: float, l2: float, b: tuple, angle: float, beyond: float
) -> None:
    arm, far = Planar2R(l1, l2, b), l1 + l2 + beyond
    with pytest.raises(OutOfReach) as refused:
        arm.inverse((b[0] + far * cos(angle), b[1] + far * sin(angle)), near=(0.0, 1.0))
    expected = (b[0] + (l1 + l2) * cos(angle), b[1] + (l1 + l2) * sin(angle))
    assert refused.value.nearest == pytest.approx(expected)


def test_a_point_too_near_is_refused_too() -> None:
    with pytest.raises(OutOfReach) as refused:
        Planar2R(0.4, 0.3).inverse((0.05, 0.0), near=(0.0, 1.0))
    assert refused.value.nearest == pytest.approx((0.1, 0.0))


def test_the_elbow_stays_on_its_side() -> None:
    arm = Planar2R(0.3, 0.33)
    for q2 in (1.2, -1.2):
        hand, _ = arm.forward((0.4, q2))
        assert arm.inverse(hand, near=(0.0, q2)) == pytest.approx((0.4, q2))
        assert arm.inverse(hand, near=(0.0, -q2))[1] == pytest.approx(-q2)


@given(shoulder, st.integers(-2, 2))
def test_the_shoulder_angle_is_the_turn_nearest_to_the_present_one(q1: float, turns: int) -> None:
    arm, near = Planar2R(0.3, 0.33), (q1 + 2 * pi * turns, 1.0)
    assert arm.inverse(arm.forward(near)[0], near=near) == pytest.approx(near, abs=1e-6)


@given(length, st.floats(-3.0, 3.0), st.floats(-5.0, 5.0))
def test_one_joint_works_along_its_arc(l: float, q: float, tau: float) -> None:  # noqa: E741
    arm = SingleJoint(l, (0.0, 0.0))
    hand, jacobian = arm.forward((q,))
    assert hand == (l * q,)
    assert jacobian == ((l,),)
    assert arm.inverse(hand, near=(0.0,)) == pytest.approx((q,))
    assert arm.hand_force((tau,), (q,))[0] * l == pytest.approx(tau)


def test_what_is_drawn_begins_at_the_base_and_ends_at_the_hand() -> None:
    arm = Planar2R(0.3, 0.33, (0.1, -0.1))
    points = arm.points((0.5, 1.1))
    assert points[0] == (0.1, -0.1)
    assert points[-1] == pytest.approx(arm.forward((0.5, 1.1))[0])
    assert np.hypot(*np.subtract(points[1], points[0])) == pytest.approx(0.3)


@pytest.mark.parametrize("wrong", [0.0, -0.3, float("nan"), float("inf")])
def test_lengths_that_are_none_are_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"positive.*of metres"):
        Planar2R(0.3, wrong)
    with pytest.raises(ValueError, match=r"positive.*of metres"):
        SingleJoint(wrong, (0.0, 0.0))


def test_the_device_says_which_kinematics_it_has() -> None:
    assert isinstance(kinematics_of(planar_arm()), Planar2R)
    assert isinstance(kinematics_of(wrist()), SingleJoint)
