"""The bounds, stage by stage and in their order: what is let through, what acted, what the hand feels."""

from __future__ import annotations

from math import hypot

import pytest

from rehab.core.safety.bounds import Bounds
from rehab.core.safety.sent import Sent
from rehab.core.values import Acted, Sample
from tests.safety.conftest import FORCE_MAP, PERIOD, READY, limits

HAND = 1.0  # m/s, the hand's limit
GROWTH, SATURATION, POWER = Acted.GROWTH.value, Acted.SATURATION.value, Acted.POWER.value
POSITION, VELOCITY, SOFT_START = Acted.POSITION.value, Acted.VELOCITY.value, Acted.SOFT_START.value


class Stage:
    """The bounds of two joints of 20 and 10 N·m, 0.8 and 0.4 N·m a tick, after `last` was sent."""

    def __init__(self, last=(0.0, 0.0), **values: float) -> None:
        self.sent = Sent(2, PERIOD)
        self.sent.put(last)
        self.bounds = Bounds(PERIOD, self.sent)
        self.bounds.follow(limits(**{"power": 1000.0, **values}), HAND)

    def step(self, torque, q=(0.0, 0.0), qd=(0.0, 0.0), speed=0.0, acted=0, calm=True):
        sample = Sample(0.0, 0, 0.0, q, qd, (0.0, 0.0), (), READY)
        return self.bounds.step(torque, sample, speed, FORCE_MAP, acted, calm)


def test_before_anything_was_let_through_there_is_no_force_and_no_power():
    bounds = Bounds(PERIOD, Sent(2, PERIOD))
    assert bounds.force == ()
    assert bounds.given == 0.0


def test_the_very_torque_is_let_through_where_no_bound_is_met():
    stage, wish = Stage((5.0, 3.0)), (5.5, 3.2)
    torque, acted = stage.step(wish, qd=(2.0, -1.0), acted=SOFT_START)
    assert torque is wish
    assert acted == SOFT_START
    assert stage.bounds.force == (11.0, 6.4)
    assert stage.bounds.given == pytest.approx(5.5 * 2.0 - 3.2)


def test_near_the_limits_of_motion_too_torque_that_meets_no_bound_stays():
    torque, acted = Stage((5.0, 3.0)).step((5.5, 3.2), calm=False)
    assert torque == (5.5, 3.2)
    assert acted == 0


def test_torque_grows_by_its_step_a_tick_from_what_was_sent():
    torque, acted = Stage((5.0, -3.0)).step((9.0, -9.0))
    assert torque == pytest.approx((5.8, -3.4))
    assert acted == GROWTH


def test_torque_is_saturated_at_each_joints_limit():
    torque, acted = Stage((19.9, -9.9)).step((20.5, -10.2))
    assert torque == (20.0, -10.0)
    assert acted == SATURATION



def test_exactly_the_power_limit_passes_as_it_is():
    wish = (5.0, 3.0)
    torque, acted = Stage(wish, power=20.0).step(wish, qd=(4.0, 0.0))
    assert torque is wish
    assert acted == 0


def test_limits_of_different_numbers_of_joints_are_refused():
    with pytest.raises(ValueError, match="argument"):
        Bounds(PERIOD, Sent(2, PERIOD)).follow(limits()._replace(growth=(800.0,)), HAND)


def test_more_power_than_the_limit_is_scaled_down_to_it():
    stage = Stage((5.0, 3.0), power=18.5)
    torque, acted = stage.step((5.0, 3.0), qd=(5.0, 4.0))  # 37 W
    assert torque == pytest.approx((2.5, 1.5))
    assert acted == POWER
    assert stage.bounds.given == 37.0
    assert stage.bounds.force == pytest.approx((5.0, 3.0))


def test_what_the_limb_gives_is_not_limited():
    torque, acted = Stage((5.0, 3.0), power=1.0).step((5.0, 3.0), qd=(-5.0, -4.0))
    assert torque == (5.0, 3.0)
    assert acted == 0


def test_no_torque_goes_outward_at_a_position_limit():
    torque, acted = Stage((5.0, 3.0)).step((5.0, 3.0), q=(1.0, 0.0), calm=False)
    assert torque == (0.0, 3.0)
    assert acted == POSITION


def test_a_joint_above_its_speed_limit_is_only_braked():
    torque, acted = Stage((5.0, 3.0)).step((5.0, 3.0), q=(-0.5, 0.0), qd=(6.5, 0.5), calm=False)
    assert torque == (0.0, 3.0)
    assert acted == VELOCITY


@pytest.mark.parametrize(("speed", "left"), [(HAND, (5.0, 3.0)), (1.01, (0.0, 0.0))])
def test_a_hand_above_its_speed_limit_is_only_braked(speed, left):
    torque, acted = Stage((5.0, 3.0)).step((5.0, 3.0), qd=(1.0, 1.0), speed=speed, calm=False)
    assert torque == left
    assert acted == (0 if left[0] else VELOCITY)


def test_force_at_the_hand_is_scaled_to_its_limit_and_keeps_its_direction():
    stage = Stage((6.0, 4.5), force=7.5)
    torque, acted = stage.step((6.0, 4.5))  # 15 N
    assert torque == pytest.approx((3.0, 2.25))
    assert acted == SATURATION
    assert stage.bounds.force == pytest.approx((6.0, 4.5))
    assert hypot(*stage.bounds.force) == pytest.approx(7.5)


def test_exactly_the_force_limit_passes():
    stage = Stage((6.0, 4.5), force=15.0)
    assert stage.step((6.0, 4.5)) == ((6.0, 4.5), 0)


def test_force_is_scaled_before_growth_so_that_its_direction_stays():
    torque, acted = Stage(force=0.5).step((0.7, 0.3))
    assert torque[0] / torque[1] == pytest.approx(7.0 / 3.0)
    assert acted == SATURATION


def test_force_and_power_of_what_is_left_are_bounded_once_more():
    """A joint at its limit is let go: the other one's force, no longer balanced by it, is above the limit."""
    unequal = ((1.0, 1.0), (0.0, 0.0))
    stage = Stage((10.0, -9.0), force=5.0)
    sample = Sample(0.0, 0, 0.0, (1.0, 0.0), (0.0, 0.0), (0.0, 0.0), (), READY)
    torque, acted = stage.bounds.step((10.0, -9.0), sample, 0.0, unequal, 0, False)
    assert torque == pytest.approx((0.0, -5.0))
    assert stage.bounds.force == pytest.approx((-5.0, 0.0))
    assert acted == POSITION | SATURATION | POWER


def test_power_of_what_is_left_is_bounded_once_more():
    """A joint above its speed limit took power; without it the other one gives too much."""
    stage = Stage((-5.0, 5.0), power=10.0)
    torque, acted = stage.step((-5.0, 5.0), q=(-1.0, 0.0), qd=(4.0, 4.0), calm=False)
    assert torque == pytest.approx((0.0, 2.5))
    assert acted == POSITION | SATURATION | POWER
    assert stage.bounds.force == pytest.approx((0.0, 5.0))


def test_all_that_acted_is_said():
    stage = Stage((0.0, 9.9), power=1.0, force=28.0)
    torque, acted = stage.step((6.0, 14.0), q=(-0.5, -0.5), qd=(3.0, 7.0), calm=False, acted=SOFT_START)
    assert torque == pytest.approx((0.8 / (0.8 * 3.0 + 10.0 * 7.0), 0.0))
    assert acted == SOFT_START | GROWTH | SATURATION | POWER | VELOCITY
