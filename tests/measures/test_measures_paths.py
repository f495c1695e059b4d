"""Path measures against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rehab.core.errors import MeasureError
from rehab.measures import hand_path_deviation, initial_direction_error, minimum_jerk, path_length_ratio

START, TARGET = (0.0, 0.0), (0.1, 0.0)


def half_sine(height: float, samples: int = 20001) -> NDArray[np.float64]:
    along = np.linspace(0.0, 0.1, samples)
    return np.column_stack([along, height * np.sin(np.pi * along / 0.1)])


def turned(path: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    c, s = math.cos(angle), math.sin(angle)
    return path @ np.array([[c, s], [-s, c]])


def reach(angle: float = 0.0, fs: float = 1000.0) -> NDArray[np.float64]:
    """0.4 s of rest, then 10 cm in 0.8 s at `angle` off the x axis, then rest."""
    t = np.arange(round(1.6 * fs)) / fs - 0.4
    return turned(minimum_jerk(t, start=START, end=TARGET, duration=0.8)[0], angle)


@pytest.mark.parametrize(("height", "ratio"), [(0.005, 1.006140), (0.010, 1.024235), (0.020, 1.092384)])
def test_a_half_sine_detour_has_the_length_ratio_of_its_closed_form(height: float, ratio: float) -> None:
    assert path_length_ratio(half_sine(height)) == pytest.approx(ratio, abs=1e-6)


def test_a_semicircle_is_half_pi_times_its_diameter() -> None:
    angle = np.linspace(0.0, np.pi, 20001)
    assert path_length_ratio(np.column_stack([np.cos(angle), np.sin(angle)])) == pytest.approx(np.pi / 2, abs=1e-7)


def test_a_straight_path_has_ratio_one_however_fast_it_is_travelled() -> None:
    assert path_length_ratio(reach()) == pytest.approx(1.0, abs=1e-12)


def test_a_path_that_returns_has_no_length_ratio() -> None:
    with pytest.raises(MeasureError, match="ends where it began"):
        path_length_ratio([(0.0, 0.0), (0.1, 0.0), (0.0, 0.0)])


@pytest.mark.parametrize("height", [0.005, 0.010, 0.020])
def test_a_half_sine_deviates_by_its_height_and_two_over_pi_of_it_in_the_mean(height: float) -> None:
    mean, most = hand_path_deviation(half_sine(height), START, TARGET)
    assert most == pytest.approx(height, rel=1e-6)
    assert mean == pytest.approx(2 * height / np.pi, rel=1e-3)


def test_overshooting_along_the_line_is_no_deviation() -> None:
    assert hand_path_deviation([(-0.05, 0.0), (0.3, 0.0)], START, TARGET) == pytest.approx((0.0, 0.0))


def test_a_path_in_space_deviates_from_a_line_in_space() -> None:
    assert hand_path_deviation([(0.0, 3.0, 4.0)], (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)) == pytest.approx((5.0, 5.0))


def test_start_and_target_in_one_place_are_refused() -> None:
    with pytest.raises(MeasureError, match="same point"):
        hand_path_deviation(half_sine(0.01), START, START)


@settings(max_examples=30, deadline=None)
@given(st.floats(-3.1, 3.1), st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_path_measures_do_not_depend_on_where_the_workspace_lies(angle: float, dx: float, dy: float) -> None:
    path, shift = half_sine(0.01, 501), np.array([dx, dy])
    moved = turned(path, angle) + shift
    start, target = turned(np.array([START, TARGET]), angle) + shift
    assert path_length_ratio(moved) == pytest.approx(path_length_ratio(path), abs=1e-9)
    assert hand_path_deviation(moved, start, target) == pytest.approx(
        hand_path_deviation(path, START, TARGET), abs=1e-9
    )


@pytest.mark.parametrize("degrees", [0.0, 10.0, -10.0, 30.0, 90.0, 180.0])
def test_the_initial_direction_error_is_the_angle_off_the_target(degrees: float) -> None:
    error = initial_direction_error(reach(math.radians(degrees)), TARGET, fs=1000)
    assert error == pytest.approx(math.radians(abs(degrees)), rel=2e-3, abs=1e-6)  # the hand has gone 0.2 % by onset


def test_only_the_beginning_of_the_movement_counts() -> None:
    path = reach(math.radians(20.0))
    path[900:] = np.linspace(path[900], TARGET, len(path) - 900)  # corrected later on
    assert initial_direction_error(path, TARGET, fs=1000) == pytest.approx(math.radians(20.0), abs=1e-3)


def test_the_time_counts_from_movement_onset_and_not_from_the_first_sample() -> None:
    path = reach(math.radians(20.0))
    onset_and_later = path[400:]
    assert initial_direction_error(onset_and_later, TARGET, fs=1000) == pytest.approx(
        initial_direction_error(path, TARGET, fs=1000), abs=1e-3
    )


def test_after_chooses_when_the_direction_is_taken() -> None:
    t = np.arange(1600) / 1000
    along = minimum_jerk(t - 0.4, start=0.0, end=0.1, duration=0.8)[0]
    curved = np.column_stack([along, 0.02 * np.sin(np.pi * along / 0.1)])
    early = initial_direction_error(curved, TARGET, fs=1000, after=0.05)
    late = initial_direction_error(curved, TARGET, fs=1000, after=0.5)
    assert early == pytest.approx(math.atan(0.2 * math.pi), abs=0.02)  # the slope of the half sine at its beginning
    assert late < 0.6 * early


def test_data_that_end_before_the_direction_is_taken_are_refused() -> None:
    with pytest.raises(MeasureError, match="after movement onset"):
        initial_direction_error(reach()[:480], TARGET, fs=1000, after=0.5)


def test_a_movement_that_starts_on_its_target_has_no_direction_error() -> None:
    path = np.zeros((1000, 2))
    path[:, 0] = 0.1 * np.arange(1000) / 1000
    with pytest.raises(MeasureError, match="starts on the target"):
        initial_direction_error(path - path[0], (0.0, 0.0), fs=1000)


def test_a_hand_that_never_moves_has_no_direction() -> None:
    with pytest.raises(MeasureError, match="no movement"):
        initial_direction_error(np.full((100, 2), 0.3), TARGET, fs=1000)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_positions_and_points_that_are_not_finite_are_refused(bad: float) -> None:
    broken = half_sine(0.01, 101)
    broken[50, 0] = bad
    for call in (
        lambda: path_length_ratio(broken),
        lambda: hand_path_deviation(broken, START, TARGET),
        lambda: hand_path_deviation(half_sine(0.01, 101), (bad, 0.0), TARGET),
        lambda: initial_direction_error(broken, TARGET, fs=1000),
        lambda: initial_direction_error(reach(), (0.1, bad), fs=1000),
    ):
        with pytest.raises(MeasureError, match="not finite"):
            call()


def test_a_target_of_another_dimension_is_refused() -> None:
    with pytest.raises(MeasureError, match="2 coordinates"):
        hand_path_deviation(half_sine(0.01, 101), START, (0.1, 0.0, 0.0))
