"""The acceleration behind a velocity: exact for a steady one, smoothed, and never amplified."""

from __future__ import annotations

from math import exp, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.acceleration import Acceleration

DT = 0.001


@given(st.floats(-50.0, 50.0), st.floats(0.5, 50.0))
def test_a_steady_acceleration_is_reached_as_a_first_order_low_pass_reaches_it(a: float, cutoff: float) -> None:
    filtered = Acceleration(cutoff)
    filtered.reset(np.array([3.0]))
    for k in range(1, 301):
        found = filtered.step(np.array([3.0 + a * k * DT]), DT)
    assert found[0] == pytest.approx(a * (1.0 - exp(-2 * pi * cutoff * 0.3)), rel=1e-6, abs=1e-9)


def test_a_steady_velocity_has_none() -> None:
    filtered = Acceleration(5.0)
    filtered.reset(np.array([1.0, -2.0]))
    assert not filtered.step(np.array([1.0, -2.0]), DT).any()


def test_without_a_reset_it_starts_from_what_it_sees_first() -> None:
    assert not Acceleration(5.0).step(np.array([1.0, -2.0]), DT).any()


@pytest.mark.parametrize("frequency", [0.5, 5.0, 50.0, 400.0])
def test_no_frequency_comes_out_larger_than_it_is(frequency: float) -> None:
    """Against the difference quotient, which is what a mass under held torque makes of its acceleration."""
    filtered, v = Acceleration(5.0), np.sin(2 * pi * frequency * DT * np.arange(4000))
    filtered.reset(v[:1])
    found = [float(filtered.step(v[k : k + 1], DT)[0]) for k in range(1, 4000)]
    assert np.abs(found[2000:]).max() <= np.abs(np.diff(v) / DT).max() * 1.001


def test_a_change_of_tempo_does_not_bend_it() -> None:
    one, other = Acceleration(5.0), Acceleration(5.0)
    for filtered in (one, other):
        filtered.reset(np.array([0.0]))
    for _ in range(100):
        one.step(np.array([1.0]), DT)
    other.step(np.array([1.0]), 0.1)
    assert one.step(np.array([1.0]), DT) == pytest.approx(other.step(np.array([1.0]), DT))
