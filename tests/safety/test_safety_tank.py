"""The energy tank: never below its floor nor above its capacity, and what is given back counts for nine tenths."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.safety.tank import Tank

anything = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(st.tuples(st.sampled_from(["draw", "put", "refill"]), anything)))
def test_for_all_sequences_the_tank_stays_between_floor_and_capacity(acts):
    tank = Tank(3.0)
    for act, energy in acts:
        getattr(tank, act)(min(1.0, max(0.0, energy)) if act == "refill" else energy)
        assert tank.floor <= tank.level <= tank.capacity


def test_a_tank_grants_what_is_above_its_floor_and_no_more():
    tank = Tank(3.0)
    tank.level = 1.0
    assert tank.draw(0.4) == 0.4
    assert tank.draw(9.0) == pytest.approx(0.6 - tank.floor)
    assert tank.available == pytest.approx(0.0)
    assert tank.draw(1.0) == pytest.approx(0.0)


def test_what_was_dissipated_may_be_spent_again_but_for_a_tenth():
    tank = Tank(3.0)
    tank.level = 1.0
    tank.put(0.5)
    assert tank.level == pytest.approx(1.45)


def test_a_tank_begins_with_a_third_above_its_floor():
    assert Tank(3.05, floor=0.05).available == pytest.approx(1.0)


def test_the_last_twentieth_of_a_joule_is_never_spent():
    assert Tank(3.0).floor == 0.05


@pytest.mark.parametrize("energy", [0.0, -1.0, math.nan])
def test_what_is_no_positive_energy_is_neither_granted_nor_kept(energy):
    tank = Tank(3.0)
    level = tank.level
    assert tank.draw(energy) == 0.0
    tank.put(energy)
    assert tank.level == level


def test_a_refill_adds_what_it_brings_up_to_the_capacity():
    tank = Tank(3.0)
    tank.level = 1.0
    tank.refill(0.25)
    assert tank.level == 1.25
    tank.refill(9.0)
    assert tank.level == 3.0
