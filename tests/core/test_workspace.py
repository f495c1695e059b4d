"""Where a hand can be brought to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.kinematics import kinematics_of
from rehab.core.workspace import MARGIN, fits, free_length
from tests.arms import planar_arm, wrist

ARM = planar_arm()
KINEMATICS = kinematics_of(ARM)


@given(st.floats(-0.6, 2.7), st.floats(0.4, 2.7))
def test_a_place_fits_when_every_joint_is_the_margin_inside_its_limits(q1: float, q2: float) -> None:
    hand, _ = KINEMATICS.forward((q1, q2))
    distances = [min(q - j.q_min, j.q_max - q) - MARGIN for q, j in zip((q1, q2), ARM.joints, strict=True)]
    if abs(min(distances)) > 1e-6:
        assert fits(ARM, KINEMATICS, hand) == (min(distances) > 0)


def test_a_place_beyond_the_arm_does_not_fit() -> None:
    assert not fits(ARM, KINEMATICS, (2.0, 0.0))


def test_the_free_length_ends_where_the_joint_limit_begins() -> None:
    info = wrist()
    reach = free_length(info, kinematics_of(info), (0.0,), (1.0,), 1.0)
    assert reach == pytest.approx((1.5 - MARGIN) * 0.25, abs=0.001)
    assert free_length(info, kinematics_of(info), (0.0,), (1.0,), 0.1) == 0.1


def test_nothing_is_free_from_a_place_at_the_limit() -> None:
    info = wrist()
    assert free_length(info, kinematics_of(info), (1.5 * 0.25,), (1.0,), 1.0) == 0.0
