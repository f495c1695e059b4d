"""What the way to a target sounds like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.sound import FAST, MIDDLE, SLOW, SPAN, Ear
from rehab.core.types import NO_SCENE, CursorMap, Scene, Target

GOAL = Scene(targets=(Target((0.1, 0.4), 0.01),))
error = st.floats(-0.3, 0.3)


@given(error, error)
def test_the_side_is_heard_left_or_right_and_the_depth_high_or_low(dx, dy):
    tone = Ear().hear(GOAL, (0.1 - dx, 0.4 - dy))
    assert tone is not None
    assert tone.pan == pytest.approx(max(-1.0, min(1.0, dx / SPAN)), abs=1e-9)
    assert tone.frequency == pytest.approx(MIDDLE * 2.0 ** max(-1.0, min(1.0, dy / SPAN)))


def test_pulses_get_faster_on_the_way_and_the_tone_is_unbroken_inside():
    pulses = [Ear().hear(GOAL, (0.1, 0.4 - away)).pulses for away in (1.0, 0.2, 0.1, 0.05, 0.011, 0.009)]
    assert pulses[0] == SLOW and pulses[-1] == 0.0
    assert pulses[:-1] == sorted(pulses[:-1]) and pulses[-2] == pytest.approx(FAST, abs=0.1)


def test_home_is_heard_when_there_is_no_goal_and_the_goal_when_there_are_both():
    home, goal = Target((0.0, 0.0), 0.01, "home"), Target((1.0, 0.0), 0.01)
    assert Ear().hear(Scene(targets=(home,)), (0.5, 0.0)).pan == -1.0
    assert Ear().hear(Scene(targets=(home, goal)), (0.5, 0.0)).pan == 1.0


def test_a_path_is_heard_as_the_way_ahead_on_it():
    tone = Ear().hear(Scene(paths=(((0.0, 0.0), (0.2, 0.0)),)), (0.05, 0.01))
    assert tone.pan > 0.0 and tone.frequency < MIDDLE


def test_a_hidden_cursor_is_not_heard_either():
    assert Ear().hear(Scene(targets=GOAL.targets, cursor=CursorMap(shown=False)), (0.0, 0.0)) is None


def test_what_is_shown_of_the_hand_is_what_is_heard_of_it():
    turned = Scene(targets=(Target((0.1, 0.0), 0.01),), cursor=CursorMap(rotation=3.14159265358979))
    assert Ear().hear(turned, (-0.1, 0.0)).pulses == 0.0


def test_nothing_asked_is_silence():
    assert Ear().hear(NO_SCENE, (0.0, 0.0)) is None


def test_along_a_line_side_and_pitch_say_the_same():
    tone = Ear().hear(Scene(targets=(Target((0.1,), 0.01),)), (0.05,))
    assert tone.pan == pytest.approx(0.5) and tone.frequency == pytest.approx(MIDDLE * 2.0**0.5)


def test_effort_is_heard_as_a_pitch_that_rises_by_two_octaves_from_nothing_to_the_whole_bar():
    low, high = (Ear().hear(Scene(level=level), (0.0, 0.0)) for level in (0.0, 1.0))
    assert (low.frequency, high.frequency) == (MIDDLE / 2.0, MIDDLE * 2.0)
    assert low.pulses == high.pulses == 0.0
