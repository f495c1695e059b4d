"""Paths as text, and curves through their points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.path import Path
from rehab.core.points import curve, points_text, read_points

COORDINATE = st.floats(-0.5, 0.5, allow_nan=False)


@given(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=2, max_size=20))
def test_what_is_written_is_read_back_to_a_tenth_of_a_millimetre(points):
    if len({tuple(round(c, 4) for c in point) for point in points}) < 2:
        return
    back = read_points(points_text(points))
    assert np.abs(np.array(back) - np.array(points)).max() <= 0.5e-4 + 1e-12


def test_text_is_in_centimetres_from_home():
    assert points_text([(0.0, 0.025), (-0.01, 0.1)]) == "0,2.5; -1,10"


def test_a_curve_passes_through_every_point_without_a_corner():
    points = [(0.0, 0.0), (0.03, 0.04), (0.08, 0.05), (0.1, 0.0)]
    fine = np.array(curve(points, spacing=0.001))
    for point in points:
        assert np.linalg.norm(fine - point, axis=1).min() < 1e-3
    steps = np.diff(fine, axis=0)
    turns = np.abs(np.diff(np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))))
    assert turns.max() < 0.2


def test_a_curve_through_a_straight_line_is_that_line():
    fine = np.array(curve([(0.0, 0.0), (0.02, 0.02), (0.05, 0.05), (0.1, 0.1)]))
    assert fine[:, 0] == pytest.approx(fine[:, 1])
    assert Path(fine).length == pytest.approx(0.1 * 2**0.5)


def test_a_curve_has_no_more_points_than_a_scene_has_room_for():
    assert len(curve([(0.0, 0.0), (0.5, 0.3), (1.0, 0.0)], most=50)) == 50
