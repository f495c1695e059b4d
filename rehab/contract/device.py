"""What every device must do, whoever drives it: simulated, emulated or real.

Subclass it in a test file, and give two fixtures:

    class TestMyDevice(DeviceContract):
        @pytest.fixture
        def device(self): ...     a device, built and not open; the fixture closes it at the end
        @pytest.fixture
        def tick(self, device): ...     a function that lets one period of the device pass

All of them move nothing by more than a fifth of the torque limit; on hardware nobody's limb is in it all the same.
A device that moves on the machine's clock gives a `tick` that waits for it; one in simulated time moves its clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import inf, isfinite, nan

import pytest

from rehab.core.device import Device, SafeStop
from rehab.core.errors import DeviceLost, DeviceRefused
from rehab.core.values import Command, Sample, Status

Tick = Callable[[], None]
VALID = 0.02  # s, of the commands sent here
ENOUGH = 400  # ticks within which a device has surely done what was asked of it


def torques(device: Device, share: float) -> tuple[float, ...]:
    """The same share of every joint's torque limit, N·m."""
    return tuple(share * joint.torque for joint in device.info.joints)


def drive(device: Device, tick: Tick, ticks: int, share: float = 0.0, *, enable: bool = True) -> list[Sample]:
    """So many ticks of reading and sending."""
    samples = []
    for _ in range(ticks):
        samples.append(device.read())
        device.write(Command(torques(device, share), enable, VALID))
        tick()
    return samples


def until(device: Device, tick: Tick, wanted: Callable[[Sample], bool], share: float | None = 0.0) -> Sample:
    """Go on till a sample is as wanted; with share None nothing is sent meanwhile."""
    for _ in range(ENOUGH):
        sample = device.read()
        if wanted(sample):
            return sample
        if share is not None:
            device.write(Command(torques(device, share), True, VALID))
        tick()
    raise AssertionError(f"not within {ENOUGH} ticks; the last sample was {sample}")


def armed(sample: Sample) -> bool:
    return bool(sample.status & Status.ARMED)


def still(sample: Sample) -> bool:
    """Without power: not armed, and no torque measured."""
    return not armed(sample) and all(value == 0.0 for value in sample.tau)


class DeviceContract:
    @pytest.fixture
    def device(self) -> Iterator[Device]:
        raise NotImplementedError("a subclass of DeviceContract gives the fixture `device`: built, not open")

    @pytest.fixture
    def tick(self, device: Device) -> Tick:
        raise NotImplementedError("a subclass of DeviceContract gives the fixture `tick`: it lets one period pass")

    def test_it_is_a_device(self, device: Device) -> None:
        """It has `info` and the six methods."""
        device.open()
        assert isinstance(device, Device)

    def test_opening_tells_facts_that_make_sense(self, device: Device) -> None:
        """Limits, stability and the safe stop are computed from `info`; a device without a watchdog of its own is not
        driven."""
        device.open()
        info = device.info
        assert info.model and info.n_joints >= 1
        assert len(info.links) == len(info.home) == info.n_joints
        assert isinstance(info.safe_stop, SafeStop)
        assert 0.0 < info.watchdog_s <= 1.0
        assert 0.0 < info.period_s <= 0.1
        for joint, home in zip(info.joints, info.home, strict=True):
            assert joint.q_min <= home <= joint.q_max
            assert joint.torque > 0.0 and joint.speed > 0.0 and joint.growth > 0.0

    def test_a_sample_has_one_finite_value_a_joint(self, device: Device, tick: Tick) -> None:
        """Angles, speeds and torques, from the first sample on."""
        device.open()
        for sample in drive(device, tick, 20):
            for vector in (sample.q, sample.qd, sample.tau):
                assert len(vector) == device.info.n_joints
                assert all(isfinite(value) for value in vector)

    def test_the_age_is_finite_and_never_negative(self, device: Device, tick: Tick) -> None:
        """By it the monitor knows that the link is stale (F06)."""
        device.open()
        for sample in drive(device, tick, 50):
            assert isfinite(sample.age) and sample.age >= 0.0

    def test_sequence_and_time_never_go_back(self, device: Device, tick: Tick) -> None:
        """A sample that is older than the last one would be a jump of the arm."""
        device.open()
        device.arm()
        samples = drive(device, tick, 100)
        assert all(b.sequence >= a.sequence and b.time >= a.time for a, b in pairwise(samples))

    def test_new_samples_keep_coming(self, device: Device, tick: Tick) -> None:
        """Sequence and time both go on: a number that stands still is how a frozen device shows (F06)."""
        device.open()
        first = device.read()
        until(device, tick, lambda sample: sample.sequence > first.sequence and sample.time > first.time)

    def test_reading_twice_at_once_gives_no_older_sample(self, device: Device, tick: Tick) -> None:
        """`read` gives the newest sample, and never waits for one."""
        device.open()
        for _ in range(20):
            first, second = device.read(), device.read()
            assert second.sequence >= first.sequence and second.time >= first.time
            tick()

    def test_before_arming_no_torque_is_followed(self, device: Device, tick: Tick) -> None:
        """Open is not armed: what is written then is ignored."""
        device.open()
        samples = drive(device, tick, 50, share=0.2)
        assert all(still(sample) for sample in samples)

    def test_once_armed_it_says_so_and_that_its_watchdog_runs(self, device: Device, tick: Tick) -> None:
        """Both are bits of the sample's status, by which the monitor goes."""
        device.open()
        device.arm()
        sample = until(device, tick, armed)
        assert sample.status & Status.WATCHDOG_ON
        assert not sample.status & Status.FAULTED

    def test_once_armed_the_torque_is_followed(self, device: Device, tick: Tick) -> None:
        """A tenth of every joint's limit is asked for and reported back."""
        device.open()
        device.arm()
        sample = until(device, tick, lambda s: all(value > 0.0 for value in s.tau), share=0.1)
        assert sample.tau == pytest.approx(torques(device, 0.1), rel=1e-6)

    def test_a_disabled_command_means_no_torque(self, device: Device, tick: Tick) -> None:
        """A command without `enable` takes the torque away, and is no fault."""
        device.open()
        device.arm()
        until(device, tick, lambda s: all(value > 0.0 for value in s.tau), share=0.1)
        for _ in range(ENOUGH):
            device.write(Command(torques(device, 0.1), False, VALID))
            tick()
            sample = device.read()
            if all(value == 0.0 for value in sample.tau):
                break
        assert sample.tau == (0.0,) * device.info.n_joints
        assert not sample.status & Status.FAULTED

    @pytest.mark.parametrize("bad", [nan, inf, -inf])
    def test_a_torque_that_is_not_finite_is_refused_and_changes_nothing(
        self, device: Device, tick: Tick, bad: float
    ) -> None:
        """NaN and infinity raise ValueError in `write`: the last line of defence, behind the monitor's."""
        device.open()
        device.arm()
        until(device, tick, armed)
        for joint in range(device.info.n_joints):
            torque = [0.0] * device.info.n_joints
            torque[joint] = bad
            with pytest.raises(ValueError):
                device.write(Command(tuple(torque), True, VALID))
        sample = drive(device, tick, 10)[-1]
        assert armed(sample) and not sample.status & Status.FAULTED
        assert all(isfinite(value) for value in sample.q)

    def test_disarming_ends_the_torque(self, device: Device, tick: Tick) -> None:
        """`disarm` is the immediate disable frame: no further command is needed."""
        device.open()
        device.arm()
        until(device, tick, lambda s: all(value > 0.0 for value in s.tau), share=0.1)
        device.disarm()
        until(device, tick, still, share=None)

    def test_after_disarming_no_torque_is_followed(self, device: Device, tick: Tick) -> None:
        """A command that was under way must not wake it again."""
        device.open()
        device.arm()
        until(device, tick, armed)
        device.disarm()
        until(device, tick, still, share=0.1)
        assert all(still(sample) for sample in drive(device, tick, 50, share=0.1))

    def test_without_commands_it_stops_by_itself_and_stays_so(self, device: Device, tick: Tick) -> None:
        """The device's own watchdog: when the computer dies, the arm must not go on with the last torque, nor come back
        by itself."""
        device.open()
        device.arm()
        until(device, tick, lambda s: all(value > 0.0 for value in s.tau), share=0.1)
        sample = until(device, tick, still, share=None)
        assert sample.status & Status.FAULTED and sample.status & Status.WATCHDOG_TRIPPED
        assert all(still(sample) for sample in drive(device, tick, 50, share=0.1))

    def test_after_its_watchdog_tripped_it_can_be_armed_again(self, device: Device, tick: Tick) -> None:
        """Arming is the deliberate act that clears it."""
        device.open()
        device.arm()
        until(device, tick, armed)
        until(device, tick, still, share=None)
        device.arm()
        sample = until(device, tick, armed)
        assert not sample.status & Status.FAULTED

    def test_arming_before_opening_is_refused(self, device: Device) -> None:
        """In words (DeviceRefused), not by a power stage that is on."""
        with pytest.raises((DeviceRefused, DeviceLost)):
            device.arm()

    def test_disarm_and_close_may_be_called_at_any_time_and_again(self, device: Device, tick: Tick) -> None:
        """They are called when everything else has failed: they never raise."""
        device.disarm()
        device.close()
        device.open()
        device.disarm()
        device.disarm()
        device.arm()
        drive(device, tick, 5)
        device.disarm()
        device.close()
        device.disarm()
        device.close()

    def test_closed_it_can_be_opened_again_and_is_not_armed(self, device: Device, tick: Tick) -> None:
        """A new session begins without power, whatever the last one left."""
        device.open()
        device.arm()
        until(device, tick, armed)
        device.close()
        device.open()
        assert all(still(sample) for sample in drive(device, tick, 20, share=0.1))
