"""Movement bounds, filtered speed, minimum jerk."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehab.core.errors import MeasureError
from rehab.measures import filtered_speed, minimum_jerk, movement_bounds


def test_movement_bounds_are_inclusive() -> None:
    assert movement_bounds([0.0, 0.0, 1.0, 1.0, 0.5, 0.0], 10.0) == (2, 4)


def test_a_single_moving_sample_is_a_movement_of_one_sample() -> None:
    assert movement_bounds([0.0, 1.0, 0.0], 10.0) == (1, 1)


def test_a_pause_does_not_end_a_movement() -> None:
    assert movement_bounds([0.0, 1.0, 0.0, 0.0, 0.8, 0.0], 10.0) == (1, 4)


def test_the_threshold_is_a_share_of_the_peak() -> None:
    ramp = np.concatenate([np.arange(0, 101), np.arange(99, -1, -1)]) / 100.0
    assert movement_bounds(ramp, 100.0) == (5, 195)
    assert movement_bounds(ramp, 100.0, threshold=0.5) == (50, 150)
    assert movement_bounds(ramp * 7.0, 100.0, threshold=0.5) == (50, 150)


@pytest.mark.parametrize("threshold", [0.0, -0.1, 1.1, math.nan])
def test_a_threshold_that_is_no_share_is_refused(threshold: float) -> None:
    with pytest.raises(MeasureError, match="share of the peak"):
        movement_bounds([0.0, 1.0, 0.0], 10.0, threshold=threshold)


def test_the_filtered_speed_of_a_smooth_movement_is_its_speed() -> None:
    t = np.arange(0, 2000) / 1000
    position, velocity, _ = minimum_jerk(t - 0.5, start=(0.0, 0.3), end=(0.06, 0.38), duration=1.0)
    assert np.abs(filtered_speed(position, 1000) - np.linalg.norm(velocity, axis=1)).max() < 1e-3 * 0.1875


def test_the_filter_does_not_delay() -> None:
    t = np.arange(0, 2000) / 1000
    position, _, _ = minimum_jerk(t - 0.5, start=(0.0, 0.0), end=(0.1, 0.0), duration=1.0)
    assert abs(int(np.argmax(filtered_speed(position, 1000))) - 1000) <= 1


def test_the_filter_takes_50_hz_out_and_leaves_2_hz() -> None:
    t = np.arange(0, 4000) / 1000

    def swing(frequency: float) -> float:
        position = np.column_stack([0.01 * np.sin(2 * np.pi * frequency * t), np.zeros_like(t)])
        return float(filtered_speed(position, 1000)[500:-500].max() / (0.01 * 2 * np.pi * frequency))

    assert swing(2.0) == pytest.approx(1.0, abs=0.001)
    assert swing(20.0) == pytest.approx(0.5, abs=0.01)  # second order, forwards and backwards: 1/√2 twice
    assert swing(50.0) < 0.03


def test_position_noise_is_kept_out_of_the_speed() -> None:
    noise = 1e-4 * np.random.default_rng(0).standard_normal((3000, 2))
    assert filtered_speed(noise, 1000).max() < 0.02
    assert np.abs(np.diff(noise, axis=0)).max() * 1000 > 0.2


def test_a_constant_velocity_keeps_its_speed_to_the_edges() -> None:
    position = np.outer(np.arange(500) / 1000, [0.3, 0.4])
    assert filtered_speed(position, 1000) == pytest.approx(np.full(500, 0.5), abs=1e-5)


@pytest.mark.parametrize("samples", [4, 5, 20, 149])
def test_a_short_recording_still_has_a_speed(samples: int) -> None:
    assert len(filtered_speed(np.outer(np.arange(samples), [0.001, 0.0]), 1000)) == samples


def test_a_position_that_is_not_finite_is_refused() -> None:
    position = np.zeros((100, 2))
    position[7, 1] = math.nan
    with pytest.raises(MeasureError, match="sample 7"):
        filtered_speed(position, 1000)


def test_minimum_jerk_is_at_rest_at_both_ends_and_does_not_divide_by_zero_at_the_start() -> None:
    with np.errstate(all="raise"):
        for t, place in ((0.0, 0.2), (1.5, 0.5)):
            position, velocity, acceleration = minimum_jerk(t, start=0.2, end=0.5, duration=1.5)
            assert (float(position), float(velocity), float(acceleration)) == pytest.approx(
                (place, 0.0, 0.0), abs=1e-12
            )


def test_minimum_jerk_waits_before_the_start_and_rests_after_the_end() -> None:
    position, velocity, acceleration = minimum_jerk([-1.0, 9.0], start=(0.0, 0.1), end=(0.3, 0.1), duration=1.0)
    assert position == pytest.approx(np.array([[0.0, 0.1], [0.3, 0.1]]))
    assert not velocity.any()
    assert np.abs(acceleration).max() < 1e-12


@settings(max_examples=40, deadline=None)
@given(st.floats(0.01, 2.0), st.floats(0.1, 20.0))
def test_minimum_jerk_has_the_peaks_and_integrals_of_its_closed_form(distance: float, duration: float) -> None:
    t = np.linspace(0.0, duration, 20001)
    _, velocity, acceleration = minimum_jerk(t, start=0.0, end=distance, duration=duration)
    jerk = np.gradient(acceleration, t)
    assert velocity.max() == pytest.approx(1.875 * distance / duration, rel=1e-6)
    assert np.abs(acceleration).max() == pytest.approx(5.773503 * distance / duration**2, rel=1e-6)
    assert np.trapezoid(velocity**2, t) == pytest.approx(10 / 7 * distance**2 / duration, rel=1e-6)
    assert np.trapezoid(jerk**2, t) == pytest.approx(720 * distance**2 / duration**5, rel=1e-3)


def test_minimum_jerk_velocity_and_acceleration_are_the_derivatives_of_its_position() -> None:
    t = np.linspace(0.0, 0.8, 4001)
    position, velocity, acceleration = minimum_jerk(t, start=(0.1, 0.2), end=(0.0, 0.4), duration=0.8)
    assert np.gradient(position, t, axis=0)[1:-1] == pytest.approx(velocity[1:-1], abs=1e-5)
    assert np.gradient(velocity, t, axis=0)[1:-1] == pytest.approx(acceleration[1:-1], abs=1e-4)


def test_minimum_jerk_shapes_follow_its_arguments() -> None:
    t = np.linspace(0.0, 1.0, 7)
    shapes = [
        [a.shape for a in minimum_jerk(t, start=0.0, end=1.0, duration=1.0)],
        [a.shape for a in minimum_jerk(t, start=(0.0, 0.0), end=(1.0, 0.0), duration=1.0)],
        [a.shape for a in minimum_jerk(0.5, start=(0.0, 0.0), end=(1.0, 0.0), duration=1.0)],
    ]
    assert shapes == [[(7,)] * 3, [(7, 2)] * 3, [(2,)] * 3]


@pytest.mark.parametrize(
    "changed",
    [
        {"duration": 0.0},
        {"duration": -1.0},
        {"duration": math.inf},
        {"start": math.nan},
        {"t": [0.0, math.nan]},
        {"end": (1.0, 2.0)},
    ],
)
def test_minimum_jerk_refuses_what_it_cannot_move_along(changed: dict) -> None:
    asked = {"t": 0.5, "start": 0.0, "end": 1.0, "duration": 1.0} | changed
    with pytest.raises(MeasureError):
        minimum_jerk(asked.pop("t"), **asked)


def test_importing_the_measures_does_not_load_scipy() -> None:
    code = "import sys, rehab.measures; print(any(m.split('.')[0] == 'scipy' for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
