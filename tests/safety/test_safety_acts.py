"""What people do with the monitor: arm, disarm, freeze, release, reset; and what each of these leaves behind."""

from __future__ import annotations

import pytest

from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.faults import Fault
from rehab.core.safety.monitor import Monitor
from rehab.core.values import Acted, Action, Command, Decision, Inputs
from tests.safety.conftest import PERIOD, Bench, Joint, limits, new_monitor

DENIED = Decision(Command((0.0, 0.0), False, 0.02), Action.NONE, 0, 0, 0.0)
PRESSED = int(Inputs.ESTOP_A)


def off(decision: Decision) -> bool:
    return decision.command.torque == (0.0, 0.0) and not decision.command.enable


def test_a_new_monitor_is_not_armed_and_has_nothing_to_say(monitor):
    assert (monitor.armed, monitor.releasing, monitor.acted, monitor.notice) == (False, False, 0, "")
    assert (monitor.fault, monitor.fault_action, monitor.reason) == (Fault.NONE, Action.NONE, "")
    assert monitor.sent == (0.0, 0.0)
    assert monitor.good is None
    assert monitor.at_rest


def test_before_arming_the_decision_is_no_in_every_part(monitor):
    decision = Bench(monitor).step((5.0, 5.0))
    assert decision == DENIED
    assert decision.command.enable is False


def test_the_delay_of_commands_is_kept_in_seconds(monitor):
    monitor.delay = 0.0034
    assert monitor.delay == 0.0034


# limits ---------------------------------------------------------------------------------------------------------------


def test_a_command_is_valid_for_the_watchdogs_limit():
    bench = Bench(new_monitor(watchdog=0.013))
    assert bench.step().command.valid_for == 0.013
    bench.monitor.arm()
    assert bench.step().command.valid_for == 0.013


@pytest.mark.parametrize(
    ("mass", "kinetic", "speed", "fastest"),
    [(0.5, 4.0, 9.0, 4.0), (0.5, 1.0, 1.5, 1.5), (2.0, 1.0, 9.0, 1.0), (0.0, 0.01, 1.5, 1.5)],
)
def test_the_hands_speed_is_limited_by_the_kinetic_energy_too(mass, kinetic, speed, fastest):
    """½ m v² = E."""
    facts = DeviceFacts(PERIOD, Action.RAMP_OFF, (1.0, 1.0), mass=mass)
    bench = Bench(Monitor(limits(kinetic=kinetic, speed=speed, soft_start=0.3), facts))
    bench.step()
    bench.monitor.arm()
    bench.soft_started((0.5, 0.0))
    assert bench.step((0.5, 0.0), speed=fastest - 0.001, qd=(0.1, 0.0)).command.torque == (0.5, 0.0)
    assert bench.step((0.5, 0.0), speed=fastest + 0.001, qd=(0.1, 0.0)).command.torque == (0.0, 0.0)


@pytest.mark.parametrize(("step", "usable"), [(0.027, True), (0.0275, False)])
def test_a_joint_may_jump_by_what_a_fifth_above_its_speed_limit_allows_and_the_slack(step, usable):
    bench = Bench(new_monitor(jump=0.02))  # 1.2 · 6 rad/s · 1 ms = 7.2 mrad
    bench.step(q=(0.0, 0.0))
    sample = bench.sample(q=(step, 0.0))._replace(time=0.002)
    assert bench.monitor.check(0.002, sample).usable is usable


def test_limits_that_change_while_running_hold_at_once(armed):
    armed.soft_started((5.0, 0.0))
    armed.monitor.limits = limits()._replace(torque=(2.0, 2.0))
    assert armed.step((5.0, 0.0)).command.torque == (2.0, 0.0)
    assert armed.monitor.limits.torque == (2.0, 2.0)


# arming ---------------------------------------------------------------------------------------------------------------

NOT_YET = "the emergency stop is pressed, or no sample has come yet: release it, then arm again"


def test_arming_is_refused_before_a_sample_has_come(monitor):
    with pytest.raises(ValueError, match=NOT_YET):
        monitor.arm()
    assert not monitor.armed


def test_arming_is_refused_while_the_emergency_stop_is_pressed(monitor):
    bench = Bench(monitor)
    bench.step(inputs=PRESSED)
    with pytest.raises(ValueError, match=NOT_YET):
        monitor.arm()
    bench.step()
    monitor.arm()
    assert monitor.armed


def test_every_arming_frees_the_emergency_stops_latch_anew(armed):
    armed.step(inputs=PRESSED)
    armed.step()
    armed.monitor.reset()
    armed.monitor.arm()
    assert armed.step((0.1, 0.0)).command.enable


def again(bench: Bench) -> None:
    bench.monitor.disarm()
    bench.step()
    bench.monitor.arm()


def test_after_a_release_torque_comes_again_softly(armed):
    armed.soft_started((5.0, 0.0))
    armed.monitor.release()
    for _ in range(101):
        armed.step((5.0, 0.0))
    again(armed)
    assert not armed.monitor.releasing
    first = armed.step((5.0, 0.0))
    assert first.scale < 0.001
    assert first.command.enable
    assert armed.soft_started((5.0, 0.0)).command.torque == (5.0, 0.0)


def test_armed_anew_torque_comes_softly(armed):
    armed.soft_started((5.0, 0.0))
    again(armed)
    assert armed.step((5.0, 0.0)).scale < 0.001


def test_a_soft_start_of_a_running_arm_begins_from_nothing(armed):
    armed.soft_started((5.0, 0.0))
    armed.monitor.soft_start()
    assert armed.step((5.0, 0.0)).scale < 0.001


def test_a_pause_does_not_outlast_the_arming(armed):
    armed.soft_started()
    armed.monitor.freeze((0.0, 0.0))
    armed.step()
    again(armed)
    assert armed.step().action is not Action.FREEZE


def test_armed_anew_the_tank_is_a_third_full_and_nothing_is_owed(armed):
    armed.monitor.tank.level, armed.monitor.account.energy = 3.0, -0.1
    again(armed)
    assert armed.monitor.tank.level == pytest.approx(0.05 + 2.95 / 3.0)
    assert armed.monitor.account.energy == 0.0


def test_a_loop_that_was_slow_before_arming_is_in_time_after_it(monitor):
    bench = Bench(monitor)
    bench.step()
    monitor.pace(400, 0.0)
    monitor.arm()
    monitor.pace(0, 0.0)
    assert bench.step().action is not Action.WARN
    assert monitor.fault is Fault.NONE


def test_armed_in_motion_the_limb_is_no_spasm():
    joint = Joint()
    joint._past = [(0.0, 0.0)]
    joint.qd = 8.0
    joint._look()
    joint.monitor.arm()
    for _ in range(6):
        joint.step(0.0)
    assert joint.monitor.fault is Fault.NONE


def test_armed_right_after_a_reset_the_first_sample_is_only_a_beginning(armed):
    armed.soft_started()
    armed.monitor.reset()
    assert armed.monitor.good is None
    armed.monitor.arm()
    for _ in range(40):
        armed.step(q=(0.7, 0.7))
    assert armed.monitor.fault is Fault.NONE


def test_what_the_limb_did_while_disarmed_gives_nothing_to_the_tank():
    joint = Joint(refill=0.0)
    joint.begin()
    joint.step(0.0, moving=False)
    joint.monitor.disarm()
    for k in range(1, 401):  # carried by 0.4 rad
        joint.q, joint.qd = k * 1e-3, 1.0
        joint.step(0.0, moving=False)
    joint.monitor.arm()
    level = joint.monitor.tank.level
    joint.step(0.0, moving=False)
    assert joint.monitor.tank.level == pytest.approx(level, abs=1e-6)


# disarming, freezing, releasing ---------------------------------------------------------------------------------------


def test_disarmed_nothing_is_sent_and_a_fault_stays(armed):
    armed.soft_started((5.0, 0.0))
    armed.monitor.trip(Fault.LINK_STALE, "test")
    armed.monitor.disarm()
    assert armed.monitor.armed is armed.monitor.releasing is False
    assert armed.monitor.sent == (0.0, 0.0)
    assert armed.monitor.fault is Fault.LINK_STALE
    assert off(armed.step((5.0, 0.0)))


def test_a_soft_start_begins_a_new_spring(armed):
    """Else the torque that comes again would cost nothing."""
    armed.soft_started()
    armed.monitor.leash((0.1, 0.0), (0.0, 0.0), 100.0)
    armed.step()
    assert armed.monitor.account.led == (0.0, 0.0)
    armed.monitor.soft_start()
    assert armed.monitor.account.led == ()


def test_when_a_pause_ends_the_controller_is_followed_again(armed):
    armed.soft_started((5.0, 0.0))
    armed.monitor.freeze((0.0, 0.0))
    assert armed.step((5.0, 0.0)).action is Action.FREEZE
    armed.monitor.freeze(None)
    assert armed.step((5.0, 0.0)).action is Action.NONE
    assert armed.soft_started((5.0, 0.0)).command.torque == (5.0, 0.0)


def test_a_held_arms_spring_is_in_the_account(armed):
    armed.soft_started()
    armed.monitor.freeze((0.1, 0.0))
    armed.monitor.account.energy = 9.0
    armed.step()
    assert armed.monitor.account.energy == pytest.approx(0.5 * 10.0 * 0.1**2, rel=1e-6)


@pytest.mark.parametrize("ticks", [1, 40, 99, 100])
def test_a_released_arm_is_at_rest_when_its_torque_is_gone(armed, ticks):
    armed.soft_started((5.0, 0.0))
    assert not armed.monitor.at_rest
    armed.monitor.release()
    for _ in range(ticks):
        decision = armed.step((5.0, 0.0))
    assert decision.action is Action.RAMP_OFF
    assert armed.monitor.at_rest is (ticks == 100)
    stiff = max(0.0, 1.0 - ticks / 50)  # it yields meanwhile
    assert decision.command.torque[0] == pytest.approx(5.0 * stiff * (1.0 - ticks / 100), abs=1e-9)
    assert decision.command.enable is (ticks < 100)


def test_a_stop_is_at_rest_when_its_torque_is_gone(armed):
    armed.soft_started((5.0, 0.0))
    armed.monitor.trip(Fault.LINK_STALE, "test")
    assert not armed.monitor.at_rest
    for _ in range(100):
        armed.step((5.0, 0.0))
    assert armed.monitor.at_rest


def test_an_arm_whose_power_is_off_is_at_rest_and_gets_no_torque(armed):
    armed.soft_started((5.0, 0.0))
    armed.monitor.trip(Fault.LINK_STALE, "test", Action.TORQUE_OFF)
    assert armed.monitor.at_rest
    assert off(armed.step((5.0, 0.0)))


def test_an_arm_that_yields_is_not_at_rest_however_long(armed):
    armed.monitor.trip(Fault.VELOCITY_LIMIT, "test", Action.YIELD)
    for _ in range(200):
        armed.step()
    assert not armed.monitor.at_rest


def test_a_release_does_not_soften_a_stop(armed):
    armed.soft_started((5.0, 0.0))
    armed.monitor.release()
    armed.monitor.trip(Fault.LINK_STALE, "test", Action.TORQUE_OFF)
    assert armed.step((5.0, 0.0)).action is Action.TORQUE_OFF


# tripping -------------------------------------------------------------------------------------------------------------


def test_what_asks_for_less_than_a_freeze_is_only_noted(armed):
    armed.monitor.trip(Fault.LOOP_OVERRUN, "late", Action.WARN)
    assert armed.monitor.fault is Fault.NONE
    assert armed.monitor.notice == "F27 the loop was late: late"
    armed.monitor.reset()
    assert armed.monitor.notice == ""


def test_the_watchs_own_notice_is_told_where_there_is_no_other(armed):
    armed.monitor._watch.notice = "limp"
    assert armed.monitor.notice == "limp"
    armed.monitor.trip(Fault.LOOP_OVERRUN, "late", Action.WARN)
    assert armed.monitor.notice == "F27 the loop was late: late"
    armed.monitor.reset()
    assert armed.monitor.notice == ""


def test_a_freeze_holds_the_arm_where_it_is(armed):
    armed.soft_started()
    armed.monitor.trip(Fault.FRAME_CRC, "test", Action.FREEZE)
    assert armed.monitor.fault is Fault.FRAME_CRC
    assert armed.monitor._hold.q == armed.monitor.good.q


def test_a_freeze_holds_a_paused_arm_where_it_was_held(armed):
    armed.soft_started()
    armed.monitor.freeze((0.3, 0.3))
    armed.monitor.trip(Fault.FRAME_CRC, "test", Action.FREEZE)
    assert armed.monitor._hold.q == (0.3, 0.3)


@pytest.mark.parametrize("action", [Action.YIELD, Action.RAMP_OFF, Action.WARN])
def test_nothing_is_held_by_what_is_no_freeze(armed, action):
    armed.soft_started()
    armed.monitor.trip(Fault.FRAME_CRC, "test", action)
    assert armed.monitor._hold.q is None


def test_a_milder_freeze_after_a_stop_holds_nothing(armed):
    armed.soft_started()
    armed.monitor.trip(Fault.LINK_STALE, "test", Action.RAMP_OFF)
    armed.monitor.trip(Fault.FRAME_CRC, "test", Action.FREEZE)
    assert armed.monitor._hold.q is None
    assert armed.monitor.fault is Fault.LINK_STALE


def test_a_second_freeze_holds_nothing_new(armed):
    armed.soft_started()
    armed.monitor.trip(Fault.FRAME_CRC, "test", Action.FREEZE)
    armed.monitor._hold.q = None
    armed.monitor.trip(Fault.LINK_STALE, "test", Action.FREEZE)
    assert armed.monitor._hold.q is None


def test_a_freeze_before_any_good_sample_holds_nothing(armed):
    armed.monitor.reset()
    armed.monitor.arm()
    armed.monitor.trip(Fault.FRAME_CRC, "test", Action.FREEZE)
    assert armed.monitor._hold.q is None
    assert armed.step().action is Action.FREEZE


def test_the_channel_that_never_followed_is_named_even_when_the_arm_is_disarmed(armed):
    armed.step(inputs=PRESSED)
    assert armed.monitor.fault is Fault.ESTOP
    armed.monitor.disarm()
    for _ in range(12):
        armed.step(inputs=PRESSED)
    assert armed.monitor.fault is Fault.ESTOP_CHANNELS
    assert armed.monitor.reason == "one emergency-stop channel is open and the other is not"


# reset ----------------------------------------------------------------------------------------------------------------


def test_a_reset_is_refused_while_the_emergency_stop_is_pressed(armed):
    for inputs in (PRESSED, int(Inputs.ESTOP_A | Inputs.ESTOP_B)):
        armed.step(inputs=inputs)
        with pytest.raises(ValueError, match="the emergency stop is still pressed"):
            armed.monitor.reset()
        assert armed.monitor.fault is Fault.ESTOP
    armed.step()
    armed.monitor.reset()
    assert armed.monitor.fault is Fault.NONE


def test_a_reset_is_refused_while_one_channel_is_open(armed):
    for _ in range(12):
        armed.step(inputs=PRESSED)
    with pytest.raises(ValueError, match="the emergency stop is still pressed"):
        armed.monitor.reset()


def test_a_pressed_emergency_stop_is_no_reason_to_keep_another_fault(armed):
    armed.monitor.trip(Fault.LINK_STALE, "test", Action.TORQUE_OFF)
    armed.step(inputs=PRESSED)
    assert armed.monitor.fault is Fault.LINK_STALE
    armed.monitor.reset()
    assert armed.monitor.fault is Fault.NONE
    with pytest.raises(ValueError, match="pressed"):
        armed.monitor.arm()


def test_a_reset_is_refused_while_the_samples_cause_stands(armed):
    armed.step(age=0.03)
    with pytest.raises(ValueError, match="the newest sample is still too old"):
        armed.monitor.reset()
    assert armed.monitor.armed
    armed.step()
    armed.monitor.reset()
    assert not armed.monitor.armed


def test_a_reset_forgets_how_long_it_was_too_fast(armed):
    for _ in range(9):
        armed.step(qd=(7.5, 0.0))
    armed.monitor.reset()
    armed.monitor.arm()
    for _ in range(9):
        armed.step(qd=(7.5, 0.0))
    assert armed.monitor.fault is Fault.NONE


def test_a_reset_of_nothing_is_no_matter(monitor):
    monitor.reset()
    assert monitor.fault is Fault.NONE
    assert not monitor.armed
    assert monitor.acted == int(Acted.NONE)
