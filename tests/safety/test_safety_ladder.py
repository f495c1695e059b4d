"""The stop ladder and the emergency stop's latch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.safety.faults import Fault
from rehab.core.safety.ladder import EstopLatch, Ladder
from rehab.core.values import Action, Inputs
from tests.safety.conftest import PERIOD, Bench, new_monitor

ACTIONS = st.sampled_from(list(Action))


@given(st.lists(st.tuples(st.sampled_from(list(Fault)[1:]), st.none() | ACTIONS)), st.sampled_from(list(Action)[4:]))
def test_the_worst_of_all_faults_is_latched(trips, safe_stop):
    ladder = Ladder(safe_stop)
    wanted = [ladder.wanted(fault, action) for fault, action in trips]
    for fault, action in trips:
        before = ladder.action
        assert ladder.trip(fault, fault.label, action) is (ladder.action > before)
    assert ladder.action == max(wanted, default=Action.NONE)
    if ladder.action:
        assert ladder.fault is trips[wanted.index(ladder.action)][0]
        assert ladder.reason == ladder.fault.label
    ladder.reset()
    assert (ladder.fault, ladder.action, ladder.reason) == (Fault.NONE, Action.NONE, "")


def test_stop_is_the_devices_own_safe_stop_and_at_least_a_ramp_where_angles_cannot_be_trusted():
    assert Ladder(Action.YIELD).wanted(Fault.LOOP_OVERRUN, None) is Action.YIELD
    assert Ladder(Action.YIELD).wanted(Fault.ENCODER_JUMP, None) is Action.RAMP_OFF
    assert Ladder(Action.TORQUE_OFF).wanted(Fault.ENCODER_JUMP, None) is Action.TORQUE_OFF
    assert Ladder(Action.RAMP_OFF).wanted(Fault.SPASM, None) is Action.YIELD
    assert Ladder(Action.RAMP_OFF).wanted(Fault.GUI_LOST, Action.WARN) is Action.WARN


def test_the_latch_starts_faulted_and_needs_a_sample_that_says_released():
    latch = EstopLatch()
    assert latch.ok is False
    assert not latch.reset(True)
    assert latch.see(False, False, PERIOD) is Fault.NONE
    assert not latch.reset(True)  # held down since: no edge
    latch.reset(False)
    assert latch.reset(True)


def test_the_first_reset_after_a_sample_that_says_released_is_an_edge():
    latch = EstopLatch()
    latch.see(False, False, PERIOD)
    assert latch.reset(True)


@pytest.mark.parametrize("channels", [(True, True), (True, False), (False, True)])
def test_one_tick_of_either_channel_latches(channels):
    latch = EstopLatch()
    latch.see(False, False, PERIOD)
    latch.reset(True)
    assert latch.see(*channels, PERIOD) is Fault.ESTOP
    latch.reset(False)
    assert not latch.reset(True)  # pressed
    latch.see(False, False, PERIOD)
    assert latch.ok is False
    latch.reset(False)
    assert latch.reset(True)


@pytest.mark.parametrize("agreed", [0, 1, 5])
def test_channels_that_disagree_for_more_than_ten_milliseconds_are_a_fault_of_their_own(agreed):
    latch = EstopLatch()
    for _ in range(agreed):
        latch.see(False, False, PERIOD)
    found = [latch.see(True, False, PERIOD) for _ in range(12)]
    assert found == [Fault.ESTOP] * 10 + [Fault.ESTOP_CHANNELS] * 2
    assert latch.see(True, True, PERIOD) is Fault.ESTOP
    assert latch.see(True, False, PERIOD) is Fault.ESTOP  # counted from the start again


def test_a_monitor_that_has_seen_no_sample_refuses_to_arm():
    with pytest.raises(ValueError, match="no sample"):
        new_monitor().arm()


def test_a_monitor_whose_emergency_stop_is_pressed_refuses_to_arm(monitor):
    Bench(monitor).step(inputs=int(Inputs.ESTOP_B))
    with pytest.raises(ValueError, match="pressed"):
        monitor.arm()


def test_a_reset_is_refused_while_the_emergency_stop_is_pressed(armed):
    armed.step(inputs=int(Inputs.ESTOP_A | Inputs.ESTOP_B))
    with pytest.raises(ValueError, match="still pressed"):
        armed.monitor.reset()
    armed.step()
    armed.monitor.reset()
    assert armed.monitor.fault is Fault.NONE
    assert not armed.step((5.0, 0.0)).command.enable
    armed.monitor.arm()
    assert armed.soft_started((5.0, 0.0)).command.torque[0] == 5.0


def test_a_reset_of_an_arm_that_is_already_disarmed_clears_its_fault(armed):
    armed.monitor.trip(Fault.LINK_STALE, "test")
    armed.monitor.disarm()
    assert armed.monitor.at_rest
    armed.monitor.reset()
    assert armed.monitor.fault is Fault.NONE


@pytest.mark.parametrize("cause", [{"qd": (float("nan"), 0.0)}, {"age": 0.5}])
def test_a_reset_is_refused_while_samples_are_unfit_and_accepted_after_a_good_one(armed, cause):
    armed.step(**cause)
    with pytest.raises(ValueError, match="still"):
        armed.monitor.reset()
    armed.step()
    armed.monitor.reset()
    assert armed.monitor.fault is Fault.NONE


def test_a_channel_that_never_follows_changes_the_words_of_the_stop(armed):
    one = int(Inputs.ESTOP_A)
    armed.step(inputs=one)
    assert armed.monitor.fault is Fault.ESTOP
    for _ in range(10):
        armed.step(inputs=one)
    assert armed.monitor.fault is Fault.ESTOP_CHANNELS
    assert "one emergency-stop channel" in armed.monitor.reason
    assert armed.monitor.fault_action is Action.TORQUE_OFF
    armed.step(inputs=one)
    assert armed.monitor.fault is Fault.ESTOP_CHANNELS


def test_an_emergency_stop_wins_over_a_broken_sample_of_the_same_tick(armed):
    armed.step(q=(float("nan"), 0.0), inputs=int(Inputs.ESTOP_A))
    assert armed.monitor.fault is Fault.ESTOP


def test_a_fault_that_asks_to_freeze_holds_the_arm_where_it_is(armed):
    armed.soft_started((5.0, 0.0))
    armed.monitor.trip(Fault.GUI_LOST, "no heartbeat for 500 ms")
    for _ in range(60):
        decision = armed.step((5.0, 0.0))
    assert decision.action is Action.FREEZE
    assert decision.command.torque[0] == pytest.approx(0.0, abs=1e-6)
    armed.monitor.trip(Fault.GUI_LOST, "no heartbeat for 2 s", Action.RAMP_OFF)
    assert armed.step().action is Action.RAMP_OFF


def test_what_asks_for_a_warning_is_noted_and_not_latched(armed):
    armed.monitor.trip(Fault.GUI_LOST, "no heartbeat for 200 ms", Action.WARN)
    assert armed.monitor.fault is Fault.NONE
    assert armed.monitor.notice == "F14 the window died: no heartbeat for 200 ms"
    armed.monitor.reset()
    assert armed.monitor.notice == ""


def test_a_rate_below_ninety_five_percent_is_a_warning_and_goes_on(armed):
    armed.soft_started()
    for _ in range(60):
        armed.monitor.pace(1, 0.0)
    decision = armed.step()
    assert decision.action is Action.WARN
    assert decision.command.enable
    assert "94 %" in armed.monitor.notice
    assert armed.monitor.fault is Fault.NONE


def test_a_ladder_says_whether_it_took_other_words_for_the_same_stop():
    ladder = Ladder(Action.RAMP_OFF)
    assert ladder.renamed(Fault.ESTOP_CHANNELS, "one channel") is False
    ladder.trip(Fault.ESTOP, "pressed")
    assert ladder.renamed(Fault.LINK_STALE, "old") is False
    assert (ladder.fault, ladder.reason) == (Fault.ESTOP, "pressed")
    assert ladder.renamed(Fault.ESTOP_CHANNELS, "one channel") is True
    assert (ladder.fault, ladder.reason) == (Fault.ESTOP_CHANNELS, "one channel")
