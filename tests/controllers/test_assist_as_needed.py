"""Assist as needed: dâ/dt = −(1/τ) Yᵀ(YYᵀ)⁻¹Yâ − Γ⁻¹Yᵀs, F = Yâ − K_p x̃ − K_d x̃˙."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.assist_as_needed import AssistAsNeeded
from rehab.core.types import Event, State
from tests.arms import planar_arm, pose, reference_at, wrist
from tests.controllers.simulated import Bench

ARM = planar_arm()
DT = 0.001
NEVER = 1e6  # s


def taught(state: State, seconds: float = 0.5, off: float = 0.02, **parameters: float) -> AssistAsNeeded:
    """One that has learnt at this place, from a reference that stood `off` m beside it."""
    controller = AssistAsNeeded(ARM, **parameters)
    controller.reset(state)
    beside = reference_at(tuple(state.x + off))
    for _ in range(round(seconds / DT)):
        controller.update(state, beside, DT)
    return controller


@pytest.mark.parametrize("forgetting", [0.5, 4.0])
def test_the_learnt_force_decays_exactly_with_the_forgetting_time(forgetting: float) -> None:
    state = pose(ARM, ARM.home)
    controller = taught(state, forgetting=forgetting)
    begun = np.array(controller.learnt(state.x))
    assert np.linalg.norm(begun) > 0.5
    there = reference_at(tuple(state.x))
    for _ in range(1500):
        controller.update(state, there, DT)
    assert controller.learnt(state.x) == pytest.approx(begun * exp(-1.5 / forgetting), rel=1e-9)


def test_what_was_learnt_decays_alike_all_around_when_it_is_forgotten_here() -> None:
    """Only where the hand is does the law forget: far away nothing is lost."""
    here, far = pose(ARM, ARM.home), pose(ARM, (1.4, 1.0))
    controller = taught(here)
    begun = controller.learnt(here.x)
    for _ in range(3000):
        controller.update(far, reference_at(tuple(far.x)), DT)
    assert controller.learnt(here.x) == pytest.approx(begun, rel=1e-6)


def test_without_forgetting_it_is_plain_adaptive_control() -> None:
    """At one place d(Yâ)/dt = −|φ|² Γ⁻¹ s, and Γ⁻¹ is such that |φ|² Γ⁻¹ is the learning rate: a pure integral."""
    state = pose(ARM, ARM.home)
    controller = taught(state, 1.0, off=0.02, forgetting=NEVER, learning=60.0, error_rate=3.0)
    expected = 60.0 * 3.0 * 0.02 * 1.0  # rate · Λ · x̃ · time
    assert controller.learnt(state.x) == pytest.approx([expected, expected], rel=1e-3)


def test_what_is_learnt_at_one_place_helps_beside_it_and_not_far_off() -> None:
    state = pose(ARM, ARM.home)
    controller = taught(state, spacing=0.04)
    here = np.linalg.norm(controller.learnt(state.x))
    assert 0.5 * here < np.linalg.norm(controller.learnt(state.x + np.array([0.03, 0.0]))) < here
    assert np.linalg.norm(controller.learnt(state.x + np.array([0.25, 0.0]))) < 1e-3 * here


@given(st.floats(-0.45, 2.5), st.floats(0.55, 2.5))
def test_the_learning_rate_is_the_same_everywhere(q1: float, q2: float) -> None:
    state = pose(ARM, (q1, q2))
    controller = taught(state, 0.01, forgetting=NEVER)
    assert controller.learnt(state.x) == pytest.approx([60.0 * 3.0 * 0.02 * 0.01] * 2, rel=2e-3)


def test_the_learnt_force_never_exceeds_its_bound() -> None:
    state = pose(ARM, ARM.home)
    controller = taught(state, 5.0, off=0.2, most=7.0)
    assert np.linalg.norm(controller.learnt(state.x)) == pytest.approx(7.0)


def test_it_declares_what_it_learnt_as_feed_forward_and_the_rest_as_a_spring() -> None:
    state = pose(ARM, ARM.home, (0.2, -0.1))
    controller = taught(state)
    torque = controller.update(state, reference_at(tuple(state.x + 0.01)), DT)
    spring = -controller.stiffness * np.array([-0.01, -0.01]) - controller.damping * state.v
    assert torque - controller.feed_forward == pytest.approx(state.jacobian.T @ spring)
    assert np.linalg.norm(controller.feed_forward) > 0.0


def test_a_pause_goes_back_to_what_was_learnt_by_the_end_of_the_last_trial() -> None:
    state = pose(ARM, ARM.home)
    controller = taught(state)
    begun = controller.learnt(state.x)
    controller.heed(Event("trial_end", {"outcome": "reached"}))
    for _ in range(200):
        controller.update(state, reference_at(tuple(state.x + 0.05)), DT)
    assert controller.learnt(state.x) != begun
    controller.reset(state)
    assert controller.learnt(state.x) == begun


def test_before_a_trial_is_over_nothing_outlasts_a_pause() -> None:
    state = pose(ARM, ARM.home)
    controller = taught(state)
    controller.reset(state)
    assert controller.learnt(state.x) == [0.0, 0.0]


def test_an_arm_of_one_joint_learns_as_well() -> None:
    info = wrist()
    state = pose(info, (0.3,))
    controller = AssistAsNeeded(info, forgetting=NEVER)
    for _ in range(1000):
        controller.update(state, reference_at((float(state.x[0]) + 0.02,)), DT)
    assert controller.learnt(state.x) == pytest.approx([60.0 * 3.0 * 0.02], rel=2e-3)


def carried(forgetting: float) -> tuple[float, float]:
    """A hand of 2 kg that hangs with 8 N, held up by a patient who takes back what the robot gives: effort falls by
    half in 3 s while the error is small, and comes back when it is not (a scripted slacker, after Emken et al. 2007, J.
    Neurophysiol. 97: 3997). Gives the robot's learnt force and the patient's at the end of 60 s, N."""
    controller = AssistAsNeeded(ARM, forgetting=forgetting, stiffness=200.0)
    at = pose(ARM, ARM.home)
    there = reference_at(tuple(at.x))
    y, speed, effort, weight = 0.0, 0.0, 8.0, 8.0
    dt = 0.004
    for _ in range(15_000):
        state = at._replace(x=at.x + np.array([0.0, y]), v=np.array([0.0, speed]))
        torque = controller.update(state, there, dt)
        force = float(np.linalg.solve(at.jacobian.T, torque)[1])
        effort += dt * (-effort * 0.23 + 600.0 * max(0.0, -y - 0.002))
        effort = min(effort, 8.0)
        speed += dt * (force + effort - weight) / 2.0
        y += dt * speed
    return controller.learnt(at.x)[1], effort


def test_a_slacking_patient_is_carried_less_when_it_forgets() -> None:
    remembers, left_to_robot = carried(NEVER)
    forgets, kept = carried(2.0)
    assert remembers > 1.5 * forgets
    assert kept > 1.5 * left_to_robot


def test_a_limp_arm_is_led_to_the_targets() -> None:
    bench = Bench("assist_as_needed", "passive", trials=2)
    assert [str(trial.outcome) for trial in bench.finish()] == ["reached", "reached"]
    bench.close()
