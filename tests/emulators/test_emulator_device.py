"""The emulated device by hand: sections 2 to 5 of docs/link.md. One step is 1 ms of device time."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import inf, nan
from zlib import crc32

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.device import info_from_json
from rehab.core.errors import BadInput
from rehab.core.values import Inputs, Status
from sim import models
from sim.emulators.codec import Kind
from sim.emulators.device import EMERGENCY_STOP, INTERNAL, NON_FINITE, WATCHDOG

ZERO = (0.0, 0.0)
ON = Status.ARMED | Status.WATCHDOG_ON
TRIPPED = Status.FAULTED | Status.WATCHDOG_TRIPPED | Status.WATCHDOG_ON


def status_of(host) -> int:
    return host.state().fields[1]


# --- sessions ---------------------------------------------------------------------------------------------------


def test_before_hello_the_device_is_silent_whatever_it_is_asked(host) -> None:
    for kind, fields in (
        (Kind.DESCRIBE, (0,)),
        (Kind.ARM, (0x1000,)),
        (Kind.CLEAR, ()),
        (Kind.DISARM, ()),
        (Kind.TIMESYNC, (1,)),
        (Kind.COMMAND, (1, 1.0, 1.0)),
    ):
        assert host.send(kind, *fields) == []
    assert host.steps(50) == []
    assert host.state() is None
    assert host.last_torque == ZERO


def test_hello_is_answered_with_the_devices_facts(host) -> None:
    answer = host.hello()
    major, minor, nonce, watchdog, longest, rate, joints, capabilities, length, crc, identity = answer.fields
    assert (major, minor, nonce) == (1, 0, 0x1000)
    assert (watchdog, longest, rate, joints, capabilities) == (20, 1000, 1000, 2, 1)
    assert length > 0
    assert crc > 0
    assert identity == b"SIM-0001\0\0\0\0"


def test_the_description_asked_piece_by_piece_is_the_devices_info(host) -> None:
    *_, length, crc, _ = host.hello().fields
    whole = b""
    while len(whole) < length:
        (answer,) = host.send(Kind.DESCRIBE, len(whole))
        assert answer.fields == (len(whole),)
        whole += answer.piece
    assert crc32(whole) == crc
    assert info_from_json(whole) == host.info
    assert json.loads(whole)["model"] == "planar_arm"


def test_a_piece_beyond_the_end_of_the_description_is_empty(host) -> None:
    host.hello()
    (answer,) = host.send(Kind.DESCRIBE, 2**32 - 1)
    assert (answer.fields, answer.piece) == ((2**32 - 1,), b"")


def test_after_hello_the_device_streams_its_state(host) -> None:
    host.hello()
    host.steps()
    state = host.state()
    assert state.kind is Kind.STATE
    assert state.t_dev == 1000
    assert state.fields == (0, Status.WATCHDOG_ON, 0, *([0.0] * 6))


def test_every_frame_of_the_device_counts_one_further(host) -> None:
    first = host.hello().seq
    host.steps()
    frames = [host.state(), *host.send(Kind.TIMESYNC, 5), host.state()]
    assert [frame.seq for frame in frames] == [first + 1, first + 2, first + 3]


@pytest.mark.parametrize("major", [0, 2, 255])
def test_a_host_of_another_major_gets_the_version_and_then_silence(host, major: int) -> None:
    assert host.hello(major).fields[:2] == (1, 0)
    host.steps()
    assert host.state() is None
    assert host.send(Kind.ARM, 0x1000) == []
    assert not host.device.armed


def test_a_device_of_another_major_says_so_and_stays_silent(make_host: Callable) -> None:
    host = make_host(protocol=(2, 0))
    assert host.hello().fields[:2] == (2, 0)
    host.steps()
    assert host.state() is None


def test_every_hello_brings_a_fresh_nonce_and_disarms(armed) -> None:
    assert armed.device.armed
    assert armed.hello().fields[2] != 0x1000
    armed.steps()
    assert armed.last_torque == ZERO
    assert status_of(armed) == Status.WATCHDOG_ON


def test_hello_does_not_clear_a_latched_fault(armed) -> None:
    armed.steps(25)
    armed.hello()
    assert status_of(armed) == TRIPPED


def test_the_stream_ends_after_one_second_of_silence_and_hello_brings_it_back(host) -> None:
    host.hello()
    host.steps(999)
    assert host.state() is not None
    host.steps(1)
    assert host.state() is None
    assert host.send(Kind.TIMESYNC, 1) == []
    host.hello()
    host.steps()
    assert host.state() is not None


def test_any_valid_frame_breaks_the_silence_and_a_duplicate_does_not(host) -> None:
    host.hello()
    host.steps(900)
    host.send(Kind.TIMESYNC, 1)
    host.steps(900)
    assert host.state() is not None
    assert host.send(Kind.TIMESYNC, 1, seq=host.seq) == []
    host.steps(100)
    assert host.state() is None


def test_the_nonce_of_a_session_that_ended_in_silence_does_not_arm(host) -> None:
    nonce = host.hello().fields[2]
    host.steps(1000)
    assert host.send(Kind.ARM, nonce) == []
    assert not host.device.armed


# --- arming -----------------------------------------------------------------------------------------------------


def test_the_nonce_of_the_last_hello_arms(host) -> None:
    nonce = host.hello().fields[2]
    (answer,) = host.send(Kind.ARM, nonce)
    assert answer.fields == (0, 20)
    assert status_of(host) == ON


def test_the_nonce_of_an_earlier_hello_does_not_arm(host) -> None:
    stale = host.hello().fields[2]
    host.hello()
    (answer,) = host.send(Kind.ARM, stale)
    assert answer.fields == (1, 20)
    assert status_of(host) == Status.WATCHDOG_ON


def test_a_device_without_a_watchdog_refuses_to_arm(make_host: Callable) -> None:
    host = make_host(info=msgspec.structs.replace(models.load("planar_arm"), watchdog_s=0.0))
    assert host.arm() == 4
    assert status_of(host) == 0


def test_a_command_before_arming_is_acknowledged_and_moves_nothing(host) -> None:
    host.hello()
    host.command(3.0, 3.0)
    host.steps()
    state = host.state()
    assert state.fields[0] == host.seq
    assert host.last_torque == ZERO
    host.send(Kind.ARM, 0x1000)
    host.steps()
    assert host.last_torque == ZERO  # nor later, when it is armed


def test_a_command_that_is_not_finite_before_arming_has_no_effect(host) -> None:
    host.hello()
    host.command(nan, 0.0)
    host.steps()
    assert status_of(host) == Status.WATCHDOG_ON


# --- torque -----------------------------------------------------------------------------------------------------


def test_the_torque_commanded_is_held_from_the_next_step_on_and_reported(armed) -> None:
    armed.steps(1)
    assert armed.last_torque == ZERO  # this millisecond had begun before the command came
    armed.steps(1)
    assert armed.last_torque == (1.0, -1.0)
    state = armed.state()
    assert state.fields[0] == armed.seq
    q1, qd1, tau1, q2, qd2, tau2 = state.fields[3:]
    assert (tau1, tau2) == (1.0, -1.0)
    assert (qd1, qd2) == pytest.approx((0.001, -0.001))
    assert (q1, q2) == pytest.approx((1e-6, -1e-6))


def test_a_motor_gives_no_more_than_it_has(armed) -> None:
    armed.command(1e30, -1e30)
    armed.steps(2)
    assert armed.last_torque == (20.0, -20.0)


def test_disarm_takes_the_torque_away_at_once_and_the_stream_goes_on(armed) -> None:
    armed.steps(2)
    assert [frame.kind for frame in armed.send(Kind.DISARM)] == [Kind.DISARM]
    armed.steps(1)
    assert armed.last_torque == ZERO
    assert status_of(armed) == Status.WATCHDOG_ON


def test_a_command_with_enable_0_means_zero_torque_and_feeds_the_watchdog(armed) -> None:
    armed.steps(2)
    armed.command(5.0, 5.0, enable=0)
    armed.steps(1)
    assert armed.last_torque == ZERO
    assert armed.steps(18) == []
    assert status_of(armed) == ON  # the first command alone would have expired
    assert [frame.fields[1] for frame in armed.steps(1)] == [WATCHDOG]


def test_a_command_whose_enable_is_neither_0_nor_1_is_dropped(armed) -> None:
    armed.steps(19)
    armed.command(enable=2)
    assert [frame.kind for frame in armed.steps(1)] == [Kind.FAULT]
    assert armed.device.counts.dropped == 1


@pytest.mark.parametrize("torque", [(nan, 0.0), (0.0, inf), (-inf, 0.0)])
@pytest.mark.parametrize("enable", [0, 1])
def test_a_torque_that_is_not_finite_is_a_fault_and_torque_goes_at_once(armed, torque, enable: int) -> None:
    armed.steps(2)
    acknowledged = armed.seq
    (fault,) = armed.command(*torque, enable=enable)
    assert (fault.kind, fault.fields) == (Kind.FAULT, (Status.FAULTED | Status.WATCHDOG_ON, NON_FINITE))
    armed.steps(1)
    assert armed.last_torque == ZERO
    assert armed.state().fields[:2] == (acknowledged, Status.FAULTED | Status.WATCHDOG_ON)


# --- the watchdog -----------------------------------------------------------------------------------------------


def test_torque_ends_exactly_at_reception_plus_valid_time(armed) -> None:
    """Commanded at 0 for 20 ms: the steps that begin at 1 … 19 ms have torque, the one that begins at 20 has none."""
    told = armed.steps(19)
    assert told == []
    (fault,) = armed.steps(1)
    assert armed.last_torque == (1.0, -1.0)
    assert (fault.kind, fault.t_dev, fault.fields) == (Kind.FAULT, 20_000, (TRIPPED, WATCHDOG))
    assert armed.steps(1) == []  # told once
    assert armed.last_torque == ZERO
    assert [torque != ZERO for torque in armed.body.torques] == [False, *([True] * 19), False]
    assert status_of(armed) == TRIPPED


@given(valid_ms=st.integers(0, 0xFFFF), late_us=st.integers(0, 999))
def test_no_step_that_begins_at_or_after_expiry_has_torque(make_host, valid_ms: int, late_us: int) -> None:
    """valid_ms 0 means watchdog_ms, more than max_valid_ms (here 50) means that; reception between two steps too."""
    host = make_host(max_valid_s=0.05)
    host.arm()
    host.now += late_us
    host.command(valid_ms=valid_ms)
    expiry = late_us + min(valid_ms or 20, 50) * 1000
    host.now = 0
    for _ in range(80):
        begin = host.now
        host.steps()
        assert host.last_torque == ((1.0, -1.0) if 0 < begin < expiry else ZERO)


def test_arming_starts_the_watchdog(host) -> None:
    host.arm()
    assert host.steps(19) == []
    assert [frame.fields[1] for frame in host.steps(1)] == [WATCHDOG]


def test_commands_that_come_in_time_keep_torque_on(armed) -> None:
    for _ in range(10):
        armed.steps(19)
        armed.command()
    assert armed.last_torque == (1.0, -1.0)
    assert status_of(armed) == ON


@pytest.mark.parametrize(
    ("kind", "fields"),
    [(Kind.TIMESYNC, (1,)), (Kind.DESCRIBE, (0,)), (Kind.CLEAR, ()), (Kind.ARM, (0x1000,)), (Kind.ARM, (0,))],
)
def test_no_other_frame_feeds_the_watchdog(armed, kind: Kind, fields) -> None:
    armed.steps(10)
    armed.send(kind, *fields)
    armed.steps(9)
    assert status_of(armed) == ON
    armed.steps(1)
    assert status_of(armed) == TRIPPED


def test_late_commands_do_not_bring_torque_back(armed) -> None:
    armed.steps(25)
    for _ in range(100):
        armed.command()
        armed.steps(1)
        assert armed.last_torque == ZERO
    assert status_of(armed) == TRIPPED


def test_what_has_arrived_is_drained_before_expiry_is_judged(armed) -> None:
    """The device itself was late: 50 ms without a step, but the command lay there already."""
    armed.now += 50_000
    armed.command(2.0, 2.0)
    armed.now -= 50_000
    armed.steps(50)
    assert armed.last_torque == (2.0, 2.0)
    assert status_of(armed) == ON


def test_time_that_passes_without_the_plant_is_judged_too(armed) -> None:
    armed.steps(2)
    armed.device.judge(500_000)
    armed.now = 500_000
    armed.steps(1)
    assert armed.last_torque == ZERO


def test_after_expiry_only_clear_and_arm_bring_torque_back(armed) -> None:
    armed.steps(25)
    nonce = armed.hello().fields[2]
    (refused,) = armed.send(Kind.ARM, nonce)
    assert refused.fields == (2, 20)
    (cleared,) = armed.send(Kind.CLEAR)
    assert cleared.fields == (0,)
    armed.command()
    armed.steps(2)
    assert armed.last_torque == ZERO
    assert status_of(armed) == Status.WATCHDOG_ON
    assert armed.send(Kind.ARM, nonce)[0].fields == (0, 20)
    armed.steps(2)
    assert armed.last_torque == ZERO  # a command from before arming stays forgotten
    armed.command()
    armed.steps(2)
    assert armed.last_torque == (1.0, -1.0)


# --- sequence ---------------------------------------------------------------------------------------------------


def test_a_duplicate_and_an_older_frame_are_dropped_and_do_not_feed(armed) -> None:
    seq = armed.seq
    armed.steps(10)
    armed.command(9.0, 9.0, seq=seq)
    armed.command(9.0, 9.0, seq=seq - 1)
    armed.command(9.0, 9.0, seq=(seq - 32767) & 0xFFFF)
    armed.steps(9)
    assert armed.last_torque == (1.0, -1.0)
    assert [frame.fields[1] for frame in armed.steps(1)] == [WATCHDOG]
    assert (armed.device.counts.duplicates, armed.device.counts.out_of_order) == (1, 2)


def test_a_damaged_command_does_not_feed(armed) -> None:
    armed.steps(10)
    frame = bytearray(armed.frame(Kind.COMMAND, 1, 9.0, 9.0, valid_ms=20))
    frame[5] ^= 0x40
    armed.device.receive(bytes(frame), armed.now)
    assert [frame.fields[1] for frame in armed.steps(10)] == [WATCHDOG]
    assert armed.device.counts.dropped == 1


def test_missing_frames_are_counted_and_the_newer_one_is_followed(armed) -> None:
    armed.seq += 5
    armed.command(2.0, 2.0)
    armed.steps(2)
    assert armed.last_torque == (2.0, 2.0)
    assert armed.device.counts.missing == 5


def test_the_sequence_wraps(make_host: Callable) -> None:
    host = make_host()
    host.seq = 0xFFFD
    host.arm()
    for _ in range(4):
        host.command()
        host.steps(1)
    assert host.state().fields[0] == 3
    assert host.device.counts.missing == 0


def test_hello_begins_a_new_count_whatever_its_number(armed) -> None:
    armed.seq = 0
    nonce = armed.hello().fields[2]
    assert armed.seq == 1
    assert armed.send(Kind.ARM, nonce)[0].fields[0] == 0


# --- e-stop and other causes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pressed", [Inputs.ESTOP_A, Inputs.ESTOP_B, Inputs.ESTOP_A | Inputs.ESTOP_B])
def test_a_press_during_motion_takes_torque_at_once_and_stays_latched_after_release(armed, pressed: Inputs) -> None:
    armed.steps(2)
    (fault,) = armed.parse(armed.device.set_inputs(pressed, armed.now))
    assert fault.fields == (Status.FAULTED | Status.WATCHDOG_ON, EMERGENCY_STOP)
    armed.steps(1)
    assert armed.last_torque == ZERO
    assert armed.state().fields[1:3] == (Status.FAULTED | Status.WATCHDOG_ON, pressed)
    armed.device.set_inputs(Inputs.NONE, armed.now)
    armed.command()
    armed.steps(2)
    assert armed.last_torque == ZERO
    assert armed.state().fields[1:3] == (Status.FAULTED | Status.WATCHDOG_ON, 0)


def test_while_the_e_stop_is_pressed_neither_clear_nor_arm_works(armed) -> None:
    armed.device.set_inputs(Inputs.ESTOP_A, armed.now)
    assert armed.send(Kind.CLEAR)[0].fields == (1,)
    assert armed.send(Kind.ARM, 0x1000)[0].fields == (3, 20)
    armed.device.set_inputs(Inputs.NONE, armed.now)
    assert armed.send(Kind.ARM, 0x1000)[0].fields == (2, 20)
    assert armed.send(Kind.CLEAR)[0].fields == (0,)
    assert armed.send(Kind.ARM, 0x1000)[0].fields == (0, 20)


def test_a_device_that_starts_with_its_e_stop_pressed_starts_faulted(host) -> None:
    host.device.set_inputs(Inputs.ESTOP_A, 0)
    assert host.arm() == 3
    assert status_of(host) == Status.FAULTED | Status.WATCHDOG_ON


def test_switches_are_reported_and_stop_nothing(armed) -> None:
    armed.device.set_inputs(Inputs.SWITCH_1 | Inputs.TTL_2, armed.now)
    armed.steps(2)
    assert armed.state().fields[1:3] == (ON, Inputs.SWITCH_1 | Inputs.TTL_2)
    assert armed.last_torque == (1.0, -1.0)


def test_a_plant_that_is_no_longer_finite_is_an_internal_fault_that_cannot_be_cleared(armed) -> None:
    armed.body.qd = (nan, 1e300)
    (fault,) = armed.steps(1)
    assert fault.fields[1] == INTERNAL
    assert armed.last_torque == ZERO
    state = armed.state()
    assert state.fields[1] & Status.INTERNAL_ERROR
    assert state.fields[7] == inf  # what binary32 cannot carry
    assert armed.send(Kind.CLEAR)[0].fields == (1,)


# --- time -------------------------------------------------------------------------------------------------------


def test_time_sync_returns_the_hosts_time_and_the_devices(host) -> None:
    host.hello()
    host.steps(3)
    (answer,) = host.send(Kind.TIMESYNC, 2**64 - 1)
    assert answer.fields == (2**64 - 1, 3000, 3000)


def test_device_time_wraps_on_the_wire_and_nothing_else_notices(make_host: Callable) -> None:
    host = make_host(time_us=2**32 - 2000)
    host.arm()
    times = []
    for _ in range(5):
        host.command()
        host.steps()
        times.append(host.state().t_dev)
    assert times == [2**32 - 1000, 0, 1000, 2000, 3000]
    assert host.last_torque == (1.0, -1.0)


# --- facts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("identity", ["more than twelve", "Gerät-1"])
def test_an_identity_that_does_not_fit_into_hello_is_refused(make_host: Callable, identity: str) -> None:
    info = msgspec.structs.replace(models.load("planar_arm"), identity=identity)
    with pytest.raises(BadInput, match="12 ASCII"):
        make_host(info=info)


@given(st.lists(st.one_of(st.binary(max_size=80), st.integers(0, 20)), max_size=30))
def test_no_input_whatever_makes_torque_without_arming(make_host, inputs: list[bytes | int]) -> None:
    host = make_host()
    host.hello()
    for item in inputs:
        if isinstance(item, bytes):
            host.device.receive(item, host.now)
        else:
            host.device.receive(host.frame(Kind.COMMAND, 1, 1.0, 1.0, valid_ms=20), host.now)
            host.steps(item)
    assert all(torque == ZERO for torque in host.body.torques)
