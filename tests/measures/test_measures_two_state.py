"""Two-state theory: reference values of an independent implementation, and rates found again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehab.core.errors import MeasureError
from rehab.measures import fit_two_state, two_state
from rehab.measures.two_state import SMITH, asymptote, two_state_map

NAN = float("nan")
LONG = [1.0] * 400 + [-1.0] * 20 + [NAN] * 40  # the design's schedule


def test_the_outputs_under_a_lasting_disturbance_are_the_references_to_six_digits() -> None:
    net = two_state(LONG, **SMITH)
    after = {1: 0.230000, 2: 0.320840, 5: 0.390944, 10: 0.429428, 100: 0.703135, 400: 0.750678}
    assert {n: net[n] for n in after} == pytest.approx(after, abs=5e-7)


def test_the_rebound_in_the_error_clamp_is_the_reference_at_clamp_trial_ten() -> None:
    clamp = two_state(LONG, **SMITH)[420:]
    assert clamp.max() == pytest.approx(0.161456, abs=5e-7)
    assert int(np.argmax(clamp)) == 10


def test_the_asymptote_is_that_of_the_closed_form_and_of_a_long_schedule() -> None:
    assert asymptote(**SMITH) == pytest.approx(0.750760, abs=5e-7)
    assert two_state([1.0] * 8000, **SMITH)[-1] == pytest.approx(asymptote(**SMITH), abs=1e-9)


@given(size=st.floats(0.01, 100.0), schedule=st.lists(st.sampled_from([0.0, 1.0, -1.0, NAN]), min_size=1, max_size=60))
def test_twice_the_disturbance_is_twice_the_output(size: float, schedule: list[float]) -> None:
    once, more = two_state(schedule, **SMITH), two_state(size * np.array(schedule), **SMITH)
    np.testing.assert_allclose(more, size * once, rtol=1e-12, atol=1e-12)


@settings(max_examples=10, deadline=None)
@given(A_f=st.floats(0.3, 0.8), B_f=st.floats(0.1, 0.3), A_s=st.floats(0.97, 0.998), B_s=st.floats(0.01, 0.06))
def test_the_rates_of_exact_angles_are_found_again(A_f: float, B_f: float, A_s: float, B_s: float) -> None:
    schedule = 30.0 * np.array([1.0] * 80 + [-1.0] * 12 + [NAN] * 30)
    fitted = fit_two_state(two_state(schedule, A_f=A_f, B_f=B_f, A_s=A_s, B_s=B_s), schedule)
    assert fitted[:4] == pytest.approx((A_f, B_f, A_s, B_s), abs=1e-3)
    assert fitted.r2 > 0.99999


def test_noisy_angles_give_the_rates_within_the_confidence_that_is_stated() -> None:
    schedule = 30.0 * np.array(LONG)
    noise = np.random.default_rng(4).normal(0.0, 1.5, len(schedule))
    fitted = fit_two_state(two_state(schedule, **SMITH) + noise, schedule)
    for found, half, true in zip(fitted[:4], fitted.confidence, SMITH.values(), strict=True):
        assert abs(found - true) < 2.0 * half < 0.25
    assert fitted.rmse == pytest.approx(1.5, rel=0.1)


def test_trials_that_were_not_measured_are_left_out_and_predicted() -> None:
    schedule = np.array([1.0] * 60)
    angles = two_state(schedule, **SMITH)
    angles[20:25] = NAN
    fitted = fit_two_state(angles, schedule)
    np.testing.assert_allclose(fitted.predicted[20:25], two_state(schedule, **SMITH)[20:25], atol=1e-4)


@pytest.mark.parametrize(
    ("angles", "schedule", "says"),
    [
        ([0.1] * 11, [1.0] * 11, "11 trials were measured"),
        ([0.1] * 12, [1.0] * 13, "12 angles for 13 trials"),
        ([0.1] * 12, [0.0] * 12, "nothing disturbs"),
        ([0.1] * 12, [float("inf")] * 12, "trial 1 of the schedule is infinite"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_words(angles: list[float], schedule: list[float], says: str) -> None:
    with pytest.raises(MeasureError, match=says):
        fit_two_state(angles, schedule)


def test_a_map_taught_in_one_direction_is_plain_two_state_memory() -> None:
    schedule = np.array([0.0] * 3 + [1.0] * 30 + [-1.0] * 6 + [np.nan] * 8)
    fields = schedule[:, None, None] * np.array([[0.0, 15.0], [-15.0, 0.0]])
    ways = np.tile([0.6, 0.8], (len(schedule), 1))
    across = np.array([-0.8, 0.6])
    learned = two_state_map(ways, fields, **SMITH) @ np.array([0.6, 0.8]) @ across
    np.testing.assert_allclose(learned, -15.0 * two_state(schedule, **SMITH), atol=1e-12)


def test_what_was_learned_in_one_direction_says_nothing_about_the_one_across() -> None:
    field = np.array([[-10.1, -11.2], [-11.2, 11.1]])
    learned = two_state_map(np.tile([1.0, 0.0], (20, 1)), np.tile(field, (20, 1, 1)), **SMITH)
    assert abs(learned[-1] @ np.array([1.0, 0.0])).max() > 4.0
    np.testing.assert_allclose(learned @ np.array([0.0, 1.0]), 0.0, atol=1e-12)
