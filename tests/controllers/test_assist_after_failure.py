"""Assist after failure: out of the way while the patient tries, help once the try has failed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from controllers.assist_after_failure import AssistAfterFailure
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Event
from tests.arms import planar_arm, pose, reference_at
from tests.controllers.simulated import Bench

ARM = planar_arm()
DT = 0.001
HOME = pose(ARM, ARM.home)
X0, Y0 = HOME.x.tolist()
START = Event("trial_start", {"target": [X0, Y0 + 0.1], "radius": 0.01})
AT_TARGET = reference_at((X0, Y0 + 0.1))


class Try:
    """A trial, and a hand that is put where the test wants it."""

    def __init__(self, start: Event = START, **parameters: Any) -> None:
        self.controller = AssistAfterFailure(ARM, **parameters)
        self.controller.reset(HOME)
        self.controller.update(HOME, reference_at((X0, Y0)), DT)
        self.controller.heed(start)

    def at(self, way: float, speed: float = 0.0) -> np.ndarray:
        state = HOME._replace(x=np.array([X0, Y0 + way]), v=np.array([0.0, speed]))
        torque = self.controller.update(state, AT_TARGET, DT)
        return np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))


def test_while_the_patient_tries_no_force_acts_though_the_reference_is_far_off() -> None:
    attempt = Try()
    forces = [attempt.at(0.03 * k * DT, 0.03) for k in range(2900)]
    assert np.abs(forces[250:]).max() < 1e-9
    assert not attempt.controller.helping


def test_it_takes_away_a_part_of_the_friction_meanwhile() -> None:
    attempt = Try()
    for _ in range(300):
        attempt.at(0.0)
    moving = pose(ARM, ARM.home, (0.4, -0.3))
    torque = attempt.controller.update(moving, AT_TARGET, DT)
    assert torque == pytest.approx(0.5 * np.array([0.5 * 0.4, 0.3 * -0.3]))


def test_a_second_without_progress_is_a_failure() -> None:
    attempt = Try(patience=1.0, own_time=30.0)
    for _ in range(998):
        attempt.at(0.0)
    assert not attempt.controller.helping
    attempt.at(0.0)
    attempt.at(0.0)
    assert attempt.controller.helping


def test_progress_buys_time_but_not_beyond_the_own_time() -> None:
    attempt = Try(patience=1.0, own_time=3.0)
    for k in range(2990):
        attempt.at(0.02 * k * DT, 0.02)
    assert not attempt.controller.helping
    for k in range(20):
        attempt.at(0.06 + 0.02 * k * DT, 0.02)
    assert attempt.controller.helping


def test_who_waits_in_the_target_has_not_failed() -> None:
    attempt = Try()
    for _ in range(4000):
        attempt.at(0.095)
    assert not attempt.controller.helping


def test_help_leads_from_the_hand_to_the_target_without_a_step() -> None:
    attempt = Try(patience=0.5, stiffness=300.0)
    pulls = [attempt.at(0.02)[1] for _ in range(3000)]
    steps = np.abs(np.diff(pulls[250:]))
    assert steps.max() < 0.1  # N a tick
    assert pulls[-1] == pytest.approx(300.0 * 0.08)


def test_a_new_trial_is_the_patients_own_again() -> None:
    attempt = Try(patience=0.3)
    for _ in range(1500):
        attempt.at(0.0)
    attempt.controller.heed(Event("trial_end", {"outcome": "timeout"}))
    attempt.controller.heed(START)
    assert not attempt.controller.helping
    forces = [attempt.at(0.0) for _ in range(290)]
    assert np.abs(np.diff(forces, axis=0)).max() < 0.5
    assert np.abs(forces[250:]).max() < 1e-9


def test_between_trials_the_hand_is_led_along_the_reference() -> None:
    controller = AssistAfterFailure(ARM, stiffness=250.0)
    controller.reset(HOME)
    torque = controller.update(HOME, reference_at((X0, Y0 + 0.02)), DT)
    assert kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home) == pytest.approx((0.0, 5.0))


def test_a_trial_that_names_no_target_has_failed_when_the_reference_is_far_for_long() -> None:
    attempt = Try(Event("trial_start", {}), patience=0.5, own_time=30.0)
    for _ in range(600):
        attempt.at(0.0)
    assert attempt.controller.helping
    assert attempt.at(0.05)[1] > 0.0


def test_a_healthy_patient_is_never_helped_in_a_trial_and_a_limp_arm_always() -> None:
    for patient, helped in (("healthy", False), ("passive", True)):
        bench = Bench("assist_after_failure", patient, trials=1)
        seen = False
        bench.until("trial_start")
        for _ in range(6000):
            bench.step()
            seen = seen or (bench.loop.course.trial == 1 and bench.loop.course.in_trial and bench.controller.helping)
            if bench.trials:
                break
        assert [str(trial.outcome) for trial in bench.trials] == ["reached"]
        assert seen == helped
        bench.close()


def test_to_a_target_that_is_secret_nothing_helps_and_the_hand_is_led() -> None:
    attempt = Try(Event("trial_start", {"target": [X0, Y0 - 0.1], "secret": True}))
    assert [attempt.at(0.08)[1] for _ in range(300)][-1] == pytest.approx(200.0 * 0.02)
