"""Task-space impedance: F = K(x_r − x) + D(v_r − v) + F_ff, τ = JᵀF, D = 2ζ sqrt(K m_eff)."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.impedance import Impedance
from rehab.core.errors import Findings
from rehab.core.inertia import hand_mass
from rehab.core.kinematics import kinematics_of
from tests.arms import planar_arm, pose, reference_at, wrist

ARM = planar_arm()
DT = 0.001
angle = st.floats(0.6, 2.4)
metres = st.floats(-0.2, 0.2)


def test_the_hand_feels_no_force_at_the_reference() -> None:
    state = pose(ARM, ARM.home)
    torque = Impedance(ARM).update(state, reference_at(tuple(state.x)), DT)
    assert torque.tolist() == [0.0, 0.0]


@given(angle, angle, metres, metres, st.floats(1.0, 3000.0))
def test_the_force_on_a_resting_hand_is_the_springs(
    q1: float, q2: float, dx: float, dy: float, stiffness: float
) -> None:
    state = pose(ARM, (q1, q2))
    torque = Impedance(ARM, stiffness=stiffness).update(state, reference_at((state.x[0] + dx, state.x[1] + dy)), DT)
    force = kinematics_of(ARM).hand_force(tuple(torque.tolist()), (q1, q2))
    assert force == pytest.approx((stiffness * dx, stiffness * dy), rel=1e-6, abs=1e-6)


@given(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0))
def test_damping_at_the_reference_only_takes_power(w1: float, w2: float) -> None:
    state = pose(ARM, ARM.home, (w1, w2))
    torque = Impedance(ARM).update(state, reference_at(tuple(state.x)), DT)
    assert torque @ state.qd <= 1e-12


def test_a_hand_that_moves_with_the_reference_is_not_damped() -> None:
    state = pose(ARM, ARM.home, (0.3, -0.2))
    torque = Impedance(ARM).update(state, reference_at(tuple(state.x), tuple(state.v)), DT)
    assert torque == pytest.approx([0.0, 0.0])


def test_the_damper_is_two_zeta_root_of_stiffness_times_hand_mass() -> None:
    state = pose(ARM, ARM.home, (0.3, -0.2))
    torque = Impedance(ARM, stiffness=400.0, damping_ratio=0.5).update(state, reference_at(tuple(state.x)), DT)
    D = 2 * 0.5 * sqrt(400.0 * hand_mass(ARM, ARM.home))
    assert torque == pytest.approx(state.jacobian.T @ (-D * state.v))


def test_the_feed_forward_arrives_at_the_hand() -> None:
    state = pose(ARM, ARM.home)
    torque = Impedance(ARM).update(state, reference_at(tuple(state.x), force=(3.0, -4.0)), DT)
    assert kinematics_of(ARM).hand_force(tuple(torque), ARM.home) == pytest.approx((3.0, -4.0))


def test_no_stiffness_is_no_torque() -> None:
    state = pose(ARM, ARM.home, (1.0, 1.0))
    torque = Impedance(ARM, stiffness=0.0).update(state, reference_at((9.0, 9.0)), DT)
    assert torque == pytest.approx([0.0, 0.0])


def test_an_arm_of_one_joint_needs_nothing_else() -> None:
    info = wrist()
    state = pose(info, (0.0,))
    torque = Impedance(info, stiffness=200.0).update(state, reference_at((0.01,)), DT)
    assert torque == pytest.approx([200.0 * 0.01 * 0.25])


def test_changing_the_stiffness_takes_200_ms_and_never_steps_the_torque() -> None:
    state, far = pose(ARM, ARM.home), reference_at((0.05, 0.45))
    controller = Impedance(ARM, stiffness=200.0)
    torques = [controller.update(state, far, DT)]
    controller.set("stiffness", 1000.0)
    torques += [controller.update(state, far, DT) for _ in range(250)]
    steps = np.abs(np.diff(torques, axis=0)).max(axis=1)
    whole = np.abs(torques[-1] - torques[0]).max()
    assert controller.stiffness == 1000.0
    assert steps.max() == pytest.approx(whole / 200, rel=1e-6)
    assert not steps[200:].any()


def test_the_stiffness_that_leashes_is_the_one_that_acts_now() -> None:
    controller = Impedance(ARM, stiffness=200.0)
    controller.set("stiffness", 1000.0)
    assert controller.stiffness == 200.0
    for _ in range(100):
        controller.update(pose(ARM, ARM.home), reference_at((0.0, 0.4)), DT)
    assert controller.stiffness == pytest.approx(600.0)


def test_a_second_change_starts_from_where_the_first_has_come_to() -> None:
    state, far = pose(ARM, ARM.home, (0.2, 0.1)), reference_at((0.05, 0.45))
    controller = Impedance(ARM)
    torques = []
    for k in range(500):
        if k % 70 == 0:
            controller.set("stiffness", 50.0 + 3.0 * k)
            controller.set("damping_ratio", 2.0 if k % 140 else 0.2)
        torques.append(controller.update(state, far, DT))
    assert np.abs(np.diff(torques, axis=0)).max() < 0.15  # N·m a tick; unramped, the first damping change makes 1.6


def test_after_a_pause_a_change_is_complete() -> None:
    controller = Impedance(ARM)
    controller.set("stiffness", 500.0)
    controller.reset(pose(ARM, ARM.home))
    assert controller.stiffness == 500.0


def test_a_name_that_is_no_parameter_is_refused_with_the_nearest() -> None:
    with pytest.raises(Findings, match='did you mean "stiffness"'):
        Impedance(ARM, stifness=100.0)


@given(st.floats(0.0, 2 * pi))
def test_it_pulls_towards_the_reference_from_every_side(around: float) -> None:
    state = pose(ARM, ARM.home)
    way = 0.05 * np.array([np.cos(around), np.sin(around)])
    torque = Impedance(ARM).update(state, reference_at(tuple(state.x + way)), DT)
    force = np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))
    assert force @ way == pytest.approx(np.linalg.norm(force) * 0.05)
