"""Progress along a path: continuous on each leg, and no flipping where the path turns back."""

from __future__ import annotations

from itertools import pairwise
from math import cos, dist, pi, sin
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.trace import drawing
from rehab.core.path import Path, Place
from rehab.core.progress import BACK, CUT, WINDOW, Progress

THERE_AND_BACK = Path(((0.0, 0.0), (0.1, 0.0), (0.0, 0.0)))
SQUARE = Path(((0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.1)), closed=True)
CIRCLE = Path([(0.1 * cos(a), 0.1 * sin(a)) for a in (k * pi / 180 for k in range(360))], closed=True)
EIGHT = Path(drawing("eight", 0.12, clockwise=True))
NEAR = st.floats(-0.15, 0.15)
PATHS = (THERE_AND_BACK, SQUARE, CIRCLE, EIGHT)


class Seen(NamedTuple):
    place: Place
    leg: int
    turned: bool
    gone: float
    left: float


def followed(path: Path, hands: list[tuple[float, float]]) -> list[Seen]:
    """What is seen after each place of the hand."""
    progress, seen = Progress(path), []
    progress.begin(hands[0])
    for hand in hands:
        progress.step(hand)
        seen.append(Seen(progress.place, progress.leg, progress.turned, progress.gone, progress.left))
    return seen


def test_a_path_that_turns_sharply_has_a_leg_between_corners():
    assert THERE_AND_BACK.legs == ((0,), (1,))
    assert SQUARE.legs == ((0,), (1,), (2,), (3,))
    assert len(CIRCLE.legs) == len(EIGHT.legs) == 1
    assert [THERE_AND_BACK.ends(leg) for leg in (0, 1)] == [(0.0, 0.1), (0.1, 0.2)]


def test_a_closed_path_with_one_corner_has_two_legs_across_its_seam():
    drop = Path([(0.0, 0.0), *((0.1 + 0.05 * cos(a), 0.05 * sin(a)) for a in np.linspace(-2.0, 2.0, 60))], closed=True)
    assert len(drop.legs) == 2
    assert sorted(k for leg in drop.legs for k in leg) == list(range(61))


@given(st.lists(st.tuples(st.floats(-1e-3, 1e-3), st.floats(-1e-3, 1e-3)), min_size=2, max_size=20))
def test_a_hand_that_trembles_beyond_the_corner_turns_once(noise):
    """As near to the one leg as to the other: it chattered from tick to tick, and the force along the way with it."""
    steps = followed(THERE_AND_BACK, [(0.08, 0.0), (0.085, 0.0), *((0.14 + dx, dy) for dx, dy in noise)])
    assert sum(now.turned for now in steps) == 1
    assert steps[-1].place.direction == (-1.0, 0.0)


def test_going_and_coming_back_the_same_way_are_told_apart():
    out = [(0.001 * k, 0.0) for k in range(100)]
    steps = followed(THERE_AND_BACK, [*out, *out[::-1]])
    s = [now.place.s for now in steps]
    assert (s[50], s[150]) == pytest.approx((0.05, 0.2 - 0.049))
    assert [k for k, now in enumerate(steps) if now.turned] == [91]


@given(st.sampled_from(PATHS), st.lists(st.tuples(NEAR, NEAR), min_size=2, max_size=6))
def test_wherever_the_hand_goes_its_place_goes_on_without_jumps(path, marks):
    """Within a leg by no more than the window and the piece that it cuts; from leg to leg only near their corner."""
    steps = 300
    hands = [(a + (c - a) * k / steps, b + (d - b) * k / steps)
             for (a, b), (c, d) in pairwise(marks) for k in range(steps)]  # fmt: skip
    seen = followed(path, hands)
    for before, now in pairwise(seen):
        if now.turned:
            assert min(before.gone, before.left) <= CUT + WINDOW
        else:
            assert dist(before.place.point, now.place.point) <= WINDOW + 0.005
            assert now.leg == before.leg


@given(st.floats(0.0, 0.2), st.floats(-0.004, 0.004))
def test_no_hand_rests_where_it_turns_forth_and_back(s, aside):
    place = SQUARE.at(s)
    hand = (place.point[0] - aside * place.direction[1], place.point[1] + aside * place.direction[0])
    steps = followed(SQUARE, [hand] * 50)
    assert not any(now.turned for now in steps[2:])


def test_who_cuts_a_corner_is_on_the_next_leg_and_who_goes_back_on_the_last():
    cut = [(0.08, 0.0), (0.085, 0.01), (0.09, 0.02), (0.1, 0.03)]
    assert followed(SQUARE, cut)[-1].leg == 1
    progress = Progress(SQUARE)
    progress.begin((0.095, 0.0))
    progress.step((0.095, 0.0))
    assert progress.leg == 1  # within TURN of the corner
    for k in range(40):
        progress.step((0.095 - 0.001 * k, 0.0))
    assert progress.leg == 0
    assert progress.left > BACK


def test_a_path_that_ends_where_it_began_is_begun_at_its_beginning():
    progress = Progress(THERE_AND_BACK)
    progress.begin((0.001, 0.0004))
    assert progress.place.s == pytest.approx(0.001)


def test_of_two_legs_equally_near_it_begins_on_the_one_that_goes_its_way():
    progress = Progress(THERE_AND_BACK)
    progress.begin((0.05, 0.0), (-0.1, 0.0))
    assert progress.place.s == pytest.approx(0.15)
    progress.begin((0.05, 0.0), (0.1, 0.0))
    assert progress.place.s == pytest.approx(0.05)


def test_where_it_goes_round_without_a_corner_a_leg_has_no_end():
    progress = Progress(CIRCLE)
    assert progress.left == progress.gone == float("inf")
