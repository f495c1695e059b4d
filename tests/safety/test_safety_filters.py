"""The filters one by one, what the monitor does with them, and the words about which limit acted."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.safety import filters
from rehab.core.safety.faults import Fault
from rehab.core.safety.passivity import DEAD_BAND
from rehab.core.safety.reasons import why
from rehab.core.values import Acted, Action
from tests.safety.conftest import FORCE_MAP, PERIOD, Bench, Joint, limits, new_monitor

number = st.floats(-50.0, 50.0)
pair = st.tuples(number, number)
MOST, STEP, LOW, HIGH, FAST = (20.0, 10.0), (0.8, 0.4), (-1.0, -1.0), (1.0, 1.0), (6.0, 6.0)
SMOOTH = [(-1.0, 0.0), (0.0, 0.0), (0.25, 0.15625), (0.5, 0.5), (1.0, 1.0), (3.0, 1.0)]
RANGES = tuple(zip((0, 1), LOW, HIGH, FAST, strict=True))
STEPS = tuple(zip((0, 1), STEP, MOST, strict=True))


@pytest.mark.parametrize(
    ("a", "b", "product", "difference"),
    [
        ((2.0,), (5.0,), 10.0, (-3.0,)),
        ((2.0, 3.0), (5.0, 7.0), 31.0, (-3.0, -4.0)),
        ((2.0, 3.0, 4.0), (5.0, 7.0, 11.0), 75.0, (-3.0, -4.0, -7.0)),
    ],
)
def test_products_and_differences_are_those_of_vectors_of_any_length(a, b, product, difference):
    assert filters.dot(a, b) == product
    assert filters.minus(a, b) == difference


@pytest.mark.parametrize(("n", "other"), [(1, 2), (2, 1), (2, 3), (3, 2)])
def test_a_difference_of_vectors_that_differ_in_length_is_refused(n, other):
    with pytest.raises(ValueError, match=r"argument|unpack"):
        filters.minus((0.0,) * n, (0.0,) * other)


@pytest.mark.parametrize(
    ("torque", "force_map", "force"),
    [
        ((5.0, 7.0), ((2.0, 3.0), (11.0, 13.0)), (31.0, 146.0)),
        ((5.0, 7.0), ((2.0, 3.0),), (31.0,)),
        ((5.0,), ((2.0,), (3.0,)), (10.0, 15.0)),
        ((5.0, 7.0, 1.0), ((2.0, 3.0, 4.0), (1.0, 1.0, 1.0)), (35.0, 13.0)),
        ((5.0, 7.0, 1.0), ((2.0, 3.0, 4.0), (1.0, 1.0, 1.0), (0.0, 0.0, 6.0)), (35.0, 13.0, 6.0)),
    ],
)
def test_the_hands_force_is_the_maps_product_with_the_torque(torque, force_map, force):
    assert filters.hand_force(torque, force_map) == force


@given(pair, pair)
def test_torque_that_is_free_is_left_alone_by_growth_and_saturation_and_other_torque_is_not(wish, sent):
    left = filters.saturate(filters.growth(wish, sent, STEP), MOST)
    assert filters.free(wish, sent, STEPS) is (left == wish)


@given(pair, st.tuples(st.floats(-1.2, 1.2), st.floats(-1.2, 1.2)), st.tuples(st.floats(-8, 8), st.floats(-8, 8)))
def test_a_calm_joint_gives_position_and_velocity_nothing_to_do_whatever_the_torque(torque, q, qd):
    if filters.calm(q, qd, RANGES):
        left = filters.position(torque, q, qd, LOW, HIGH)
        assert filters.brake_only(left, qd, FAST, all_joints=False) == torque


@pytest.mark.parametrize(
    ("q", "qd", "calm"),
    [
        ((0.0, 0.0), (0.0, 0.0), True),
        ((0.0, 0.0), (0.0, 6.01), False),  # too fast
        ((0.0, 0.0), (0.0, -6.01), False),
        ((0.0, 0.0), (6.0, -6.0), True),  # at the limit of speed, not above it
        ((0.5, 0.0), (4.4, 0.0), True),  # v²/2a = 0.48 of 0.5 rad
        ((0.5, 0.0), (4.5, 0.0), False),  # 0.506: could not brake any more
        ((0.0, -0.5), (0.0, 4.4), True),
        ((0.0, -0.5), (0.0, -4.5), False),
        ((0.375, 0.0), (5.0, 0.0), False),  # 0.625 of 0.625 rad
        ((0.0, -0.375), (0.0, -5.0), False),
        ((1.0, 0.0), (0.0, 0.0), False),  # at the limit
        ((0.0, -1.0), (0.0, 0.0), False),
        ((math.nan, 0.0), (0.0, 0.0), False),
        ((0.0, 0.0), (math.nan, 0.0), False),
    ],
)
def test_calm_is_within_the_range_slow_enough_to_brake_and_finite(q, qd, calm):
    assert filters.calm(q, qd, RANGES) is calm


@pytest.mark.parametrize(
    ("sent", "torque", "free"),
    [
        (0.0, 0.75, True),  # grows by just the step
        (0.0, 0.76, False),
        (0.0, -0.75, True),
        (0.0, -0.76, False),
        (4.0, 4.75, True),
        (4.0, 4.76, False),
        (4.0, 0.0, True),  # shrinks
        (4.0, -0.75, True),  # through zero, and grows by the step on the other side
        (4.0, -0.76, False),
        (-4.0, -4.75, True),
        (-4.0, -4.76, False),
        (-4.0, 0.75, True),
        (-4.0, 0.76, False),
        (0.5, 1.25, True),
        (0.5, -0.75, True),
        (0.5, -0.76, False),
        (-0.5, -1.25, True),
        (-0.5, 0.75, True),
        (-0.5, 0.76, False),
        (20.0, 20.0, True),  # at the limit, not above it
        (20.0, 20.5, False),
        (-20.0, -20.0, True),
        (-20.0, -20.5, False),
    ],
)
def test_torque_is_free_that_grows_by_no_more_than_the_step_and_stays_within_its_limit(sent, torque, free):
    steps = ((0, 0.75, 20.0), (1, 0.75, 20.0))
    assert filters.free((torque, 0.0), (sent, 0.0), steps) is free
    assert filters.free((0.0, torque), (0.0, sent), steps) is free
    left = filters.saturate(filters.growth((torque,), (sent,), (0.75,)), (20.0,))
    assert (left == (torque,)) is free


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_torque_that_is_not_finite_is_never_free(bad):
    assert not filters.free((bad, 0.0), (0.0, 0.0), STEPS)


@pytest.mark.parametrize(
    ("tau", "q", "qd", "left"),
    [
        (2.0, 0.0, 0.0, 2.0),
        (2.0, 0.375, 5.0, 2.0),  # v²/2a = 0.625 of 0.625 rad: can just brake
        (2.0, 0.375, 5.01, 0.0),
        (2.0, 0.375, -5.01, 2.0),  # comes from the limit
        (-2.0, 0.375, 5.01, -2.0),  # brakes
        (-2.0, -0.375, -5.0, -2.0),
        (-2.0, -0.375, -5.01, 0.0),
        (-2.0, -0.375, 5.01, -2.0),
        (2.0, -0.375, -5.01, 2.0),
        (2.0, 0.99609375, 0.5, 0.0),  # slow, but near: 0.00625 of 0.0039 rad
        (2.0, 1.0, 0.0, 0.0),  # at the limit
        (-2.0, 1.0, 0.0, -2.0),
        (-2.0, -1.0, 0.0, 0.0),
        (2.0, -1.0, 0.0, 2.0),
    ],
)
def test_no_torque_drives_a_joint_to_a_limit_before_which_it_could_not_brake(tau, q, qd, left):
    assert filters.position((0.0, tau), (0.0, q), (0.0, qd), LOW, HIGH) == (0.0, left)


@pytest.mark.parametrize(
    ("tau", "qd", "all_joints", "left"),
    [
        (2.0, 6.0, False, 2.0),  # at the limit, not above it
        (2.0, 6.01, False, 0.0),
        (-2.0, 6.01, False, -2.0),
        (-2.0, -6.0, False, -2.0),
        (-2.0, -6.01, False, 0.0),
        (2.0, -6.01, False, 2.0),
        (0.25, 0.5, True, 0.0),  # the hand is too fast
        (-0.25, 0.5, True, -0.25),
        (2.0, 0.0, True, 2.0),  # a joint at rest is not what makes it fast
    ],
)
def test_above_the_limit_of_speed_torque_only_brakes(tau, qd, all_joints, left):
    assert filters.brake_only((0.0, tau), (0.0, qd), FAST, all_joints=all_joints) == (0.0, left)


@pytest.mark.parametrize(
    "shortened",
    [
        lambda one, two: filters.growth(one, two, two),
        lambda one, two: filters.saturate(one, two),
        lambda one, two: filters.position(one, two, two, two, two),
        lambda one, two: filters.brake_only(one, two, two, all_joints=True),
        lambda one, two: filters.bound_acceleration(one, two, two, two, two, two),
        lambda one, two: filters.bound_acceleration(two, one, two, two, two, two),
        lambda one, two: filters.bound_acceleration(two, two, two, one, two, two),
        lambda one, two: filters.bound_acceleration(two, two, two, two, one, two),
    ],
)
def test_torque_of_another_number_of_joints_is_refused_and_never_shortened(shortened):
    with pytest.raises(ValueError, match="argument"):
        shortened((1.0,), (1.0, 1.0))


@pytest.mark.parametrize(("share", "fade"), SMOOTH)
def test_a_soft_start_has_the_form_of_a_smooth_step(share, fade):
    """3u² − 2u³."""
    assert filters.smoothstep(share) == fade


def test_a_negative_braking_distance_is_harmless():
    assert filters.position((1.0, -1.0), (5.0, -5.0), (3.0, -3.0), LOW, HIGH) == (0.0, 0.0)


@given(pair, pair, st.floats(0.0, 100.0))
def test_the_power_into_the_limb_never_exceeds_its_limit_and_power_from_it_is_not_limited(torque, qd, most):
    left = filters.power(torque, qd, most)
    given_away = sum(a * b for a, b in zip(left, qd, strict=True))
    assert given_away <= most * (1.0 + 1e-9) + 1e-9
    if sum(a * b for a, b in zip(torque, qd, strict=True)) <= most:
        assert left == torque


def limp(torque: float, qd: float, weight: float = 0.0) -> float:
    """Of one joint that may be driven with 3 N·m, braked with 5 N·m·s/rad more, and is damped with 2."""
    (left,) = filters.bound_acceleration((torque,), (weight,), (qd,), (3.0,), (5.0,), (2.0,))
    return left


@pytest.mark.parametrize(
    ("torque", "qd", "left"),
    [
        (10.0, 1.0, 1.0), (-10.0, -1.0, -1.0),  # driven: 3 less 2·1
        (2.0, 0.25, 1.5), (-2.0, -0.25, -1.5),  # damped however gently it is driven
        (-10.0, 2.0, -10.0), (10.0, -2.0, 10.0),  # braked
        (-20.0, 2.0, -13.0), (20.0, -2.0, 13.0), (20.0, -0.5, 5.5),  # by no more than stops it: 3 + 5|q̇|
        (10.0, 0.0, 3.0), (-10.0, 0.0, -3.0), (2.0, 0.0, 2.0),  # at rest: as if driven
        (0.0, 1.0, 0.0), (0.0, -1.0, 0.0),  # let alone
    ],
)  # fmt: skip
def test_a_limp_limb_is_driven_gently_and_braked_by_what_stops_it(torque: float, qd: float, left: float) -> None:
    assert limp(torque, qd) == left


@pytest.mark.parametrize(("torque", "qd", "left"), [(14.0, 1.0, 5.0), (4.0, 0.0, 4.0), (1.0, -1.0, 3.0)])
def test_what_holds_the_weight_is_left_out_of_it(torque: float, qd: float, left: float) -> None:
    """4 N·m hold it: 10 more drive and become 3 less 2, none is none, 3 fewer drive downwards and become 3 less 2."""
    assert limp(torque, qd, weight=4.0) == left


@given(number, st.floats(-1e-6, 1e-6))
def test_the_torque_of_a_limp_joint_that_hardly_moves_does_not_depend_on_which_way_it_moves(torque, qd):
    assert limp(torque, qd) == pytest.approx(limp(torque, -qd), abs=2e-5)


def test_torque_above_the_power_limit_is_scaled_in_its_own_direction():
    bench = Bench(new_monitor(power=5.0))
    bench.step()
    bench.monitor.arm()
    bench.soft_started((4.0, 2.0))
    decision = bench.step((4.0, 2.0), qd=(2.0, 2.0))
    torque = decision.command.torque
    assert torque[0] * 2.0 + torque[1] * 2.0 == pytest.approx(5.0)
    assert torque[0] / torque[1] == pytest.approx(2.0)
    assert decision.acted & Acted.POWER
    assert decision.action is Action.LIMIT


def test_the_limit_of_kinetic_energy_is_a_second_limit_of_speed():
    joint = Joint(kinetic=0.2)  # 0.1 kg at the hand: 2 m/s
    joint.begin()
    joint.qd = 1.9
    assert joint.step(0.0, -1.0, moving=False).command.torque[0] > 0.0
    joint.qd = 2.1
    decision = joint.step(0.0, -1.0, moving=False)
    assert decision.command.torque[0] == 0.0
    assert decision.acted & Acted.VELOCITY


def test_with_an_empty_tank_a_moving_reference_gets_what_the_refill_pays():
    joint = Joint(refill=2.0)
    joint.begin()
    joint.monitor.tank.level = joint.monitor.tank.floor
    powers = []
    for k in range(300):  # the hand is held, the reference runs away at 1 m/s
        decision = joint.step(500.0, reference=0.001 * k, moving=False)
        powers.append(decision.command.torque[0] * 1.0)
    assert decision.acted & Acted.PASSIVITY
    assert sum(powers[100:]) / len(powers[100:]) == pytest.approx(2.0, rel=0.2)
    assert joint.monitor.tank.level >= joint.monitor.tank.floor


def test_with_an_empty_tank_an_undeclared_controller_gets_what_refill_and_friction_pay():
    joint = Joint(refill=0.0, spasm=30.0)
    joint.begin()
    joint.monitor.tank.level = joint.monitor.tank.floor
    joint.qd = 1.0
    for k in range(100):
        joint.q = 0.001 * k
        sample = joint._look()
        joint.tick += 1
        decision = joint.monitor.decide(sample, 1.0, (10.0,), (0.0,), ((1.0,),), joint.health)
    assert decision.acted & Acted.PASSIVITY
    assert decision.command.torque[0] <= 2.0 * Joint.FRICTION


def test_a_declared_feed_forward_is_paid_by_the_tank_and_damps_nothing():
    joint = Joint(refill=0.0)
    joint.begin()
    monitor, level = joint.monitor, joint.monitor.tank.level
    joint.qd = 0.5
    for k in range(200):
        joint.q = 0.0005 * k
        joint.tick += 1
        sample = joint._look()
        monitor.leash((joint.q,), (joint.q,), 10.0)
        decision = monitor.decide(sample, 0.5, (2.0,), (0.0,), ((1.0,),), joint.health, (2.0,))
        assert not decision.acted & Acted.PASSIVITY
    assert level - monitor.tank.level < 2.0 * 0.1  # what was paid, less what came back as friction
    assert monitor.account.energy > -DEAD_BAND


def test_a_controller_that_pumps_along_a_moving_reference_is_damped_towards_it():
    joint = Joint()
    joint.begin()
    joint.monitor.account.energy = -0.05
    joint.step(10.0, reference=0.0, moving=False)
    joint.monitor.account.energy = -0.05
    decision = joint.step(10.0, reference=0.001, moving=False)  # ė = 1 rad/s
    assert decision.acted & Acted.PASSIVITY
    assert decision.command.torque[0] > 10.0 * 0.001


def test_without_a_reference_what_was_created_is_damped_in_the_joints():
    joint = Joint(refill=0.0)
    joint.begin()
    joint.monitor.tank.level = joint.monitor.tank.floor
    joint.monitor.account.energy, joint.qd = -0.05, 0.5
    decision = joint.step(0.0, moving=False)
    assert decision.acted & Acted.PASSIVITY
    assert decision.command.torque[0] < 0.0


@pytest.mark.parametrize(("created", "acts"), [(0.0048, False), (0.0052, True)])
def test_five_millijoules_are_noise_and_more_is_damped(created, acts):
    joint = Joint(refill=0.0)
    joint.begin()
    joint.monitor.tank.level = joint.monitor.tank.floor
    joint.monitor.account.energy, joint.qd = -created, 0.5
    decision = joint.step(0.0, moving=False)
    assert (decision.command.torque[0] < 0.0) is acts


def test_energy_created_in_spite_of_damping_makes_the_arm_yield():
    joint = Joint()
    joint.begin()
    joint.monitor.account.energy = -0.3
    joint.step(10.0, moving=False)
    assert joint.monitor.fault is Fault.OSCILLATION
    assert "created 0.30 J" in joint.monitor.reason
    assert joint.monitor.fault_action is Action.YIELD


@pytest.mark.parametrize(
    ("age", "lag"), [(0.0, 0), (0.0004, 0), (0.0006, 1), (0.003, 3), (0.02, 20), (9.0, 32), (1.7e308, 32)]
)
def test_motion_is_paired_with_the_torque_that_acted_when_it_was_measured(monitor, age, lag):
    for k in range(40):
        monitor._send((float(k), 0.0), True, Action.NONE, 0, 1.0)
    assert monitor._sent.acting(age) == (39.0 - lag, 0.0)


def test_the_way_of_a_command_counts_too(monitor):
    for k in range(40):
        monitor._send((float(k), 0.0), True, Action.NONE, 0, 1.0)
    monitor.delay = 0.002
    assert monitor.delay == 0.002
    assert monitor._sent.acting(0.001) == (36.0, 0.0)


def test_the_leash_acts_on_the_reference_and_is_recorded():
    joint = Joint(force=10.0)
    joint.begin()
    decision = joint.step(100.0, reference=5.0, moving=False)
    assert decision.acted & Acted.LEASH
    assert decision.command.torque[0] == pytest.approx(10.0)
    assert not joint.step(100.0, reference=0.0, moving=False).acted & Acted.LEASH


# words ---------------------------------------------------------------------------------------------------------------


def test_the_words_name_the_limit_its_value_and_its_owner():
    present = limits().tighten("patient", {"force": 12.0})
    assert why(int(Acted.SATURATION), (6.0, 0.0), present) == "6.0 N·m: limited by the force limit 12 N (patient)"


def test_the_monitor_says_why_the_torque_of_the_last_tick_was_limited():
    monitor = new_monitor(force=10.0)
    bench = Bench(monitor)
    bench.step()
    monitor.arm()
    assert bench.soft_started((1.0, 0.0)) and monitor.why == ""
    for _ in range(60):
        bench.step((20.0, 0.0))
    assert monitor.why == "5.0 N·m: limited by the force limit 10 N (built-in)"
    assert FORCE_MAP[0][0] * monitor.sent[0] == pytest.approx(10.0)


def moved_by_hand(joint, speed, wish, gravity=0.0, feed_forward=(), stiffness=0.0):
    """100 ticks of a hand led at `speed` with an empty tank; the reference, if there is a spring, goes with it."""
    joint.begin()
    joint.monitor.tank.level = joint.monitor.tank.floor
    joint.qd = speed
    for k in range(100):
        joint.q = speed * PERIOD * k
        sample = joint._look()
        joint.tick += 1
        if stiffness:
            joint.monitor.leash((joint.q,), (joint.q,), stiffness)
        decision = joint.monitor.decide(sample, speed, (wish,), (gravity,), ((1.0,),), joint.health, feed_forward)
    return decision


def test_with_an_empty_tank_an_arm_still_lifts_its_own_weight():
    decision = moved_by_hand(Joint(refill=0.0, spasm=30.0), 1.0, 5.0, gravity=5.0)
    assert not decision.acted & Acted.PASSIVITY
    assert decision.command.torque == (5.0,)


@pytest.mark.parametrize("gravity", [0.0, 5.0])
def test_with_an_empty_tank_a_declared_feed_forward_gets_what_friction_pays(gravity):
    """Along a reference that goes with the hand, where the spring does nothing; whatever the arm weighs."""
    joint = Joint(refill=0.0, spasm=30.0)
    decision = moved_by_hand(joint, 0.5, 4.0 + gravity, gravity, feed_forward=(4.0,), stiffness=10.0)
    assert decision.acted & Acted.PASSIVITY
    assert joint.monitor.account.energy > -DEAD_BAND
    assert joint.monitor.tank.level == pytest.approx(joint.monitor.tank.floor, abs=0.01)


def test_an_empty_tank_takes_the_spring_away_and_leaves_the_arms_weight():
    decision = moved_by_hand(Joint(refill=0.0, spasm=30.0), 1.0, 5.0 + 8.0, gravity=5.0)
    assert decision.acted & Acted.PASSIVITY
    assert 5.0 < decision.command.torque[0] < 6.0  # what friction pays is half a watt
