"""Tracing a drawn line."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.trace import Trace, corners, drawing
from rehab.core.errors import Findings
from rehab.core.path import Path
from tests.arms import planar_arm, pose
from tests.exercises.runs import trials

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x


def test_the_point_goes_round_a_circle_of_that_width_in_that_time():
    (trial,) = trials(Trace(ARM, size=0.12, lap_time=5.0), ARM, 1)
    radius = np.linalg.norm(trial.x - HOME, axis=1)
    assert radius == pytest.approx(np.full(len(radius), 0.06), abs=1e-4)
    assert trial.t[-1] == pytest.approx(5.0, abs=0.01)
    assert trial.ended["outcome"] == "reached"
    assert trial.asked["length"] == pytest.approx(np.pi * 0.12, rel=1e-3)


@pytest.mark.parametrize(("direction", "turns"), [("clockwise", -1.0), ("counter-clockwise", 1.0)])
def test_it_goes_round_the_way_that_was_asked(direction, turns):
    (trial,) = trials(Trace(ARM, direction=direction), ARM, 1)
    angle = np.unwrap(np.arctan2(*(trial.x - HOME).T[::-1]))
    assert angle[-1] - angle[0] == pytest.approx(turns * 2.0 * np.pi, abs=0.02)


def test_at_a_corner_the_point_comes_to_rest():
    square = Path(drawing("square", 0.1, clockwise=True))
    assert corners(square) == pytest.approx((0.1, 0.2, 0.3, 0.4))
    (trial,) = trials(Trace(ARM, shape="square", size=0.1, lap_time=4.0), ARM, 1)
    speed = np.linalg.norm(np.diff(trial.x, axis=0), axis=1) / 0.001
    for corner in (1.0, 2.0, 3.0):
        assert speed[np.abs(trial.t[1:] - corner) < 0.01].max() < 0.005


def test_a_smooth_line_has_no_corner_but_its_end():
    for shape in ("circle", "eight"):
        path = Path(drawing(shape, 0.12, clockwise=True))
        assert corners(path) == (path.length,)


def test_a_hand_that_cuts_the_line_has_not_made_it():
    def cuts(t, x, hand):
        return HOME if 1.0 < t < 4.0 else x

    (trial,) = trials(Trace(ARM, time_limit=6.0), ARM, 1, cuts)
    assert trial.ended["outcome"] == "timeout"
    assert trial.ended["made"] < 0.5


def test_what_comes_after_a_gap_is_made_again():
    """Half a second of a lap of 5 s, at its fastest (1.875 of the mean), is missed: 18 % of the way, but for what is
    within the tolerance at both of its ends."""

    def misses(t, x, hand):
        return HOME if 2.25 < t < 2.75 else x

    (trial,) = trials(Trace(ARM, time_limit=6.0, enough=0.8), ARM, 1, misses)
    assert trial.ended["made"] == pytest.approx(1.0 - 0.18 + 2 * 0.02 / (np.pi * 0.12), abs=0.02)
    assert trial.ended["outcome"] == "reached"


def test_so_much_of_it_is_enough_as_was_asked():
    def misses(t, x, hand):
        return HOME if 2.0 < t < 3.0 else x

    outcomes = [
        trials(Trace(ARM, time_limit=6.0, enough=enough), ARM, 1, misses)[0].ended["outcome"] for enough in (0.6, 0.9)
    ]
    assert outcomes == ["reached", "timeout"]


def test_on_the_other_loop_of_an_eight_nothing_is_made():
    exercise = Trace(ARM, shape="eight", time_limit=6.0)
    other = np.array(exercise.path.at(0.75 * exercise.path.length).point)

    def astray(t, x, hand):
        return other if 0.3 < t < 2.0 else x

    (trial,) = trials(exercise, ARM, 1, astray)
    assert trial.ended["made"] < 0.95


def test_at_ones_own_pace_the_point_waits_for_the_hand():
    begin = HOME + np.array([0.0, 0.06])

    def waits(t, x, hand):
        return begin if t < 3.0 else hand + np.clip(x - hand, -1e-4, 1e-4)

    (trial,) = trials(Trace(ARM, pace="own", time_limit=60.0), ARM, 1, waits)
    ahead = np.linalg.norm(trial.x - trial.hand, axis=1)
    assert ahead.max() < 0.03
    assert ahead[(trial.t > 2.0) & (trial.t < 3.0)] == pytest.approx(0.02, abs=0.002)
    assert trial.ended["outcome"] == "reached"


def test_the_line_is_shown_and_the_point_on_it():
    (trial,) = trials(Trace(ARM), ARM, 1)
    assert all(scene.paths == trial.scenes[0].paths and len(scene.paths[0]) > 100 for scene in trial.scenes[:-1])
    places = np.array([scene.targets[0].x for scene in trial.scenes[:-1]])
    assert len(places) > 100
    assert np.linalg.norm(places - HOME, axis=1) == pytest.approx(np.full(len(places), 0.06), abs=1e-4)


def test_a_drawing_that_the_arm_does_not_reach_is_refused():
    with pytest.raises(Findings, match="does not reach"):
        Trace(ARM, size=0.5)


def test_a_taught_path_is_followed_from_its_first_point_to_its_last():
    (trial,) = trials(Trace(ARM, shape="taught", points="0,0; 4,2; 6,7; 2,9", between="straight"), ARM, 1)
    for point in ((0.0, 0.0), (0.04, 0.02), (0.06, 0.07), (0.02, 0.09)):
        assert np.linalg.norm(trial.x - HOME - np.array(point), axis=1).min() < 1e-3
    assert trial.x[-1] == pytest.approx(HOME + np.array([0.02, 0.09]), abs=1e-3)


def test_a_taught_curve_passes_through_its_points_and_has_no_corner_there():
    circle = [(5 * np.cos(a), 5 * np.sin(a)) for a in np.linspace(0.0, 2 * np.pi, 17)]
    exercise = Trace(ARM, shape="taught", points="; ".join(f"{x:.3f},{y:.3f}" for x, y in circle))
    assert corners(exercise.path) == (exercise.path.length,)
    radius = np.linalg.norm(np.array(exercise.path.points) - HOME, axis=1)
    assert radius == pytest.approx(np.full(len(radius), 0.05), abs=1e-3)


@pytest.mark.parametrize(
    ("points", "words"),
    [("", "no points"), ("1,2; a,b", "not a point"), ("1,2; 3", "coordinates"), ("1,2; 1,2", "two points"),
     ("1,1,1; 2,2,2", "3 dimensions"), ("0,0; nan,1", "not finite"), ("0,0; 90,0", "does not reach")],
)  # fmt: skip
def test_what_is_no_path_is_refused_in_words(points, words):
    with pytest.raises(Findings, match=words):
        Trace(ARM, shape="taught", points=points)
