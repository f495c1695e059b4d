"""Who moves the hand: assistance share, and the patient's power from the balance of energy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from rehab.core.errors import MeasureError
from rehab.core.inertia import mass_matrix
from rehab.core.kinematics import kinematics_of
from rehab.measures.effort import (
    Motion,
    assistance_share,
    effort_measures,
    mechanical_energy,
    patient_power,
    positive_work,
    robot_power,
)
from tests.arms import planar_arm, wrist

ARM = planar_arm()
FS = 1000.0
angle = st.floats(-2.0, 2.0)


def test_the_share_is_the_robots_part_of_the_positive_work() -> None:
    assert assistance_share([3.0, 3.0, -5.0], [1.0, 1.0, 0.0], 0.5) == pytest.approx(0.75)


@pytest.mark.parametrize(("robot", "patient", "share"), [(2.0, 0.0, 1.0), (0.0, 2.0, 0.0), (2.0, -2.0, 1.0)])
def test_who_does_nothing_has_no_part(robot: float, patient: float, share: float) -> None:
    assert assistance_share([robot] * 100, [patient] * 100, 0.01) == share


def test_what_either_takes_away_does_not_count() -> None:
    assert positive_work([4.0, -9.0, 2.0], 0.1) == pytest.approx(0.6)


def test_where_nobody_works_there_is_no_share() -> None:
    with pytest.raises(MeasureError, match="no work to have a share of"):
        assistance_share([-1.0] * 10, [0.0] * 10, 0.001)


@given(st.lists(st.floats(-5.0, 5.0), min_size=3, max_size=20), st.floats(0.1, 10.0))
def test_the_share_is_between_0_and_1_and_knows_no_unit_of_power(powers: list[float], factor: float) -> None:
    robot, patient = np.array(powers), 0.5 + np.array(powers)[::-1]
    share = assistance_share(robot, patient + 1.0, 0.1)
    assert 0.0 <= share <= 1.0
    assert assistance_share(factor * robot, factor * (patient + 1.0), 0.1) == pytest.approx(share)


@given(angle, angle, angle, angle)
def test_the_kinetic_energy_is_that_of_the_mass_matrix(q1: float, q2: float, w1: float, w2: float) -> None:
    rate = np.array([w1, w2])
    expected = 0.5 * rate @ mass_matrix(ARM, (q1, q2)) @ rate
    assert mechanical_energy(ARM, np.array([[q1, q2]]), rate[None])[0] == pytest.approx(expected, abs=1e-9)


@given(angle, angle)
def test_the_torque_against_gravity_is_the_slope_of_the_potential_energy(q1: float, q2: float) -> None:
    from rehab.core.gravity import Gravity

    upright = structs.replace(ARM, gravity=(0.0, -9.81))
    held, step, still = Gravity(upright).torque((q1, q2)), 1e-6, np.zeros((2, 2))
    for joint in range(2):
        q = np.tile([q1, q2], (2, 1))
        q[:, joint] += (-step, step)
        low, high = mechanical_energy(upright, q, still)
        assert (high - low) / (2 * step) == pytest.approx(held[joint], abs=1e-5)


def swung(info: object = ARM) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Two seconds of a smooth motion of both joints: t, q, q̇, q̈."""
    t = np.arange(2000) / FS
    s = 2 * np.pi * t[:, None] * np.array([0.7, 1.1]) + np.array([0.3, 1.0])
    w = 2 * np.pi * np.array([0.7, 1.1])
    return t, np.array([0.8, 1.5]) + 0.3 * np.sin(s), 0.3 * w * np.cos(s), -0.3 * w**2 * np.sin(s)


def test_the_balance_gives_the_power_of_inverse_dynamics() -> None:
    """Closed form of the planar two-link arm (Siciliano et al. 7.3.2): P = q̇ᵀ(M q̈ + C q̇ + b q̇ − τ)."""
    _, q, qd, qdd = swung()
    tau = np.column_stack([np.sin(5 * q[:, 0]), np.cos(3 * q[:, 1])])
    m2l1c2 = 0.8 * 0.30 * 0.165
    expected = np.empty(len(q))
    for k in range(len(q)):
        w1, w2 = qd[k]
        coriolis = m2l1c2 * np.sin(q[k, 1]) * np.array([-w2 * (2 * w1 + w2), w1 * w1])
        need = mass_matrix(ARM, tuple(q[k])) @ qdd[k] + coriolis + np.array([0.5, 0.3]) * qd[k] - tau[k]
        expected[k] = need @ qd[k]
    found = patient_power(ARM, q, qd, tau, FS)
    assert found[50:-50] == pytest.approx(expected[50:-50], abs=0.01)


def motion(info: object, q: np.ndarray, qd: np.ndarray, sent: np.ndarray, force: np.ndarray) -> Motion:
    kinematics = kinematics_of(info)
    jacobians = [np.array(kinematics.forward(tuple(angles))[1]) for angles in q.tolist()]
    v = np.array([jacobian @ rate for jacobian, rate in zip(jacobians, qd, strict=True)])
    return Motion(info, q, qd, sent, v, force)


def test_a_force_sensor_is_believed_where_there_is_one() -> None:
    t, q, qd, _ = swung()
    sensing = structs.replace(ARM, force_sensor=True)
    seen = motion(sensing, q, qd, np.zeros_like(q), np.zeros((len(t), 2)))
    pushed = seen._replace(force=10.0 * seen.v)
    found = effort_measures(t, pushed)
    assert found["assistance_share"] == 0.0
    assert found["patient_work"] == pytest.approx(10.0 * (seen.v**2).sum() / FS)


def test_without_a_sensor_its_column_is_not_looked_at() -> None:
    t, q, qd, _ = swung()
    seen = motion(ARM, q, qd, np.zeros_like(q), np.zeros((len(t), 2)))
    assert effort_measures(t, seen._replace(force=seen.force + 99.0)) == effort_measures(t, seen)


def test_the_work_of_the_robot_is_what_its_torque_does() -> None:
    t, q, qd, _ = swung()
    seen = motion(ARM, q, qd, 2.0 * qd, np.zeros((len(t), 2)))
    found = effort_measures(t, seen)
    assert found["robot_work"] == pytest.approx(2.0 * (qd**2).sum() / FS)
    assert robot_power(2.0 * qd, qd) == pytest.approx(2.0 * (qd**2).sum(axis=1))


def test_skipped_ticks_hardly_change_the_work() -> None:
    t, q, qd, _ = swung()
    seen = motion(ARM, q, qd, np.sin(q), np.zeros((len(t), 2)))
    kept = np.ones(len(t), dtype=bool)
    kept[[100, 500, 501, 502, 900, 901, 1500]] = False
    holed = Motion(ARM, *(part[kept] for part in seen[1:]))
    assert effort_measures(t[kept], holed) == pytest.approx(effort_measures(t, seen), rel=0.01)


def test_an_arm_of_one_joint_has_measures_too() -> None:
    info = wrist()
    t, q, qd, _ = swung()
    seen = motion(info, q[:, :1], qd[:, :1], 0.5 * qd[:, :1], np.zeros((len(t), 1)))
    found = effort_measures(t, seen)
    assert found["robot_work"] == pytest.approx(0.5 * (qd[:, 0] ** 2).sum() / FS)
    assert 0.0 < found["assistance_share"] <= 1.0


def test_noise_of_the_encoders_hardly_changes_the_share() -> None:
    """Of 0.01 rad/s in the velocities."""
    t, q, qd, _ = swung()
    seen = motion(ARM, q, qd, 1.5 * qd, np.zeros((len(t), 2)))
    noisy = seen._replace(qd=qd + 0.01 * np.random.default_rng(0).standard_normal(qd.shape))
    clean = effort_measures(t, seen)["assistance_share"]
    assert effort_measures(t, noisy)["assistance_share"] == pytest.approx(clean, abs=0.02)


def test_a_trial_in_which_nothing_moved_has_no_measures_of_work() -> None:
    t = np.arange(1000) / FS
    still = motion(ARM, np.tile(ARM.home, (1000, 1)), np.zeros((1000, 2)), np.ones((1000, 2)), np.zeros((1000, 2)))
    assert effort_measures(t, still) == {}
