"""Paths by arc length; closed forms on a square and a circle."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.path import Path, line

SQUARE = Path(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)), closed=True)
ANGLES = [2 * math.pi * k / 720 for k in range(720)]
CIRCLE = Path([(0.1 * math.cos(a), 0.1 * math.sin(a)) for a in ANGLES], closed=True)
spot = st.floats(-2.0, 2.0)


def test_a_line_has_the_distance_of_its_ends_as_length():
    assert line((0.0, 0.0), (0.3, 0.4)).length == pytest.approx(0.5)


def test_a_path_of_one_place_is_refused():
    with pytest.raises(ValueError, match="two points"):
        Path(((0.1, 0.1), (0.1, 0.1)))


def test_a_closed_path_goes_round():
    assert SQUARE.length == pytest.approx(4.0)
    assert SQUARE.at(4.5).point == pytest.approx((0.5, 0.0))
    assert SQUARE.at(-0.5).point == pytest.approx((0.0, 0.5))


def test_an_open_path_ends_at_its_ends():
    path = line((0.0, 0.0), (0.1, 0.0))
    assert path.at(9.0).point == (0.1, 0.0)
    assert path.at(-9.0).point == (0.0, 0.0)


def test_the_nearest_place_of_a_circle_lies_on_the_same_ray():
    place = CIRCLE.nearest((0.2, 0.2))
    assert place.point == pytest.approx((0.1 / math.sqrt(2), 0.1 / math.sqrt(2)), abs=1e-4)
    assert place.distance == pytest.approx(0.2 * math.sqrt(2) - 0.1, abs=1e-4)
    assert CIRCLE.length == pytest.approx(0.2 * math.pi, rel=1e-4)


@given(spot, spot)
def test_no_other_point_of_the_path_is_nearer(x, y):
    place = SQUARE.nearest((x, y))
    assert place.distance == pytest.approx(math.dist((x, y), place.point))
    assert all(math.dist((x, y), SQUARE.at(4.0 * k / 100).point) >= place.distance - 1e-9 for k in range(100))


@given(st.floats(0.0, 4.0))
def test_a_place_on_the_path_is_found_again(s):
    place = SQUARE.nearest(SQUARE.at(s).point, around=s)
    assert place.distance == pytest.approx(0.0, abs=1e-9)
    assert math.dist(place.point, SQUARE.at(s).point) < 1e-9


def test_a_hand_that_cuts_a_loop_does_not_jump_to_its_other_side():
    hairpin = Path(((0.0, 0.0), (1.0, 0.0), (1.0, 0.02), (0.0, 0.02)))
    assert hairpin.nearest((0.5, 0.015)).s > 1.0
    assert hairpin.nearest((0.5, 0.015), around=0.5).s == pytest.approx(0.5)
