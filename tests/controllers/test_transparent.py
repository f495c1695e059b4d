"""Transparent: a share of the declared joint friction is taken away, and nothing else is done."""

from __future__ import annotations

from math import exp, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.transparent import Transparent
from rehab.core.inertia import mass_matrix
from tests.arms import planar_arm, pose, reference_at, upright

ARM = planar_arm()
DT = 0.001
speed = st.floats(-5.0, 5.0)


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_a_resting_hand_feels_nothing_wherever_the_reference_is(x: float, y: float) -> None:
    torque = Transparent(ARM).update(pose(ARM, ARM.home), reference_at((x, y), (y, x), (10.0, 10.0)), DT)
    assert torque.tolist() == [0.0, 0.0]


@given(speed, speed, st.floats(0.0, 0.8))
def test_it_returns_the_declared_share_of_each_joints_friction(w1: float, w2: float, share: float) -> None:
    torque = Transparent(ARM, friction_share=share).update(pose(ARM, ARM.home, (w1, w2)), reference_at((0.0, 0.4)), DT)
    assert torque == pytest.approx([share * 0.5 * w1, share * 0.3 * w2])


def test_more_than_four_fifths_of_the_friction_cannot_be_asked_for() -> None:
    assert Transparent.parameters["friction_share"].most == 0.8


@pytest.mark.parametrize("delay", [0, 1, 5, 20, 100])
def test_a_pushed_arm_comes_to_rest_whatever_the_delay_of_the_link(delay: int) -> None:
    """Two joints taken one by one with a light rotor: I dw/dt = −b w + τ(t − delay), at the largest share."""
    controller, inertia = Transparent(ARM, friction_share=0.8), (0.01, 0.005)
    w, on_the_way = [2.0, -2.0], [(0.0, 0.0)] * delay
    for _ in range(6000):
        torque = controller.update(pose(ARM, ARM.home, (w[0], w[1])), reference_at((0.0, 0.4)), DT)
        on_the_way.append((float(torque[0]), float(torque[1])))
        applied = on_the_way.pop(0)
        for j, joint in enumerate(ARM.joints):
            w[j] += DT / inertia[j] * (applied[j] - joint.damping * w[j])
        assert max(map(abs, w)) <= 2.0
    assert max(map(abs, w)) < 0.05


def test_a_changed_share_never_steps_the_torque() -> None:
    state, controller = pose(ARM, ARM.home, (2.0, 2.0)), Transparent(ARM, friction_share=0.0)
    controller.set("friction_share", 0.8)
    torques = [controller.update(state, reference_at((0.0, 0.4)), DT)[0] for _ in range(200)]
    assert torques == pytest.approx([0.8 * 0.5 * 2.0 * (k + 1) / 200 for k in range(200)])


def test_it_holds_the_arms_own_weight_and_no_more() -> None:
    state = pose(upright(ARM), (0.4, 0.9))
    torque = Transparent(upright(ARM)).update(state, reference_at((0.0, 0.4)), DT)
    assert torque == pytest.approx(state.gravity)
    assert np.abs(torque).max() > 3.0


def test_it_returns_the_share_of_the_inertia_that_was_asked_for() -> None:
    """A quarter of a second of steady acceleration: the low-pass of 5 Hz has then come to 1 − e^(−ωt)."""
    controller, acceleration = Transparent(ARM, friction_share=0.0, inertia_share=0.4), np.array([2.0, -1.0])
    controller.reset(pose(ARM, ARM.home))
    for k in range(1, 251):
        state = pose(ARM, ARM.home, tuple(acceleration * k * DT))
        torque = controller.update(state, reference_at((0.0, 0.4)), DT)
    expected = 0.4 * (1.0 - exp(-2 * pi * 5.0 * 0.25)) * mass_matrix(ARM, ARM.home) @ acceleration
    assert torque == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("delay", [0, 1, 2, 5, 20])
@pytest.mark.parametrize("elbow", [0.5, 1.7, 2.6])
def test_both_shares_at_their_limits_leave_a_pushed_arm_stable_in_every_pose(delay: int, elbow: float) -> None:
    """M(q) dω/dt = −b ω + τ(t − delay), exactly over each tick, with the arm's coupled inertia."""
    controller, q = Transparent(ARM, friction_share=0.8, inertia_share=0.5), (0.7, elbow)
    M, b = mass_matrix(ARM, q), np.array([joint.damping for joint in ARM.joints])
    w, on_the_way, start = np.array([2.0, -2.0]), [np.zeros(2)] * delay, pose(ARM, q, (2.0, -2.0))
    controller.reset(start)
    for _ in range(8000):
        on_the_way.append(controller.update(start._replace(qd=w), reference_at((0.0, 0.4)), DT))
        w = np.linalg.solve(M / DT + np.diag(b), M @ w / DT + on_the_way.pop(0))
        assert np.abs(w).max() < 6.0
    assert np.abs(w).max() < 0.05


def test_more_than_half_of_the_inertia_cannot_be_asked_for() -> None:
    assert Transparent.parameters["inertia_share"].most == 0.5
