"""What reaches the loop from outside: faults that others found, warnings, a machine that slept."""

from __future__ import annotations

import numpy as np
import pytest

from rehab.core.safety.faults import Fault
from rehab.realtime import shm
from rehab.realtime.ring import SIZE, RingEvent, RingReader, RingWriter
from rehab.realtime.suspend import SuspendWatch
from rehab.session import lastwords, messages
from rehab.session.control import _after_suspend

STOP = messages.Trip(by="supervisor", fault=Fault.GUI_LOST, message="the window is gone (2010 ms)", action="RAMP_OFF")


def test_f14_a_fault_from_the_supervisor_stops_the_arm_and_is_latched(bench):
    bench.start()
    bench.step(50)
    assert not bench.ask(STOP)
    bench.step()
    (fault,) = bench.of("fault")
    assert (fault["id"], fault["message"], fault["action"]) == (14, "the window is gone (2010 ms)", "RAMP_OFF")
    bench.step(150)
    assert bench.torque == 0.0
    assert not bench.device.armed
    assert bench.loop.state == "faulted"
    assert "faulted" in bench.ask(messages.Start())
    assert bench.of("command")[-1]["name"] == "start"  # the fault is nobody's command


def test_f14_after_the_reset_the_arm_needs_arming_again(bench):
    bench.start()
    bench.ask(STOP)
    bench.step(200)
    assert not bench.ask(messages.Reset())
    bench.step(50)
    assert bench.torque == 0.0
    assert bench.loop.state == "prepared"


def test_a_fault_from_outside_without_power_on_is_recorded_only(bench):
    assert not bench.ask(STOP)
    bench.step(10)
    assert bench.of("fault") == []
    assert [data["id"] for data in bench.of("warning")] == [14]
    assert bench.loop.state == "idle"


def test_a_warning_is_recorded_with_its_words_and_stops_nothing(bench):
    bench.start()
    bench.step(50)
    assert not bench.ask(messages.Warn(by="supervisor", fault=Fault.RECORDER_BEHIND, message="53000 ticks behind"))
    bench.step(50)
    (warning,) = bench.of("warning")
    assert (warning["id"], warning["message"]) == (44, "53000 ticks behind")
    assert warning["name"].startswith("F44")
    assert bench.loop.state == "running"
    assert bench.of("fault") == []


def test_f29_after_a_suspend_of_more_than_a_second_the_power_stage_is_off_within_a_tick(bench):
    bench.start()
    bench.step(50)
    slept = [10_000_000_000]
    watch = SuspendWatch(lambda: slept[0])
    assert watch.woke() == 0.0
    slept[0] += 3_700_000_000
    asleep = watch.woke()
    assert asleep == pytest.approx(3.7)
    bench.ask(_after_suspend(asleep))
    bench.step()
    assert bench.torque == 0.0
    assert not bench.device.armed
    (fault,) = bench.of("fault")
    assert (fault["id"], fault["action"]) == (29, "TORQUE_OFF")
    assert "slept for 4 s" in fault["message"]


def test_f29_clocks_that_drift_apart_slowly_are_no_suspend():
    gap = [0]
    watch = SuspendWatch(lambda: gap[0])
    for _ in range(1000):
        gap[0] += 10_000_000
        assert watch.woke() == 0.0


def test_f29_this_machines_clocks_can_be_compared():
    assert SuspendWatch().woke() == 0.0


def memory_with(*events: RingEvent):
    memory = shm.anonymous(SIZE)
    writer = RingWriter(memory)
    writer.put([41.0, 0.041])
    writer.put([42.0, 0.042])
    for event in events:
        writer.event(event)
    return memory


BLOCK = RingEvent("block_start", 1, 0.001, {"controller": "spin", "exercise": "reach"})


def test_f39_the_plug_ins_that_ran_when_the_loop_died_are_named():
    assert lastwords.in_charge(memory_with(BLOCK)) == "controller spin or exercise reach"


@pytest.mark.parametrize("last", [RingEvent("run_end", 40, 0.04), RingEvent("fault", 40, 0.04)])
def test_between_blocks_no_plug_in_is_blamed(last):
    assert lastwords.in_charge(memory_with(BLOCK, last)) == ""
    assert lastwords.in_charge(memory_with()) == ""


def test_f12_a_dead_loops_reason_is_written_at_its_last_tick_and_the_ring_is_closed():
    memory = memory_with(BLOCK)
    lastwords.record_death(memory, Fault.CONTROL_LOST, "killed by SIGKILL")
    reader = RingReader(memory)
    _, fault, state = reader.events()
    assert (fault.kind, fault.tick, fault.data["id"]) == ("fault", 42, 12)
    assert "killed by SIGKILL; torque is zero" in fault.data["message"]
    assert state.data == {"name": "faulted"}
    assert reader.closed
    assert np.array_equal(reader.rows()[:, 0], [41.0, 42.0])
