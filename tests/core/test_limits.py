"""Layered limits: the site moves a default inside the hard range; every later layer only tightens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.errors import Findings
from rehab.core.limits import BUILTIN
from tests.arms import planar_arm

ARM = planar_arm()


def value_of(name: str) -> st.SearchStrategy[float]:
    return st.floats(BUILTIN[name].least, BUILTIN[name].most)


wishes = st.dictionaries(st.sampled_from(sorted(BUILTIN)), st.just(None)).flatmap(
    lambda names: st.fixed_dictionaries({name: value_of(name) for name in names})
)


@given(wishes, wishes, wishes)
def test_no_layer_ever_loosens(patient: dict, protocol: dict, block: dict) -> None:
    limits = ARM.limits()
    for layer, wanted in (("patient", patient), ("protocol", protocol), ("block", block)):
        tighter = limits.tighten(layer, wanted)
        for name, builtin in BUILTIN.items():
            before, after = limits.values[name], tighter.values[name]
            assert after <= before if builtin.tighter == "less" else after >= before
            if name in wanted:
                bound = wanted[name]
                assert after <= bound if builtin.tighter == "less" else after >= bound
            assert (tighter.who[name] == layer) == (after != before)
        limits = tighter


def test_who_tightened_is_remembered() -> None:
    limits = (
        ARM.limits({"speed": 0.9}).tighten("patient", {"speed": 0.5, "force": 100.0}).tighten("block", {"speed": 0.7})
    )
    assert (limits.speed, limits.who["speed"]) == (0.5, "patient")
    assert (limits.force, limits.who["force"]) == (40.0, "built-in")


def test_the_site_may_move_a_default_both_ways_inside_the_hard_range() -> None:
    assert ARM.limits({"force": 100.0}).force == 100.0
    assert ARM.limits({"force": 5.0}).force == 5.0
    assert ARM.limits({"force": 100.0}).who["force"] == "site"
    with pytest.raises(Findings, match="hard range"):
        ARM.limits({"force": 151.0})


def test_more_is_tighter_for_the_soft_start() -> None:
    limits = ARM.limits().tighten("patient", {"soft_start": 2.0})
    assert limits.tighten("block", {"soft_start": 0.5}).values["soft_start"] == 2.0


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -1.0, 0.0, 1e9])
def test_a_value_that_is_none_is_refused(wrong: float) -> None:
    with pytest.raises(Findings, match=r"limits\.speed"):
        ARM.limits().tighten("patient", {"speed": wrong})
    with pytest.raises(Findings, match=r"limits\.speed"):
        ARM.limits({"speed": wrong})


def test_unknown_names_and_wrong_values_are_told_at_once() -> None:
    with pytest.raises(Findings) as refused:
        ARM.limits().tighten("protocol", {"sped": 0.5, "force": 1000.0, "jump": 0.01})
    assert [finding.field for finding in refused.value.findings] == ["limits.sped", "limits.force"]


def test_a_refused_layer_changes_nothing() -> None:
    limits = ARM.limits()
    with pytest.raises(Findings):
        limits.tighten("patient", {"speed": 0.1, "nonsense": 1.0})
    assert limits.speed == BUILTIN["speed"].default


def test_joint_limits_are_the_devices() -> None:
    limits = ARM.limits()
    assert limits.torque == (20.0, 20.0)
    assert limits.q_min == (-0.5, 0.5)
    assert limits.who["torque"] == "test_arm"


@pytest.mark.parametrize("name", sorted(BUILTIN))
def test_a_default_is_inside_its_own_hard_range(name: str) -> None:
    assert BUILTIN[name].least <= BUILTIN[name].default <= BUILTIN[name].most
