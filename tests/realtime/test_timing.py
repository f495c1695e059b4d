"""The timing certificate's arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.clock import MonotonicClock
from rehab.realtime.timing import TimingStatistics, self_test


@given(st.lists(st.integers(1, 40_000), min_size=1, max_size=300))
def test_quantiles_equal_those_of_the_sorted_periods(periods):
    statistics = TimingStatistics(0.001)
    for period in periods:
        statistics.add(period * 1e-6, 0)
    for share in (0.5, 0.99, 0.999):
        assert statistics.quantile(share) == np.quantile(periods, share, method="inverted_cdf")


def test_the_report_counts_late_periods_and_skips():
    statistics = TimingStatistics(0.001)
    for _ in range(98):
        statistics.add(0.001, 0)
    statistics.add(0.0016, 0)
    statistics.add(0.0104, 9)
    report = statistics.report("SCHED_FIFO 50", "real")
    assert report["late_share"] == pytest.approx(0.02)
    assert report["skipped"] == 9
    assert report["period_max_us"] == pytest.approx(10400)
    assert report["rate_hz"] == pytest.approx(100 / 0.110)


def test_a_period_beyond_the_histogram_is_still_the_maximum():
    statistics = TimingStatistics(0.001)
    statistics.add(3.0, 2999)
    assert statistics.report("normal", "real")["period_max_us"] == pytest.approx(3e6)


def test_without_a_tick_there_is_a_report_without_figures():
    assert TimingStatistics(0.001).report("normal", "real")["ticks"] == 0


def test_the_self_test_without_real_time_scheduling_does_not_spin():
    clock = MonotonicClock(spin_ns=123)
    report = self_test(clock, 0.001, 0.02, "normal", spin=False)
    assert clock.spin_ns == 0
    assert report["ticks"] == 20


def test_the_self_test_with_real_time_scheduling_chooses_a_bounded_spin():
    clock = MonotonicClock()
    report = self_test(clock, 0.001, 0.02, "SCHED_FIFO 50", spin=True)
    assert 50 <= report["spin_us"] <= 200
