"""Adaptation index, learning curve, and what a field is worth: closed forms and the literature's numbers."""

from __future__ import annotations

from math import pi, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.errors import MeasureError
from rehab.measures import adaptation_index, minimum_jerk
from rehab.measures.adaptation import field_integrated, field_peak, field_work, learning_curve

SADDLE = [[-10.1, -11.2], [-11.2, 11.1]]  # Shadmehr & Mussa-Ivaldi 1994, N·s/m
SPEED = minimum_jerk(np.linspace(0.0, 0.5, 501), start=0.0, end=0.1, duration=0.5)[1]


def test_the_index_is_the_slope_and_not_the_lean() -> None:
    assert adaptation_index(0.6 * 15.0 * SPEED + 0.2, SPEED, gain=15.0) == pytest.approx(0.6, abs=1e-12)


@given(share=st.floats(-1.0, 2.0), lean=st.floats(-5.0, 5.0), gain=st.floats(1.0, 40.0))
def test_any_share_is_found_whatever_the_lean(share: float, lean: float, gain: float) -> None:
    assert adaptation_index(share * gain * SPEED + lean, SPEED, gain=gain) == pytest.approx(share, abs=1e-9)


def test_an_index_needs_a_speed_that_changes_and_a_field() -> None:
    with pytest.raises(MeasureError, match="cannot be told apart"):
        adaptation_index(np.ones(20), np.full(20, 0.2), gain=15.0)
    with pytest.raises(MeasureError, match="does nothing sideways"):
        adaptation_index(np.ones(501), SPEED, gain=0.0)


@pytest.mark.parametrize(
    ("angle", "work", "peak"),
    [(0, -0.28857, 5.6555), (45, -0.30571, 5.6481), (90, 0.31714, 5.9132), (135, 0.33429, 5.9204)],
)
def test_the_saddles_work_and_peak_force_are_the_known_ones_by_closed_form_and_added_up(
    angle: int, work: float, peak: float
) -> None:
    assert field_work(SADDLE, radians(angle)) == pytest.approx(work, abs=5e-6)
    assert field_peak(SADDLE, radians(angle)) == pytest.approx(peak, abs=5e-5)
    assert field_integrated(SADDLE, radians(angle)) == pytest.approx((work, peak), abs=5e-5)


@given(angle=st.floats(0.0, 2.0 * pi), c=st.floats(-30.0, 30.0))
def test_a_curl_does_no_work_in_any_direction(angle: float, c: float) -> None:
    assert field_work([[0.0, c], [-c, 0.0]], angle) == pytest.approx(0.0, abs=1e-12)


@given(first=st.floats(1.0, 50.0), last=st.floats(-10.0, 10.0), tau=st.floats(3.0, 30.0))
def test_the_start_and_end_of_a_learning_curve_are_found_again(first: float, last: float, tau: float) -> None:
    errors = last + (first - last) * np.exp(-np.arange(100) / tau)
    found = learning_curve(errors)
    assert found.at(np.arange(100)) == pytest.approx(errors, abs=0.02 * abs(first - last) + 1e-9)
