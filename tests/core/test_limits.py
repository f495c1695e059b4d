"""Layered limits: the site moves a default inside the hard range; every later layer only tightens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.errors import Findings
from rehab.core.limits import BUILTIN, PER_JOINT, Limits, identity_of
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


layers = st.lists(st.tuples(st.sampled_from(["patient", "protocol", "block"]), wishes), max_size=4)


def tightened(layers: list[tuple[str, dict]]) -> Limits:
    limits = ARM.limits()
    for who, wanted in layers:
        limits = limits.tighten(who, wanted)
    return limits


@given(layers, st.randoms(use_true_random=False))
def test_the_order_of_the_layers_changes_no_value(layers: list, random) -> None:
    shuffled = list(layers)
    random.shuffle(shuffled)
    assert tightened(shuffled).values == tightened(layers).values


@given(layers)
def test_a_layer_put_on_twice_changes_nothing_more(layers: list) -> None:
    assert tightened([*layers, *layers]) == tightened(layers)


@given(layers)
def test_who_is_named_really_set_that_value(layers: list) -> None:
    limits = tightened(layers)
    for name, value in limits.values.items():
        asked = [wanted[name] for who, wanted in layers if who == limits.who[name] and name in wanted]
        assert value in asked if limits.who[name] != "built-in" else value == BUILTIN[name].default


def joint_values(name: str) -> st.SearchStrategy[list]:
    """Two joints, none so that the range of motion would be empty."""
    spans = {"torque": (0.1, 30.0), "joint_speed": (0.1, 9.0), "q_min": (-2.0, 0.6), "q_max": (1.0, 3.0)}
    return st.lists(st.none() | st.floats(*spans[name]), min_size=2, max_size=2)


joint_layers = st.lists(
    st.sampled_from(sorted(PER_JOINT)).flatmap(
        lambda name: st.tuples(st.sampled_from(["patient", "block"]), st.just(name), joint_values(name))
    ),
    max_size=5,
)


def tightened_joints(layers: list[tuple[str, str, list]]) -> Limits:
    limits = ARM.limits()
    for who, name, values in layers:
        limits = limits.tighten_joint(who, name, values)
    return limits


@given(joint_layers)
def test_limits_of_joints_only_tighten_and_name_who_did(layers: list) -> None:
    before = ARM.limits()
    after = tightened_joints(layers)
    for name, way in PER_JOINT.items():
        for joint, (old, new) in enumerate(zip(getattr(before, name), getattr(after, name), strict=True)):
            assert new <= old if way == "less" else new >= old
            owner = after.owner(name, joint)
            assert (owner == ARM.model) == (new == old)
            if owner != ARM.model:
                assert new in [values[joint] for who, n, values in layers if (who, n) == (owner, name)]


@given(joint_layers, st.randoms(use_true_random=False))
def test_the_order_of_layers_of_joints_changes_no_value_and_twice_is_once(layers: list, random) -> None:
    shuffled = list(layers)
    random.shuffle(shuffled)
    one, other = tightened_joints(layers), tightened_joints(shuffled)
    for name in PER_JOINT:
        assert getattr(one, name) == getattr(other, name)
    assert tightened_joints([*layers, *layers]) == one


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("growth", [1.0, 1.0], "unknown limit of joints"),
        ("torque", [1.0], "1 values for 2 joints"),
        ("torque", [1.0, 0.0], r"torque\[1\]: 0 is no limit"),
        ("joint_speed", [float("nan"), None], r"joint_speed\[0\]: nan is no limit"),
        ("q_min", [float("inf"), None], "is no limit"),
        ("q_min", [2.6, None], "leaves no range"),
        ("q_max", [None, 0.5], r"q_max\[1\]: leaves no range"),
    ],
)
def test_limits_of_joints_that_cannot_be_are_refused(name: str, values: list, words: str) -> None:
    with pytest.raises(Findings, match=words):
        ARM.limits().tighten_joint("patient", name, values)


def test_limits_know_whose_they_are_and_layers_do_not_change_it() -> None:
    limits = ARM.limits(patient="P-17").tighten("patient", {"force": 10.0}).tighten_joint("patient", "torque", [5, 5])
    assert limits.belongs_to(ARM.identity, "P-17")
    assert not limits.belongs_to(ARM.identity)
    assert not limits.belongs_to(ARM.identity, "P-18")
    assert not limits.belongs_to("another serial number", "P-17")


def test_the_seam_between_device_and_patient_cannot_be_moved() -> None:
    assert identity_of("A|B", "C") != identity_of("A", "B|C")
    assert "P-17" not in identity_of("A", "P-17")


def test_limits_that_nobody_signed_belong_to_nobody() -> None:
    assert not ARM.limits()._replace(identity="").belongs_to(ARM.identity)
