"""The timing certificate: what the loop's periods really were, in fixed memory, and the self-test before arming."""

from __future__ import annotations

import math
from array import array
from typing import Any

from rehab.core.clock import MonotonicClock
from rehab.realtime.pacing import Pacer

BINS = 50_000  # µs; longer ones fall into the last bin, the maximum is kept apart


class TimingStatistics:
    """A histogram of periods in 1 µs bins: constant memory, 0.2 µs a tick. Quantiles are read at the end."""

    def __init__(self, period: float) -> None:
        self.period = period
        self._bins = array("Q", bytes(8 * BINS))
        self.ticks = 0
        self.skipped = 0
        self.worst = 0.0
        self.time = 0.0

    def add(self, dt: float, skipped: int) -> None:
        self._bins[min(BINS - 1, max(0, round(dt * 1e6)))] += 1
        self.ticks += 1
        self.skipped += skipped
        self.time += dt
        if dt > self.worst:
            self.worst = dt

    def quantile(self, share: float) -> float:
        """The period (µs) that this share of all periods does not exceed; NaN without any."""
        wanted, seen = math.ceil(share * self.ticks), 0
        for microseconds, count in enumerate(self._bins):
            seen += count
            if count and seen >= wanted:
                return float(microseconds)
        return math.nan

    def late(self) -> int:
        """How many periods were longer than 1.5 nominal ones."""
        return sum(self._bins[round(1.5e6 * self.period) + 1 :])

    def report(self, scheduling: str, clock: str) -> dict[str, Any]:
        """The certificate: rate, quantiles and maximum of the period in µs, share late, skipped ticks, scheduling."""
        if not self.ticks:
            return {"ticks": 0, "scheduling": scheduling, "clock": clock}
        return {
            "ticks": self.ticks,
            "rate_hz": round(self.ticks / self.time, 3) if self.time > 0 else 0.0,
            "period_p50_us": self.quantile(0.50),
            "period_p99_us": self.quantile(0.99),
            "period_p999_us": self.quantile(0.999),
            "period_max_us": round(self.worst * 1e6, 1),
            "late_share": self.late() / self.ticks,
            "skipped": self.skipped,
            "scheduling": scheduling,
            "clock": clock,
        }


def self_test(clock: MonotonicClock, period: float, seconds: float, scheduling: str, *, spin: bool) -> dict[str, Any]:
    """Runs an empty loop for that long and reports it; sets the clock's spin so that usual oversleeping is covered.

    The first half sleeps only and measures by how much sleep overshoots; with `spin` the second half uses the p99 of
    that (50 … 200 µs) as spin. Without real-time scheduling spinning would only burn CPU, so spin stays 0.
    """
    clock.spin_ns = 0
    pacer, overshoot = Pacer(clock, period), TimingStatistics(period)
    half = max(1, round(0.5 * seconds / period))
    if spin:
        for _ in range(half):
            beat = pacer.wait()
            overshoot.add(beat.late, beat.skipped)
        clock.spin_ns = round(1000 * min(200.0, max(50.0, overshoot.quantile(0.99) + 10.0)))
        pacer.restart()
    statistics = TimingStatistics(period)
    for _ in range(half if spin else 2 * half):
        beat = pacer.wait()
        statistics.add(beat.dt, beat.skipped)
    return {**statistics.report(scheduling, "real"), "spin_us": clock.spin_ns / 1000}
