"""How a tick joins the stages: what each hands to the next, what is said of it, and what is sent in the end."""

from __future__ import annotations

import math

import pytest

from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.faults import Fault
from rehab.core.safety.monitor import Monitor
from rehab.core.safety.reasons import why
from rehab.core.values import Acted, Action, Sample
from tests.safety.conftest import FORCE_MAP, PERIOD, READY, limits

FINITE, LEASH, GROWTH, PASSIVITY, SOFT_START = (
    int(bit) for bit in (Acted.FINITE, Acted.LEASH, Acted.GROWTH, Acted.PASSIVITY, Acted.SOFT_START)
)


class Stage:
    """A monitor of two joints, armed and with its soft start over unless told otherwise; `tick` is a whole tick."""

    def __init__(self, soft=False, inertia=(0.1, 0.05), **values: float) -> None:
        facts = DeviceFacts(PERIOD, Action.RAMP_OFF, (1.0, 2.0), (0.5, 0.25), inertia)
        self.monitor = Monitor(limits(**{"power": 500.0, "refill": 0.0, "soft_start": 0.3, **values}), facts)
        self.number = 0
        self.monitor.check(0.0, self.sample())
        self.monitor.arm()
        if not soft:
            self.monitor._fade.scale = 1.0

    def sample(self, **changes) -> Sample:
        noise = 1e-9 * (self.number % 3)
        usual = Sample(self.number * PERIOD, self.number, 0.0, (noise, noise), (0.0, 0.0), (0.0, 0.0), (), READY)
        return usual._replace(**changes)

    def tick(self, wish=(0.0, 0.0), *, aim=None, stiffness=100.0, speed=0.0, gravity=(0.0, 0.0), ahead=(), **changes):
        self.number += 1
        now = self.number * PERIOD
        sample = self.sample(**changes)
        health = self.monitor.check(now, sample)
        if aim is not None:
            self.monitor.leash(aim, (0.0, 0.0), stiffness)
        used = sample if health.usable else self.monitor.good
        return self.monitor.decide(used, speed, wish, gravity, FORCE_MAP, health, ahead)


@pytest.fixture
def stage() -> Stage:
    return Stage()


# what is said ---------------------------------------------------------------------------------------------------------


def test_a_wish_that_is_not_finite_is_said_beside_the_soft_start():
    stage = Stage(soft=True)
    decision = stage.tick((math.nan, 0.0))
    assert decision.acted == FINITE | SOFT_START
    assert decision.fault == Fault.TORQUE_NOT_FINITE.value
    assert stage.monitor.reason == "the controller wished a torque that is not finite"
    assert stage.monitor.acted == decision.acted


def test_a_leash_is_said_beside_the_soft_start_and_is_a_limit():
    decision = Stage(soft=True, force=40.0).tick(aim=(0.5, 0.0))
    assert decision.acted == LEASH | SOFT_START
    assert decision.action is Action.LIMIT


def test_a_leash_is_said_in_its_tick_only(stage):
    assert stage.tick(aim=(9.0, 9.0), stiffness=900.0).acted == LEASH
    assert stage.tick().acted == 0


def test_a_soft_start_alone_is_no_limit():
    decision = Stage(soft=True).tick((1e-4, 0.0))
    assert decision.acted == SOFT_START
    assert decision.action is Action.NONE


def test_what_a_filter_does_in_a_paused_arm_is_said_and_it_stays_paused(stage):
    stage.monitor.freeze((0.9, 0.9))
    decision = [stage.tick() for _ in range(3)][-1]
    assert decision.action is Action.FREEZE


def test_a_slow_loop_is_a_warning_and_a_limit_is_more(stage):
    stage.monitor.pace(60, 0.0)
    assert stage.tick().action is Action.WARN
    assert stage.tick((20.0, 0.0)).action is Action.LIMIT


@pytest.mark.parametrize("action", [Action.FREEZE, Action.YIELD, Action.RAMP_OFF, Action.TORQUE_OFF])
def test_the_worst_of_ladder_pause_and_sample_decides(action):
    for age in (0.0, 0.006):  # an old sample yields
        stage = Stage()
        stage.monitor.trip(Fault.GUI_HUNG, "test", action)
        stage.monitor.freeze((0.0, 0.0))
        assert stage.tick(age=age).action is max(action, Action.YIELD if age else Action.FREEZE)


def test_without_torque_the_power_stage_gets_none(stage):
    for _ in range(20):
        stage.tick((5.0, 5.0))
    stage.monitor.trip(Fault.GUI_HUNG, "test", Action.TORQUE_OFF)
    decision = stage.tick((5.0, 5.0))
    assert decision.command.torque == (0.0, 0.0)
    assert decision.command.enable is False


def test_why_torque_was_limited_is_told_from_what_acted_on_what_was_sent():
    stage = Stage(force=5.0)
    decision = stage.tick((20.0, 0.0))
    assert decision.acted & Acted.SATURATION
    assert stage.monitor.why == why(decision.acted, decision.command.torque, stage.monitor.limits) != ""


# energy ---------------------------------------------------------------------------------------------------------------


def test_the_account_gets_what_acted_in_the_tick_before(stage):
    stage.tick((0.8, 0.0), aim=(0.01, 0.0))
    stage.monitor.account.energy = -0.001
    stage.tick((0.8, 0.0), aim=(0.01, 0.0), q=(0.002, 0.0), qd=(0.0, 0.0))
    assert stage.monitor.account.energy == pytest.approx(-0.001 - 0.8 * 0.002)


def test_energy_that_was_created_is_said_with_its_amount(stage):
    stage.monitor.account.energy = -0.201
    stage.tick(aim=(0.0, 0.0))
    assert stage.monitor.fault is Fault.OSCILLATION
    assert stage.monitor.reason == "the controller created 0.20 J in spite of damping"


def test_exactly_what_may_be_created_is_no_fault(stage):
    stage.monitor.account.energy = -0.2
    stage.tick(aim=(0.0, 0.0))
    assert stage.monitor.account.energy == -0.2
    assert stage.monitor.fault is Fault.NONE


@pytest.mark.parametrize(
    ("energy", "damping"),
    [(-0.004, 0.0), (-0.005, 0.0), (-0.006, 6.0), (-0.1, 12.5)],  # E/(q̇² T), at most ¼ I/T
)
def test_created_energy_is_damped_beyond_what_sensors_noise_makes(energy, damping):
    stage = Stage()
    stage.monitor.limits = limits(power=500.0)._replace(growth=(1e6, 1e6))
    stage.monitor.account.energy = energy
    decision = stage.tick(aim=(0.0, 0.0), qd=(1.0, 0.0), q=(0.0, 0.0))
    assert decision.command.torque == pytest.approx((-damping, 0.0))
    assert decision.acted == (PASSIVITY if damping else 0)
    assert decision.action is (Action.LIMIT if damping else Action.NONE)


def test_damping_goes_through_the_bounds_too_and_all_is_said():
    stage = Stage(soft=True)
    stage.monitor.account.energy = -0.1
    decision = stage.tick(aim=(0.0, 0.0), qd=(1.0, 0.0), q=(0.0, 0.0))
    assert decision.command.torque == pytest.approx((-0.8, 0.0))
    assert decision.acted == PASSIVITY | GROWTH | SOFT_START


def test_an_arm_that_yields_is_not_damped_once_more(stage):
    stage.monitor.limits = limits(power=500.0)._replace(growth=(1e6, 1e6))
    stage.monitor.trip(Fault.GUI_HUNG, "test", Action.YIELD)
    for _ in range(60):
        stage.tick()
    stage.monitor.account.energy = -0.1
    decision = stage.tick(aim=(0.0, 0.0), qd=(1.0, 0.0), q=(0.0, 0.0))
    assert decision.command.torque == pytest.approx((-1.0, 0.0))  # the yield damping
    assert not decision.acted & PASSIVITY


def test_what_the_tank_cannot_pay_is_weakened_and_said():
    stage = Stage(soft=True)
    stage.monitor.limits = limits(power=500.0, refill=0.0)._replace(growth=(1e6, 1e6))
    stage.monitor._fade.scale = 0.999999
    stage.monitor.tank.level = 0.06
    decision = stage.tick((8.0, 2.0), qd=(3.0, 3.0), q=(0.0, 0.0))  # 30 W for a tick: 30 mJ of 10 that are left
    share = 0.01 / 0.03
    assert decision.command.torque == pytest.approx((8.0 * share, 2.0 * share), rel=1e-4)
    assert decision.acted == PASSIVITY | SOFT_START
    assert stage.monitor._bounds.force == pytest.approx((16.0 * share, 4.0 * share), rel=1e-4)


def test_of_a_weakened_wish_the_feed_forward_costs_less_in_the_next_tick(stage):
    stage.monitor.limits = limits(power=500.0, refill=0.0)
    stage.tick((8.0, 0.0), ahead=(1.0, 0.0), aim=(0.0, 0.0))  # growth leaves a tenth
    stage.monitor.account.energy = -0.1
    level = stage.monitor.tank.level
    stage.tick((8.0, 0.0), ahead=(1.0, 0.0), aim=(0.0, 0.0), q=(0.005, 0.0))
    assert level - stage.monitor.tank.level == pytest.approx(0.1 * 1.0 * 0.005)


def test_a_feed_forward_costs_as_far_as_it_is_faded_in():
    stage = Stage(soft=True)
    stage.monitor._fade.scale = 0.5
    stage.tick((0.1, 0.0), ahead=(0.1, 0.0), aim=(0.0, 0.0))
    stage.monitor.account.energy = -0.1
    level, scale = stage.monitor.tank.level, stage.monitor._fade.scale
    stage.tick((0.1, 0.0), ahead=(0.1, 0.0), aim=(0.0, 0.0), q=(0.005, 0.0))
    assert level - stage.monitor.tank.level == pytest.approx(scale * 0.1 * 0.005)


# watching -------------------------------------------------------------------------------------------------------------


def test_power_that_the_controller_turns_round_is_oscillation():
    stage = Stage(inertia=())
    for k in range(12):
        stage.tick((0.8 * (-1) ** k, 0.0), qd=(5.0, 0.0), q=(0.005 * k, 0.0))
    assert stage.monitor.fault is Fault.OSCILLATION
    assert stage.monitor.reason == "the robot's power changes sign faster than a limb can make it"


def test_power_that_damping_turns_round_is_oscillation():
    stage = Stage(inertia=())
    stage.monitor.limits = limits(power=500.0)._replace(growth=(1e6, 1e6))
    stage.tick((-2.0, 0.0), qd=(3.0, 0.0), q=(0.0, 0.0))  # the first of nine changes, more than 100 ms before the last
    for _ in range(98):
        stage.tick()
    for _ in range(4):
        assert stage.monitor.fault is Fault.NONE
        stage.monitor.account.energy = -0.15
        stage.tick((2.0, 0.0), aim=(0.0, 0.0), qd=(3.0, 0.0), q=(0.0, 0.0))  # 6 W become −3
    assert stage.monitor.fault is Fault.OSCILLATION
    assert "changes sign" in stage.monitor.reason


def test_within_what_is_expected_power_may_change_its_sign():
    stage = Stage(inertia=())
    stage.monitor.expect(0.012, 0.0)
    for k in range(12):
        stage.tick((0.8 * (-1) ** k, 0.0), qd=(5.0, 0.0), q=(0.005 * k, 0.0))
    assert stage.monitor.fault is Fault.NONE


def test_a_limp_limb_is_driven_gently_for_its_time_and_that_is_said():
    stage = Stage(soft=True)
    stage.monitor.limits = limits(power=500.0)._replace(growth=(1e6, 1e6))
    stage.monitor._fade.scale = 0.9999999
    stage.monitor._watch.limp = 0.0015
    for k in range(3):
        decision = stage.tick((9.0, 9.0), qd=(0.1, 0.1), q=(0.0, 0.0), aim=(0.0, 0.0))
        if k < 2:  # I·30 rad/s² less the yield damping
            assert decision.command.torque == pytest.approx((3.0 - 0.1, 1.5 - 0.2), rel=1e-5)
            assert decision.acted == PASSIVITY | SOFT_START
        else:
            assert decision.command.torque == pytest.approx((9.0, 9.0), rel=1e-5)


def test_a_limp_limb_is_braked_by_what_would_stop_it_in_four_ticks():
    stage = Stage()
    stage.monitor.limits = limits(power=500.0)._replace(growth=(1e6, 1e6))
    stage.monitor._watch.limp = 1.0
    decision = stage.tick((9.0, 9.0), qd=(-0.1, -0.1), q=(0.0, 0.0), aim=(0.0, 0.0))
    assert decision.command.torque == pytest.approx((3.0 + 2.5, 1.5 + 1.25))  # I·30 rad/s² + I q̇ / 4 ms


def test_a_sample_after_a_reset_of_what_is_known_is_compared_with_nothing(stage):
    for _ in range(30):
        stage.tick(aim=(0.0, 0.0))
    stage.monitor.account.energy = -0.001
    stage.monitor._samples.forget()
    for _ in range(30):
        noise = 1e-9 * (stage.number % 3)
        stage.tick(q=(0.7 + noise, -0.7 + noise), qd=(0.0, 0.0), aim=(0.0, 0.0))
    assert stage.monitor.fault is Fault.NONE


def test_nothing_is_reckoned_from_a_pose_before_a_reset_of_what_is_known(stage):
    stage.tick((0.8, 0.0), aim=(0.0, 0.0))
    stage.monitor.account.energy = -0.001
    stage.monitor._samples.forget()
    stage.tick((0.8, 0.0), aim=(0.0, 0.0), q=(0.7, 0.0))
    assert stage.monitor.account.energy == -0.001
