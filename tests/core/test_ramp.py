"""A live parameter goes to its new value in a straight line over 200 ms of dt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.ramp import RAMP_TIME, Ramp


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
