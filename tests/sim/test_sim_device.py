from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from rehab.contract.device import DeviceContract
from rehab.core.clock import ManualClock
from rehab.core.errors import DeviceLost, DeviceRefused, UnknownName
from rehab.core.registry import find
from rehab.core.types import Scene, Target
from rehab.core.values import Command, Inputs, Sample, Status
from sim.device import CATCH_UP, SimulatedDevice

GO = Command((1.0, -0.5), True, 0.02)
AHEAD = Scene(targets=(Target((0.0, 0.52), 0.01),))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(5_000_000_000)


@pytest.fixture
def device(clock: ManualClock) -> Iterator[SimulatedDevice]:
    device = SimulatedDevice("planar_arm", clock=clock, engine="closed_form")
    yield device
    device.close()


class TestContract(DeviceContract):
    @pytest.fixture(params=["closed_form", "auto"])
    def device(self, request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[SimulatedDevice]:
        device = SimulatedDevice("planar_arm", clock=clock, patient="healthy", seed=1, engine=request.param)
        yield device
        device.close()

    @pytest.fixture
    def tick(self, clock: ManualClock):
        return lambda: clock.advance(0.001)


def steps_with_torque(device: SimulatedDevice, clock: ManualClock, ticks: int) -> list[bool]:
    """For each of the coming periods, whether the plant was moved with torque; nothing is sent."""
    moved = []
    for _ in range(ticks):
        clock.advance(0.001)
        device.read()
        moved.append(any(device.body.torque))
    return moved


def armed(device: SimulatedDevice, clock: ManualClock) -> None:
    device.open()
    device.arm()
    device.write(GO)


def test_it_is_the_device_that_sim_names():
    assert find("device", "sim") is SimulatedDevice
    assert SimulatedDevice.addresses() == ["knee", "planar_arm"]


def test_an_unknown_model_or_patient_is_named(clock: ManualClock):
    with pytest.raises(UnknownName, match="planar_arm"):
        SimulatedDevice("planar_leg", clock=clock)
    with pytest.raises(UnknownName, match="stroke"):
        SimulatedDevice("planar_arm", clock=clock, patient="stork").open()


def test_each_tick_of_a_simulated_clock_is_one_step(device: SimulatedDevice, clock: ManualClock):
    device.open()
    assert device.read().sequence == 0
    for tick in range(1, 50):
        clock.advance(0.001)
        sample = device.read()
        assert (device.body.steps, sample.sequence, sample.age) == (tick, tick, 0.0)
        assert sample.time == pytest.approx(5.0 + tick * 0.001, abs=1e-9)


def test_reading_again_at_the_same_time_moves_nothing(device: SimulatedDevice, clock: ManualClock):
    armed(device, clock)
    clock.advance(0.001)
    assert device.read() == device.read()
    assert device.body.steps == 1


def test_part_of_a_period_is_age_and_not_a_step(device: SimulatedDevice, clock: ManualClock):
    device.open()
    clock.advance(0.0025)
    sample = device.read()
    assert device.body.steps == 2 and sample.age == pytest.approx(0.0005, abs=1e-9)


def test_after_a_long_stall_time_is_dropped(device: SimulatedDevice, clock: ManualClock):
    device.open()
    clock.advance(10.0)
    sample = device.read()
    assert device.body.steps == CATCH_UP and sample.age == 0.0
    assert sample.time == pytest.approx(15.0)


def test_torque_ends_with_the_watchdog_to_the_step(device: SimulatedDevice, clock: ManualClock):
    armed(device, clock)
    assert steps_with_torque(device, clock, 40) == [True] * 20 + [False] * 20
    status = device.read().status
    assert status & Status.WATCHDOG_TRIPPED and status & Status.FAULTED and not status & Status.ARMED


def test_a_stall_of_the_whole_process_ends_the_torque_too(device: SimulatedDevice, clock: ManualClock):
    armed(device, clock)
    clock.advance(10.0)
    q = device.read().q
    assert q == device.info.home  # the dropped time was over before the first step
    assert device.read().status & Status.WATCHDOG_TRIPPED


def test_a_stall_of_50_ms_moves_the_plant_with_torque_for_20(device: SimulatedDevice, clock: ManualClock):
    alike = SimulatedDevice("planar_arm", clock=clock, engine="closed_form")
    armed(device, clock)
    armed(alike, clock)
    q = []
    for _ in range(50):
        clock.advance(0.001)
        q.append(device.read().q)
    assert alike.read().q == q[-1]
    alike.close()


def test_a_shorter_valid_for_time_is_kept(device: SimulatedDevice, clock: ManualClock):
    device.open()
    device.arm()
    device.write(GO._replace(valid_for=0.005))
    assert steps_with_torque(device, clock, 10) == [True] * 5 + [False] * 5


def test_a_command_without_a_time_is_followed_for_the_watchdogs(device: SimulatedDevice, clock: ManualClock):
    device.open()
    device.arm()
    device.write(GO._replace(valid_for=0.0))
    assert steps_with_torque(device, clock, 30) == [True] * 20 + [False] * 10


def test_no_command_is_followed_for_longer_than_a_second(device: SimulatedDevice, clock: ManualClock):
    device.open()
    device.arm()
    device.write(GO._replace(valid_for=3600.0))
    assert steps_with_torque(device, clock, 1010) == [True] * 1000 + [False] * 10


def test_armed_and_without_a_first_command_it_trips(device: SimulatedDevice, clock: ManualClock):
    device.open()
    device.arm()
    assert not any(steps_with_torque(device, clock, 21))
    assert device.read().status & Status.WATCHDOG_TRIPPED


def test_a_late_command_does_not_bring_the_torque_back(device: SimulatedDevice, clock: ManualClock):
    armed(device, clock)
    clock.advance(0.020)  # nobody has read meanwhile
    device.write(GO)
    clock.advance(0.001)
    sample = device.read()
    assert sample.tau == (0.0, 0.0) and sample.status & Status.FAULTED
    assert not any(steps_with_torque(device, clock, 5))


def test_arming_again_clears_the_fault(device: SimulatedDevice, clock: ManualClock):
    armed(device, clock)
    steps_with_torque(device, clock, 30)
    device.arm()
    device.write(GO)
    assert steps_with_torque(device, clock, 1) == [True]
    assert device.read().status == Status.ARMED | Status.WATCHDOG_ON


def test_arming_what_is_armed_does_not_feed_the_watchdog(device: SimulatedDevice, clock: ManualClock):
    armed(device, clock)
    moved = []
    for _ in range(25):
        moved += steps_with_torque(device, clock, 1)
        if moved[-1] and device.read().status & Status.ARMED:
            device.arm()
    assert moved == [True] * 20 + [False] * 5


@pytest.mark.parametrize("channel", [Inputs.ESTOP_A, Inputs.ESTOP_B, Inputs.ESTOP_A | Inputs.ESTOP_B])
def test_an_e_stop_takes_the_power_away_and_stays_latched(device: SimulatedDevice, clock: ManualClock, channel: Inputs):
    armed(device, clock)
    device.set_inputs(channel)
    assert not any(steps_with_torque(device, clock, 5))
    assert device.read().inputs == channel
    with pytest.raises(DeviceRefused, match="emergency stop"):
        device.arm()
    device.set_inputs(Inputs.NONE)
    device.write(GO)
    assert not any(steps_with_torque(device, clock, 5))
    assert device.read().status & Status.FAULTED
    device.arm()
    device.write(GO)
    assert all(steps_with_torque(device, clock, 5))


def test_a_switch_is_no_e_stop(device: SimulatedDevice, clock: ManualClock):
    armed(device, clock)
    device.set_inputs(Inputs.SWITCH_1)
    assert all(steps_with_torque(device, clock, 5))
    assert device.read().inputs == Inputs.SWITCH_1


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1.0])
def test_a_valid_for_time_that_is_none_is_refused(device: SimulatedDevice, clock: ManualClock, bad: float):
    armed(device, clock)
    with pytest.raises(ValueError, match="valid for"):
        device.write(GO._replace(valid_for=bad))


def test_torques_for_another_number_of_joints_are_refused(device: SimulatedDevice, clock: ManualClock):
    armed(device, clock)
    with pytest.raises(ValueError, match="2 joints"):
        device.write(Command((1.0,), True, 0.02))


def test_the_sample_tells_the_torque_that_the_motors_gave(device: SimulatedDevice, clock: ManualClock):
    device.open()
    device.arm()
    device.write(Command((50.0, -0.5), True, 0.02))
    clock.advance(0.001)
    assert device.read().tau == (20.0, -0.5)


def test_there_is_no_force_sensor(device: SimulatedDevice):
    device.open()
    assert device.read().force == ()


def test_closed_it_is_lost(device: SimulatedDevice):
    for closed in (False, True):
        with pytest.raises(DeviceLost):
            device.read()
        with pytest.raises(DeviceLost):
            device.write(GO)
        if not closed:
            device.open()
            device.close()


def session(seed: int, engine: str = "auto") -> list[Sample]:
    clock = ManualClock()
    device = SimulatedDevice("planar_arm", clock=clock, patient="stroke", seed=seed, engine=engine)
    device.open()
    device.arm()
    samples = []
    for tick in range(2000):
        samples.append(device.read())
        if tick == 100:
            device.see(AHEAD)
        device.write(GO._replace(torque=(0.2, -0.1)))
        clock.advance(0.001)
    device.close()
    return samples


def test_the_patient_acts_on_what_it_is_shown():
    samples = session(1)
    assert np.ptp([sample.q[1] for sample in samples]) > 0.1


def test_equal_seeds_give_equal_samples_and_others_do_not():
    assert session(1) == session(1)
    assert session(1) != session(2)
