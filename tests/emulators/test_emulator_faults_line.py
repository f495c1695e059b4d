"""A line that fails, between the emulated device and the driver's own codec and driver."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from devices.link.codec import Decoder
from devices.link.device import LinkDevice
from devices.link.messages import State
from rehab.core.clock import ManualClock
from rehab.core.errors import DeviceLost
from rehab.core.values import Command, Status
from sim.emulators.codec import Kind
from sim.emulators.faulty import FaultyLine
from sim.emulators.process import Emulator
from sim.faults import read_faults
from sim.injection import Injection

TORQUE = (0.5, -0.25)


class Wire:
    """Both ends of a line without a terminal: the emulator's, and (read, write, ...) the driver's."""

    low_latency: bool | None = None
    dropped = 0

    def __init__(self) -> None:
        self.to_device, self.to_host, self.closed = b"", b"", False
        self.near = Near(self)
        self.work: Callable[[], None] = lambda: None

    def read(self) -> bytes:
        if self.closed and not self.to_host:
            raise DeviceLost("hung up")
        data, self.to_host = self.to_host, b""
        return data

    def write(self, frame: bytes) -> bool:
        if self.closed:
            raise DeviceLost("hung up")
        self.to_device += frame
        return True

    def discard(self) -> None:
        pass

    def wait(self, seconds: float) -> None:
        self.work()

    def close(self) -> None:
        pass


class Near:
    """The emulator's end."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def read(self) -> bytes:
        data, self.wire.to_device = self.wire.to_device, b""
        return data

    def answer(self, data: bytes) -> None:
        self.wire.to_host += data

    def stream(self, data: bytes) -> bool:
        self.wire.to_host += data
        return True

    def forget(self) -> None:
        self.wire.to_host = b""

    def close(self) -> None:
        self.wire.closed = True


class Rig:
    """An emulator with a fault script, one clock, and either the driver or a host by hand at the other end."""

    def __init__(self, make_host: Callable, script: str, seed: int = 1) -> None:
        faults = Injection(read_faults(f"faults: [{script}]"), seed)
        self.host = make_host(faults=faults)
        self.wire, self.clock = Wire(), ManualClock()
        self.emulator = Emulator(self.host.device, FaultyLine(self.wire.near, faults, self.host.device), self.clock)
        self.wire.work = self.period
        self.truth: dict[int, tuple[float, ...]] = {}  # t_dev -> what STATE should say: q̇ and τ of both joints

    def period(self) -> None:
        self.emulator.wait()
        self.emulator.work()
        body, device = self.host.body, self.host.device
        values = (*body.q, *body.qd, *device.torque)
        self.truth[device.time_us & 0xFFFFFFFF] = struct.unpack("6f", struct.pack("6f", *values))

    def driver(self) -> LinkDevice:
        device = LinkDevice("serial:wire", clock=self.clock, connect=lambda path: self.wire)
        device.open()
        device.arm()
        return device

    def arm(self) -> None:
        """By hand."""
        self.wire.write(self.host.frame(Kind.HELLO, 1, 0))
        self.period()
        self.wire.write(self.host.frame(Kind.ARM, 0x1000))
        self.period()
        assert self.host.device.armed
        self.wire.to_host = b""

    def command(self, tick: int = 0) -> None:
        self.wire.write(self.host.frame(Kind.COMMAND, 1, TORQUE[0] + 1e-3 * tick, TORQUE[1], valid_ms=200))


@pytest.fixture
def rig(make_host: Callable) -> Callable[..., Rig]:
    return lambda script, **options: Rig(make_host, script, **options)


def received(rig: Rig, periods: int) -> tuple[list[State], Decoder]:
    """What the driver's codec makes of the stream; every STATE of it is one that was really measured so."""
    decoder, found = Decoder(), []
    decoder.joints = 2
    for tick in range(periods):
        rig.command(tick)
        rig.period()
        messages = decoder.feed(rig.wire.read())
        for state in (message for message in messages if type(message) is State):
            assert (*state.q, *state.qd, *state.tau) == rig.truth[state.t_dev]
            assert state.status == Status.ARMED | Status.WATCHDOG_ON
            assert state.inputs == 0
            found.append(state)
    return found, decoder


@pytest.mark.parametrize("bits", [1, 2, 5, 40])
@pytest.mark.parametrize(("chance", "share"), [("0.1 %", 0.001), ("1 %", 0.01), ("10 %", 0.1), ("100 %", 1.0)])
def test_no_damaged_value_is_ever_decoded(rig: Callable, chance: str, share: float, bits: int) -> None:
    line = rig(f"{{field: link_up, how: corrupt, chance: {chance}, value: {bits}}}")
    line.arm()
    found, decoder = received(line, 1000)
    lost = 1000 - len(found)
    assert share * 1000 * 0.5 - 5 <= lost <= share * 1000 * 2.2 + 5  # a delimiter that is hit costs two frames
    assert decoder.bad_crc + decoder.bad_length >= lost / 2
    assert decoder.unknown == 0


def test_no_damaged_command_is_ever_followed(rig: Callable) -> None:
    line = rig("{field: link_down, how: corrupt, chance: 10 %, value: 3}")
    line.arm()
    for tick in range(1000):
        line.command(tick)
        line.period()
    allowed = {(0.0, 0.0)} | {(struct.unpack("f", struct.pack("f", 0.5 + 1e-3 * k))[0], -0.25) for k in range(1000)}
    assert set(line.host.body.torques) <= allowed
    assert 50 < line.host.device.counts.dropped < 220
    assert line.host.device.armed


def test_lost_frames_are_gaps_of_the_decoder(rig: Callable) -> None:
    line = rig("{at: 20 ms, for: 5 ms, field: link_up, how: drop}")
    line.arm()
    found, decoder = received(line, 50)
    assert (len(found), decoder.gaps) == (45, 5)


def test_duplicates_are_counted_and_not_told_twice(rig: Callable) -> None:
    line = rig("{at: 20 ms, for: 5 ms, field: link_up, how: duplicate}")
    line.arm()
    found, decoder = received(line, 50)
    assert (len(found), decoder.duplicates) == (50, 5)


def test_frames_out_of_order_are_dropped_so_that_time_never_goes_back(rig: Callable) -> None:
    line = rig("{at: 20 ms, for: 9 ms, field: link_up, how: reorder}")
    line.arm()
    found, decoder = received(line, 50)
    times = [state.t_dev for state in found]
    assert times == sorted(times)
    assert (len(found), decoder.out_of_order) == (47, 3)


def test_split_frames_are_put_together_again(rig: Callable) -> None:
    line = rig("{at: 20 ms, for: 10 ms, field: link, how: split}")
    line.arm()
    found, decoder = received(line, 50)
    assert (len(found), decoder.gaps, decoder.bad_crc) == (50, 0, 0)
    assert line.host.device.counts.dropped == 0
    assert line.host.device.commands == 50


def test_after_a_stall_everything_comes_at_once_and_in_order(rig: Callable) -> None:
    line = rig("{at: 20 ms, for: 10 ms, field: link_up, how: stall}")
    line.arm()
    counts = []
    for _ in range(40):
        line.command()
        line.period()
        counts.append(line.wire.read().count(b"\0"))
    stalled = counts.index(0)
    assert counts[stalled : stalled + 11] == [*[0] * 10, 11]
    assert set(counts[:stalled] + counts[stalled + 11 :]) == {1}


def test_both_directions_of_a_line_have_dice_of_their_own(rig: Callable) -> None:
    line = rig("{field: link, how: drop, chance: 50 %}")
    line.arm()
    up, down = [], []
    for _ in range(200):
        before = line.host.device.commands
        line.command()
        line.period()
        up.append(bool(line.wire.read()))
        down.append(line.host.device.commands > before)
    assert 60 < sum(up) < 140
    assert 60 < sum(down) < 140
    assert 60 < sum(a == b for a, b in zip(up, down, strict=True)) < 140


def test_equal_seeds_damage_equal_bits(make_host: Callable) -> None:
    def stream(seed: int) -> bytes:
        line = Rig(make_host, "{field: link, how: corrupt, chance: 20 %}", seed)
        line.arm()
        for tick in range(200):
            line.command(tick)
            line.period()
        return line.wire.read()

    assert stream(3) == stream(3)
    assert stream(3) != stream(4)


# --- the driver at the other end --------------------------------------------------------------------------------------


def ages(line: Rig, device: LinkDevice, ticks: int) -> list[float]:
    """ms, as the driver tells them; the device is fed."""
    found = []
    for _ in range(ticks):
        line.period()
        found.append(device.read().age * 1e3)
        device.write(Command(TORQUE, True, 0.2))
    return found


@pytest.mark.parametrize("delay", [2, 3, 10, 30])
def test_on_a_slow_line_samples_are_as_old_as_the_delay(rig: Callable, delay: int) -> None:
    line = rig(f"{{at: 300 ms, for: 400 ms, field: link, how: delay, value: {delay} ms}}")
    device = line.driver()
    found = ages(line, device, 1000)
    assert max(found[:250]) < 1.0
    assert found[350:650] == pytest.approx([delay] * 300, abs=1.0)  # the clocks agree within a period
    assert max(found[800:]) < 1.0
    assert device.link.gaps == device.link.bad_crc == 0


def test_on_a_line_that_is_slow_from_the_device_only_they_are_too_while_the_clock_remembers_better_times(
    rig: Callable,
) -> None:
    line = rig("{at: 300 ms, for: 400 ms, field: link_up, how: delay, value: 10 ms}")
    device = line.driver()
    assert ages(line, device, 700)[350:650] == pytest.approx([10.0] * 300, abs=1.5)


@pytest.mark.parametrize("frames", [1, 4, 5, 19, 20])
def test_lost_samples_make_the_last_one_grow_old(rig: Callable, frames: int) -> None:
    line = rig(f"{{at: 300 ms, for: {frames} ms, field: link_up, how: drop}}")
    found = ages(line, line.driver(), 500)
    assert max(found) == pytest.approx(frames, abs=1.0)
    assert found[-1] < 1.0


def test_unplugged_the_driver_loses_the_device_and_the_device_stops_by_its_watchdog(rig: Callable, capsys) -> None:
    line = rig("{at: 300 ms, field: link, how: unplug}")
    device = line.driver()
    with pytest.raises(DeviceLost):
        for _ in range(1000):
            line.period()
            device.read()
            device.write(Command(TORQUE, True, 0.02))
    assert line.wire.closed
    moved = len(line.host.body.torques)
    for _ in range(1200):  # beyond the second of silence after which it waits for HELLO
        line.period()
    assert [any(torque) for torque in line.host.body.torques[moved:]] == [True] * 20 + [False] * 1180
    assert capsys.readouterr().err.count("\n") == 1
    device.close()


def test_a_stalled_line_trips_the_devices_watchdog_and_tells_so_afterwards(rig: Callable) -> None:
    line = rig("{at: 300 ms, for: 60 ms, field: link, how: stall}")
    device = line.driver()
    status = []
    for _ in range(500):
        line.period()
        status.append(device.read().status)
        device.write(Command(TORQUE, True, 0.02))
    assert status[250] == Status.ARMED | Status.WATCHDOG_ON
    assert status[-1] & Status.WATCHDOG_TRIPPED
    assert line.host.last_torque == (0.0, 0.0)
