"""One exercise under one controller, from Python."""

from __future__ import annotations

from typing import Any

import pytest

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Findings, UnknownName
from rehab.protocol.load import one_block
from rehab.protocol.plan import BlockPlan


def block(info: DeviceInfo, exercise: str = "wave", **given: Any) -> BlockPlan:
    plan = one_block(exercise, info=info, limits=info.limits(), **given)
    (only,) = plan.blocks
    assert plan.source == ""
    return only


def test_parameters_go_where_their_names_belong_as_si_numbers_or_as_text(info: DeviceInfo) -> None:
    made = block(info, controller="spring", trials=40, parameters={"radius": 0.15, "stiffness": "0.3 kN/m", "times": 4})
    assert made.exercise_parameters["radius"] == 0.15
    assert made.exercise_parameters["times"] == 4
    assert made.controller_parameters["stiffness"] == pytest.approx(300.0)
    assert (made.controller, made.mode, made.trials) == ("spring", "", 40)


def test_without_a_controller_the_robot_only_gets_out_of_the_way(info: DeviceInfo) -> None:
    made = block(info)
    assert (made.mode, made.controller) == ("active", "transparent")


def test_a_parameter_that_both_have_is_refused_and_the_way_out_works(info: DeviceInfo) -> None:
    with pytest.raises(Findings, match=r"both wave and spring.*write wave=\{'wait': \.\.\.\} or spring=") as caught:
        block(info, controller="spring", parameters={"wait": 2.0})
    assert len(caught.value.findings) == 1
    made = block(info, controller="spring", parameters={"spring": {"wait": 2.0}})
    assert (made.controller_parameters["wait"], made.exercise_parameters["wait"]) == (2.0, 1.0)


def test_everything_that_is_wrong_is_said_at_once(info: DeviceInfo) -> None:
    with pytest.raises(Findings) as caught:
        block(info, controller="spring", trials=0, parameters={"radius": 0.9, "stifness": 5, "stiffness": float("nan")})
    assert [found.field for found in caught.value.findings] == ["trials", "stifness", "wave.radius", "spring.stiffness"]
    assert 'did you mean "stiffness"?' in str(caught.value)
    assert '"0.9 m" is too large (a length from 1 cm to 35 cm' in str(caught.value)


def test_what_the_device_cannot_reach_is_refused(info: DeviceInfo) -> None:
    with pytest.raises(Findings, match=r"^wave\.radius: is farther than the arm reaches"):
        block(info, parameters={"radius": 0.3})


def test_an_unknown_exercise_or_controller_is_named(info: DeviceInfo) -> None:
    with pytest.raises(UnknownName, match='no exercise "wav"; did you mean "wave"'):
        block(info, "wav")
    with pytest.raises(UnknownName, match='no controller "sprig"'):
        block(info, controller="sprig")


def test_mode_and_controller_together_are_refused(info: DeviceInfo) -> None:
    with pytest.raises(BadInput, match="not both"):
        block(info, controller="spring", mode="active")


def test_a_mode_without_a_controller_lists_the_modes_there_are(info: DeviceInfo) -> None:
    missing = r'mode "passive" needs the controller "move_to", which is not installed \(available: active'
    with pytest.raises(Findings, match=missing):
        block(info, mode="passive")
