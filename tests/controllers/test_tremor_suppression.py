"""Tremor suppression: brakes the tremor at its own frequency, leaves slow movement alone, and never pumps.

|x₁/v| of the resonator at f_v is 1/sqrt(1 + ((f² − f_v²)/(b f_v))²): the textbook band-pass of second order.
"""

from __future__ import annotations

from collections.abc import Callable
from math import hypot, pi, sin, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controllers.tremor import HIGHEST, LOWEST, Frequency, Resonator
from controllers.tremor_suppression import TremorSuppression
from rehab.core.types import Array
from tests.arms import planar_arm, pose, reference_at
from tests.controllers.simulated import Bench

ARM, DT = planar_arm(), 0.001
HOME = pose(ARM, ARM.home)
BAND = st.floats(LOWEST, HIGHEST)


def forces(velocity: Callable[[float], float], seconds: float, **parameters: float) -> Array:
    """N at the hand, along its first axis, on that velocity (m/s) along it; the arm's friction is left alone."""
    controller = TremorSuppression(ARM, friction_share=0.0, **parameters)
    controller.reset(HOME)
    back = np.linalg.inv(HOME.jacobian.T)
    felt = []
    for k in range(round(seconds / DT)):
        state = HOME._replace(v=np.array([velocity(k * DT), 0.0]))
        felt.append((back @ controller.update(state, reference_at(tuple(HOME.x)), DT))[0])
    return np.array(felt)


def wave(hertz: float, size: float = 0.1) -> Callable[[float], float]:
    return lambda t: size * sin(2.0 * pi * hertz * t)


def size_at_the_end(values: Array) -> float:
    return float(np.abs(values[-2000:]).max())


def test_a_movement_at_1_hz_feels_less_than_5_percent_of_a_tremor_at_6_hz_of_equal_speed() -> None:
    slow, tremor = (size_at_the_end(forces(wave(hertz), 6.0)) for hertz in (1.0, 6.0))
    assert tremor == pytest.approx(50.0 * 0.1, rel=0.02)
    assert slow < 0.05 * tremor


@pytest.mark.parametrize("hertz", [0.5, 1.0, 1.5])
def test_a_slow_movement_draws_the_frequency_nowhere_near_its_own(hertz: float) -> None:
    found = Frequency(6.0, 1)
    for k in range(8000):
        found.step((wave(hertz, 0.3)(k * DT),), DT)
    assert found.hertz > 5.0


@given(BAND, st.floats(0.02, 0.4), st.floats(0.0, 2.0 * pi), st.floats(0.0, 2.0 * pi))
@settings(max_examples=25, deadline=None)
def test_the_frequency_comes_to_within_0_3_hz_of_the_tremors(
    hertz: float, size: float, phase: float, turned: float
) -> None:
    """From 6 Hz, whatever the direction of the shaking, in 4 s."""
    found, ahead, aside = Frequency(6.0, 2), size * abs(sin(turned)) + 0.01, size * abs(sin(turned + pi / 2.0))
    for k in range(4000):
        u = sin(2.0 * pi * hertz * k * DT + phase)
        found.step((ahead * u, aside * u), DT)
        assert k < 3500 or abs(found.hertz - hertz) < 0.3


def test_it_finds_the_tremor_of_a_hand_that_moves_as_well() -> None:
    found = Frequency(6.0, 2)
    for k in range(5000):
        found.step((wave(4.0, 0.08)(k * DT), wave(0.7, 0.25)(k * DT)), DT)
    assert found.hertz == pytest.approx(4.0, abs=0.1)


@pytest.mark.parametrize(("f", "b", "f_v"), [(5.0, 0.8, 5.0), (5.0, 0.8, 4.0), (6.0, 0.8, 1.0), (8.0, 2.0, 10.0)])
def test_the_resonator_lets_through_what_the_textbook_band_pass_does(f: float, b: float, f_v: float) -> None:
    band, through = Resonator(), []
    for k in range(8000):
        through.append(band.step(sin(2.0 * pi * f_v * k * DT), 2.0 * pi * f, 2.0 * pi * b, DT)[0])
    expected = 1.0 / sqrt(1.0 + ((f * f - f_v * f_v) / (b * f_v)) ** 2)
    assert size_at_the_end(np.array(through)) == pytest.approx(expected, rel=0.02)


@given(
    st.lists(st.tuples(st.floats(-1.0, 1.0), BAND.map(lambda f: 2.0 * pi * f)), min_size=1, max_size=200),
    st.floats(1.0, 12.0),
)  # fmt: skip
def test_the_resonator_never_gives_back_more_than_it_took_however_its_frequency_changes(
    course: list[tuple[float, float]], beta: float
) -> None:
    """u x₁ summed is x₁² summed plus the energy stored, tick by tick: the midpoint rule keeps it exactly."""
    band, taken, spent = Resonator(), 0.0, 0.0
    for u, omega in course:
        first, _ = band.step(u, omega, beta, DT)
        taken, spent = taken + u * first * DT, spent + first * first * DT
    stored = (band.first**2 + band.second**2) / (2.0 * beta)
    assert taken == pytest.approx(spent + stored, abs=1e-9)


@given(st.lists(st.tuples(BAND, st.floats(0.0, 0.5)), min_size=1, max_size=6), st.floats(0.0, 0.4))
@settings(max_examples=10, deadline=None)
def test_over_any_course_the_hand_loses_energy(tremors: list[tuple[float, float]], slow: float) -> None:
    """Half a second of each tremor, on a slow movement: the work done on the hand never comes above zero."""

    def velocity(t: float) -> float:
        hertz, size = tremors[min(int(t / 0.5), len(tremors) - 1)]
        return size * sin(2.0 * pi * hertz * t) + slow * sin(2.0 * pi * 0.8 * t)

    seconds = 0.5 * len(tremors)
    work = np.cumsum(forces(velocity, seconds) * [velocity(k * DT) for k in range(round(seconds / DT))]) * DT
    assert work.max() <= 1e-9


def test_without_damping_it_is_transparent() -> None:
    assert size_at_the_end(forces(wave(6.0), 3.0, damping=0.0)) < 1e-12


def run(controller: str) -> tuple[float, float]:
    """Power of the hand's speed between 3 and 12 Hz, (m/s)², and the peak of what is slower than 2.5 Hz, m/s."""
    bench = Bench(controller, "tremor", trials=3)
    trials = bench.finish()
    hand = np.array(bench.hand)[trials[0].first_tick : trials[-1].last_tick, 2:]
    bench.close()
    hertz = np.fft.rfftfreq(len(hand), DT)
    spectrum = np.fft.rfft(hand, axis=0)
    inside = (hertz >= 3.0) & (hertz <= 12.0)
    power = float((np.abs(spectrum[inside]) ** 2).sum()) * 2.0 / len(hand) ** 2
    voluntary = np.fft.irfft(np.where(hertz[:, None] < 2.5, spectrum, 0.0), len(hand), axis=0)
    return power, max(hypot(*v) for v in voluntary)


def test_a_patient_with_tremor_shakes_with_less_than_half_the_power_and_moves_as_fast() -> None:
    (shaking, free), (braked, moving) = run("transparent"), run("tremor_suppression")
    assert braked < 0.5 * shaking
    assert moving == pytest.approx(free, rel=0.1)
