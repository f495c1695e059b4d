"""The smoothest movement between two states of motion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.minimum_jerk import PEAK_SPEED, MinimumJerk, approach_time
from rehab.measures import minimum_jerk

place = st.tuples(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
motion = st.tuples(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0))
duration = st.floats(0.2, 10.0)


@given(place, place, duration)
def test_from_rest_to_rest_it_is_the_closed_form(start: tuple, end: tuple, T: float) -> None:
    movement, times = MinimumJerk(start, end, begin=2.0, duration=T), np.linspace(-0.1, 1.1, 25) * T
    position, velocity, acceleration = minimum_jerk(times, start=start, end=end, duration=T)
    assert [movement.at(2.0 + t)[0] for t in times] == pytest.approx(position, abs=1e-9)
    assert [movement.at(2.0 + t)[1] for t in times] == pytest.approx(velocity, abs=1e-8)
    assert [movement.acceleration(2.0 + t) for t in times[3:22]] == pytest.approx(acceleration[3:22], abs=1e-6)


@given(place, place, motion, motion, motion, duration)
def test_it_begins_and_ends_with_the_motion_asked_for(
    start: tuple, end: tuple, v0: tuple, a0: tuple, v1: tuple, T: float
) -> None:
    movement = MinimumJerk(start, end, begin=0.0, duration=T, velocity=v0, acceleration=a0, end_velocity=v1)
    assert movement.at(0.0) == (pytest.approx(start), pytest.approx(v0))
    assert movement.acceleration(0.0) == pytest.approx(a0)
    assert movement.at(T) == (end, v1)
    just_before = T * (1 - 1e-9)
    x, v = movement.at(just_before)
    assert x == pytest.approx(end, abs=1e-6)
    assert v == pytest.approx(v1, abs=1e-6)
    assert movement.acceleration(just_before) == pytest.approx((0.0, 0.0), abs=1e-5)


def test_its_jerk_is_the_least_of_all_movements_with_these_ends() -> None:
    """Any variation that keeps the six end conditions costs more: sampled with s³(1 − s)³ sin(kπs)."""
    T, t = 1.5, np.linspace(0.0, 1.5, 3001)
    movement = MinimumJerk((0.0,), (0.3,), begin=0.0, duration=T, velocity=(0.4,), acceleration=(-1.0,))
    x = np.array([movement.at(s)[0][0] for s in t])

    def cost(path: np.ndarray) -> float:
        return float(np.sum(np.diff(path, 3) ** 2))

    for k in range(1, 6):
        for size in (-0.02, 0.02):
            s = t / T
            assert cost(x + size * s**3 * (1 - s) ** 3 * np.sin(k * np.pi * s)) > cost(x)


def test_before_its_beginning_it_waits_at_the_start() -> None:
    movement = MinimumJerk((0.1,), (0.2,), begin=5.0, duration=1.0)
    assert movement.at(0.0) == ((0.1,), (0.0,))
    assert movement.over_at == 6.0


def test_no_duration_is_refused() -> None:
    for wrong in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="takes more than"):
            MinimumJerk((0.0,), (1.0,), begin=0.0, duration=wrong)


@given(st.floats(0.0, 2.0), st.floats(0.05, 2.0))
def test_an_approach_is_gentle_and_below_the_speed_limit(distance: float, limit: float) -> None:
    peak = PEAK_SPEED * distance / approach_time(distance, limit)
    assert peak <= 0.15 + 1e-12
    assert peak <= 0.8 * limit + 1e-12
