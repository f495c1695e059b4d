from __future__ import annotations

from itertools import pairwise
from math import hypot

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput
from sim import models
from sim.patients.arm import FOREARM, UPPER_ARM, PlanarLimb
from sim.patients.limb import GRIP_DAMPING, GRIP_STIFFNESS
from sim.patients.limbs import limb_of
from sim.two_link import TwoLink

from .conftest import DT

PLANAR_ARM = models.load("planar_arm")
speed = st.floats(-3.0, 3.0)


def springs(limb: PlanarLimb, robot: TwoLink) -> float:
    """J in the grip and in the soft tissue of the elbow."""
    grip = 0.5 * GRIP_STIFFNESS * ((limb.chain.x - robot.x) ** 2 + (limb.chain.y - robot.y) ** 2)
    stretched = max(0.0, limb.stops[0] - limb.chain.q2, limb.chain.q2 - limb.stops[1])
    return grip + 0.5 * limb.stop * stretched**2


def robot_at_home() -> TwoLink:
    robot = TwoLink(*PLANAR_ARM.links, PLANAR_ARM.base)
    robot.place(PLANAR_ARM.home, (0.0, 0.0))
    return robot


def together(limb: PlanarLimb, robot: TwoLink) -> None:
    """One step of a limp limb and a robot without friction."""
    force = limb.grip((robot.x, robot.y), (robot.vx, robot.vy))
    limb.advance((0.0, 0.0), force, DT)
    robot.advance(0.0, 0.0, *force, DT)


def test_the_limb_begins_with_its_hand_in_the_robots_and_its_elbow_bent(info: DeviceInfo):
    limb, robot = PlanarLimb(info), robot_at_home()
    assert (limb.chain.x, limb.chain.y) == pytest.approx((robot.x, robot.y), abs=1e-12)
    assert 1.2 < limb.chain.q2 < 1.8


def test_the_shoulder_is_opposite_the_robot_and_a_circle_of_15_cm_is_within_reach(info: DeviceInfo):
    limb = PlanarLimb(info)
    assert limb.chain.by > 0.42
    for angle in np.linspace(0.0, 2.0 * np.pi, 24):
        q = limb.kinematics.inverse((0.15 * np.cos(angle), 0.42 + 0.15 * np.sin(angle)), (0.0, 1.0))
        assert limb.stops[0] < q[1] < limb.stops[1]


def test_a_limb_at_rest_stays_at_rest(info: DeviceInfo):
    limb, robot = PlanarLimb(info), robot_at_home()
    for _ in range(1000):
        together(limb, robot)
    assert (limb.chain.q1, limb.chain.q2) == pytest.approx(PlanarLimb(info).kinematics.inverse((0.0, 0.42), (0.0, 1.0)))
    assert (robot.q1, robot.q2) == pytest.approx(info.home, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(limb_speed=st.tuples(speed, speed), robot_speed=st.tuples(speed, speed))
def test_the_grip_gives_no_energy(limb_speed, robot_speed):
    # two free arms and the spring between them: what they have can only shrink, whatever they do to each other
    limb, robot = PlanarLimb(PLANAR_ARM), robot_at_home()
    limb.chain.place((limb.chain.q1, limb.chain.q2), limb_speed)
    robot.place(PLANAR_ARM.home, robot_speed)
    energies = []
    for _ in range(1500):
        together(limb, robot)
        energies.append(limb.chain.kinetic_energy() + robot.kinetic_energy() + springs(limb, robot))
    for before, after in pairwise(energies):
        assert after <= before * 1.001 + 1e-9  # what the integrator's own energy may wiggle


def test_the_grip_follows_a_robot_that_pulls_within_a_millimetre(info: DeviceInfo):
    limb = PlanarLimb(info)
    x, y = limb.chain.x, limb.chain.y
    force = (0.0, 0.0)
    for step in range(2000):
        v = 0.05 if step < 1000 else 0.0
        x += v * DT
        force = limb.grip((x, y), (v, 0.0))
        limb.advance((0.0, 0.0), force, DT)
    assert hypot(limb.chain.x - x, limb.chain.y - y) < 1e-3
    assert x - 0.05 == pytest.approx(0.0, abs=1e-9)


def test_the_elbow_does_not_bend_backwards(info: DeviceInfo):
    limb = PlanarLimb(info)
    limb.chain.place((limb.chain.q1, 0.3), (0.0, -4.0))
    least = 0.3
    for _ in range(2000):
        limb.advance((0.0, 0.0), (0.0, 0.0), DT)
        least = min(least, limb.chain.q2)
    assert -0.35 < least < limb.stops[0]
    assert limb.chain.q2 > 0.0


def test_the_grip_can_be_stepped_at_1_ms_with_the_lightest_hands():
    # ω T of the grip on the smallest mass that either hand ever shows; explicit damping needs D T < 2 m
    least = []
    for links, range_of_elbow in ((PLANAR_ARM.links, (0.5, 2.6)), ((UPPER_ARM, FOREARM), (0.2, 2.5))):
        for elbow in np.linspace(*range_of_elbow, 30):
            chain = TwoLink(*links, (0.0, 0.0))
            chain.place((0.0, elbow), (0.0, 0.0))
            unit = np.array([chain.inertia_torque(elbow, 0.0, 0.0, *a) for a in ((1.0, 0.0), (0.0, 1.0))]).T
            J = np.array([[chain.j11, chain.j12], [chain.j21, chain.j22]])
            least.append(1.0 / np.linalg.eigvalsh(J @ np.linalg.inv(unit) @ J.T).max())
    robot, limb = min(least[:30]), min(least[30:])
    mass = 1.0 / (1.0 / robot + 1.0 / limb)
    assert DT * np.sqrt(GRIP_STIFFNESS / mass) < 0.5
    assert GRIP_DAMPING * DT / mass < 1.0


def test_a_device_that_cannot_be_held_is_refused(info: DeviceInfo):
    with pytest.raises(BadInput, match=r"planar_2r.*scara"):
        limb_of(msgspec.structs.replace(info, kinematics="scara"))
    with pytest.raises(BadInput, match="knee"):
        PlanarLimb(models.load("knee"))
