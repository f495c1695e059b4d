"""Holding a posture against pushes."""

from __future__ import annotations

from itertools import pairwise
from math import pi

import numpy as np
import pytest

from exercises.hold import AFTER, CALM, Hold
from rehab.core.errors import Findings
from tests.arms import hand_at, planar_arm, pose, sent, wrist
from tests.exercises.runs import DT, trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x


def pushes(exercise, info, seconds, seed=1):
    """(t since the trial began, data) of the pushes of the first trials, one list a trial."""
    x = pose(info, info.home).x
    exercise.start(hand_at(info, tuple(x)), info.limits(), np.random.default_rng(seed))
    begun, found = 0.0, []
    for k in range(round(seconds / DT)):
        state = hand_at(info, tuple(x))
        x = exercise.reference(k * DT, state).x
        event = exercise.observe(k * DT, state, sent(info))
        if event is not None and event.kind == "trial_start":
            begun = k * DT
            found.append([])
        elif event is not None and event.data.get("name") == "perturb":
            found[-1].append((k * DT - begun, dict(event.data)))
    return found


def test_the_pushes_come_while_there_is_time_to_answer_and_never_close_together():
    every = [[t for t, _ in trial] for trial in pushes(Hold(ARM, perturbations=4, duration=8.0), ARM, 60.0)]
    slot = (8.0 - CALM - AFTER) / 4
    for times in every[:-1]:
        assert len(times) == 4
        assert times[0] >= CALM and times[-1] <= 8.0 - AFTER
        assert all(b - a >= 0.4 * slot - 2 * DT for a, b in pairwise(times))


def test_no_two_trials_are_pushed_alike_and_equal_seeds_are():
    first, second = pushes(Hold(ARM), ARM, 26.0)[:2]
    assert abs(first[0][0] - second[0][0]) > 0.01
    assert first[0][1]["direction"] != second[0][1]["direction"]
    assert pushes(Hold(ARM), ARM, 26.0)[:2] == [first, second]


def test_a_push_names_a_direction_or_a_joint_that_the_arm_has():
    hand = [data for trial in pushes(Hold(ARM), ARM, 40.0) for _, data in trial]
    assert len({data["direction"] for data in hand}) == len(hand)
    line = {data["direction"] for trial in pushes(Hold(wrist()), wrist(), 100.0) for _, data in trial}
    assert line == {0.0, pi}
    joint = {data["joint"] for trial in pushes(Hold(ARM, push="joint"), ARM, 60.0) for _, data in trial}
    assert joint == {"shoulder", "elbow"}


def test_without_perturbations_nothing_pushes():
    assert pushes(Hold(ARM, perturbations=0), ARM, 20.0)[0] == []


def displaced(by, lasts):
    """A hand that goes `by` (m) off the mark at every push it hears of, and comes back after `lasts` (s)."""

    class Heard(Hold):
        pushed = -9.0

        def _push(self, t):
            super()._push(t)
            self.pushed = t

    exercise = Heard(ARM, duration=8.0)

    def hand(t, x, at):
        if t < 0.0:
            exercise.pushed = -9.0
        return x + np.array([by, 0.0]) * (0.0 <= t - exercise.pushed < lasts)

    return exercise, hand


def test_the_displacement_and_the_time_back_are_those_of_the_hand():
    (trial,) = trials(*displaced_run(0.05, 0.4))
    assert trial.ended["displacement"] == pytest.approx(0.05, abs=1e-9)
    assert trial.ended["back"] == pytest.approx([0.4, 0.4], abs=0.003)
    assert trial.ended["not_back"] == 0
    assert trial.ended["on_target"] == pytest.approx(1.0 - 2 * 0.4 / 8.0, abs=0.002)
    assert trial.ended["outcome"] == "reached"


def displaced_run(by, lasts):
    exercise, hand = displaced(by, lasts)
    return exercise, ARM, 1, hand


def test_a_hand_that_stays_on_the_mark_has_no_time_back():
    (trial,) = trials(*displaced_run(0.01, 0.4))
    assert (trial.ended["back"], trial.ended["not_back"]) == ([], 0)
    assert trial.ended["displacement"] == pytest.approx(0.01, abs=1e-9)


def test_a_hand_that_does_not_come_back_has_not_held():
    (trial,) = trials(*displaced_run(0.05, 9.0))
    assert trial.ended["outcome"] == "timeout"
    assert trial.ended["back"] == []
    assert trial.ended["not_back"] == 2


@pytest.mark.parametrize(
    ("at", "shift"), [("centre", (0, 0)), ("left", (-0.06, 0)), ("near", (0, -0.06)), ("far", (0, 0.06))]
)
def test_the_place_to_hold_is_the_one_that_is_named(at, shift):
    (trial,) = trials(Hold(ARM, at=at, distance=0.06, duration=3.0, perturbations=0), ARM, 1)
    assert trial.asked["target"] == pytest.approx(HOME + np.array(shift))
    assert trial.x[-1] == pytest.approx(HOME + np.array(shift))


def test_more_pushes_than_there_is_time_for_are_refused_with_how_many_there_may_be():
    with pytest.raises(Findings, match="up to 2"):
        Hold(ARM, duration=5.0, perturbations=5)


def test_a_place_out_of_reach_is_refused():
    with pytest.raises(Findings, match="does not reach"):
        Hold(ARM, at="far", distance=0.4)
