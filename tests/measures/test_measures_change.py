"""A change is told from noise by the patient's own repeated baseline. References in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.errors import MeasureError
from rehab.measures.change import Verdict, change, smallest_detectable_change, standard_error


def test_the_standard_error_of_equally_spaced_sessions_is_their_spacing() -> None:
    """x̄ ± d and x̄: the sum of squares is 2 d², over K − 1 = 2 gives d."""
    assert standard_error([4.7, 5.0, 5.3]) == pytest.approx(0.3)


def test_the_smallest_detectable_change_is_1_96_root_2_standard_errors() -> None:
    assert smallest_detectable_change([4.7, 5.0, 5.3]) == pytest.approx(0.8315576)  # 2.771859 · 0.3


def test_one_in_twenty_who_did_not_change_seems_to() -> None:
    """With a long baseline, differences of two measurements of an unchanged person exceed SDC in 5 %."""
    rng = np.random.default_rng(1)
    baseline, pairs = rng.normal(10.0, 2.0, 4000), rng.normal(10.0, 2.0, (40_000, 2))
    seen = np.abs(pairs[:, 0] - pairs[:, 1]) > smallest_detectable_change(baseline.tolist())
    assert float(seen.mean()) == pytest.approx(0.05, abs=0.006)


def test_sessions_that_agree_by_luck_do_not_hide_the_scatter_of_their_trials() -> None:
    assert standard_error([5.0, 5.0, 5.0], scatter=0.2) == 0.2


def test_two_sessions_tell_no_noise() -> None:
    with pytest.raises(MeasureError, match="3 or more are needed"):
        standard_error([1.0, 2.0])


def test_a_value_that_is_not_finite_is_refused() -> None:
    for call in (standard_error, change):
        with pytest.raises(MeasureError, match="not finite"):
            call([1.0, math.nan, 2.0])


@pytest.mark.parametrize(
    ("last", "better", "verdict"),
    [
        (5.8, "more", Verdict.NOISE), (5.9, "more", Verdict.BETTER), (4.1, "more", Verdict.WORSE),
        (4.1, "less", Verdict.BETTER), (5.9, "less", Verdict.WORSE), (5.9, "", Verdict.OTHER),
    ],
)  # fmt: skip
def test_only_a_change_beyond_the_noise_is_a_change(last: float, better: str, verdict: Verdict) -> None:
    """Noise 0.83 about 5."""
    assert change([4.7, 5.0, 5.3, last], better=better).verdict == verdict


def test_the_change_is_given_as_a_share_of_the_baseline() -> None:
    found = change([90.0, 100.0, 110.0, 160.0], better="more")
    assert (found.change, found.share, found.noise_share) == pytest.approx((60.0, 0.6, 0.2771859))


def test_of_a_negative_measure_less_negative_is_a_rise() -> None:
    found = change([-4.1, -4.0, -3.9, -3.0], better="more")
    assert found.verdict == Verdict.BETTER and found.share == pytest.approx(0.25)


def test_a_share_of_a_baseline_near_zero_is_not_given() -> None:
    found = change([-0.1, 0.0, 0.1, 3.0], better="less")
    assert found.share is None and found.noise_share is None and found.change == 3.0


@pytest.mark.parametrize(("sessions", "needed"), [(0, 3), (1, 2), (2, 1), (3, 0)])
def test_it_is_too_early_until_something_follows_the_baseline(sessions: int, needed: int) -> None:
    found = change([5.0] * sessions)
    assert found.verdict == Verdict.EARLY and found.needed == needed and math.isnan(found.noise)


def test_a_longer_baseline_can_be_asked_for() -> None:
    assert change([1.0, 2.0, 3.0, 4.0], baseline=5).needed == 1
    assert change([1.0, 2.0, 3.0, 4.0, 5.0, 9.0], baseline=5).baseline == 3.0


values = st.lists(st.floats(-1e3, 1e3), min_size=4, max_size=20)


@given(values, st.floats(0.1, 100.0))
def test_the_verdict_does_not_depend_on_the_unit(series: list[float], factor: float) -> None:
    found, scaled = change(series, better="more"), change([factor * v for v in series], better="more")
    close = math.isclose(abs(found.change), found.noise, rel_tol=1e-6, abs_tol=1e-9)
    assert close or found.verdict == scaled.verdict


@given(values)
def test_better_and_worse_change_places_with_the_sign(series: list[float]) -> None:
    swap = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}
    up, down = change(series, better="more").verdict, change([-v for v in series], better="more").verdict
    assert down == swap.get(up, up)
