"""F27 in the name of whoever is to blame, by the same limits."""

from __future__ import annotations

import pytest

from rehab.core.safety.faults import Fault

LAW = Fault.PLUGIN_FAILED, "controller mine: took 30.0 ms; "


def test_a_late_tick_is_the_fault_of_the_plugin_that_took_it(armed):
    armed.monitor.pace(0, 0.0199, *LAW)
    assert armed.monitor.fault is Fault.NONE
    armed.monitor.pace(0, 0.0201, *LAW)
    assert armed.monitor.fault is Fault.PLUGIN_FAILED
    assert armed.monitor.reason == "controller mine: took 30.0 ms; a tick was 20.1 ms late; 20 ms are allowed"


def test_too_few_ticks_are_the_fault_of_the_plugin_that_took_the_last(armed):
    for _ in range(199):
        armed.monitor.pace(1, 0.0)
    armed.monitor.pace(2, 0.0, Fault.SCRIPT_FAILED, "exercise mine: took 2.9 ms; ")
    assert armed.monitor.fault is Fault.SCRIPT_FAILED
    assert armed.monitor.reason == "exercise mine: took 2.9 ms; only 80 % of the ticks of the last second ran"


def test_what_is_only_worth_a_warning_is_still_the_loops_and_says_who(armed):
    for _ in range(60):
        armed.monitor.pace(1, 0.0, *LAW)
    assert armed.monitor.fault is Fault.NONE
    assert armed.monitor.notice.startswith(f"{Fault.LOOP_OVERRUN.label}: controller mine: took 30.0 ms; only 9")


@pytest.mark.parametrize("late", [0.0201, 0.5])
def test_where_nobody_is_to_blame_it_is_the_loop(armed, late):
    armed.monitor.pace(0, late)
    assert armed.monitor.fault is Fault.LOOP_OVERRUN
    assert armed.monitor.reason.startswith("a tick was")
