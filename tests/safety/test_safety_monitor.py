"""What the monitor promises, one behaviour a test."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.safety.faults import FACTS, Fault
from rehab.core.values import Acted, Action, Inputs, Status
from tests.safety.conftest import PERIOD, READY, Bench, new_monitor

BAD = [math.nan, math.inf, -math.inf]


def test_before_arming_every_wish_is_denied(monitor):
    decision = Bench(monitor).step((5.0, 5.0))
    assert decision.command.torque == (0.0, 0.0)
    assert not decision.command.enable


def test_after_arming_torque_fades_in_over_the_soft_start(armed):
    scales = [armed.step((5.0, 0.0)).scale for _ in range(1001)]
    assert scales[0] < 0.001
    assert scales == sorted(scales)
    assert scales[499] == pytest.approx(0.5, abs=0.01)
    assert scales[-1] == 1.0


def test_a_wish_within_all_limits_is_sent_as_it_is(armed):
    decision = armed.soft_started((5.0, -3.0))
    assert decision.command.torque == (5.0, -3.0)
    assert decision.action is Action.NONE
    assert decision.acted == 0


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("field", ["q", "qd", "tau", "force"])
def test_a_measurement_that_is_not_finite_stops_and_is_not_used(armed, field, bad):
    armed.soft_started((5.0, 0.0))
    decision = armed.step((5.0, 0.0), **{field: (0.0, bad)})
    assert armed.monitor.fault is Fault.SAMPLE_NOT_FINITE
    assert decision.action is Action.RAMP_OFF
    assert all(math.isfinite(t) for t in decision.command.torque)


@pytest.mark.parametrize("bad", BAD)
def test_an_age_that_is_not_finite_stops(armed, bad):
    armed.step(age=bad)
    assert armed.monitor.fault is Fault.SAMPLE_NOT_FINITE


@pytest.mark.parametrize("bad", BAD)
def test_a_wish_that_is_not_finite_is_never_sent_and_stops(armed, bad):
    armed.soft_started((5.0, 5.0))
    decision = armed.step((bad, 5.0))
    assert decision.command.torque == (0.0, 0.0)
    assert armed.monitor.fault is Fault.TORQUE_NOT_FINITE


def test_a_wish_of_the_wrong_length_stops(armed):
    armed.step((1.0,))
    assert armed.monitor.fault is Fault.TORQUE_NOT_FINITE


def test_a_stop_ramps_all_torque_to_zero_in_a_hundred_ticks_and_then_disables(armed):
    armed.soft_started((10.0, 0.0))
    armed.monitor.trip(Fault.LINK_STALE, "test")
    torques = [armed.step((10.0, 0.0)) for _ in range(101)]
    sizes = [abs(d.command.torque[0]) for d in torques]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 0.0
    assert torques[98].command.enable
    assert not torques[100].command.enable
    assert armed.monitor.at_rest


def test_a_torque_off_fault_disables_in_the_same_tick(armed):
    armed.soft_started((10.0, 0.0))
    decision = armed.step((10.0, 0.0), inputs=int(Inputs.ESTOP_A))
    assert armed.monitor.fault is Fault.ESTOP
    assert decision.command.torque == (0.0, 0.0)
    assert not decision.command.enable


def test_a_fault_stays_latched_when_its_cause_is_gone(armed):
    armed.step(inputs=int(Inputs.ESTOP_B))
    armed.step()
    assert armed.monitor.fault is Fault.ESTOP
    assert not armed.step((1.0, 1.0)).command.enable


def test_arming_is_refused_while_a_fault_is_latched(armed):
    armed.monitor.trip(Fault.LINK_STALE, "test")
    armed.monitor.disarm()
    with pytest.raises(ValueError, match="F06"):
        armed.monitor.arm()


def test_reset_clears_the_fault_and_arms_nothing(armed):
    armed.monitor.trip(Fault.LINK_STALE, "test")
    armed.monitor.reset()
    assert armed.monitor.fault is Fault.NONE
    assert not armed.step((5.0, 0.0)).command.enable


def test_the_worse_of_two_faults_decides(armed):
    armed.monitor.trip(Fault.VELOCITY_LIMIT, "first")
    armed.monitor.trip(Fault.ESTOP, "second")
    armed.monitor.trip(Fault.LINK_STALE, "third")
    assert armed.monitor.fault is Fault.ESTOP


def test_a_devices_own_safe_stop_is_used_where_positions_can_be_trusted():
    monitor = new_monitor(safe_stop=Action.YIELD)
    Bench(monitor).step()
    monitor.arm()
    monitor.trip(Fault.LOOP_OVERRUN, "late")
    assert monitor.fault_action is Action.YIELD


def test_a_yielding_device_still_ramps_off_when_positions_cannot_be_trusted():
    monitor = new_monitor(safe_stop=Action.YIELD)
    Bench(monitor).step()
    monitor.arm()
    monitor.trip(Fault.SAMPLE_NOT_FINITE, "nan")
    assert monitor.fault_action is Action.RAMP_OFF


def test_torque_grows_at_most_by_the_declared_rate(armed):
    armed.soft_started((0.0, 0.0))
    first = armed.step((20.0, 0.0)).command.torque[0]
    second = armed.step((20.0, 0.0)).command.torque[0]
    assert first == pytest.approx(0.8)
    assert second == pytest.approx(1.6)


def test_torque_may_vanish_in_one_tick(armed):
    armed.soft_started((15.0, 0.0))
    assert armed.step((0.0, 0.0)).command.torque == (0.0, 0.0)


def test_torque_that_changes_sign_grows_from_zero(armed):
    armed.soft_started((15.0, 0.0))
    assert armed.step((-15.0, 0.0)).command.torque[0] == pytest.approx(-0.8)


def test_the_hand_never_feels_more_than_the_force_limit():
    monitor = new_monitor(force=10.0)
    bench = Bench(monitor)
    bench.step()
    monitor.arm()
    decision = bench.soft_started((20.0, 4.0))
    assert math.hypot(*decision.command.torque) * 2.0 == pytest.approx(10.0)
    assert decision.command.torque[1] / decision.command.torque[0] == pytest.approx(0.2)
    assert decision.acted & Acted.SATURATION
    assert decision.action is Action.LIMIT


def test_no_torque_is_sent_outward_at_a_position_limit(armed):
    armed.soft_started()
    decision = armed.step((0.5, 0.5), q=(0.0, 0.0), qd=(0.0, 0.0))
    assert decision.command.torque[0] > 0.0
    monitor = armed.monitor
    monitor._samples.forget()  # the limb was carried there meanwhile
    decision = armed.step((0.5, -0.5), q=(1.01, 1.01))
    assert decision.command.torque[0] == 0.0
    assert decision.command.torque[1] < 0.0
    assert decision.acted & Acted.POSITION


def test_a_joint_too_fast_to_brake_before_its_limit_gets_no_more_push(armed):
    armed.soft_started()
    armed.monitor._samples.forget()
    assert armed.step((0.5, 0.0), q=(0.95, 0.0), qd=(2.0, 0.0)).command.torque[0] == 0.0
    assert armed.step((0.5, 0.0), q=(0.95, 0.0), qd=(0.5, 0.0)).command.torque[0] > 0.0


def test_far_beyond_a_position_limit_the_arm_yields(armed):
    armed.monitor._samples.forget()
    armed.step(q=(1.05, 0.0))
    assert armed.monitor.fault is Fault.POSITION_LIMIT
    assert armed.monitor.fault_action is Action.YIELD


def test_very_far_beyond_a_position_limit_the_arm_stops(armed):
    armed.monitor._samples.forget()
    armed.step(q=(1.2, 0.0))
    assert armed.monitor.fault_action is Action.RAMP_OFF


def test_above_the_speed_limit_torque_only_brakes(armed):
    armed.soft_started()
    assert armed.step((0.5, 0.0), qd=(6.5, 0.0)).command.torque[0] == 0.0
    assert armed.step((-0.5, 0.0), qd=(6.5, 0.0)).command.torque[0] < 0.0


def test_a_hand_above_its_speed_limit_gets_no_push_in_any_joint():
    monitor = new_monitor(speed=0.5)
    bench = Bench(monitor)
    bench.step()
    monitor.arm()
    bench.soft_started()
    decision = bench.step((0.5, -0.5), speed=0.55, qd=(1.0, 1.0))
    assert decision.command.torque[0] == 0.0
    assert decision.command.torque[1] < 0.0


def test_overspeed_for_ten_milliseconds_yields_and_shorter_does_not(armed):
    for _ in range(9):
        armed.step(qd=(7.5, 0.0))
    armed.step()
    assert armed.monitor.fault is Fault.NONE
    for _ in range(10):
        armed.step(qd=(7.5, 0.0))
    assert armed.monitor.fault is Fault.VELOCITY_LIMIT


def test_a_stale_sample_fades_stiffness_and_a_fresh_one_brings_it_back_softly(armed):
    armed.soft_started((5.0, 0.0))
    scales = [armed.step((5.0, 0.0), age=0.006).scale for _ in range(50)]
    assert scales[-1] == pytest.approx(0.0, abs=1e-9)
    back = armed.step((5.0, 0.0)).scale
    assert 0.0 < back < 0.01
    assert armed.monitor.fault is Fault.NONE


def test_a_very_stale_sample_stops(armed):
    armed.step(age=0.0201)
    assert armed.monitor.fault is Fault.LINK_STALE


def test_one_encoder_jump_is_rejected_and_three_in_fifty_milliseconds_stop(armed):
    armed.soft_started()
    decision = armed.step((1.0, 0.0), q=(math.pi / 2, 0.0))
    assert armed.monitor.fault is Fault.NONE
    assert decision.command.torque[0] <= 0.8 + 1e-12
    armed.step(q=(math.pi / 2, 0.0))
    armed.step(q=(math.pi / 2, 0.0))
    assert armed.monitor.fault is Fault.ENCODER_JUMP
    assert armed.monitor.fault_action is Action.RAMP_OFF


def test_jumps_far_apart_do_not_add_up(armed):
    for _ in range(5):
        armed.step(q=(math.pi / 2, 0.0))
        for _ in range(60):
            armed.step()
    assert armed.monitor.fault is Fault.NONE


@pytest.mark.parametrize(
    "bit",
    [s for s in Status if s not in (Status.NONE, Status.ARMED, Status.WATCHDOG_ON)],
)
def test_each_fault_bit_of_the_device_stops(armed, bit):
    armed.step(status=READY | int(bit))
    assert armed.monitor.fault is Fault.DEVICE_FAULT
    assert bit.name.lower().replace("_", " ") in armed.monitor.reason


def test_a_device_that_disarmed_itself_stops_the_session(armed):
    armed.step(status=int(Status.WATCHDOG_ON))
    assert armed.monitor.fault is Fault.DEVICE_FAULT


def test_nothing_is_latched_before_arming(monitor):
    Bench(monitor).step(inputs=int(Inputs.ESTOP_A), status=int(Status.FAULTED), age=1.0)
    assert monitor.fault is Fault.NONE


def test_one_tick_later_than_the_overrun_limit_stops(armed):
    armed.monitor.pace(0, 0.0199)
    assert armed.monitor.fault is Fault.NONE
    armed.monitor.pace(0, 0.0201)
    assert armed.monitor.fault is Fault.LOOP_OVERRUN


def test_less_than_eighty_percent_of_the_ticks_of_a_second_stop(armed):
    for _ in range(199):
        armed.monitor.pace(1, 0.0)
    assert armed.monitor.fault is Fault.NONE
    armed.monitor.pace(2, 0.0)
    assert armed.monitor.fault is Fault.LOOP_OVERRUN


def test_skips_older_than_a_second_are_forgotten(armed):
    for _ in range(5):
        for _ in range(150):
            armed.monitor.pace(1, 0.0)
        for _ in range(1000):
            armed.monitor.pace(0, 0.0)
    assert armed.monitor.fault is Fault.NONE


def test_a_paused_arm_is_held_where_it_is_and_pushes_back_softly(armed):
    armed.soft_started((5.0, 0.0))
    armed.monitor.freeze((0.0, 0.0))
    for _ in range(60):
        still = armed.step((5.0, 0.0))
    assert still.command.torque[0] == pytest.approx(0.0, abs=1e-6)
    assert still.action is Action.FREEZE
    armed.monitor._samples.forget()  # the limb was pushed there meanwhile
    for _ in range(60):
        pushed = armed.step((5.0, 0.0), q=(0.1, 0.0))
    assert pushed.command.torque[0] == pytest.approx(-0.5 * 20.0 * 0.1)


def test_after_a_pause_the_controller_comes_back_softly(armed):
    armed.soft_started((5.0, 0.0))
    armed.monitor.freeze((0.0, 0.0))
    armed.step((5.0, 0.0))
    armed.monitor.freeze(None)
    assert armed.step((5.0, 0.0)).scale < 0.001


def test_a_normal_end_ramps_off_without_a_fault(armed):
    armed.soft_started((10.0, 0.0))
    armed.monitor.release()
    for _ in range(101):
        decision = armed.step((10.0, 0.0))
    assert decision.command.torque == (0.0, 0.0)
    assert armed.monitor.at_rest
    assert armed.monitor.fault is Fault.NONE


def test_the_leash_keeps_the_spring_below_the_force_limit():
    monitor = new_monitor(force=30.0)
    pulled = monitor.leash((0.5, 0.0), (0.0, 0.0), 200.0)
    assert pulled == pytest.approx((0.15, 0.0))
    assert monitor.leash((0.1, 0.0), (0.0, 0.0), 200.0) == (0.1, 0.0)


def test_without_a_declared_stiffness_the_leash_works_by_distance():
    monitor = new_monitor(leash=0.2)
    assert monitor.leash((9.0, 0.0), (0.0, 0.0), 0.0) == pytest.approx((0.2, 0.0))
    assert monitor.leash((0.1, 0.1), (0.0, 0.0), 0.0) == (0.1, 0.1)


def test_every_fault_says_what_to_do():
    assert set(FACTS) == set(Fault)
    assert all(facts.words and facts.help for fault, facts in FACTS.items() if fault)


finite = st.floats(-1e6, 1e6)
pair = st.tuples(finite, finite)
anything = st.tuples(st.floats(), st.floats())


@given(st.lists(st.tuples(pair, pair, pair), max_size=20))
def test_for_all_finite_inputs_torque_obeys_magnitude_growth_and_direction(inputs):
    monitor = new_monitor()
    bench = Bench(monitor)
    bench.step()
    monitor.arm()
    last = (0.0, 0.0)
    for wish, q, qd in inputs:
        decision = bench.step(wish, q=q, qd=qd)
        used = monitor.good
        for k, tau in enumerate(decision.command.torque):
            assert abs(tau) <= monitor.limits.torque[k]
            base = abs(last[k]) if tau * last[k] > 0.0 else 0.0
            assert abs(tau) <= base + monitor.limits.growth[k] * PERIOD + 1e-9
            assert not (tau > 0.0 and used.q[k] >= 1.0)
            assert not (tau < 0.0 and used.q[k] <= -1.0)
            assert not (abs(used.qd[k]) > 6.0 and tau * used.qd[k] > 0.0)
        last = decision.command.torque


@given(st.lists(st.tuples(anything, anything, anything, anything, st.floats()), max_size=10))
def test_nothing_that_is_not_finite_is_ever_sent(inputs):
    monitor = new_monitor()
    bench = Bench(monitor)
    bench.step()
    monitor.arm()
    for wish, q, qd, tau, age in inputs:
        decision = bench.step(wish, q=q, qd=qd, tau=tau, age=age)
        assert all(math.isfinite(t) for t in decision.command.torque)


def test_ending_a_pause_that_never_was_is_no_soft_start(armed):
    armed.soft_started()
    armed.monitor.freeze(None)
    assert armed.step((1.0, 0.0)).scale == 1.0
