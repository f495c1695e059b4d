"""Task-space impedance: F = K(x_r − x) + D(v_r − v) + F_ff, τ = JᵀF, D = 2ζ sqrt(K m_eff)."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.impedance import Impedance
from rehab.core.errors import Findings
from rehab.core.inertia import hand_mass, mass_matrix
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


@given(angle, angle, st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), st.floats(1.0, 200.0))
def test_in_joints_each_is_pulled_by_its_own_angle(
    q1: float, q2: float, d1: float, d2: float, stiffness: float
) -> None:
    place = kinematics_of(ARM).forward((q1 + d1, q2 + d2))[0]
    controller = Impedance(ARM, space="joint", joint_stiffness=stiffness)
    torque = controller.update(pose(ARM, (q1, q2)), reference_at(place), DT)
    assert torque == pytest.approx([stiffness * d1, stiffness * d2], rel=1e-6, abs=1e-6)


def test_in_joints_the_damper_is_two_zeta_root_of_stiffness_times_each_joints_inertia() -> None:
    state = pose(ARM, ARM.home, (0.3, -0.2))
    controller = Impedance(ARM, space="joint", joint_stiffness=40.0, damping_ratio=0.5)
    torque = controller.update(state, reference_at(tuple(state.x)), DT)
    D = 2 * 0.5 * np.sqrt(40.0 * mass_matrix(ARM, ARM.home).diagonal())
    assert torque == pytest.approx(-D * state.qd)
    assert controller.spring == (40.0, pytest.approx(tuple(D)), True)


def test_in_joints_a_hand_that_moves_with_the_reference_is_not_damped() -> None:
    state = pose(ARM, ARM.home, (0.3, -0.2))
    torque = Impedance(ARM, space="joint").update(state, reference_at(tuple(state.x), tuple(state.v)), DT)
    assert torque == pytest.approx([0.0, 0.0], abs=1e-9)


@given(angle, angle, st.floats(0.0, 2 * pi))
def test_a_spring_in_the_joints_is_never_stiffer_at_the_hand_than_it_declares(
    q1: float, q2: float, around: float
) -> None:
    controller, state = Impedance(ARM, space="joint"), pose(ARM, (q1, q2))
    way = 1e-5 * np.array([np.cos(around), np.sin(around)])
    torque = controller.update(state, reference_at(tuple(state.x + way)), DT)
    force = kinematics_of(ARM).hand_force(tuple(torque.tolist()), (q1, q2))
    assert np.linalg.norm(force) <= 1e-5 * controller.stiffness * (1.0 + 1e-3)


def test_its_stiffest_direction_is_as_stiff_as_it_declares() -> None:
    controller, state = Impedance(ARM, space="joint"), pose(ARM, ARM.home)
    forces = []
    for around in np.linspace(0.0, pi, 181):
        way = 1e-5 * np.array([np.cos(around), np.sin(around)])
        torque = controller.update(state, reference_at(tuple(state.x + way)), DT)
        forces.append(np.linalg.norm(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home)))
    assert max(forces) == pytest.approx(1e-5 * controller.stiffness, rel=1e-3)


def test_in_joints_a_place_out_of_reach_is_the_nearest_within_it() -> None:
    state = pose(ARM, (0.6, 0.8))
    far, edge = (reference_at((r * state.x / np.linalg.norm(state.x)).tolist()) for r in (2.0, 0.63))
    torques = [Impedance(ARM, space="joint").update(state, place, DT) for place in (far, edge)]
    assert torques[0] == pytest.approx(torques[1], rel=1e-3)


def test_in_joints_the_feed_forward_arrives_at_the_hand() -> None:
    state = pose(ARM, ARM.home)
    torque = Impedance(ARM, space="joint").update(state, reference_at(tuple(state.x), force=(3.0, -4.0)), DT)
    assert kinematics_of(ARM).hand_force(tuple(torque), ARM.home) == pytest.approx((3.0, -4.0))


@pytest.mark.parametrize("space", ["task", "joint"])
def test_the_references_own_force_is_declared_as_feed_forward(space: str) -> None:
    controller, state = Impedance(ARM, space=space), pose(ARM, ARM.home)
    controller.update(state, reference_at(tuple(state.x + 0.03), force=(3.0, -4.0)), DT)
    assert controller.feed_forward == pytest.approx(state.jacobian.T @ (3.0, -4.0))
