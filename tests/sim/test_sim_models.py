from __future__ import annotations

from math import cos, pi, sin
from xml.etree import ElementTree

import pytest

from rehab.core.device import DeviceInfo, SafeStop
from rehab.core.errors import UnknownName
from rehab.core.gravity import Gravity
from rehab.core.kinematics import kinematics_of
from sim import models
from sim.patients.limbs import limb_of


def numbers(text: str) -> list[float]:
    return [float(word) for word in text.split()]


def test_an_unknown_model_is_named_with_the_ones_that_exist():
    with pytest.raises(UnknownName, match=r"planar_arn.*did you mean.*planar_arm"):
        models.load("planar_arn")
    with pytest.raises(UnknownName, match="planar_arm"):
        models.urdf("../models/planar_arm")


def test_every_model_loads_under_its_own_name():
    assert models.names() == ["knee", "planar_arm"]
    for name in models.names():
        assert models.load(name).model == name


@pytest.mark.parametrize("name", models.names())
def test_urdf_and_facts_tell_of_the_same_robot(name: str):
    info, robot = models.load(name), ElementTree.parse(models.urdf(name)).getroot()
    links, joints = robot.findall("link"), robot.findall("joint")
    assert len(joints) == info.n_joints and len(links) == info.n_joints + 1
    for fact, link in zip(info.links, links[1:], strict=True):
        inertial = link.find("inertial")
        assert float(inertial.find("mass").get("value")) == fact.mass
        assert numbers(inertial.find("origin").get("xyz")) == [fact.centre, 0.0, 0.0]
        assert float(inertial.find("inertia").get("izz")) == fact.inertia
    for number, (fact, joint) in enumerate(zip(info.joints, joints, strict=True)):
        at = [info.links[number - 1].length, 0.0, 0.0] if number else [0.0, 0.0, 0.0]
        limit = joint.find("limit")
        assert joint.get("name") == fact.name and joint.get("type") == "revolute"
        assert numbers(joint.find("origin").get("xyz")) == at
        assert numbers(joint.find("axis").get("xyz")) == [0.0, 0.0, 1.0]
        assert (float(limit.get("lower")), float(limit.get("upper"))) == (fact.q_min, fact.q_max)
        assert (float(limit.get("effort")), float(limit.get("velocity"))) == (fact.torque, fact.speed)
        assert float(joint.find("dynamics").get("damping")) == fact.damping


@pytest.mark.parametrize("name", models.names())
def test_every_link_has_a_mass_and_an_inertia_of_its_own(name: str):
    # an engine gives 1 kg to a link without them
    for link in ElementTree.parse(models.urdf(name)).getroot().findall("link"):
        inertial = link.find("inertial")
        assert float(inertial.find("mass").get("value")) > 0.0
        assert all(float(inertial.find("inertia").get(axis)) > 0.0 for axis in ("ixx", "iyy", "izz"))


def test_the_hand_starts_straight_ahead_with_room_for_a_circle_of_10_cm(info: DeviceInfo):
    kinematics = kinematics_of(info)
    x, y = kinematics.forward(info.home)[0]
    assert (x, y) == pytest.approx((0.0, 0.42), abs=1e-9)
    for k in range(36):
        q = kinematics.inverse((0.1 * cos(k * pi / 18), 0.42 + 0.1 * sin(k * pi / 18)), info.home)
        for joint, angle in zip(info.joints, q, strict=True):
            assert joint.q_min + 0.15 < angle < joint.q_max - 0.15


def test_the_knee_hangs_at_home_with_room_for_10_cm_both_ways():
    info = models.load("knee")
    assert Gravity(info).torque(info.home) == pytest.approx((0.0,), abs=1e-12)  # it rests there without power
    (joint,), (q,), length = info.joints, info.home, info.links[0].length
    assert joint.q_min + 0.15 < q - 0.1 / length and q + 0.1 / length < joint.q_max - 0.15


def test_the_knee_can_lift_its_lever_and_a_lower_leg():
    info = models.load("knee")
    level = Gravity(info).torque((0.0,))[0] + limb_of(info).gravity.torque((0.0,))[0]
    assert level < 0.6 * info.joints[0].torque
    assert info.safe_stop is SafeStop.YIELD  # fading out would let the leg fall


def test_the_arm_may_lose_its_torque_at_any_time(info: DeviceInfo):
    # horizontal: nothing falls, so fading out is safe, and without power nothing holds
    assert info.safe_stop is SafeStop.RAMP_OFF and not info.holds_without_power
    assert info.simulated and info.watchdog_s == 0.02 and info.period_s == 0.001
