"""Corrective: stops where the error is too large, leads back, and the try begins again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from controllers.corrective import Corrective
from rehab.core.kinematics import kinematics_of
from rehab.core.path import line
from rehab.core.types import Event
from tests.arms import planar_arm, pose, reference_at
from tests.controllers.simulated import Bench

ARM = planar_arm()
DT = 0.001
HOME = pose(ARM, ARM.home)
X0, Y0 = HOME.x.tolist()
REST = reference_at((X0, Y0))
START = Event("trial_start", {"target": [X0, Y0 + 0.1]})


class Try:
    """A trial straight ahead, and a hand that is put `aside` and `way` m from its start."""

    def __init__(self, **parameters: Any) -> None:
        self.controller = Corrective(ARM, **parameters)
        self.controller.reset(HOME)
        self.at(0.0, 0.0)
        self.controller.heed(START)
        self.at(0.0, 0.0)

    def at(self, aside: float, way: float, v: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
        state = HOME._replace(x=np.array([X0 + aside, Y0 + way]), v=np.array(v))
        torque = self.controller.update(state, REST, DT)
        return np.array(kinematics_of(ARM).hand_force(tuple(torque.tolist()), ARM.home))

    def stopped(self) -> Try:
        """Gone 31 mm aside, half way."""
        self.at(0.031, 0.05)
        assert self.controller.demands_retry
        return self


def test_on_the_way_the_hand_is_free() -> None:
    attempt = Try()
    assert attempt.at(0.005, 0.06, (0.1, 0.4)) == pytest.approx([0.0, 0.0], abs=1e-9)
    assert not attempt.controller.correcting


def test_a_small_error_meets_a_wall_and_is_no_error_yet() -> None:
    attempt = Try(stiffness=200.0, width=0.01)
    assert attempt.at(0.02, 0.05) == pytest.approx([-200.0 * 0.01, 0.0])
    assert not attempt.controller.demands_retry


def test_a_large_error_demands_one_retry_and_holds_the_hand_where_it_is() -> None:
    attempt = Try(tolerance=0.03, hold=800.0, pause=1.0).stopped()
    attempt.at(0.031, 0.05)
    assert not attempt.controller.demands_retry
    for _ in range(400):
        force = attempt.at(0.041, 0.045)
    assert force == pytest.approx([-800.0 * 0.01, 800.0 * 0.005])


def test_a_hand_that_begins_beside_its_way_has_made_no_error_before_it_has_been_there() -> None:
    """As in exploring a wall, whose edge is the way and is to be found."""
    attempt = Try(tolerance=0.03)
    edge = REST._replace(path=line((X0 - 0.1, Y0 + 0.06), (X0 + 0.1, Y0 + 0.06)))

    def at(way: float) -> bool:
        attempt.controller.update(HOME._replace(x=np.array([X0, Y0 + way])), edge, DT)
        return attempt.controller.demands_retry

    attempt.controller.heed(START)
    assert not any(at(0.01) for _ in range(300))
    assert not at(0.05)
    assert at(0.01)


def test_stopping_is_no_step_of_force() -> None:
    attempt = Try(tolerance=0.03)
    forces = [attempt.at(0.01 + 0.1 * k * DT, 0.05, (0.1, 0.0)) for k in range(400)]
    assert attempt.controller.correcting
    assert np.abs(np.diff(forces, axis=0)).max() < 0.5


def test_an_exercise_that_cannot_retry_gets_the_hand_back_on_the_way() -> None:
    attempt = Try(hold=800.0, pause=0.5).stopped()
    for _ in range(2500):
        force = attempt.at(0.02, 0.05)
    assert force == pytest.approx([-800.0 * 0.02, 0.0], abs=1e-6)
    attempt.at(0.005, 0.05)
    attempt.at(0.005, 0.05)
    assert not attempt.controller.correcting


@pytest.mark.parametrize("name", ["go", "move", "anything of a protocol"])
def test_where_the_exercise_retries_the_hand_is_led_to_where_the_way_begins(name: str) -> None:
    attempt = Try(hold=800.0, pause=0.5).stopped()
    attempt.controller.heed(Event("phase", {"name": "retry"}))
    for _ in range(3000):
        force = attempt.at(0.0, 0.02)
    assert force == pytest.approx([0.0, -800.0 * 0.02], abs=1e-6)
    attempt.controller.heed(Event("phase", {"name": "perturb"}))
    assert attempt.controller.correcting
    attempt.controller.heed(Event("phase", {"name": name}))
    assert not attempt.controller.correcting
    for _ in range(300):
        force = attempt.at(0.0, 0.02)
    assert force == pytest.approx([0.0, 0.0], abs=1e-9)


def test_a_hand_that_does_not_follow_is_let_go_in_the_end() -> None:
    attempt = Try(pause=0.0).stopped()
    for _ in range(8000):
        attempt.at(0.029, 0.05)
    assert not attempt.controller.correcting


def test_the_end_of_the_trial_lets_go() -> None:
    attempt = Try().stopped()
    attempt.controller.heed(Event("trial_end", {"outcome": "timeout"}))
    assert not attempt.controller.correcting


def test_in_a_session_a_hand_pushed_astray_comes_back_and_reaches_at_the_next_try() -> None:
    """A hand that is carried aside on its way, by 25 N: the exercise begins the try again, in the same trial."""
    bench = Bench("corrective", "healthy", trials=1, tolerance=0.02)
    asked = bench.until("trial_start").data
    way = np.subtract(asked["target"], asked["start"])
    push = 25.0 * np.array([-way[1], way[0]]) / np.linalg.norm(way)
    bench.step(300)
    force = bench.body.patient.force
    bench.body.patient.force = lambda *now: tuple(np.add(force(*now), push).tolist())
    bench.until("phase", "retry", 3000)
    bench.body.patient.force = force
    bench.until("phase", "go", 9000)
    [trial] = bench.finish()
    assert trial.outcome == "reached"
    assert {"retry", "go"} <= set(trial.phases)
    bench.close()
