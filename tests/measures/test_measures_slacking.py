"""Slacking: the assistance share rises while the error stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.errors import MeasureError
from rehab.core.types import Outcome, Trial
from rehab.measures.slacking import Trend, Verdict, slacking, slacking_of, trend

RNG = np.random.default_rng(7)
NUMBERS = np.arange(20.0)
NOISE = RNG.normal(0.0, 0.02, 20)
ERROR_NOISE = RNG.normal(0.0, 5e-4, 20)


@pytest.mark.parametrize(
    ("share", "error", "verdict"),
    [
        (0.010, 0.0, Verdict.SLACKING),
        (0.010, -2e-4, Verdict.SLACKING),
        (0.010, 4e-4, Verdict.TIRING),
        (-0.010, 0.0, Verdict.ENGAGED),
        (0.0, 0.0, Verdict.STEADY),
        (0.0, 4e-4, Verdict.STEADY),
    ],
)
def test_the_verdict_follows_from_both_trends(share: float, error: float, verdict: Verdict) -> None:
    found = slacking(0.5 + share * NUMBERS + NOISE, 0.008 + error * NUMBERS + ERROR_NOISE)
    assert found.verdict == verdict


def test_the_slope_is_that_of_the_line_and_the_confidence_near_1() -> None:
    found = slacking(0.3 + 0.012 * NUMBERS, 0.01 + 0.0 * NUMBERS)
    assert found.share.slope == pytest.approx(0.012)
    assert found.share.confidence > 0.999
    assert found.error == Trend(0.0, 0.5)


def test_two_wild_trials_change_little() -> None:
    share = 0.3 + 0.012 * NUMBERS
    share[[4, 11]] = (1.0, 0.0)
    found = slacking(share, 0.01 + ERROR_NOISE)
    assert found.share.slope == pytest.approx(0.012, abs=0.002)
    assert found.verdict == Verdict.SLACKING


def test_a_rise_that_is_sure_but_small_is_of_no_matter() -> None:
    assert slacking(0.5 + 1e-3 * NUMBERS, 0.01 + ERROR_NOISE).verdict == Verdict.STEADY


def test_noise_alone_is_seldom_called_slacking() -> None:
    rng, called = np.random.default_rng(1), 0
    for _ in range(200):
        called += slacking(0.5 + rng.normal(0.0, 0.1, 12), rng.normal(0.01, 0.001, 12)).verdict == Verdict.SLACKING
    assert called <= 20  # 5 % are expected of a one-sided confidence of 95 %


@given(st.lists(st.floats(0.0, 1.0), min_size=8, max_size=15, unique=True))
def test_a_session_told_backwards_has_the_opposite_trend(shares: list[float]) -> None:
    x, y = np.arange(float(len(shares))), np.array(shares)
    forth, back = trend(x, y), trend(x, y[::-1])
    assert back.slope == pytest.approx(-forth.slope)
    assert back.confidence == pytest.approx(forth.confidence)


def test_fewer_than_eight_trials_say_nothing() -> None:
    with pytest.raises(MeasureError, match="at least 8"):
        slacking([0.5] * 7, [0.01] * 7)


def trial(number: int, share: float, block: str = "help", outcome: str = "reached", **more: float) -> Trial:
    return Trial(
        number=number, block=block, start=0.0, end=1.0, first_tick=0, last_tick=1, outcome=Outcome(outcome),
        measures={"assistance_share": share, "movement_time": 1.0, **more}, parameters={"assistance": 100.0},
    )  # fmt: skip


def test_each_block_of_a_recording_has_a_verdict_of_its_own() -> None:
    lazy = [trial(k, 0.2 + 0.02 * k) for k in range(10)]
    keen = [trial(10 + k, 0.8 - 0.02 * k, "later") for k in range(10)]
    found = slacking_of(lazy + keen)
    assert {name: verdict.verdict for name, verdict in found.items()} == {"help": "slacking", "later": "engaged"}


def test_only_completed_trials_with_assistance_count() -> None:
    alone = [trial(k, 0.5) for k in range(10)]
    for one in alone:
        one.parameters.clear()
    stopped = [trial(k, 0.5, outcome="stopped") for k in range(10)]
    assert slacking_of(alone) == slacking_of(stopped) == slacking_of([trial(k, 0.5) for k in range(7)]) == {}


def test_the_deviation_is_looked_at_before_the_time() -> None:
    found = slacking_of([trial(k, 0.2 + 0.02 * k, hand_path_deviation_mean=0.01 * k) for k in range(10)])
    assert (found["help"].measure, found["help"].verdict) == ("hand_path_deviation_mean", "tiring")
    assert slacking_of([trial(k, 0.2 + 0.02 * k) for k in range(10)])["help"].measure == "movement_time"


def test_a_share_that_rises_to_all_of_the_work_within_a_quarter_of_a_long_block_is_slacking() -> None:
    """The median slope of such a block is about none: it has nowhere left to rise to."""
    number = np.arange(40.0)
    noise = np.random.default_rng(2).normal(0.0, 0.0005, 40)
    shares = np.minimum(1.0, 0.4 + 0.06 * number) - np.abs(noise) * np.exp(-number / 60.0)
    errors = 0.003 + 0.0005 * np.cos(1.7 * number)
    assert slacking(shares, errors).verdict is Verdict.SLACKING
