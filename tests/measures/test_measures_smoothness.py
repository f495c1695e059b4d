"""Smoothness measures against the reference table (an independent implementation), closed forms and invariances."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rehab.core.errors import MeasureError
from rehab.measures import ldlj, minimum_jerk, movement_bounds, number_of_peaks, sparc

Array = NDArray[np.float64]
REST = np.zeros(500)


def grid(samples: int, fs: float) -> Array:
    return np.arange(samples) / fs


def jerk_free(duration: float, fs: float) -> Array:
    """Speed of a minimum-jerk movement over 1 m, sampled half open."""
    return minimum_jerk(grid(round(duration * fs), fs), start=0.0, end=1.0, duration=duration)[1]


def pulse(t: Array, at: float) -> Array:
    return np.exp(-25.0 * (t - at) ** 2)


def pulses(apart: float, fs: float = 1000.0) -> Array:
    t = grid(round((1.0 + apart) * fs), fs)
    return pulse(t, 0.5) + pulse(t, 0.5 + apart)


REFERENCE = {
    "exp(-5t2)": (np.exp(-5.0 * (grid(200, 100) - 1.0) ** 2), 100, 200, -1.414031, -5.816357),
    "minimum jerk 0.5 s at 100 Hz": (jerk_free(0.5, 100), 100, 50, -1.405830, -5.130859),
    "minimum jerk 1 s at 100 Hz": (jerk_free(1.0, 100), 100, 100, -1.405829, -5.224139),
    "minimum jerk 1 s at 1 kHz": (jerk_free(1.0, 1000), 1000, 1000, -1.402426, -5.312054),
    "minimum jerk 2 s at 1 kHz": (jerk_free(2.0, 1000), 1000, 2000, -1.402426, -5.317039),
    "minimum jerk with rest": (np.concatenate([REST, jerk_free(1.0, 1000), REST]), 1000, 2000, -1.402561, -7.398972),
    "one pulse": (pulse(grid(1000, 1000), 0.5), 1000, 1000, -1.415462, -6.152572),
    "two pulses 0.5 s apart": (pulses(0.5), 1000, 1500, -1.927655, -8.122956),
    "two pulses 1 s apart": (pulses(1.0), 1000, 2000, -3.007414, -8.925817),
    "two minimum jerks": (np.tile(jerk_free(1.0, 1000), 2), 1000, 2000, -2.246183, -8.089640),
    "half sine": (np.sin(np.pi * grid(1000, 1000)), 1000, 1000, -1.557293, -3.885771),
}


@pytest.mark.parametrize("name", REFERENCE)
def test_sparc_and_ldlj_equal_the_reference_table(name: str) -> None:
    speed, fs, samples, wanted_sparc, wanted_ldlj = REFERENCE[name]
    assert len(speed) == samples
    assert sparc(speed, fs) == pytest.approx(wanted_sparc, abs=1e-6)
    assert ldlj(speed, fs) == pytest.approx(wanted_ldlj, abs=1e-6)


def test_a_constant_speed_has_a_sparc() -> None:
    assert sparc(np.ones(1000), 1000) == pytest.approx(-2.386186, abs=1e-6)


@pytest.mark.parametrize("speed", [np.ones(1000), np.full(300, 0.1), np.linspace(0.0, 0.37, 500)])
def test_a_speed_without_jerk_has_no_ldlj_instead_of_an_infinite_one(speed: Array) -> None:
    with pytest.raises(MeasureError, match="infinite"):
        ldlj(speed, 1000)


@pytest.mark.parametrize("duration", [0.5, 1.0, 2.0, 3.0])
def test_sparc_of_minimum_jerk_is_near_the_continuous_value_for_every_duration(duration: float) -> None:
    assert abs(sparc(jerk_free(duration, 1000), 1000) + 1.408178) < 0.007


def test_ldlj_of_minimum_jerk_tends_to_its_closed_form_with_the_rate() -> None:
    closed = -math.log(720.0 / 1.875**2)
    errors = [abs(ldlj(jerk_free(1.0, fs), fs) - closed) for fs in (100, 1000, 10000)]
    assert closed == pytest.approx(-5.322034, abs=1e-6)
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.0011


@settings(max_examples=40, deadline=None)
@given(st.floats(1e-9, 1e9), st.floats(0.3, 3.0))
def test_smoothness_does_not_depend_on_the_amplitude(scale: float, apart: float) -> None:
    speed = pulses(apart, 100.0)
    assert sparc(speed * scale, 100.0) == pytest.approx(sparc(speed, 100.0), rel=1e-9)
    assert ldlj(speed * scale, 100.0) == pytest.approx(ldlj(speed, 100.0), rel=1e-9)
    assert number_of_peaks(speed * scale, 100.0) == number_of_peaks(speed, 100.0)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.2, 5.0))
def test_ldlj_does_not_depend_on_the_time_scale_at_equal_samples(stretch: float) -> None:
    speed = pulses(0.6, 200.0)
    assert ldlj(speed / stretch, 200.0 / stretch) == pytest.approx(ldlj(speed, 200.0), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.2, 5.0))
def test_sparc_does_not_depend_on_the_time_scale_while_the_band_scales_along(stretch: float) -> None:
    speed = pulses(0.6, 200.0)
    assert sparc(speed, 200.0 / stretch, fc=10.0 / stretch) == pytest.approx(sparc(speed, 200.0), rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.0, 2.0), min_size=16, max_size=200).filter(lambda v: max(v) > 1e-3))
def test_sparc_is_never_positive(values: list[float]) -> None:
    try:
        assert sparc(values, 100.0) <= 0.0
    except MeasureError as error:
        assert "two bins" in str(error)


def test_noise_moves_ldlj_a_lot_and_sparc_hardly() -> None:
    speed = jerk_free(1.0, 1000)
    noisy = speed + 0.01 * speed.max() * np.random.default_rng(1).standard_normal(len(speed))
    assert abs(sparc(noisy, 1000) - sparc(speed, 1000)) < 0.01
    assert ldlj(noisy, 1000) < ldlj(speed, 1000) - 10.0


def test_more_submovements_are_less_smooth_in_both_measures() -> None:
    assert sparc(pulses(1.0), 1000) < sparc(pulses(0.5), 1000) < sparc(pulse(grid(1000, 1000), 0.5), 1000)
    assert ldlj(pulses(1.0), 1000) < ldlj(pulses(0.5), 1000)


def test_trimming_minimum_jerk_at_five_percent_gives_the_reference_values() -> None:
    fs = 10000
    speed = jerk_free(1.0, fs)
    first, last = movement_bounds(speed, fs)
    assert first / fs == pytest.approx(0.059434, abs=1.0 / fs)
    assert (last - first) / fs == pytest.approx(0.881132, abs=2.0 / fs)
    speed = jerk_free(1.0, 1000)
    first, last = movement_bounds(speed, 1000)
    assert (first, last) == (60, 940)
    assert sparc(speed[first : last + 1], 1000) == pytest.approx(-1.402422, abs=1e-6)
    assert ldlj(speed[first : last + 1], 1000) == pytest.approx(-4.399853, abs=1e-6)


@pytest.mark.parametrize(("apart", "peaks"), [(0.1, 1), (0.25, 1), (0.282, 1), (0.29, 2), (0.3, 2), (0.5, 2), (1.0, 2)])
@pytest.mark.parametrize("fs", [100.0, 1000.0])
def test_two_pulses_are_two_peaks_only_beyond_0_282843_s(apart: float, peaks: int, fs: float) -> None:
    assert number_of_peaks(pulses(apart, fs), fs) == peaks


@pytest.mark.parametrize("duration", [0.5, 1.0, 3.0, 6.0])
@pytest.mark.parametrize("noise", [0.002, 0.01, 0.02])
def test_noise_adds_no_peaks_to_a_single_stroke(duration: float, noise: float) -> None:
    speed = np.concatenate([REST, jerk_free(duration, 1000), REST])
    rng = np.random.default_rng(3)
    for _ in range(10):
        noisy = speed + noise * speed.max() * rng.standard_normal(len(speed))
        assert number_of_peaks(noisy, 1000) == 1


def test_a_second_stroke_below_five_percent_is_no_peak() -> None:
    t = grid(2500, 1000)
    assert number_of_peaks(pulse(t, 0.5) + 0.04 * pulse(t, 1.8), 1000) == 1
    assert number_of_peaks(pulse(t, 0.5) + 0.06 * pulse(t, 1.8), 1000) == 2


@pytest.mark.parametrize("measure", [sparc, ldlj, number_of_peaks, movement_bounds])
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_speed_that_is_not_finite_is_refused_with_its_place(measure, bad: float) -> None:
    speed = jerk_free(1.0, 100)
    speed[42] = bad
    with pytest.raises(MeasureError, match="sample 42"):
        measure(speed, 100)


@pytest.mark.parametrize("measure", [sparc, ldlj, number_of_peaks, movement_bounds])
def test_no_movement_is_an_error_in_words(measure) -> None:
    with pytest.raises(MeasureError, match="no movement"):
        measure(np.zeros(100), 100)


@pytest.mark.parametrize("measure", [sparc, ldlj, number_of_peaks, movement_bounds])
def test_an_empty_speed_a_matrix_and_a_rate_of_zero_are_refused(measure) -> None:
    for speed, fs in (([], 100), (np.ones((10, 2)), 100), (jerk_free(1.0, 100), 0.0), (jerk_free(1.0, 100), math.nan)):
        with pytest.raises(MeasureError):
            measure(speed, fs)


def test_sparc_refuses_a_band_that_holds_a_single_bin() -> None:
    with pytest.raises(MeasureError, match="two bins"):
        sparc(jerk_free(1.0, 1000), 1000, fc=0.01)
