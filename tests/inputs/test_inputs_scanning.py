"""One switch that scans: a pure state machine."""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.inputs.scanning import Scanning, Timing, directions

FOUR = directions(2, 4)
TIMING = Timing(dwell=1.0, acceptance=0.1, lockout=0.3, longest=2.0)


def scanning(*, latch: bool = False, timing: Timing = TIMING) -> Scanning:
    made = Scanning(FOUR, timing, latch=latch)
    made.look(0.0)
    return made


def test_directions_go_clockwise_from_straight_ahead() -> None:
    assert FOUR == ((0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0))
    assert directions(1, 4) == ((1.0,), (-1.0,))
    assert all(hypot(*way) == pytest.approx(1.0) for way in directions(2, 8))


@pytest.mark.parametrize("dwell", [0.3, 1.0, 2.5])
def test_each_direction_is_offered_for_its_time(dwell: float) -> None:
    one = scanning(timing=TIMING._replace(dwell=dwell))
    for k in range(9):
        one.look((k + 0.5) * dwell)
        assert one.offer == FOUR[k % 4]
        assert one.intent == (0.0, 0.0)


def test_a_press_takes_what_is_offered_and_holds_it_while_it_is_held() -> None:
    one = scanning()
    one.press(1.5, True)
    one.look(1.61)
    assert one.intent == (1.0, 0.0)
    one.look(2.9)
    assert one.intent == (1.0, 0.0), "what is moved in is not exchanged"
    one.press(3.0, False)
    assert one.intent == (0.0, 0.0)
    assert one.offer == (1.0, 0.0), "the same direction is offered first"


def test_a_press_shorter_than_the_acceptance_does_nothing() -> None:
    one = scanning()
    one.press(0.5, True)
    one.press(0.55, False)
    one.look(0.9)
    assert not one.moving


def test_a_press_that_begins_in_the_last_moment_takes_what_was_offered_when_it_began() -> None:
    one = scanning()
    one.press(0.95, True)
    one.look(1.2)
    assert one.intent == FOUR[0]


def test_a_bounce_right_after_a_press_is_not_another_press() -> None:
    one = scanning()
    for now, down in ((0.5, True), (0.8, False), (0.9, True), (1.05, False)):
        one.press(now, down)
    one.look(1.06)
    assert not one.moving
    one.press(1.4, True)
    one.look(1.55)
    assert one.moving


def test_latched_it_moves_until_the_next_press() -> None:
    one = scanning(latch=True)
    one.press(0.5, True)
    one.press(0.7, False)
    one.look(1.4)
    assert one.moving
    one.press(1.5, True)
    one.look(1.61)
    assert not one.moving


@pytest.mark.parametrize("latch", [False, True])
def test_no_movement_lasts_longer_than_the_longest(latch: bool) -> None:
    one = scanning(latch=latch)
    one.press(0.5, True)
    one.look(2.5)
    assert one.moving
    one.look(2.61)
    assert not one.moving
    one.look(9.0)
    assert not one.moving, "a switch that is stuck asks for nothing"


@given(st.lists(st.tuples(st.floats(0.001, 0.9), st.booleans()), max_size=40), st.integers(1, 9), st.booleans())
def test_how_often_it_is_looked_at_changes_nothing(
    course: list[tuple[float, bool]], often: int, latch: bool
) -> None:
    seldom, much, now = scanning(latch=latch), scanning(latch=latch), 0.0
    for wait, down in course:
        for k in range(often):
            much.look(now + wait * k / often)
        now += wait
        seldom.press(now, down)
        much.press(now, down)
        assert (seldom.intent, seldom.offer) == (much.intent, much.offer)
