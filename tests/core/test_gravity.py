"""g(q) against the potential energy, and by hand for one joint."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.gravity import Gravity
from rehab.core.kinematics import kinematics_of
from tests.arms import planar_arm, wrist

G = 9.81
angles = st.floats(-3.0, 3.0)


def test_a_horizontal_arm_carries_nothing():
    gravity = Gravity(planar_arm())
    assert not gravity.acts
    assert gravity.torque((0.3, 1.2)) == (0.0, 0.0)


def test_one_joint_holds_m_g_c_when_it_is_level_and_nothing_when_it_hangs():
    gravity = Gravity(msgspec.structs.replace(wrist(), gravity=(0.0, -G)))
    assert gravity.torque((0.0,))[0] == pytest.approx(0.4 * G * 0.125)
    assert gravity.torque((-math.pi / 2,))[0] == pytest.approx(0.0, abs=1e-12)


@given(angles, angles, st.floats(-10.0, 10.0), st.floats(-10.0, 10.0))
def test_it_is_the_slope_of_the_potential_energy(q1, q2, ax, ay):
    info = msgspec.structs.replace(planar_arm(), gravity=(ax, ay))
    kinematics = kinematics_of(info)

    def energy(a: float, b: float) -> float:
        points = kinematics.points((a, b))
        total = 0.0
        for k, link in enumerate(info.links):
            share = link.centre / link.length
            x, y = (p + share * (q - p) for p, q in zip(points[k], points[k + 1], strict=True))
            total -= link.mass * (ax * x + ay * y)
        return total

    h = 1e-5
    slope = (
        (energy(q1 + h, q2) - energy(q1 - h, q2)) / (2 * h),
        (energy(q1, q2 + h) - energy(q1, q2 - h)) / (2 * h),
    )
    assert Gravity(info).torque((q1, q2)) == pytest.approx(slope, abs=1e-6)
