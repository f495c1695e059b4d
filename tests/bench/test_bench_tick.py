"""rehab bench tick: safety's share is all that the monitor does in a tick, without what the clock costs."""

from __future__ import annotations

import itertools
import time

import pytest

from rehab.session.bench import tick as bench

COST = {"pace": 1, "check": 20, "leash": 300, "decide": 4000}  # ns


class Slow:
    """In place of the monitor: each call takes its own time of the clock below."""

    def __init__(self) -> None:
        self.now = 0

    def __getattr__(self, name: str):
        def call(*args):
            self.now += COST[name]
            return name, args

        return call


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    made = Slow()
    monkeypatch.setattr(time, "perf_counter_ns", lambda: made.now)
    return made


def test_all_four_calls_of_a_tick_are_counted_and_what_lies_between_is_not(slow: Slow) -> None:
    watch = bench.Stopwatch(slow, 2)
    for names in (("pace", "check", "leash", "decide"), ("pace", "check", "decide")):  # an exercise may fail
        for name in names:
            slow.now += 50_000
            assert getattr(slow, name)(1, 2) == (name, (1, 2))
    assert watch.spent == [4321, 4021]


def test_the_stopwatchs_own_cost_is_that_of_reading_the_clock_twice_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = iter(range(0, 10**6, 7))
    watch = bench.Stopwatch(Slow(), 3)
    monkeypatch.setattr(time, "perf_counter_ns", lambda: next(reads))
    assert watch.own() == [4 * 7] * 3


def test_the_stopwatch_is_taken_off_openly(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a clock that goes on only by being read nothing is left of safety's share."""
    reads = itertools.count(0, 1000)
    monkeypatch.setattr(time, "perf_counter_ns", lambda: next(reads))
    whole, share, own = bench.tick(0.0)
    assert "taken off" in share["what"]
    assert "taken off" in own["what"]
    assert whole["ticks"] == share["ticks"] == own["ticks"] == 1000
    assert (own["p50_us"], share["p50_us"]) == (4.0, 0.0)
