"""Limits at the ends of their ranges, and every word of what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rehab.core.errors import Finding, Findings
from rehab.core.limits import BUILTIN, PER_JOINT, Limits, builtin_values, identity_of
from tests.arms import planar_arm

ARM = planar_arm()  # torque 20 N·m, speed 6 rad/s, from -0.5 and 0.5 to 2.6 rad
KNOWN = (
    "known: speed, force, start_distance, jump, stale_fade, stale_stop, overrun_stop, rate_stop, watchdog, soft_start, "
    "power, refill, tank, kinetic, leash, spasm"
)
OF_JOINTS = "known: torque, q_min, q_max, joint_speed"


def refused(act: Callable[[], object]) -> list[Finding]:
    with pytest.raises(Findings) as raised:
        act()
    return list(raised.value.findings)


def test_a_layers_wrong_limits_are_told_with_what_is_allowed() -> None:
    wanted = {"sped": 1.0, "force": 151.0, "rate_stop": 1.5, "speed": 0.5, "tank": float("nan")}
    assert refused(lambda: ARM.limits().tighten("patient", wanted)) == [
        Finding("limits.sped", "unknown limit", KNOWN),
        Finding("limits.force", "151 is outside the hard range", "1 to 150 N"),
        Finding("limits.rate_stop", "1.5 is outside the hard range", "0 to 0.99"),
        Finding("limits.tank", "nan is outside the hard range", "0.2 to 10 J"),
    ]


def test_a_layers_wrong_limits_are_told_where_they_stand() -> None:
    (finding,) = refused(lambda: ARM.limits().tighten("block", {"sped": 1.0}, field="blocks[0].limits"))
    assert finding.field == "blocks[0].limits.sped"


def test_the_sites_wrong_limits_are_told_with_what_is_allowed() -> None:
    assert refused(lambda: builtin_values({"sped": 1.0, "force": 0.9, "jump": float("inf"), "tank": 1.0})) == [
        Finding("limits.sped", "unknown limit", KNOWN),
        Finding("limits.force", "0.9 is outside the hard range", "1 to 150 N"),
        Finding("limits.jump", "inf is outside the hard range", "0.002 to 0.2 rad"),
    ]


@pytest.mark.parametrize(
    ("name", "values", "finding"),
    [
        ("growth", [1.0, 1.0], ("growth", "unknown limit of joints", OF_JOINTS)),
        ("torque", [1.0], ("torque", "1 values for 2 joints", "one value a joint, null where nothing is said")),
        ("torque", [None, 0.0], ("torque[1]", "0 is no limit", "a finite number, more than 0 if no angle")),
        ("joint_speed", [-1.0, None], ("joint_speed[0]", "-1 is no limit", "a finite number, more than 0 if no angle")),
        ("q_min", [2.6, None], ("q_min[0]", "leaves no range", "less than 2.6 rad")),
        ("q_max", [None, 0.5], ("q_max[1]", "leaves no range", "more than 0.5 rad")),
        ("q_max", [float("inf"), None], ("q_max[0]", "inf is no limit", "a finite number, more than 0 if no angle")),
    ],
)
def test_a_layers_wrong_limits_of_joints_are_told_with_what_is_allowed(name, values, finding) -> None:
    for field in ("limits.joints", "patient.joints"):
        where, message, allowed = finding
        (told,) = refused(lambda field=field: ARM.limits().tighten_joint("patient", name, values, field=field))
        assert told == Finding(f"{field}.{where}", message, allowed)
    (told,) = refused(lambda: ARM.limits().tighten_joint("patient", name, values))
    assert told.field == f"limits.joints.{where}"


def test_all_wrong_joints_are_told_at_once() -> None:
    assert len(refused(lambda: ARM.limits().tighten_joint("patient", "torque", [0.0, -1.0]))) == 2


@pytest.mark.parametrize("name", sorted(BUILTIN))
def test_the_ends_of_a_hard_range_are_allowed(name: str) -> None:
    for end in (BUILTIN[name].least, BUILTIN[name].most):
        values, who = builtin_values({name: end})
        assert (values[name], who[name]) == (end, "site")
        tighter = ARM.limits().tighten("patient", {name: end})
        assert tighter.values[name] in (end, BUILTIN[name].default)


def test_the_same_value_again_leaves_its_owner() -> None:
    again = ARM.limits().tighten("patient", {"force": 40.0, "soft_start": 1.0})
    assert {again.who["force"], again.who["soft_start"]} == {"built-in"}
    joints = ARM.limits().tighten_joint("patient", "torque", [20.0, None]).tighten_joint("block", "q_min", [-0.5, None])
    assert joints.owner("torque", 0) == joints.owner("q_min", 0) == ARM.model


@pytest.mark.parametrize(
    ("name", "values", "result"),
    [
        ("torque", [None, 0.5], (20.0, 0.5)),
        ("torque", [0.5, None], (0.5, 20.0)),
        ("joint_speed", [0.5, 0.25], (0.5, 0.25)),
        ("q_min", [0.0, None], (0.0, 0.5)),
        ("q_max", [0.0, None], (0.0, 2.6)),
        ("q_min", [-0.25, 2.5], (-0.25, 2.5)),
        ("q_max", [-0.25, 0.75], (-0.25, 0.75)),
        ("q_max", [3.0, 2.0], (2.6, 2.0)),
        ("q_min", [-3.0, 1.0], (-0.5, 1.0)),
    ],
)
def test_a_layer_tightens_the_joints_that_it_names_and_is_their_owner(name, values, result) -> None:
    tighter = ARM.limits().tighten_joint("patient", name, values)
    assert getattr(tighter, name) == result
    before: Limits = ARM.limits()
    for joint in range(2):
        changed = result[joint] != getattr(before, name)[joint]
        assert tighter.owner(name, joint) == ("patient" if changed else ARM.model)
    assert tighter.owner(name) == ARM.model


def test_a_limits_owner_is_known_by_its_name() -> None:
    assert ARM.limits().tighten("block", {"force": 3.0}).owner("force") == "block"


def test_whose_limits_are_is_sixteen_digits_of_a_hash_of_device_and_patient() -> None:
    """printf '3|T-1|P-17' | sha256sum"""
    assert identity_of("T-1", "P-17") == "8409ff334fc58de8"
    assert identity_of("T-1") == "23ed01821b2973f7"


def test_without_a_site_every_limit_is_the_built_in_one() -> None:
    assert builtin_values() == ({n: limit.default for n, limit in BUILTIN.items()}, dict.fromkeys(BUILTIN, "built-in"))


def test_less_is_safer_but_for_the_lower_end_of_the_range_of_motion() -> None:
    assert PER_JOINT == {"torque": "less", "q_min": "more", "q_max": "less", "joint_speed": "less"}


def test_limits_belong_to_a_device_without_a_patient_unless_one_is_named() -> None:
    limits = ARM.limits()
    assert limits.belongs_to(ARM.identity)
    assert not limits.belongs_to(ARM.identity, "P-17")
    assert Limits(*limits[:-1]).identity == ""
