"""Who pays, reckoned by hand: the leash, the account of a tick, the tank's price, and damping out of both."""

from __future__ import annotations

import pytest

from rehab.core.safety.energy import Energy
from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.sent import Sent
from rehab.core.values import Action, Sample
from tests.safety.conftest import PERIOD, READY, limits

FRICTION, INERTIA = (0.5, 0.25), (0.1, 0.05)
MAP = ((2.0, 1.0), (0.0, 4.0))  # force at the hand of a torque
HAND, AIM = (0.1, -0.2), (0.13, -0.16)  # m, 5 cm apart
ZERO = (0.0, 0.0)


class Stage:
    """Two joints behind a tank of 3 J that is refilled with 8 W; `tick` is a tick with its leash, by which the joints
    have come to q while `sent` acted. What is sent is `sent` all the time."""

    def __init__(self, sent=ZERO, inertia=INERTIA, friction=FRICTION, **values: float) -> None:
        facts = DeviceFacts(PERIOD, Action.RAMP_OFF, (1.0, 0.7), friction, inertia)
        present = limits(**{"force": 40.0, "leash": 0.25, "tank": 3.0, "refill": 0.0, **values})
        self.sent = Sent(2, PERIOD)
        for _ in range(40):
            self.sent.put(sent)
        self.energy = Energy(facts, present, self.sent)
        self.energy.follow(present)
        self.account, self.tank = self.energy.account, self.energy.tank
        self.tank.level = 2.0

    def begin(self, *q, **what) -> None:
        """A first tick, and so much owed that no dissipation goes to the tank."""
        self.tick(*q, **what)
        self.account.energy, self.tank.level = -1.0, 2.0

    def tick(self, q=ZERO, qd=ZERO, *, aim=AIM, stiffness=100.0, force=ZERO, scale=1.0, ahead=(), weight=ZERO,
             held=None, age=0.0) -> None:  # fmt: skip
        if stiffness is not None:
            self.energy.leash(aim, HAND, stiffness)
        self.energy.aside(ahead, weight, scale, MAP)
        self.energy.keep(Sample(0.0, 0, age, q, qd, ZERO, (), READY), force, held)


# limits ---------------------------------------------------------------------------------------------------------------


def test_the_tank_is_as_large_as_its_limit_and_loses_what_a_smaller_one_cannot_hold():
    stage = Stage()
    assert stage.tank.capacity == 3.0
    stage.energy.follow(limits(tank=1.5))
    assert stage.tank.capacity == stage.tank.level == 1.5
    stage.energy.follow(limits(tank=3.0))
    assert stage.tank.level == 1.5


def test_at_first_the_tank_is_a_third_full_of_its_limit():
    facts = DeviceFacts(PERIOD, Action.RAMP_OFF, (1.0, 1.0))
    made = Energy(facts, limits(tank=2.0), Sent(2, PERIOD))
    assert made.tank.level == pytest.approx(0.05 + 1.95 / 3.0)
    assert made.leashed is False


def test_every_tick_refills_the_tank_up_to_its_capacity():
    stage = Stage(refill=8.0)
    for before, after in ((2.0, 2.008), (2.995, 3.0), (3.0, 3.0)):
        stage.tank.level = before
        stage.tick(stiffness=0.0)
        assert stage.tank.level == pytest.approx(after)


def test_armed_anew_the_tank_is_a_third_full_and_nothing_is_owed():
    stage = Stage()
    stage.account.energy = -0.1
    stage.energy.begin()
    assert stage.tank.level == pytest.approx(0.05 + 2.95 / 3.0)
    assert stage.account.energy == 0.0


# leash ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stiffness", "reach"), [(1.0, 5.0), (8.0, 5.0), (10.0, 4.0), (0.5, 5.0)])
def test_a_spring_is_leashed_to_the_force_limit(stiffness, reach):
    """The reference is 5 m away: with 8 N/m that is exactly the limit of 40 N."""
    stage, reference = Stage(), (3.0, 4.0)
    leashed = stage.energy.leash(reference, ZERO, stiffness)
    assert leashed == pytest.approx((0.6 * reach, 0.8 * reach))
    assert (leashed is reference) is (reach == 5.0)
    assert stage.energy.leashed is (reach < 5.0)


def test_a_leashed_reference_lies_on_the_way_from_the_hand():
    stage = Stage()
    leashed = stage.energy.leash(AIM, HAND, 2000.0)  # 2 cm of 5
    assert leashed == pytest.approx((0.1 + 0.4 * 0.03, -0.2 + 0.4 * 0.04))
    assert stage.energy.leashed


@pytest.mark.parametrize("reach", [0.05, 0.0501])
def test_without_a_stiffness_the_leash_works_by_distance(reach):
    stage = Stage(leash=0.05)
    reference = (0.0, reach)
    leashed = stage.energy.leash(reference, (0.0, 0.0), 0.0)
    assert leashed == pytest.approx((0.0, 0.05))
    assert (leashed is reference) is (reach == 0.05)


# the account of a tick ------------------------------------------------------------------------------------------------


def test_the_account_keeps_what_the_spring_stores_at_its_scale():
    stage = Stage()
    stage.account.energy = 100.0
    stage.tick(scale=0.5)
    assert stage.account.energy == pytest.approx(0.5 * 0.5 * 100.0 * 0.05**2)
    stage.account.energy = 100.0
    stage.tick(stiffness=0.5)
    assert stage.account.energy == pytest.approx(0.5 * 0.5 * 0.05**2)
    assert stage.tank.level == 3.0  # the rest was dissipated


def test_a_leashed_spring_stores_what_the_leash_leaves():
    stage = Stage()
    stage.account.energy = 100.0
    stage.tick(stiffness=2000.0)
    assert stage.account.energy == pytest.approx(0.5 * 2000.0 * 0.02**2)


def test_the_joints_motion_is_reckoned_with_the_torque_that_acted_and_the_friction():
    stage = Stage(sent=(3.0, -2.0))
    stage.begin((0.1, 0.2))
    stage.tick((0.11, 0.22), (0.4, 0.8))
    moved = (0.5 * 0.4 - 3.0) * 0.01 + (0.25 * 0.8 + 2.0) * 0.02
    assert stage.account.energy == pytest.approx(-1.0 + moved)


def test_the_torque_that_acted_is_found_by_the_samples_age():
    for age, torque in ((0.0, 7.0), (0.0004, 7.0), (0.0005, 5.0), (0.0016, 3.0)):
        stage = Stage()
        for k in (3.0, 5.0, 7.0):
            stage.sent.put((k, 0.0))
        stage.begin((0.0, 0.0))
        stage.tick((0.01, 0.0), age=age)
        assert stage.account.energy == pytest.approx(-1.0 - 0.01 * torque)


def test_a_device_without_friction_dissipates_nothing():
    stage = Stage(friction=())
    stage.begin((0.0, 0.0))
    stage.tick((0.01, 0.02), (4.0, 8.0))
    assert stage.account.energy == -1.0


def test_the_first_sample_and_one_after_a_break_are_compared_with_nothing():
    stage = Stage(sent=(3.0, 3.0))
    stage.tick((0.5, 0.5), stiffness=0.0)
    assert stage.account.energy == 0.0
    stage.begin((0.5, 0.5))
    stage.energy.forget_motion()
    stage.tick((0.1, 0.1))
    assert stage.account.energy == -1.0


def test_a_sample_that_is_used_again_has_not_moved():
    """Even where its speed says otherwise."""
    stage = Stage(sent=(3.0, 3.0))
    q = (0.5, 0.5)
    stage.begin(q)
    stage.tick(q, (9.0, 9.0))
    assert stage.account.energy == -1.0


def test_the_weight_of_the_arm_is_no_spring():
    """It is held while the arm moves: what it costs is no energy of the controller's."""
    stage = Stage(sent=(3.0, -2.0), friction=())
    stage.begin((0.1, 0.2), weight=(3.0, -2.0))
    stage.tick((0.11, 0.22), weight=(3.0, -2.0))
    assert stage.account.energy == pytest.approx(-1.0)
    stage.tick((0.12, 0.24), weight=(1.0, 0.0))
    assert stage.account.energy == pytest.approx(-1.0 - 0.02 + 0.04)


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_a_feed_forward_is_paid_by_the_tank_as_far_as_it_is_faded_in(scale):
    stage = Stage(sent=(3.0 * scale, -2.0 * scale), friction=())
    stage.begin((0.1, 0.1), ahead=(3.0, -2.0), scale=scale)
    stage.tick((0.14, 0.11), ahead=(3.0, -2.0), scale=scale)
    assert stage.account.energy == pytest.approx(-1.0)
    assert stage.tank.level == pytest.approx(2.0 - scale * (3.0 * 0.04 - 2.0 * 0.01))


@pytest.mark.parametrize(
    ("let", "share"),  # of a wish of 3 and 4 N·m
    [((3.0, 4.0), 1.0), ((1.5, 2.0), 0.5), (ZERO, 0.0), ((-3.0, -4.0), 0.0), ((6.0, 8.0), 1.0), ((3.0, 0.0), 0.36)],
)
def test_a_feed_forward_that_was_weakened_with_the_rest_costs_as_much_less(let, share):
    stage = Stage(friction=())
    stage.begin((0.0, 0.0), ahead=(3.0, -2.0))
    stage.energy.let_through(let, (3.0, 4.0))
    stage.tick((0.04, 0.01), ahead=(3.0, -2.0))
    assert stage.tank.level == pytest.approx(2.0 - share * 0.1)


def test_a_small_wish_is_weakened_like_a_large_one():
    stage = Stage(friction=())
    stage.begin((0.0, 0.0), ahead=(3.0, -2.0))
    stage.energy.let_through((0.15, 0.2), (0.3, 0.4))
    stage.tick((0.04, 0.01), ahead=(3.0, -2.0))
    assert stage.tank.level == pytest.approx(2.0 - 0.5 * 0.1)


def test_of_a_weakened_wish_the_weight_is_left_out():
    stage = Stage(friction=())
    weight = (10.0, 10.0)
    stage.begin((0.0, 0.0), ahead=(3.0, -2.0), weight=weight)
    stage.energy.let_through((11.5, 12.0), (13.0, 14.0))
    stage.tick((0.04, 0.01), ahead=(3.0, -2.0), weight=weight)
    assert stage.tank.level == pytest.approx(2.0 - 0.5 * 0.1)


def test_a_wish_of_nothing_is_let_through_whole():
    stage = Stage(friction=())
    stage.begin((0.0, 0.0), ahead=(3.0, -2.0))
    stage.energy.let_through((0.0, 1.0), (0.0, 0.0))
    stage.tick((0.04, 0.01), ahead=(3.0, -2.0))
    assert stage.tank.level == pytest.approx(2.0 - 0.1)


def test_the_whole_wish_let_through_makes_up_for_a_weakened_one():
    stage = Stage(friction=())
    stage.begin((0.0, 0.0), ahead=(3.0, -2.0))
    wish = (3.0, 4.0)
    stage.energy.let_through((0.0, 0.0), wish)
    stage.energy.let_through(wish, wish)
    stage.tick((0.04, 0.01), ahead=(3.0, -2.0))
    assert stage.tank.level == pytest.approx(2.0 - 0.1)


# leading --------------------------------------------------------------------------------------------------------------

FORCE, STEP = (10.0, 5.0), (0.002, 0.001)  # N at the hand, and m by which the reference goes on
AFTER = (AIM[0] + STEP[0], AIM[1] + STEP[1])
JUMP = 0.5 * 100.0 * (0.002**2 + 0.001**2)  # J that the step itself brings


def paid(stage: Stage, **tick) -> float:
    """J that the tank pays for a step of the reference."""
    stage.begin(force=FORCE, **tick)
    stage.tick(aim=AFTER, force=FORCE, **tick)
    return 2.0 - stage.tank.level


def test_leading_the_hand_costs_force_times_way():
    assert paid(Stage()) == pytest.approx(10.0 * 0.002 + 5.0 * 0.001 + JUMP)


def test_the_feed_forwards_part_of_the_force_is_no_price_of_leading():
    """2·1 + 1·0.5 = 2.5 N and 4·0.5 = 2 N are the feed-forward's."""
    assert paid(Stage(), ahead=(1.0, 0.5)) == pytest.approx(7.5 * 0.002 + 3.0 * 0.001 + JUMP)
    assert paid(Stage(), ahead=(2.0, 1.0), scale=0.5) == pytest.approx(7.5 * 0.002 + 3.0 * 0.001 + 0.5 * JUMP)


def test_a_weakened_feed_forward_has_a_smaller_part():
    stage = Stage()
    stage.begin(force=FORCE, ahead=(1.0, 0.5))
    stage.energy.let_through((1.0, 0.0), (2.0, 0.0))
    stage.tick(aim=AFTER, force=FORCE, ahead=(1.0, 0.5))
    assert 2.0 - stage.tank.level == pytest.approx(8.75 * 0.002 + 4.0 * 0.001 + JUMP)


def test_the_weights_part_of_the_force_is_no_price_of_leading():
    assert paid(Stage(), weight=(1.0, 0.5)) == pytest.approx(7.5 * 0.002 + 3.0 * 0.001 + JUMP)
    both = {"weight": (1.0, 0.5), "ahead": (1.0, 0.5)}
    assert paid(Stage(), **both) == pytest.approx(5.0 * 0.002 + 1.0 * 0.001 + JUMP)


def test_before_anything_was_let_through_only_the_step_itself_costs():
    for aside in ({}, {"weight": (1.0, 0.5)}, {"ahead": (1.0, 0.5)}):
        stage = Stage()
        stage.begin(force=(), **aside)
        stage.tick(aim=AFTER, force=(), **aside)
        assert 2.0 - stage.tank.level == pytest.approx(JUMP)


def test_before_any_reference_there_is_no_spring():
    stage = Stage()
    stage.account.energy = -0.5
    stage.tick(stiffness=None)
    assert stage.account.energy == 0.0
    assert stage.tank.level == 1.5


def test_a_reference_counts_for_one_tick():
    """In the next there is no spring: what was created is paid by the tank, and nothing led."""
    stage = Stage()
    stage.tick()
    assert stage.account.led == ZERO
    stage.account.energy, stage.tank.level = -0.5, 2.0
    stage.tick(stiffness=None)
    assert stage.account.energy == 0.0
    assert stage.tank.level == 1.5
    assert stage.account.led == ()


def test_without_a_declared_stiffness_there_is_no_spring():
    stage = Stage()
    stage.account.energy = -0.5
    stage.tick(stiffness=0.0)
    assert stage.account.energy == 0.0
    assert stage.tank.level == 1.5


def test_without_a_spring_what_is_dissipated_goes_to_the_tank():
    stage = Stage()
    stage.account.energy = 0.5
    stage.tick(stiffness=0.0)
    assert stage.account.energy == 0.0
    assert stage.tank.level == pytest.approx(2.0 + 0.9 * 0.5)


def test_a_held_arm_keeps_what_the_hold_stores_and_the_tank_pays_nothing():
    stage = Stage()
    stage.tick()
    stage.account.energy = 0.5
    stage.tick(held=0.3)
    assert stage.account.energy == 0.3
    assert stage.account.led == ()
    stage.account.energy, stage.tank.level = -0.5, 2.0
    stage.tick(held=0.3)
    assert stage.account.energy == -0.5
    assert stage.tank.level == 2.0


# damping --------------------------------------------------------------------------------------------------------------


def test_damping_takes_out_within_a_tick_what_was_created():
    stage = Stage()
    stage.account.energy = -0.01
    # α = 0.01 J / (|q̇|² T): 2 N·m·s/rad for 5 rad²/s²
    assert stage.energy.damped((1.0, 1.0), (1.0, 2.0), MAP) == pytest.approx((1.0 - 2.0, 1.0 - 4.0))


@pytest.mark.parametrize(
    ("inertia", "most"),
    [((0.1, 0.05), 12.5), ((0.02, 0.05), 5.0), ((), 0.7), ((0.1, 0.0), 0.7)],
)
def test_damping_is_limited_by_the_lightest_joint_or_as_when_yielding(inertia, most):
    stage = Stage(inertia=inertia)
    stage.account.energy = -1e6
    assert stage.energy.damped((1.0, 1.0), (1.0, 2.0), MAP) == pytest.approx((1.0 - most, 1.0 - 2.0 * most))


def test_damping_acts_on_the_speed_by_which_the_reference_is_left():
    stage = Stage()
    stage.account.energy, stage.account.led = -1e6, STEP
    # Gᵀ·(2, 1) m/s = (4, 6) rad/s
    assert stage.energy.damped((1.0, 1.0), (1.0, 2.0), MAP) == pytest.approx((1.0 + 12.5 * 3.0, 1.0 + 12.5 * 4.0))


@pytest.mark.parametrize("force_map", [((2.0,), (0.0,)), ((2.0, 1.0, 1.0), (0.0, 4.0, 1.0))])
def test_a_map_of_another_number_of_joints_is_refused(force_map):
    stage = Stage()
    stage.account.energy, stage.account.led = -1.0, STEP
    with pytest.raises(ValueError, match="argument"):
        stage.energy.damped((1.0, 1.0), (1.0, 2.0), force_map)


@pytest.mark.parametrize("force_map", [((2.0, 1.0), (0.0,)), ((2.0, 1.0, 1.0), (0.0, 4.0))])
def test_a_map_with_uneven_rows_is_refused(force_map):
    stage = Stage()
    stage.account.energy, stage.account.led = -1.0, STEP
    with pytest.raises(ValueError, match="argument"):
        stage.energy.damped((1.0, 1.0), (1.0, 2.0), force_map)


# what the tank can pay ------------------------------------------------------------------------------------------------


def share(stage: Stage, level: float, torque=(5.0, 5.0), qd=(4.0, 8.0), force=FORCE) -> float:
    stage.tank.level = level
    return stage.energy.affordable(torque, qd, force)


def test_with_plenty_in_the_tank_everything_is_affordable():
    assert share(Stage(), 0.1, torque=(5000.0, 5000.0)) == 1.0


def test_without_a_spring_all_power_is_paid_by_the_tank():
    stage = Stage()
    stage.tick(stiffness=0.0)
    assert share(stage, 0.08) == pytest.approx(0.03 / 0.06)  # 60 W for 1 ms, and 0.05 J are not to be spent
    assert share(stage, 0.0501) == pytest.approx(0.0001 / 0.06)
    assert share(stage, 0.099, torque=(2.0, 5.0)) == 1.0  # 48 mJ of 49


def test_exactly_what_the_tank_holds_is_affordable():
    stage = Stage()
    stage.tank.floor = 0.0
    stage.energy._period = 0.125
    stage.tick(stiffness=0.0)
    assert share(stage, 0.0625, torque=(0.5, 0.0), qd=(1.0, 0.0)) == 1.0


def test_an_arm_that_stands_asks_nothing_of_an_empty_tank():
    stage = Stage()
    stage.tick(stiffness=0.0)
    assert share(stage, stage.tank.floor, qd=(0.0, 0.0)) == 1.0


def test_the_weight_of_the_arm_costs_nothing():
    stage = Stage()
    stage.tick(stiffness=0.0, weight=(4.0, 5.0))
    assert share(stage, 0.051) == pytest.approx(0.001 / 0.004)


def test_with_a_spring_the_next_step_of_the_reference_and_the_feed_forward_are_paid():
    stage = Stage()
    stage.tick(force=FORCE, ahead=(1.0, 0.5))
    stage.tick(aim=AFTER, force=FORCE, ahead=(1.0, 0.5))
    price = 7.5 * 0.002 + 3.0 * 0.001 + PERIOD * (1.0 * 4.0 + 0.5 * 8.0)
    assert share(stage, 0.06) == pytest.approx(0.01 / price)


def test_all_of_the_feed_forward_is_in_the_force_that_is_still_to_be_sent():
    stage = Stage()
    stage.tick(force=FORCE, ahead=(1.0, 0.5))
    stage.energy.let_through((1.0, 0.0), (2.0, 0.0))
    stage.tick(aim=AFTER, force=FORCE, ahead=(1.0, 0.5))
    price = 7.5 * 0.002 + 3.0 * 0.001 + PERIOD * (1.0 * 4.0 + 0.5 * 8.0)
    assert share(stage, 0.06) == pytest.approx(0.01 / price)


def test_what_gives_energy_back_is_affordable_with_an_empty_tank():
    stage = Stage()
    stage.tick(stiffness=0.0)
    assert share(stage, 0.05, qd=(-4.0, -8.0)) == 1.0


def test_torque_is_weakened_as_a_whole_but_for_the_weight():
    stage = Stage()
    stage.tick()
    assert stage.energy.weakened((4.0, 8.0), 0.25) == (1.0, 2.0)
    stage.tick(weight=(2.0, 4.0))
    assert stage.energy.weakened((4.0, 8.0), 0.25) == (2.5, 5.0)
