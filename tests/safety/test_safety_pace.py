"""F27: is the loop in time? On which side of each threshold, for how long it is remembered, and in which words."""

from __future__ import annotations

import pytest

from rehab.core.safety.faults import Fault
from rehab.core.safety.pace import Pace
from rehab.core.values import Action
from tests.safety.conftest import PERIOD, limits

STOP = None  # the fault's own action


class Loop:
    """`ran` ticks in time; `skipped` so many were not run before one that was."""

    def __init__(self, period: float = PERIOD) -> None:
        self.trips: list[tuple[Fault, str, Action | None]] = []
        self.pace = Pace(period, lambda fault, reason, action=None: self.trips.append((fault, reason, action)))
        self.pace.follow(limits(overrun_stop=0.9, rate_stop=0.8))

    def ran(self, ticks: int) -> None:
        for _ in range(ticks):
            self.pace.step(0, 0.0)

    def skipped(self, ticks: int) -> None:
        self.pace.step(ticks, 0.0)

    @property
    def actions(self) -> list[Action | None]:
        return [action for _, _, action in self.trips]


def test_a_tick_as_late_as_is_allowed_is_in_time_and_a_later_one_stops():
    loop = Loop()
    loop.pace.step(0, 0.9)
    assert loop.trips == []
    loop.pace.step(0, 0.9513)
    assert loop.trips == [(Fault.LOOP_OVERRUN, "a tick was 951.3 ms late; 900 ms are allowed", STOP)]


@pytest.mark.parametrize(("skips", "slow", "actions"), [(0, False, []), (50, False, []), (51, True, [Action.WARN]),
                                                        (200, True, [Action.WARN]), (201, True, [STOP])])  # fmt: skip
def test_what_is_missing_of_a_second_warns_from_a_twentieth_on_and_stops_from_a_fifth_on(skips, slow, actions):
    loop = Loop()
    loop.skipped(skips)
    assert loop.pace.slow is slow
    assert loop.actions == actions


def test_words_say_how_many_ticks_ran():
    loop = Loop()
    loop.skipped(60)
    assert loop.trips == [(Fault.LOOP_OVERRUN, "only 94 % of the ticks of the last second ran", Action.WARN)]


def test_skips_add_up_over_a_second_and_no_longer():
    loop = Loop()
    loop.skipped(30)
    loop.ran(500)
    loop.skipped(30)
    assert loop.pace.slow  # 60 of 562 ticks
    loop.ran(447)
    assert loop.pace.slow  # nine of the first are older than a second: 51 are not
    loop.ran(1)
    assert not loop.pace.slow


@pytest.mark.parametrize("rest", [0, 1, 500, 947, 948])
def test_a_skip_counts_for_exactly_a_second_wherever_in_it_the_loop_is(rest):
    loop = Loop()
    loop.skipped(1)
    loop.ran(rest)
    loop.skipped(50)  # with the first one 51
    assert loop.pace.slow is (rest < 948)


def test_a_loop_that_ran_none_of_a_second_is_slow_and_recovers_within_one():
    loop = Loop()
    loop.skipped(10**9)
    assert loop.trips[0][1] == "only 0 % of the ticks of the last second ran"
    loop.ran(948)  # and one ran after the skips
    assert loop.pace.slow
    loop.ran(1)
    assert not loop.pace.slow


def test_the_last_second_has_as_many_ticks_as_the_devices_period_asks_for():
    loop = Loop(period=0.003)
    loop.skipped(16)  # of 333
    assert not loop.pace.slow
    loop.skipped(1)
    assert loop.pace.slow


def test_counting_begins_anew_when_told():
    loop = Loop()
    loop.skipped(60)
    loop.pace.begin()
    assert not loop.pace.slow
    loop.skipped(50)
    assert not loop.pace.slow
