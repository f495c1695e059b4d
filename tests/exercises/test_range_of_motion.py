"""How far the hand gets, direction by direction."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.range_of_motion import RangeOfMotion
from rehab.core.kinematics import kinematics_of
from rehab.core.workspace import fits, free_length
from tests.arms import hand_at, planar_arm, pose, wrist
from tests.controllers.simulated import Bench
from tests.exercises.runs import trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x
ANGLES = [np.pi / 2, 0.0, -np.pi / 2, np.pi]
RAYS = np.array([[np.cos(a), np.sin(a)] for a in ANGLES])


def reaches(extents):
    """A participant who gets so far (m) in each direction, one after the other."""
    turn = {"k": -1, "before": -1.0}

    def hand(t, x, now):
        if t >= 0.0 > turn["before"]:
            turn["k"] += 1
        turn["before"] = t
        if t < 0.0:
            return x
        ray = RAYS[turn["k"] % 4]
        return HOME + ray * min(extents[turn["k"] % 4], 0.1 * t)

    return hand


def test_the_extent_is_how_far_the_hand_got_in_each_direction():
    extents = [0.10, 0.07, 0.05, 0.12]
    found = trials(RangeOfMotion(ARM, directions=4), ARM, 4, reaches(extents))
    assert [trial.ended["extent"] for trial in found] == pytest.approx(extents, abs=1e-3)
    assert {trial.ended["outcome"] for trial in found} == {"reached"}


def test_movement_to_the_side_is_no_extent():
    def sideways(t, x, now):
        return HOME + np.array([0.1, 0.02]) * min(1.0, max(0.0, t)) if t >= 0.0 else x

    (trial,) = trials(RangeOfMotion(ARM, directions=4), ARM, 1, sideways)  # the first direction is ahead
    assert trial.ended["extent"] < 0.005


def test_a_hand_that_never_goes_ends_by_time():
    (trial,) = trials(RangeOfMotion(ARM, time_limit=5.0), ARM, 1, lambda t, x, now: HOME)
    assert trial.ended["outcome"] == "timeout"
    assert trial.ended["extent"] == pytest.approx(0.0, abs=1e-6)


def test_a_led_limb_is_led_to_the_end_of_the_devices_range():
    info = wrist()
    free = free_length(info, kinematics_of(info), tuple(pose(info, info.home).x), (1.0,), 0.6)
    (trial,) = trials(RangeOfMotion(info, how="passive", speed=0.1, time_limit=60.0), info, 1)
    assert trial.ended["extent"] == pytest.approx(free, abs=1e-3)


def test_a_led_limb_that_resists_is_led_no_farther_than_its_give():
    def resists(t, x, now):
        return HOME + np.clip(x - HOME, -0.05, 0.05)

    (trial,) = trials(RangeOfMotion(ARM, how="passive", directions=4, give=0.03, time_limit=60.0), ARM, 1, resists)
    assert trial.ended["extent"] == pytest.approx(0.05, abs=2e-3)
    # the give, 100 ms of looking and the way to rest, at a peak of 0.11 m/s
    assert np.abs(trial.x - HOME).max() < 0.05 + 0.03 + 0.011 + 0.012


def test_a_healthy_hand_goes_as_far_as_it_can_in_every_direction_and_nothing_is_taken_for_a_fault():
    bench = Bench("transparent", "healthy", exercise="range_of_motion", trials=8)
    ends = [trial.outcome for trial in bench.finish()]
    bench.close()
    assert ends == ["reached"] * 8


def test_a_hand_that_passes_the_mark_by_two_centimetres_is_still_inside_the_devices_range():
    exercise = RangeOfMotion(ARM)
    exercise.start(hand_at(ARM, tuple(HOME)), ARM.limits(), np.random.default_rng(1))
    for _ in range(8):
        mark = np.array(exercise.destination())
        exercise.begin(tuple(HOME))
        way = (mark - HOME) / np.linalg.norm(mark - HOME)
        assert fits(ARM, kinematics_of(ARM), tuple(mark + 0.02 * way))
