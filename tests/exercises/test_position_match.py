"""Bringing the hand back, unseen, to where it was led."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.position_match import PositionMatch
from tests.arms import planar_arm, pose
from tests.exercises.runs import trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x


def led_then(goes):
    """A hand that is led out and back, and then goes to `goes(the place to which it was led)`."""
    memory = {"farthest": HOME, "led": True, "before": -1.0}

    def hand(t, x, now):
        if t < 0.0:
            memory.update(farthest=HOME, led=True)
            return x
        if np.linalg.norm(x - HOME) > np.linalg.norm(memory["farthest"] - HOME) and memory["led"]:
            memory["farthest"] = np.array(x)
        if t > 4.51:  # 1.5 s out, 1.5 s held, 1.5 s back
            memory["led"] = False
            aim = goes(memory["farthest"])
            return now + np.clip(aim - now, -2e-4, 2e-4)
        return x

    return hand


def test_a_hand_that_remembers_the_place_has_no_error():
    (trial,) = trials(PositionMatch(ARM), ARM, 1, led_then(lambda place: place))
    assert trial.ended["outcome"] == "reached"
    assert trial.ended["distance"] == pytest.approx(0.0, abs=1e-3)
    assert np.linalg.norm(np.array(trial.asked["target"]) - HOME) == pytest.approx(0.1)


def test_the_error_is_where_the_hand_ended_less_where_it_was_led():
    shift = np.array([0.02, -0.01])
    (trial,) = trials(PositionMatch(ARM), ARM, 1, led_then(lambda place: place + shift))
    assert trial.ended["error"] == pytest.approx(shift, abs=1e-3)


def test_mirrored_is_on_the_other_side_of_the_middle_line():
    def mirror(place):
        return np.array([2.0 * HOME[0] - place[0], place[1]])

    (trial,) = trials(PositionMatch(ARM, kind="mirrored"), ARM, 1, led_then(mirror))
    assert trial.ended["outcome"] == "reached"
    led = trial.x[(trial.t > 2.0) & (trial.t < 2.9)].mean(axis=0)
    assert trial.asked["target"] == pytest.approx(mirror(led), abs=1e-3)


def test_the_hand_is_never_shown():
    (trial,) = trials(PositionMatch(ARM), ARM, 1, led_then(lambda place: place))
    assert not any(scene.cursor.shown for scene in trial.scenes[:-1])


def test_a_hand_that_does_not_search_ends_by_time_and_not_found():
    (trial,) = trials(PositionMatch(ARM, time_limit=5.0), ARM, 1)
    assert trial.ended["outcome"] == "timeout"


def test_while_it_searches_the_reference_goes_with_the_hand():
    (trial,) = trials(PositionMatch(ARM), ARM, 1, led_then(lambda place: place))
    gap = np.linalg.norm(trial.x - trial.hand, axis=1)[trial.t > 5.0]
    assert gap.max() < 0.1  # a lag of 2/8 s behind 0.2 m/s a dimension, and no pull to the place asked for
    assert gap[-1] < 0.01


def test_the_target_is_secret_so_that_no_help_answers_instead_of_the_hand():
    (trial,) = trials(PositionMatch(ARM), ARM, 1, led_then(lambda place: place))
    assert trial.asked["secret"] is True
