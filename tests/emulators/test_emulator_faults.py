"""Every word of the fault vocabulary on every field of STATE, and on what the device itself feels. By frames."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import inf, isnan, sin

import pytest

from rehab.core.values import Inputs, Status
from sim.emulators.codec import DeviceFrame, Kind
from sim.emulators.device import EMERGENCY_STOP, INTERNAL
from sim.faults import read_faults
from sim.injection import Injection

BEGIN, END, TICKS = 10, 30, 50  # the fault of a case is active from step 10 to before step 30 after ARM
ACTIVE = range(BEGIN, END)
WINDOW = "at: 10 ms, for: 20 ms"
PLACES = {"status": 1, "inputs": 2, "q_0": 3, "qd_0": 4, "tau_0": 5, "q_1": 6, "qd_1": 7, "tau_1": 8}
NUMBERS = ("q_0", "qd_0", "tau_0", "q_1", "qd_1", "tau_1", "time")
OFFSETS = {"q": "90 deg", "qd": "-30 deg/s", "tau": "2 N*m", "time": "5 ms"}
SI = {"q": 1.5707963267948966, "qd": -0.5235987755982988, "tau": 2.0, "time": 0.005}
ZERO = (0.0, 0.0)


def injection(script: str, seed: int = 1) -> Injection:
    return Injection(read_faults(f"faults: [{script}]"), seed)


def states(
    make_host, script: str | None, *, ticks: int = TICKS, seed: int = 1, disarm: bool = False
) -> list[DeviceFrame]:
    """STATE of each step from ARM on, with torques and switches that change all the time."""
    host = make_host(faults=injection(script, seed) if script else None)
    host.hello()
    host.steps()
    host.state()
    assert host.send(Kind.ARM, 0x1000)[0].fields[0] == 0
    found = [host.state()]
    for tick in range(1, ticks):
        host.command(2.0 * sin(tick), 1.5 - 0.1 * tick)
        if disarm and tick == 15:
            host.send(Kind.DISARM)
        host.device.set_inputs(int(Inputs.SWITCH_1 if tick % 7 < 3 else Inputs.TTL_2), host.now)
        host.steps()
        found.append(host.state())
    return found


def column(frames: list[DeviceFrame], field: str) -> list:
    if field == "time":
        return [frame.t_dev * 1e-6 for frame in frames]
    return [frame.fields[PLACES[field]] for frame in frames]


@pytest.fixture
def told_and_true(make_host: Callable) -> Callable:
    def run(field: str, words: str, window: str = WINDOW) -> tuple[list, list]:
        disarm = field == "status"
        told = states(make_host, f"{{{window}, field: {field}, {words}}}", disarm=disarm)
        true = states(make_host, None, disarm=disarm)
        for k, (a, b) in enumerate(zip(told, true, strict=True)):
            assert a.seq == b.seq
            for other in (*PLACES, "time"):
                if other != field or (window == WINDOW and k not in ACTIVE):
                    assert column([a], other) == column([b], other), (other, k)
        return column(told, field), column(true, field)

    return run


ALIKE: dict[str, Callable[[list, int], object]] = {
    "how: 'off'": lambda true, k: 0,
    "how: stuck": lambda true, k: true[BEGIN - 1],
    "how: slow, value: 4 ms": lambda true, k: true[k - (k - BEGIN) % 4],
    "how: delayed, value: 5 ms": lambda true, k: true[k - 5],
}


@pytest.mark.parametrize("field", [*NUMBERS, "status", "inputs"])
@pytest.mark.parametrize("words", ALIKE)
def test_off_stuck_slow_and_delayed(told_and_true: Callable, field: str, words: str) -> None:
    told, true = told_and_true(field, words)
    assert len(set(true[BEGIN:END])) > 1, "a truth that stands still proves nothing"
    assert told[BEGIN:END] == pytest.approx([ALIKE[words](true, k) for k in ACTIVE], abs=1e-9)


@pytest.mark.parametrize("field", NUMBERS)
def test_a_wrong_number_has_an_offset_or_a_scale_error_or_is_stuck_there(told_and_true: Callable, field: str) -> None:
    group = field.split("_")[0]
    told, true = told_and_true(field, f"how: wrong, value: {OFFSETS[group]}")
    assert told[BEGIN:END] == pytest.approx([true[k] + SI[group] for k in ACTIVE], abs=1e-6)
    told, true = told_and_true(field, "how: wrong, value: 20 %")
    assert told[BEGIN:END] == pytest.approx([1.2 * true[k] for k in ACTIVE], abs=1e-6)
    if SI[group] > 0.0:
        told, _ = told_and_true(field, f"how: stuck, value: {OFFSETS[group]}")
        assert told[BEGIN:END] == pytest.approx([SI[group]] * len(ACTIVE), abs=1e-6)


@pytest.mark.parametrize("field", NUMBERS[:-1])
def test_garbage_travels_as_it_is(told_and_true: Callable, field: str) -> None:
    assert all(map(isnan, told_and_true(field, "how: garbage, value: nan")[0][BEGIN:END]))
    for written, value in (("inf", inf), ("-inf", -inf)):
        assert told_and_true(field, f"how: garbage, value: {written}")[0][BEGIN:END] == [value] * len(ACTIVE)
    assert len(set(told_and_true(field, "how: garbage")[0][BEGIN:END])) == len(ACTIVE)


def test_a_number_beyond_what_the_wire_can_carry_becomes_infinite(told_and_true: Callable) -> None:
    told, _ = told_and_true("q_0", "how: stuck, value: 1e39 rad")
    assert told[BEGIN:END] == [inf] * len(ACTIVE)


def test_a_time_that_is_garbage_still_fits_into_32_bits(told_and_true: Callable) -> None:
    assert len(set(told_and_true("time", "how: garbage")[0][BEGIN:END])) == len(ACTIVE)


@pytest.mark.parametrize("field", NUMBERS[:-1])
def test_an_intermittent_number_comes_and_goes(told_and_true: Callable, field: str) -> None:
    told, true = told_and_true(field, "how: intermittent, value: 4 ms", "at: 10 ms, seed: 3")
    gone = {k for k in range(BEGIN, TICKS) if told[k] != true[k]}
    assert 0 < len(gone) < TICKS - BEGIN
    assert all(told[k] == 0.0 for k in gone)


@pytest.mark.parametrize("bit", list(Status))
def test_each_bit_of_the_status_can_be_told_wrong(told_and_true: Callable, bit: Status) -> None:
    told, true = told_and_true("status", f"how: wrong, value: {bit.name.lower()}")
    assert told[BEGIN:END] == [true[k] ^ bit for k in ACTIVE]


@pytest.mark.parametrize("bit", [Inputs.SWITCH_1, Inputs.SWITCH_2, Inputs.TTL_1, Inputs.TTL_2])
def test_each_input_can_be_wrong(told_and_true: Callable, bit: Inputs) -> None:
    told, true = told_and_true("inputs", f"how: wrong, value: {bit.name.lower()}")
    assert told[BEGIN:END] == [true[k] ^ bit for k in ACTIVE]


def test_bits_can_be_garbage_and_intermittent(told_and_true: Callable) -> None:
    assert len(set(told_and_true("status", "how: garbage")[0][BEGIN:END])) > 10
    told, true = told_and_true("inputs", "how: intermittent, value: switch_2", "at: 10 ms, seed: 2")
    flips = [told[k] ^ true[k] for k in range(BEGIN, TICKS)]
    assert set(flips) == {0, Inputs.SWITCH_2}
    assert sum(a != b for a, b in pairwise(flips)) == 1


def test_the_plant_does_not_feel_what_is_told(make_host: Callable) -> None:
    hosts = [make_host(faults=injection("{field: q_0, how: garbage, value: nan}")), make_host()]
    for host in hosts:
        host.arm()
        host.command()
        host.steps(10)
        assert not host.device.conditions
    assert hosts[0].body.q == hosts[1].body.q
    assert hosts[0].body.torques == hosts[1].body.torques


def test_equal_seeds_give_equal_bytes_and_others_do_not(make_host: Callable) -> None:
    script = "{field: q_0, how: garbage}, {field: status, how: garbage, chance: 0.5}"
    assert states(make_host, script, seed=4) == states(make_host, script, seed=4)
    assert states(make_host, script, seed=4) != states(make_host, script, seed=5)


def test_nothing_happens_before_the_first_arming_and_a_second_begins_nothing_anew(make_host: Callable) -> None:
    host = make_host(faults=injection("{at: 3 ms, for: 2 ms, field: q_0, how: stuck, value: 9 rad}"))
    host.hello()
    for _ in range(10):
        host.steps()
        assert host.state().fields[3] != 9.0
    host.send(Kind.ARM, 0x1000)
    stuck = []
    for tick in range(1, 10):
        if tick == 6:
            host.send(Kind.DISARM)
            host.send(Kind.ARM, 0x1000)
        host.steps()
        stuck.append(host.state().fields[3] == 9.0)
    assert stuck == [False, False, True, True, *[False] * 5]


# --- what the device itself feels -----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["estop_a", "estop_b", "estop"])
def test_an_e_stop_of_the_script_acts_in_the_device_and_latches(make_host: Callable, value: str) -> None:
    host = make_host(faults=injection(f"{{at: 3 ms, for: 4 ms, field: inputs, how: wrong, value: {value}}}"))
    host.arm()
    host.command()
    assert host.steps(2) == []
    (fault,) = host.steps()
    assert (fault.kind, fault.fields[1]) == (Kind.FAULT, EMERGENCY_STOP)
    assert host.state().fields[2] == {"estop_a": 1, "estop_b": 2, "estop": 3}[value]
    host.steps()
    assert host.last_torque == ZERO
    assert host.send(Kind.CLEAR)[0].fields == (1,)
    assert host.send(Kind.ARM, 0x1000)[0].fields[0] == 3
    host.steps(3)
    assert host.state().fields[1:3] == (Status.FAULTED | Status.WATCHDOG_ON, 0)
    assert host.send(Kind.CLEAR)[0].fields == (0,)
    assert host.send(Kind.ARM, 0x1000)[0].fields[0] == 0


def test_a_pressed_e_stop_whose_wire_is_stuck_is_not_felt_until_it_is_freed(make_host: Callable) -> None:
    host = make_host(faults=injection("{for: 5 ms, field: inputs, how: stuck}"))
    host.hello()
    host.steps()
    host.send(Kind.ARM, 0x1000)
    host.device.set_inputs(int(Inputs.ESTOP_A), host.now)
    host.steps(4)
    assert host.state().fields[2] == 0
    assert host.device.armed
    host.steps()
    assert host.state().fields[2] == Inputs.ESTOP_A
    assert not host.device.armed


def test_a_brown_out_is_a_standing_fault_of_the_device(make_host: Callable) -> None:
    host = make_host(faults=injection("{at: 3 ms, for: 4 ms, field: power, how: 'off'}"))
    host.arm()
    host.command()
    host.steps(2)
    (fault,) = host.steps()
    assert (fault.kind, fault.fields[1]) == (Kind.FAULT, INTERNAL)
    assert host.state().fields[1] & Status.BROWN_OUT
    host.steps()
    assert host.last_torque == ZERO
    assert host.send(Kind.CLEAR)[0].fields == (1,)
    host.steps(3)
    assert host.state().fields[1] == Status.FAULTED | Status.WATCHDOG_ON
    assert host.send(Kind.CLEAR)[0].fields == (0,)


class Muscles:
    spasm, limp = 0.0, False


def test_the_patient_behind_it_cramps_and_goes_limp_in_the_devices_time(make_host: Callable) -> None:
    script = read_faults("faults: [{at: 5 ms, field: patient, how: spasm}, {at: 80 ms, field: patient, how: limp}]")
    patient = Muscles()
    host = make_host(faults=Injection(script, 1, patient))
    host.arm()
    found = []
    for _ in range(90):
        host.steps()
        found.append((patient.spasm, patient.limp))
    assert [spasm for spasm, _ in found[:5]] == [0.0] * 5
    assert found[34][0] == pytest.approx(6.0)
    assert found[64][0] == pytest.approx(12.0)
    assert [limp for _, limp in found] == [False] * 79 + [True] * 11
