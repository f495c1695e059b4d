"""Recording a movement that somebody shows."""

from __future__ import annotations

import numpy as np
import pytest

from exercises.teach import MOST, SPACING, Teach
from tests.arms import hand_at, planar_arm, pose, sent

ARM = planar_arm()
HOME = pose(ARM, ARM.home).x
DT = 0.001


def shown(exercise, hand, seconds, meanwhile=None):
    """(t of the trial, kind, data) of what is told while the hand is where `hand(t)` (m from home; t −1 before) says;
    `meanwhile(t)` gives the user's intent, or sets something."""
    exercise.start(hand_at(ARM, tuple(HOME)), ARM.limits(), np.random.default_rng(1))
    told, begun = [], None
    for k in range(round(seconds / DT)):
        t = -1.0 if begun is None else k * DT - begun
        state = hand_at(ARM, tuple(HOME + hand(t)))
        intent = meanwhile(t) if meanwhile is not None else None
        if intent is not None:
            state = state._replace(intent=np.array(intent))
        exercise.reference(k * DT, state)
        event = exercise.observe(k * DT, state, sent(ARM))
        if event is not None and event.kind == "trial_start":
            begun = k * DT
        if event is not None and event.kind != "phase":
            told.append((t, event.kind, dict(event.data)))
            if event.kind == "trial_end":
                break
    return told


def points(told):
    return np.array([data["x"] for _, kind, data in told if kind == "taught_point"])


def forward(t):
    """12 cm along x, at 4 cm/s."""
    return np.array([min(0.12, 0.04 * max(0.0, t)), 0.0])


def test_of_a_path_there_is_a_point_every_5_mm():
    told = shown(Teach(ARM, seconds=5.0), forward, 9.0)
    way = points(told)
    assert np.diff(way[:, 0]) == pytest.approx(np.full(23, SPACING), abs=5e-5)
    assert told[-1][2] == {"outcome": "reached", "points": 24, "full": 0}


def test_the_points_are_from_home_and_the_first_is_where_the_hand_begins():
    told = shown(Teach(ARM, seconds=3.0), lambda t: np.array([0.0, 0.01]), 9.0)
    assert points(told) == pytest.approx(np.array([[0.0, 0.01]]))


def test_a_place_is_marked_when_add_point_is_set_and_once_only():
    exercise = Teach(ARM, kind="points", seconds=5.0)

    def sets(t):
        if abs(t - 2.0) < 0.5 * DT:
            exercise.set("add_point", 1.0)

    told = shown(exercise, forward, 9.0, sets)
    assert points(told)[:, 0] == pytest.approx([0.0, 0.08], abs=2e-4)


def test_a_press_of_the_switch_marks_a_place_however_long_it_is_held():
    told = shown(
        Teach(ARM, kind="points", seconds=5.0), forward, 9.0, lambda t: (1.0 if 1.0 < t < 1.8 or t > 2.5 else 0.0, 0.0)
    )
    assert points(told)[1:, 0] == pytest.approx([0.04, 0.10], abs=3e-4)


def test_with_both_hands_full_a_place_is_marked_every_so_often():
    told = shown(Teach(ARM, kind="points", seconds=3.5, every=1.0), forward, 9.0)
    assert points(told)[:, 0] == pytest.approx([0.0, 0.04, 0.08, 0.12], abs=3e-4)


def test_done_ends_it():
    exercise = Teach(ARM, seconds=60.0)

    def sets(t):
        if t > 1.5:
            exercise.set("done", 1.0)

    told = shown(exercise, forward, 9.0, sets)
    assert told[-1][0] == pytest.approx(1.5, abs=0.01)


def test_a_recording_never_has_more_points_than_there_is_room_for():
    def shuttles(t):
        return np.array([0.1 * np.sin(8.0 * max(0.0, t)), 0.0])

    told = shown(Teach(ARM, seconds=10.0), shuttles, 14.0)
    assert len(points(told)) == MOST == 400
    assert told[-1][2]["full"] == 1


def test_nothing_is_led_anywhere_it_begins_and_ends_where_the_limb_is():
    exercise = Teach(ARM, seconds=3.0)
    state = hand_at(ARM, tuple(HOME + 0.05))
    exercise.start(state, ARM.limits(), np.random.default_rng(1))
    for k in range(4000):
        reference = exercise.reference(k * DT, state)
        exercise.observe(k * DT, state, sent(ARM))
        assert reference.x == pytest.approx(HOME + 0.05)
