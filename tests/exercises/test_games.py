"""Catching and meeting what comes, at a pace that follows the participant."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.game import QUICKER, SLOWER
from exercises.game_catch import GameCatch
from exercises.game_pong import GamePong
from rehab.core.errors import Findings
from tests.arms import planar_arm, pose, wrist
from tests.exercises.runs import trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x
GAMES = [GameCatch, GamePong]


def stays(t, x, hand):
    return HOME + np.array([0.5, 0.0])


@pytest.mark.parametrize("game", GAMES)
def test_a_hand_that_is_there_wins_and_one_that_is_not_loses(game):
    won, lost = trials(game(ARM), ARM, 3), trials(game(ARM), ARM, 3, stays)
    assert [trial.ended["outcome"] for trial in won] == ["reached"] * 3
    assert [trial.ended["score"] for trial in won] == [1, 2, 3]
    assert [trial.ended["outcome"] for trial in lost] == ["timeout"] * 3
    assert lost[-1].ended["score"] == 0


@pytest.mark.parametrize("game", GAMES)
def test_it_gets_quicker_after_a_success_and_slower_after_a_miss(game):
    quick = [trial.asked["time"] for trial in trials(game(ARM, time=3.0), ARM, 3)]
    slow = [trial.asked["time"] for trial in trials(game(ARM, time=3.0), ARM, 3, stays)]
    assert quick == pytest.approx([3.0, 3.0 * QUICKER, 3.0 * QUICKER**2])
    assert slow == pytest.approx([3.0, 3.0 * SLOWER, 3.0 * SLOWER**2])


def test_two_wins_of_three_leave_the_pace_as_it_is():
    assert pytest.approx(1.0, abs=0.01) == QUICKER**2 * SLOWER


@pytest.mark.parametrize("game", GAMES)
def test_what_comes_arrives_where_and_when_it_was_said(game):
    for trial in trials(game(ARM), ARM, 4):
        thing = [scene.targets[1].x for scene in trial.scenes if len(scene.targets) == 2]
        assert thing[-1] == pytest.approx(trial.asked["target"], abs=0.01)
        assert trial.t[-1] == pytest.approx(trial.asked["time"], abs=2e-3)


def test_the_ball_stays_in_its_court_and_bounces_off_its_sides():
    turns = 0
    for trial in trials(GamePong(ARM, width=0.2, bounces=3.0, adapt=False), ARM, 6):
        x = np.array([scene.targets[1].x for scene in trial.scenes if len(scene.targets) == 2])[:, 0] - HOME[0]
        assert np.abs(x).max() <= 0.1 + 1e-9
        turns += np.count_nonzero(np.diff(np.sign(np.diff(x))) != 0)
    assert turns >= 3


def test_the_reference_is_there_before_the_thing_arrives():
    for trial in trials(GameCatch(ARM), ARM, 3):
        late = trial.x[trial.t > 0.85 * trial.asked["time"]]
        assert np.abs(late - trial.asked["target"]).max() < 1e-9


def test_a_line_that_the_arm_does_not_reach_is_refused():
    with pytest.raises(Findings, match="too wide"):
        GameCatch(wrist(), width=0.8)


@pytest.mark.parametrize("game", GAMES)
def test_the_hand_is_guided_along_the_whole_line_towards_where_it_is_to_be(game):
    for seed in range(4):
        exercise = game(ARM, width=0.2)
        (trial,) = trials(exercise, ARM, 1, seed=seed)
        way = trial.asked["target"][0] - trial.asked["start"][0]
        assert trial.asked["length"] == pytest.approx(abs(way))
        assert exercise.path.length == pytest.approx(0.2)
        assert exercise.path.at(0.0).direction[0] * way >= 0.0
