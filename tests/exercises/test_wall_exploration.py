"""Exploring a wall that is felt."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.wall_exploration import PIECE, WallExploration
from rehab.core.errors import Findings
from tests.arms import hand_at, planar_arm, pose
from tests.exercises.runs import trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x


def along_the_wall(share):
    """A hand that is on the wall (6 cm ahead, 16 cm long) and goes along this share of it at 4 cm/s."""

    def hand(t, x, at):
        if t < 0.0:
            return x
        return HOME + np.array([-0.08 + min(0.04 * t, share * 0.16), 0.06])

    return hand


def test_following_the_whole_edge_is_a_success_and_half_of_it_is_half():
    (whole,) = trials(WallExploration(ARM), ARM, 1, along_the_wall(1.0))
    (half,) = trials(WallExploration(ARM, time_limit=6.0), ARM, 1, along_the_wall(0.5))
    assert whole.ended["outcome"] == "reached"
    assert whole.ended["coverage"] == pytest.approx(0.9, abs=PIECE / 0.16)
    assert half.ended["outcome"] == "timeout"
    assert half.ended["coverage"] == pytest.approx(0.5, abs=1.5 * PIECE / 0.16)


def test_the_contact_is_the_share_of_the_time_at_the_edge():
    def hand(t, x, at):
        return HOME + np.array([0.0, 0.06 if 2.0 <= t < 5.0 else 0.0])

    (trial,) = trials(WallExploration(ARM, time_limit=10.0), ARM, 1, hand)
    assert trial.ended["contact"] == pytest.approx(0.3, abs=0.001)
    assert trial.ended["found"] == pytest.approx(2.0, abs=0.003)


def test_a_hand_that_never_finds_it_has_touched_nothing():
    (trial,) = trials(WallExploration(ARM, time_limit=5.0), ARM, 1)
    assert (trial.ended["contact"], trial.ended["coverage"], trial.ended["found"]) == (0.0, 0.0, -1.0)


def test_the_four_sides_of_a_box_are_its_edge():
    def round_it(t, x, at):
        if t < 0.0:
            return x
        side, along = divmod(min(0.08 * t, 0.399), 0.1)
        a, b = np.array([(-1, 1), (1, 1), (1, -1), (-1, -1), (-1, 1)])[int(side) : int(side) + 2] * 0.05
        return HOME + a + (b - a) * along / 0.1

    (trial,) = trials(WallExploration(ARM, shape="box", width=0.1, depth=0.1, enough=1.0), ARM, 1, round_it)
    assert trial.asked["length"] == pytest.approx(0.4)
    assert trial.ended["outcome"] == "reached"


def test_nothing_leads_the_hand_the_reference_comes_after_it_and_the_edge_is_its_path():
    exercise = WallExploration(ARM, time_limit=6.0)
    (trial,) = trials(exercise, ARM, 1, along_the_wall(0.5))
    assert trial.x[-1] == pytest.approx(trial.hand[-1], abs=1e-3)
    assert np.linalg.norm(np.diff(trial.x, axis=0), axis=1).max() <= 0.8 * ARM.limits().speed * 0.001 + 1e-9
    assert exercise.reference(0.0, hand_at(ARM, tuple(HOME))).path is None  # back on the way to the start
    assert exercise.path.points[0] == pytest.approx(HOME + np.array([-0.08, 0.06]))


def test_an_unseen_wall_is_not_in_the_scene():
    (seen,) = trials(WallExploration(ARM, time_limit=5.0), ARM, 1)
    (felt,) = trials(WallExploration(ARM, time_limit=5.0, shown=False), ARM, 1)
    assert seen.scenes[0].paths and seen.scenes[0].targets
    assert all(scene.paths == () and scene.targets == () for scene in felt.scenes[:-1])


def test_the_mark_goes_to_what_was_not_touched_yet():
    (trial,) = trials(WallExploration(ARM), ARM, 1, along_the_wall(1.0))
    marks = np.array([scene.targets[0].x[0] for scene in trial.scenes[1:-1]])
    assert (np.diff(marks) > 0.0).all()


def test_an_edge_out_of_reach_is_refused():
    with pytest.raises(Findings, match="does not reach"):
        WallExploration(ARM, distance=0.3)
