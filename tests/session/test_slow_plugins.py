"""Somebody's code that is slow, or gives what is no number, is named: in words, with the line of its own file."""

from __future__ import annotations

import numpy as np
import pytest

from rehab.core import registry
from rehab.core.clock import ManualClock
from rehab.core.safety.faults import Fault
from rehab.realtime import meter
from tests.session import conftest
from tests.session.conftest import Bench, Push, ShortTrials, block


class Machine(ManualClock):
    """A clock that somebody else moves: time goes on while code runs, and the processor is where the test says."""

    simulated = False
    computed = 0.0

    def work(self, seconds: float, computing: float = 1.0) -> None:
        self.advance(seconds)
        self.computed += computing * seconds


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(conftest, "ManualClock", Machine)
    bench = Bench()
    monkeypatch.setattr(meter, "_usage", lambda: (round(bench.clock.computed * 1e9), 0))
    return bench


def slow_from(bench: Bench, base: type, call: str, seconds: float, computing: float = 1.0) -> type:
    """The plug-in, whose `call` takes so long from its 50th time on."""

    def method(self, *args):
        self.calls = getattr(self, "calls", 0) + 1
        if self.calls >= 50:
            bench.clock.work(seconds, computing)
        return getattr(base, call)(self, *args)

    return type("Slow", (base,), {call: method})


def fault_of(bench: Bench) -> dict:
    for _ in range(1000):
        bench.step()
        if bench.of("fault"):
            return bench.of("fault")[0]
    raise AssertionError("nothing was latched")


@pytest.mark.parametrize("seconds", [0.030, 0.003])
def test_f39_a_slow_controller_is_named_by_one_late_tick_or_by_many(bench, monkeypatch, seconds):
    monkeypatch.setitem(registry._local, ("controller", "slow"), slow_from(bench, Push, "update", seconds))
    bench.start(block(controller="slow", trials=50))
    fault = fault_of(bench)
    assert fault["id"] == Fault.PLUGIN_FAILED
    assert fault["message"].startswith(f"controller Slow: took {seconds * 1e3:.1f} ms; ")


@pytest.mark.parametrize("call", ["reference", "observe", "scene"])
def test_f38_a_slow_exercise_is_named_in_whatever_it_is_asked(bench, monkeypatch, call):
    monkeypatch.setitem(registry._local, ("exercise", "slow"), slow_from(bench, ShortTrials, call, 0.030))
    bench.start(block(exercise="slow", trials=50))
    fault = fault_of(bench)
    assert fault["id"] == Fault.SCRIPT_FAILED
    assert fault["message"].startswith("exercise Slow: took 30.0 ms; ")


def test_f27_a_machine_that_stalls_in_the_middle_of_a_law_does_not_make_it_guilty(bench, monkeypatch):
    monkeypatch.setitem(registry._local, ("controller", "slow"), slow_from(bench, Push, "update", 0.030, 0.01))
    bench.start(block(controller="slow", trials=50))
    assert fault_of(bench)["id"] == Fault.LOOP_OVERRUN


def test_a_tick_that_was_slow_is_not_remembered_against_the_next(bench, monkeypatch):
    monkeypatch.setitem(registry._local, ("controller", "slow"), slow_from(bench, Push, "update", 0.005))
    bench.start(block(controller="slow", trials=50))
    bench.step(51)
    bench.loop.rig.controller.calls = -1000
    bench.step(2)
    bench.clock.work(0.030)  # of the loop itself
    assert fault_of(bench)["id"] == Fault.LOOP_OVERRUN


def test_a_torque_that_is_no_number_is_the_named_controllers(bench, monkeypatch):
    nan = type("Nan", (Push,), {"update": lambda self, *args: np.array([np.nan, 0.0])})
    monkeypatch.setitem(registry._local, ("controller", "nan"), nan)
    bench.start(block(controller="nan"))
    fault = fault_of(bench)
    assert fault["id"] == Fault.TORQUE_NOT_FINITE
    assert fault["message"] == "controller Nan: wished a torque that is not finite"


@pytest.mark.parametrize("field", ["x", "v"])
def test_a_reference_that_is_no_number_is_the_exercises_and_not_the_controllers(bench, monkeypatch, field):
    def reference(self, t, state):
        at = ShortTrials.reference(self, t, state)
        return at._replace(**{field: np.array([0.0, np.inf])}) if t > 0.05 else at

    monkeypatch.setitem(registry._local, ("exercise", "nan"), type("Nan", (ShortTrials,), {"reference": reference}))
    bench.start(block(exercise="nan"))
    fault = fault_of(bench)
    assert fault["id"] == Fault.SCRIPT_FAILED
    assert fault["message"].startswith("exercise Nan: ValueError: the reference is not finite")


SOURCE = """\
def helper(n):
    return 1 / n


def law(state, reference, dt):
    return helper(0)
"""


def test_what_raises_is_named_with_the_deepest_line_of_its_own_file(bench):
    from rehab.core.decorators import rebuild

    scope = {"__name__": "__main__"}
    exec(compile(SOURCE, "/somewhere/mine.py", "exec"), scope)
    rebuild("controller", "mine", scope["law"], {})
    try:
        bench.start(block(controller="mine"))
        message = fault_of(bench)["message"]
    finally:
        registry._local.pop(("controller", "mine"))
    assert message == "controller mine: ZeroDivisionError: division by zero (mine.py:2)"


def test_what_gives_no_torque_at_all_has_no_line_to_name(bench, monkeypatch):
    monkeypatch.setitem(registry._local, ("controller", "none"), type("No", (Push,), {"update": lambda *args: None}))
    bench.start(block(controller="none"))
    assert not fault_of(bench)["message"].endswith(")")


def test_a_reference_of_the_wrong_kind_is_named(bench, monkeypatch):
    wrong = type("Wrong", (ShortTrials,), {"observe": lambda self, *args: "hello"})
    monkeypatch.setitem(registry._local, ("exercise", "wrong"), wrong)
    bench.start(block(exercise="wrong"))
    assert fault_of(bench)["message"] == "exercise Wrong: TypeError: scene() gives a Scene, observe() an Event or None"
