"""The driver's read and write, as the loop calls them."""

from __future__ import annotations

import struct
from itertools import pairwise
from math import inf, nan

import pytest

from devices.link.device import LinkDevice
from rehab.core.errors import DeviceLost
from rehab.core.values import Command, Inputs, Status
from tests.devices.link_peer import Bench


def hold(device: LinkDevice, bench: Bench, ticks: int) -> None:
    for _ in range(ticks):
        device.read()
        device.write(Command((0.0, 0.0), True, 0.02))
        bench.tick()


# write


def test_a_command_arrives_as_it_was_given(bench: Bench, armed: LinkDevice) -> None:
    armed.write(Command((1.5, -0.25), True, 0.02))
    bench.tick()
    assert bench.peer.commands[-1] == (True, (1.5, -0.25), 20)


@pytest.mark.parametrize(
    ("valid_for", "valid_ms"),
    [(0.02, 20), (0.0204, 20), (0.0001, 1), (0.0, 1), (-1.0, 1), (65.535, 65535), (1e9, 65535)],
)
def test_the_valid_time_is_clamped_to_what_the_wire_carries(
    bench: Bench, armed: LinkDevice, valid_for: float, valid_ms: int
) -> None:
    armed.write(Command((0.0, 0.0), True, valid_for))
    bench.tick()
    assert bench.peer.commands[-1][2] == valid_ms


@pytest.mark.parametrize(
    "command",
    [
        Command((nan, 0.0), True, 0.02),
        Command((0.0, inf), False, 0.02),
        Command((0.0, -inf), True, 0.02),
        Command((1e39, 0.0), True, 0.02),
        Command((0.0, 0.0), True, nan),
        Command((0.0, 0.0), True, inf),
        Command((0.0,), True, 0.02),
        Command((0.0, 0.0, 0.0), True, 0.02),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_goes_out(bench: Bench, armed: LinkDevice, command: Command) -> None:
    bench.tick()
    before = len(bench.peer.heard)
    with pytest.raises(ValueError, match="nothing was sent"):
        armed.write(command)
    bench.tick()
    assert len(bench.peer.heard) == before


def test_writing_never_waits_for_an_answer(bench: Bench, armed: LinkDevice) -> None:
    """Ten commands without the peer moving at all."""
    for k in range(10):
        armed.write(Command((float(k), 0.0), True, 0.02))
    bench.tick()
    assert [torque[0] for _, torque, _ in bench.peer.commands[-10:]] == [float(k) for k in range(10)]


def test_the_host_counter_has_no_gaps(bench: Bench, armed: LinkDevice) -> None:
    hold(armed, bench, 100)
    numbers = [seq for _, seq, _ in bench.peer.heard]
    assert all(b - a == 1 for a, b in pairwise(numbers))


def test_the_device_learns_which_of_its_frames_was_received_last(bench: Bench, armed: LinkDevice) -> None:
    bench.tick()
    armed.read()
    newest = bench.peer.seq
    armed.write(Command((0.0, 0.0), True, 0.02))
    bench.tick()
    assert int.from_bytes(bench.peer.heard[-1][2][4:6], "little") == newest


def test_a_full_port_drops_commands_and_disarm_still_gets_through(bench: Bench, armed: LinkDevice) -> None:
    for _ in range(3000):
        armed.write(Command((1.0, 1.0), True, 0.02))
    assert armed.link.dropped > 0
    armed.disarm()
    bench.tick()
    assert bench.peer.heard[-1][0] == 5
    assert len(bench.peer.commands) < (3000 - armed.link.dropped) / 2  # most of what waited was thrown away


# read


def test_reading_drains_and_the_newest_sample_wins(bench: Bench, opened: LinkDevice) -> None:
    first = opened.read()
    for k in range(10):
        bench.peer.q = [0.1 * k, 0.0]
        bench.tick()
    sample = opened.read()
    assert sample.q[0] == pytest.approx(0.9)
    assert sample.sequence - first.sequence == 10


def test_with_nothing_new_the_last_sample_stays_and_ages(bench: Bench, opened: LinkDevice) -> None:
    bench.tick()
    first = opened.read()
    bench.clock.advance(0.007)
    second = opened.read()
    assert (second.sequence, second.q, second.time) == (first.sequence, first.q, first.time)
    assert second.age == pytest.approx(first.age + 0.007)


def test_a_delayed_sample_has_its_true_age(bench: Bench, armed: LinkDevice) -> None:
    """Held back by the line for 10 ms: old on arrival, whatever the count of frames says."""
    hold(armed, bench, 300)
    delayed: list[bytes] = [b""] * 10

    def spoil(data: bytes) -> bytes:
        delayed.append(data)
        return delayed.pop(0)

    bench.spoil = spoil
    hold(armed, bench, 30)
    assert armed.read().age == pytest.approx(0.010, abs=0.0002)


def test_a_fresh_sample_is_timed_to_within_a_tenth_of_a_millisecond(bench: Bench, armed: LinkDevice) -> None:
    hold(armed, bench, 500)
    bench.clock.advance(0.0005)
    sample = armed.read()
    assert sample.age == pytest.approx(0.0005, abs=1e-4)
    assert sample.time == pytest.approx(bench.clock.now_ns() * 1e-9 - 0.0005, abs=1e-4)


def test_times_stay_true_while_the_devices_clock_wraps_and_drifts(bench: Bench, device: LinkDevice) -> None:
    bench.peer.offset_us = 2**32 - 400_000
    bench.peer.skew = 100e-6
    device.open()
    device.arm()
    ages = []
    for _ in range(1500):
        ages.append(device.read().age)
        device.write(Command((0.0, 0.0), True, 0.02))
        bench.tick()
    assert bench.peer.time_us < 2**31  # it has wrapped
    assert max(ages) < 0.0002


def test_a_sample_is_never_from_the_future_however_lopsided_the_line(bench: Bench, device: LinkDevice) -> None:
    bench.hears_at = 0.0
    device.open()
    for _ in range(50):
        bench.tick()
        assert device.read().age >= 0.0


def test_an_answer_that_comes_within_the_tick_makes_the_better_clock(bench: Bench, opened: LinkDevice) -> None:
    bench.pass_time(0.1)
    opened.read()
    bench.pass_time(0.0002)
    bench.answer()
    bench.pass_time(0.0002)
    opened.write(Command((0.0, 0.0), False, 0.02))
    assert opened.link.sync_round_trip == pytest.approx(0.0004, abs=2e-6)


@pytest.mark.parametrize("before_opening_ns", [1, 2_000_000_000, -3_600_000_000_000])
def test_answers_to_the_clock_questions_of_others_are_ignored(
    bench: Bench, opened: LinkDevice, before_opening_ns: int
) -> None:
    """Of the session before on the same port, or with a time that has not come yet."""
    trip = opened.link.sync_round_trip
    t1 = 5_000_000_000 - before_opening_ns  # the bench's clock starts at 5 s
    device_time = bench.peer.time_us
    bench.peer.send(0x86, struct.pack("<QII", t1, device_time - 900_000, device_time))
    bench.tick()
    opened.read()
    assert opened.link.sync_round_trip == trip
    assert opened._connection is not None and opened._connection.sync.exchanges == 8


def test_the_clock_is_asked_fifty_times_a_second(bench: Bench, armed: LinkDevice) -> None:
    before = sum(kind == 6 for kind, _, _ in bench.peer.heard)
    hold(armed, bench, 1000)
    assert sum(kind == 6 for kind, _, _ in bench.peer.heard) - before == pytest.approx(50, abs=1)


def test_a_duplicate_or_older_state_changes_nothing(bench: Bench, opened: LinkDevice) -> None:
    bench.tick()
    first = opened.read()
    bench.peer.q = [9.0, 9.0]
    bench.peer.streaming = False
    bench.peer.send_state(seq=bench.peer.seq)
    bench.peer.send_state(seq=(bench.peer.seq - 3) & 0xFFFF)
    bench.tick()
    second = opened.read()
    assert (second.sequence, second.q) == (first.sequence, first.q)
    assert (opened.link.duplicates, opened.link.out_of_order) == (1, 1)


def test_the_sequence_counts_on_over_the_wrap_of_the_frames(bench: Bench, device: LinkDevice) -> None:
    bench.peer.seq = 65400
    device.open()
    numbers = []
    for _ in range(300):
        numbers.append(device.read().sequence)
        bench.tick()
    assert numbers == sorted(numbers)
    assert numbers[-1] > 65535


def test_a_damaged_frame_is_a_gap_and_no_sample(bench: Bench, opened: LinkDevice) -> None:
    opened.read()  # asks for the time; the answer is not what is to be damaged
    bench.tick()
    first = opened.read()
    bench.spoil = lambda data: bytes((data[0], data[1] ^ 0x10)) + data[2:]
    bench.tick()
    assert opened.read().sequence == first.sequence
    bench.spoil = lambda data: data
    bench.tick()
    assert opened.read().sequence == first.sequence + 2
    assert (opened.link.bad_crc, opened.link.gaps) == (1, 1)


def test_values_that_are_not_finite_are_passed_on_for_the_monitor_to_judge(bench: Bench, opened: LinkDevice) -> None:
    bench.peer.q = [nan, 0.0]
    bench.tick()
    assert opened.read().q[0] != opened.read().q[0]


def test_status_and_inputs_come_with_each_sample(bench: Bench, opened: LinkDevice) -> None:
    bench.peer.status_fault = Status.BROWN_OUT
    bench.peer.inputs = Inputs.SWITCH_1 | Inputs.TTL_2
    bench.tick()
    sample = opened.read()
    assert sample.status == Status.BROWN_OUT | Status.WATCHDOG_ON
    assert sample.inputs == Inputs.SWITCH_1 | Inputs.TTL_2


def test_an_e_stop_pressed_for_one_frame_is_seen_once_even_if_later_frames_lack_it(
    bench: Bench, opened: LinkDevice
) -> None:
    bench.peer.inputs = Inputs.ESTOP_A
    bench.tick()
    bench.peer.inputs = 0
    bench.tick()
    bench.tick()
    assert opened.read().inputs & Inputs.ESTOP_A
    assert not opened.read().inputs & Inputs.ESTOP_A


def test_a_fault_frame_shows_in_the_next_sample_without_a_new_state(bench: Bench, armed: LinkDevice) -> None:
    bench.tick()
    armed.read()
    bench.peer.streaming = False
    bench.peer.trip(4, Status.INTERNAL_ERROR)
    bench.tick()
    sample = armed.read()
    assert sample.status & Status.FAULTED and sample.status & Status.INTERNAL_ERROR
    assert not sample.status & Status.ARMED


# the line's figures


def test_round_trips_are_measured_from_command_to_acknowledgement(bench: Bench, armed: LinkDevice) -> None:
    hold(armed, bench, 200)
    assert armed.link.round_trips >= 199
    assert armed.link.round_trip_p50 == pytest.approx(0.001)
    assert armed.link.round_trip_max == pytest.approx(0.001)


def test_one_slow_round_trip_shows_in_the_maximum_only(bench: Bench, armed: LinkDevice) -> None:
    hold(armed, bench, 50)
    armed.write(Command((0.0, 0.0), True, 0.02))
    bench.clock.advance(0.008)
    bench.tick()
    armed.read()
    hold(armed, bench, 50)
    assert armed.link.round_trip_max == pytest.approx(0.009)
    assert armed.link.round_trip_p50 == pytest.approx(0.001)


def test_a_quiet_line_has_no_faults_in_its_figures(bench: Bench, armed: LinkDevice) -> None:
    hold(armed, bench, 100)
    figures = armed.link.summary()
    for name in ("gaps", "bad_crc", "bad_length", "unknown", "duplicates", "out_of_order", "dropped", "foreign_hellos"):
        assert figures[name] == 0, name
    assert figures["frames"] > 100
    assert figures["low_latency"] is None  # a pseudo-terminal has no such mode


# unplugged


@pytest.mark.parametrize("act", [LinkDevice.read, lambda device: device.write(Command((0.0, 0.0), True, 0.02))])
def test_pulling_the_cable_is_device_lost_and_the_way_out_is_quiet(
    bench: Bench, armed: LinkDevice, act: object
) -> None:
    bench.unplug()
    for _ in range(2):
        with pytest.raises(DeviceLost, match=f"F09 device unplugged: {bench.path}"):
            act(armed)  # type: ignore[operator]
    armed.disarm()
    armed.close()
    armed.close()


def test_closed_or_never_opened_it_is_lost(device: LinkDevice) -> None:
    with pytest.raises(DeviceLost, match="is not open"):
        device.read()
    with pytest.raises(DeviceLost, match="is not open"):
        device.write(Command((0.0, 0.0), True, 0.02))


def test_reading_and_writing_keep_nothing(bench: Bench, armed: LinkDevice) -> None:

    def sizes() -> dict[str, int]:
        found = {}
        for part in (armed, armed._connection, armed.link, armed._connection.decoder, armed._connection.sync):  # type: ignore[union-attr]
            for name, value in vars(part).items():
                if hasattr(value, "__len__") and name != "_rest":
                    found[f"{type(part).__name__}.{name}"] = len(value)
        return found

    hold(armed, bench, 1100)
    before = sizes()
    hold(armed, bench, 1900)
    assert sizes() == before
