"""Gravity support: a share of the limb's weight, faded in."""

from __future__ import annotations

from math import cos

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from controllers.gravity_support import GravitySupport
from rehab.core.errors import Findings
from rehab.core.gravity import Gravity
from rehab.core.types import Array
from tests.arms import planar_arm, pose, reference_at, upright, wrist

DT = 0.001
ARM, ONE = upright(planar_arm()), upright(wrist())
angle = st.floats(-1.5, 1.5)


def supported(info, q, seconds: float = 2.0, **parameters) -> Array:  # type: ignore[no-untyped-def]
    """N·m beyond the arm's own weight, once it has come in."""
    controller, state = GravitySupport(info, **parameters), pose(info, q)
    controller.reset(state)
    for _ in range(round(seconds / 0.01) + 1):
        torque = controller.update(state, reference_at(tuple(state.x)), 0.01)
    return torque - state.gravity


@given(angle, st.floats(0.0, 1.0), st.floats(0.0, 10.0), st.floats(0.0, 1.0))
def test_one_joint_is_given_its_share_of_the_limbs_moment(q: float, share: float, mass: float, centre: float) -> None:
    """m g c l cos q: the link lies level at q = 0, its arm 0.25 m long."""
    torque = supported(ONE, (q,), share=share, mass=mass, centre=centre)
    assert torque == pytest.approx([share * mass * 9.81 * centre * 0.25 * cos(q)], abs=1e-9)


@given(angle, angle)
def test_the_whole_weight_of_a_limb_like_the_arm_is_the_arms_own(q1: float, q2: float) -> None:
    """Upper arm and forearm with the masses of the links, at their middles."""
    torque = supported(ARM, (q1, q2), share=1.0, mass=0.8, centre=0.5, inner_mass=1.0)
    assert torque == pytest.approx(Gravity(ARM).torque((q1, q2)), abs=1e-9)


def test_a_mass_in_the_hand_is_carried_by_a_force_upwards_at_the_hand() -> None:
    state = pose(ARM, ARM.home)
    torque = supported(ARM, ARM.home, share=0.5, mass=2.0, centre=1.0)
    assert torque == pytest.approx(state.jacobian.T @ (0.0, 0.5 * 2.0 * 9.81))


def test_it_comes_in_smoothly_from_nothing_and_again_after_a_reset() -> None:
    controller, state = GravitySupport(ONE, share=1.0, mass=4.0, fade=2.0), pose(ONE, (0.0,))
    for _ in range(2):
        controller.reset(state)
        torques = [float(controller.update(state, reference_at((0.0,)), DT)[0]) for _ in range(2100)]
        carried = np.array(torques) - state.gravity[0]
        assert carried[0] == 0.0
        assert carried[1000] == pytest.approx(0.5 * 4.0 * 9.81 * 0.125)
        assert carried[-1] == pytest.approx(4.0 * 9.81 * 0.125)
        assert np.diff(carried).max() == pytest.approx(1.5 * carried[-1] / 2000, rel=1e-3)


def test_what_lifts_the_limb_is_paid_for_and_what_holds_the_arm_is_not() -> None:
    controller, state = GravitySupport(ARM, share=1.0), pose(ARM, ARM.home)
    for _ in range(300):
        torque = controller.update(state, reference_at(tuple(state.x)), 0.01)
    assert torque - controller.feed_forward == pytest.approx(state.gravity)
    assert np.abs(controller.feed_forward).max() > 1.0


@pytest.mark.parametrize("info", [planar_arm(), wrist()], ids=["two joints", "one joint"])
def test_a_horizontal_arm_has_no_weight_to_carry_and_says_so(info) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Findings, match="moves in a horizontal plane: no weight acts in it"):
        GravitySupport(info)
    tilted = structs.replace(info, gravity=(0.0, -1.7))  # a table tilted by 10 degrees is enough
    assert np.abs(supported(tilted, info.home)).max() > 0.05
