"""The grid of deadlines, proven with a clock that only moves when told."""

from __future__ import annotations

import pytest

from rehab.core.clock import ManualClock
from rehab.realtime.pacing import Pacer


def test_beats_fall_on_the_grid_and_dt_is_the_period():
    clock = ManualClock()
    pacer = Pacer(clock, 0.001)
    beats = [pacer.wait() for _ in range(1000)]
    assert [round(b.now * 1e9) for b in beats] == [k * 1_000_000 for k in range(1, 1001)]
    assert all(b.dt == 0.001 and b.late == 0.0 and b.skipped == 0 for b in beats)


def test_work_shorter_than_a_period_does_not_move_the_grid():
    clock = ManualClock()
    pacer = Pacer(clock, 0.001)
    for k in range(1, 50):
        assert round(pacer.wait().now * 1e9) == k * 1_000_000
        clock.advance(0.0007)


def test_a_tick_that_begins_late_says_by_how_much_and_the_next_is_on_the_grid():
    clock = ManualClock()
    pacer = Pacer(clock, 0.001)
    pacer.wait()
    clock.advance(0.0013)
    late = pacer.wait()
    assert late.late == pytest.approx(0.0003)
    assert late.skipped == 0
    assert pacer.wait().now == pytest.approx(0.003)


def test_after_a_stall_whole_periods_are_skipped_and_never_caught_up():
    clock = ManualClock()
    pacer = Pacer(clock, 0.001)
    pacer.wait()
    clock.advance(0.0256)
    beat = pacer.wait()
    assert beat.skipped == 24
    assert beat.dt == pytest.approx(0.0256)
    assert beat.late == pytest.approx(0.0006)
    following = pacer.wait()
    assert following.skipped == 0
    assert following.now == pytest.approx(0.027)


def test_ticks_and_skipped_ticks_add_up_to_elapsed_time():
    clock = ManualClock()
    pacer = Pacer(clock, 0.001)
    total = 0
    for stall in (0.0, 0.0034, 0.0001, 0.0102, 0.0009, 0.0031):
        clock.advance(stall)
        total += 1 + pacer.wait().skipped
    assert clock.now_ns() // 1_000_000 == total


def test_restart_begins_a_new_grid_without_skips():
    clock = ManualClock()
    pacer = Pacer(clock, 0.001)
    clock.advance(1.5)
    pacer.restart()
    beat = pacer.wait()
    assert beat.skipped == 0
    assert beat.dt == pytest.approx(0.001)
