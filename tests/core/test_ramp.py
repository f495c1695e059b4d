"""A live parameter goes to its new value in a straight line over 200 ms of dt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.parameters import Parameters, flag, number, quantity
from rehab.core.ramp import RAMP_TIME, Ramp, Ramps


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.lists(st.floats(1e-4, 0.05), min_size=10, max_size=60))
def test_it_is_on_the_straight_line_whatever_the_ticks(before: float, after: float, ticks: list[float]) -> None:
    ramp, passed = Ramp(before), 0.0
    ramp.to(after)
    for dt in ticks:
        passed += dt
        share = min(1.0, passed / RAMP_TIME)
        assert ramp.step(dt) == pytest.approx(before + share * (after - before), abs=1e-6)


def test_it_stays_exactly_at_its_target() -> None:
    ramp = Ramp(0.1)
    ramp.to(0.3)
    for _ in range(500):
        ramp.step(0.001)
    assert ramp.value == 0.3


def test_a_new_target_is_approached_from_the_present_value() -> None:
    ramp = Ramp(0.0)
    ramp.to(10.0)
    ramp.step(0.1)
    ramp.to(0.0)
    assert ramp.value == pytest.approx(5.0)
    assert ramp.step(0.1) == pytest.approx(2.5)


def test_finish_is_at_once() -> None:
    ramp = Ramp(0.0)
    ramp.to(3.0)
    ramp.finish()
    assert ramp.step(0.001) == 3.0


def test_the_live_parameters_of_a_plug_in_move_together_and_the_others_are_not_among_them() -> None:
    fields = Parameters(
        a=number(1.0, live=True), b=quantity("2 N", unit="N", live=True), c=number(3.0), d=flag(True)
    )  # fmt: skip
    live = Ramps(fields, {**fields.defaults(), "b": 5.0})
    live.to("a", 2.0)
    live.step(0.1)
    assert (live["a"], live["b"]) == (pytest.approx(1.5), 5.0)
    live.to("b", 6.0)
    live.finish()
    assert (live["a"], live["b"]) == (2.0, 6.0)
    with pytest.raises(KeyError):
        live.to("c", 1.0)
