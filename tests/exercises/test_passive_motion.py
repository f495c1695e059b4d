"""The limb is led to and fro over a range that grows, and turns back where it resists."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.passive_motion import PassiveMotion
from rehab.core.errors import Findings
from tests.arms import planar_arm, pose
from tests.exercises.runs import trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x
QUICK = {"range": 0.16, "speed": 0.2, "rest": 0.2}


def span(trial) -> tuple[float, float]:
    """Farthest behind and ahead of the middle, m, along the direction."""
    return float((trial.x - HOME)[:, 1].min()), float((trial.x - HOME)[:, 1].max())


def test_the_range_grows_in_the_warm_up_to_the_whole_and_stays_there():
    found = trials(PassiveMotion(ARM, **QUICK, warm_up=3, first_share=0.4), ARM, 5)
    assert [span(trial)[1] for trial in found] == pytest.approx([0.032, 0.048, 0.064, 0.08, 0.08], abs=1e-6)
    assert [span(trial)[0] for trial in found] == pytest.approx([-0.032, -0.048, -0.064, -0.08, -0.08], abs=1e-6)
    assert {trial.ended["outcome"] for trial in found} == {"reached"}


def test_it_moves_along_its_direction_only():
    (trial,) = trials(PassiveMotion(ARM, **QUICK, direction=0.0), ARM, 1)
    assert np.abs((trial.x - HOME)[:, 1]).max() < 1e-9


def test_it_pauses_at_both_ends():
    (trial,) = trials(PassiveMotion(ARM, range=0.16, speed=0.2, rest=0.8, warm_up=0), ARM, 1)
    y = (trial.x - HOME)[:, 1]
    for end in (0.08, -0.08):
        assert np.count_nonzero(np.abs(y - end) < 1e-9) * 0.001 == pytest.approx(0.8, abs=0.01)


def test_its_mean_speed_is_the_one_that_was_asked_for():
    (trial,) = trials(PassiveMotion(ARM, range=0.2, speed=0.1, rest=0.0, warm_up=0), ARM, 1)
    assert trial.t[-1] == pytest.approx(0.4 / 0.1, abs=0.02)


def resists(beyond: float):
    """A limb that goes no farther ahead than that (m)."""

    def hand(t, x, before):
        return np.array([x[0], min(x[1], HOME[1] + beyond)])

    return hand


def test_where_the_limb_resists_it_turns_back_within_its_give_and_a_stop():
    (trial,) = trials(PassiveMotion(ARM, range=0.16, speed=0.1, warm_up=0, give=0.02), ARM, 1, resists(0.03))
    # 2 cm of give, 100 ms of looking and 0.3 s of stopping, at a peak of 0.19 m/s
    assert 0.05 < span(trial)[1] < 0.082
    assert trial.ended["outcome"] == "aborted"
    assert trial.ended["resisted"] == 1
    assert span(trial)[0] == pytest.approx(-0.08, abs=1e-6)


def test_the_next_cycle_stays_on_this_side_of_the_resistance_and_the_range_comes_back_slowly():
    def once(t, x, before):
        return resists(0.03)(t, x, before) if once.first else x

    once.first = True
    exercise = PassiveMotion(ARM, range=0.16, speed=0.1, warm_up=0, give=0.02)
    finish = exercise.finish

    def finished(outcome):
        once.first = False
        return finish(outcome)

    exercise.finish = finished
    found = trials(exercise, ARM, 8, once)
    ends = [span(trial)[1] for trial in found]
    assert ends[1] < ends[0]
    assert min(np.diff(ends[1:])) > -1e-9
    assert max(np.diff(ends[1:])) <= 0.1 * 0.08 + 1e-6
    assert ends[-1] == pytest.approx(0.08, abs=1e-6)


def test_the_reference_does_not_step_when_it_turns_back():
    (trial,) = trials(PassiveMotion(ARM, range=0.16, speed=0.1, warm_up=0, give=0.02), ARM, 1, resists(0.03))
    velocity = np.diff(trial.x, axis=0) / 0.001
    assert np.abs(np.diff(velocity, axis=0)).max() / 0.001 < 10.0  # m/s²


def test_a_range_that_the_arm_does_not_reach_is_refused():
    with pytest.raises(Findings, match="up to"):
        PassiveMotion(ARM, range=0.6)
