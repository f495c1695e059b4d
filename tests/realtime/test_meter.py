"""Who was slow: by the time that it took, and by whether that was its own doing."""

from __future__ import annotations

from typing import Any

import pytest

from rehab.core.clock import ManualClock
from rehab.realtime import meter as module
from rehab.realtime.meter import Meter

MS = 1e-3


class Thread:
    """Time and processor time as a test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock, self.computed, self.slept = ManualClock(), 0.0, 0
        monkeypatch.setattr(module, "_usage", lambda: (round(self.computed * 1e9), self.slept))
        self.meter = Meter(self.clock, 1.0 * MS)

    def goes_on(self, seconds: float, computing: float = 1.0, sleeps: int = 0) -> None:
        self.clock.advance(seconds)
        self.computed += computing * seconds
        self.slept += sleeps

    def tick(self, reference: Any = None, law: Any = None, observe: Any = None) -> tuple[str, float]:
        """Each is what happens in it: how long, and how."""
        meter = self.meter
        meter.begin()
        for happens, end in ((reference, meter.exercise), (law, meter.controller)):
            self.goes_on(*(happens or (0.1 * MS,)))
            end()
        self.goes_on(0.3 * MS)  # the monitor and the device, which are nobody's
        meter.ask()
        self.goes_on(*(observe or (0.1 * MS,)))
        meter.exercise()
        return meter.slow, meter.took


@pytest.fixture
def thread(monkeypatch: pytest.MonkeyPatch) -> Thread:
    return Thread(monkeypatch)


def test_nobody_is_slow_who_takes_less_than_a_period(thread: Thread) -> None:
    assert thread.tick(law=(0.9 * MS,)) == ("", 0.0)


def test_a_law_that_computes_for_longer_is_slow_and_its_time_is_told(thread: Thread) -> None:
    assert thread.tick(law=(5.0 * MS,)) == ("controller", pytest.approx(5.0 * MS))


@pytest.mark.parametrize("call", ["reference", "observe"])
def test_an_exercise_is_slow_in_whatever_it_is_asked(thread: Thread, call: str) -> None:
    assert thread.tick(**{call: (3.0 * MS,)}) == ("exercise", pytest.approx(3.0 * MS))


def test_who_took_longest_is_told(thread: Thread) -> None:
    assert thread.tick(reference=(2.0 * MS,), law=(4.0 * MS,), observe=(3.0 * MS,))[0] == "controller"


def test_the_monitors_time_is_nobodys(thread: Thread) -> None:
    thread.meter.begin()
    thread.meter.exercise()
    thread.meter.controller()
    thread.goes_on(9.0 * MS)
    thread.meter.ask()
    thread.meter.exercise()
    assert thread.meter.slow == ""


def test_a_processor_that_was_taken_away_in_the_middle_of_a_law_is_not_its_fault(thread: Thread) -> None:
    assert thread.tick(law=(20.0 * MS, 0.01)) == ("", 0.0)


def test_a_law_that_sleeps_is_slow_though_it_computes_nothing(thread: Thread) -> None:
    assert thread.tick(law=(20.0 * MS, 0.0, 1))[0] == "controller"


def test_the_next_tick_is_judged_anew(thread: Thread) -> None:
    thread.tick(law=(5.0 * MS,))
    assert thread.tick() == ("", 0.0)


def test_the_systems_own_figures_go_up_with_what_is_computed() -> None:
    before = module._usage()
    while module._usage()[0] < before[0] + 5_000_000:
        sum(range(1000))
    assert module._usage()[1] >= before[1]
