"""Every word of the fault vocabulary on every field of a sample, in the simulated device."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from math import inf, isnan

import pytest

from rehab.core.clock import ManualClock
from rehab.core.errors import DeviceLost, DeviceRefused
from rehab.core.values import Command, Inputs, Sample, Status
from sim.device import SimulatedDevice
from tests.sim.faulty import BEGIN, END, TICKS, WINDOW, both, disturbed, samples

GO = Command((1.0, -0.5), True, 0.02)
NUMBERS = ("q_0", "q_1", "qd_0", "qd_1", "tau_0", "tau_1", "force_0", "force_1", "time", "age")
OFFSETS = {"q": "90 deg", "qd": "-30 deg/s", "tau": "2 N*m", "force": "10 N", "time": "5 ms", "age": "30 ms"}
SI = {"q": 1.5707963267948966, "qd": -0.5235987755982988, "tau": 2.0, "force": 10.0, "time": 0.005, "age": 0.03}
ACTIVE = range(BEGIN, END)


def column(found: list[Sample], field: str) -> list:
    group, _, index = field.partition("_")
    values = [getattr(sample, group) for sample in found]
    return [value[int(index)] for value in values] if index else values


def told_and_true(field: str, words: str, window: str = WINDOW) -> tuple[list, list]:
    found = both(f"{{{window}, field: {field}, {words}}}", act=disarm_at_15 if field == "status" else None)
    told, true = column(found.told, field), column(found.true, field)
    if window == WINDOW:
        rest = [tick for tick in range(TICKS) if tick not in ACTIVE]
        assert [told[tick] for tick in rest] == pytest.approx([true[tick] for tick in rest], abs=1e-9), "outside of it"
    return told, true


def disarm_at_15(device: SimulatedDevice, tick: int) -> None:
    if tick == 15:
        device.disarm()


# what is told in an active tick k, from the truth: off, stuck, slow and delayed are alike for numbers and bits
ALIKE: dict[str, Callable[[list, int], object]] = {
    "how: 'off'": lambda true, k: 0,
    "how: stuck": lambda true, k: true[BEGIN - 1],
    "how: slow, value: 4 ms": lambda true, k: true[k - (k - BEGIN) % 4],
    "how: slow": lambda true, k: true[k - (k - BEGIN) % 10],
    "how: delayed, value: 5 ms": lambda true, k: true[k - 5],
    "how: delayed": lambda true, k: true[max(0, k - 10)],
}


@pytest.mark.parametrize("field", [*NUMBERS, "status", "inputs"])
@pytest.mark.parametrize("words", ALIKE)
def test_off_stuck_slow_and_delayed(field: str, words: str) -> None:
    told, true = told_and_true(field, words)
    assert len(set(true[BEGIN:END])) > 1, "a truth that stands still proves nothing"
    assert told[BEGIN:END] == pytest.approx([ALIKE[words](true, k) for k in ACTIVE], abs=1e-9)


@pytest.mark.parametrize("field", NUMBERS)
def test_a_number_stuck_at_a_value(field: str) -> None:
    group = field.split("_")[0]
    told, _ = told_and_true(field, f"how: stuck, value: {OFFSETS[group]}")
    assert told[BEGIN:END] == pytest.approx([SI[group]] * len(ACTIVE))


@pytest.mark.parametrize("field", NUMBERS)
def test_a_wrong_number_has_an_offset(field: str) -> None:
    group = field.split("_")[0]
    told, true = told_and_true(field, f"how: wrong, value: {OFFSETS[group]}")
    assert told[BEGIN:END] == pytest.approx([true[k] + SI[group] for k in ACTIVE], abs=1e-9)


@pytest.mark.parametrize("field", NUMBERS)
def test_a_wrong_number_has_a_scale_error(field: str) -> None:
    told, true = told_and_true(field, "how: wrong, value: 20 %")
    assert told[BEGIN:END] == pytest.approx([1.2 * true[k] for k in ACTIVE])


@pytest.mark.parametrize("field", NUMBERS)
@pytest.mark.parametrize(("written", "value"), [("inf", inf), ("-inf", -inf), (".inf", inf)])
def test_garbage_that_is_infinite(field: str, written: str, value: float) -> None:
    assert told_and_true(field, f"how: garbage, value: {written}")[0][BEGIN:END] == [value] * len(ACTIVE)


@pytest.mark.parametrize("field", NUMBERS)
@pytest.mark.parametrize("written", ["nan", ".nan", "NaN"])
def test_garbage_that_is_no_number(field: str, written: str) -> None:
    assert all(map(isnan, told_and_true(field, f"how: garbage, value: {written}")[0][BEGIN:END]))


@pytest.mark.parametrize("field", NUMBERS)
def test_garbage_is_drawn_anew_for_each_sample(field: str) -> None:
    told, _ = told_and_true(field, "how: garbage")
    assert len(set(told[BEGIN:END])) == len(ACTIVE)


@pytest.mark.parametrize("field", NUMBERS)
def test_garbage_stays_in_the_range_that_is_given(field: str) -> None:
    most = abs(SI[field.split("_")[0]])
    told, _ = told_and_true(field, f"how: garbage, value: {OFFSETS[field.split('_')[0]].lstrip('-')}")
    assert all(-most <= value <= most for value in told[BEGIN:END])
    assert min(told[BEGIN:END]) < 0.0 < max(told[BEGIN:END])


@pytest.mark.parametrize("field", NUMBERS)
def test_an_intermittent_number_comes_and_goes_in_whole_windows(field: str) -> None:
    told, true = told_and_true(field, "how: intermittent, value: 4 ms", "at: 10 ms, seed: 3")
    gone = [told[k] == 0.0 != true[k] or true[k] == 0.0 for k in range(BEGIN, TICKS)]
    windows = [{gone[k] for k in range(w, w + 4) if true[BEGIN + k] != 0.0} for w in range(0, len(gone), 4)]
    assert all(len(window) == 1 for window in windows)
    assert {True, False} == set.union(*windows)
    there = [k for k in range(BEGIN, TICKS) if told[k] != 0.0]
    assert [told[k] for k in there] == pytest.approx([true[k] for k in there])


@pytest.mark.parametrize("bit", list(Status))
def test_each_bit_of_the_status_can_be_told_wrong(bit: Status) -> None:
    told, true = told_and_true("status", f"how: wrong, value: {bit.name.lower()}")
    assert told[BEGIN:END] == [true[k] ^ bit for k in ACTIVE]


@pytest.mark.parametrize("bit", [Inputs.SWITCH_1, Inputs.SWITCH_2, Inputs.TTL_1, Inputs.TTL_2])
def test_each_input_can_be_wrong(bit: Inputs) -> None:
    told, true = told_and_true("inputs", f"how: wrong, value: {bit.name.lower()}")
    assert told[BEGIN:END] == [true[k] ^ bit for k in ACTIVE]


def test_several_bits_can_be_wrong_at_once() -> None:
    told, true = told_and_true("status", "how: wrong, value: [brown_out, armed]")
    assert told[BEGIN:END] == [true[k] ^ (Status.BROWN_OUT | Status.ARMED) for k in ACTIVE]


def test_garbage_bits_change_from_sample_to_sample_and_only_where_they_may() -> None:
    told, true = told_and_true("status", "how: garbage")
    assert len(set(told[BEGIN:END])) > 10
    assert all(0 <= value < 1 << 8 for value in told)
    told, true = told_and_true("inputs", "how: garbage, value: [ttl_1, ttl_2]")
    mask = int(Inputs.TTL_1 | Inputs.TTL_2)
    assert [value & ~mask for value in told] == [value & ~mask for value in true]
    assert {value & mask for value in told[BEGIN:END]} == {0, 16, 32, 48}


def test_an_intermittent_bit_is_wrong_in_whole_windows() -> None:
    told, true = told_and_true("inputs", "how: intermittent, value: switch_2", "at: 10 ms, seed: 2")
    flips = [told[k] ^ true[k] for k in range(BEGIN, TICKS)]
    assert set(flips) == {0, Inputs.SWITCH_2}
    assert sum(a != b for a, b in pairwise(flips)) == 1  # windows of 20 ms


def test_the_truth_is_untouched() -> None:
    """Other fields, and the plant itself, are bit by bit those of a session without faults."""
    found = both(f"{{{WINDOW}, field: q_0, how: garbage, value: nan}}")
    for told, true in zip(found.told, found.true, strict=True):
        assert told._replace(q=(), age=0) == true._replace(q=(), age=0)
        assert told.q[1] == true.q[1]


def test_faults_on_one_field_act_one_after_another() -> None:
    found = both(
        f"{{{WINDOW}, field: q_0, how: delayed, value: 5 ms}}, {{{WINDOW}, field: q_0, how: wrong, value: 1 rad}}"
    )
    assert [found.told[k].q[0] for k in ACTIVE] == pytest.approx([found.true[k - 5].q[0] + 1.0 for k in ACTIVE])


def test_a_wrong_time_makes_the_age_wrong_as_a_driver_would_compute_it() -> None:
    found = both(f"{{{WINDOW}, field: time, how: stuck}}")
    assert [found.told[k].age for k in ACTIVE] == pytest.approx(
        [found.true[k].age + (k - BEGIN + 1) * 0.001 for k in ACTIVE], abs=1e-9
    )


def test_a_fault_with_a_chance_strikes_that_share_of_the_samples() -> None:
    found = both("{field: q_0, how: wrong, value: 1 rad, chance: 30 %}", ticks=2000)
    hits = sum(told.q != true.q for told, true in zip(found.told, found.true, strict=True))
    assert hits == pytest.approx(600, abs=100)  # 5 standard deviations


def test_reading_again_at_the_same_time_throws_no_dice() -> None:
    clock = ManualClock()
    device = disturbed("{field: q_0, how: garbage}", clock)
    device.arm()
    clock.advance(0.001)
    assert device.read() == device.read()
    device.close()


def test_equal_seeds_give_equal_faults_and_others_do_not() -> None:
    script = "{field: q_0, how: garbage}, {field: status, how: garbage}, {field: link, how: drop, chance: 0.3}"
    assert samples(script, seed=4) == samples(script, seed=4)
    assert [s.status for s in samples(script, seed=4)] != [s.status for s in samples(script, seed=5)]


def test_a_seed_in_the_script_does_not_depend_on_the_sessions() -> None:
    fixed = "{field: status, how: garbage, seed: 7}"
    assert [s.status for s in samples(fixed, seed=4)] == [s.status for s in samples(fixed, seed=5)]


def test_nothing_happens_before_the_first_arming_and_time_counts_from_it() -> None:
    clock = ManualClock()
    device = disturbed("{at: 3 ms, field: q_0, how: stuck, value: 9 rad}", clock)
    for _ in range(20):
        clock.advance(0.001)
        assert device.read().q[0] != 9.0
    device.arm()
    for tick in range(1, 6):
        clock.advance(0.001)
        assert (device.read().q[0] == 9.0) == (tick >= 3)
    device.disarm()
    device.arm()  # a second arming begins nothing anew
    clock.advance(0.001)
    assert device.read().q[0] == 9.0
    device.close()


def test_what_has_begun_is_listed_once_in_plain_words() -> None:
    clock = ManualClock()
    script = (
        "{at: 5 ms, for: 1 ms, field: q_1, how: garbage, value: nan}, {at: 2 ms, field: link, how: drop, chance: 0.5}"
    )
    device = disturbed(script, clock)
    device.arm()
    begun = []
    for _ in range(8):
        clock.advance(0.001)
        device.read()
        begun.append(len(device.injected))
    assert begun == [0, 1, 1, 1, 2, 2, 2, 2]
    assert device.injected == [
        {"field": "link", "how": "drop", "at": 0.002, "chance": 0.5},
        {"field": "q_1", "how": "garbage", "at": 0.005, "for": 0.001, "chance": 1.0, "value": "nan"},
    ]
    device.close()


# --- inputs, supply ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["estop_a", "estop_b", "estop"])
def test_an_e_stop_of_the_script_is_one_for_the_device_itself(value: str) -> None:
    clock = ManualClock()
    device = disturbed(f"{{at: 3 ms, for: 4 ms, field: inputs, how: wrong, value: {value}}}", clock, patient=None)
    device.arm()
    powered, pressed = [], []
    for _ in range(10):
        device.write(GO)
        clock.advance(0.001)
        sample = device.read()
        powered.append(any(device.body.torque))
        pressed.append(bool(sample.inputs & (Inputs.ESTOP_A | Inputs.ESTOP_B)))
        if pressed[-1]:
            with pytest.raises(DeviceRefused, match="emergency stop"):
                device.arm()
    assert pressed == [False] * 2 + [True] * 4 + [False] * 4
    assert powered == [True] * 3 + [False] * 7  # latched after the release
    assert sample.status & Status.FAULTED
    device.arm()
    assert device.read().status & Status.ARMED
    device.close()


def test_a_brown_out_takes_the_power_away_says_so_and_refuses_to_arm_until_it_is_over() -> None:
    clock = ManualClock()
    device = disturbed("{at: 3 ms, for: 4 ms, field: power, how: 'off'}", clock, patient=None)
    device.arm()
    powered, told = [], []
    for _ in range(10):
        device.write(GO)
        clock.advance(0.001)
        told.append(bool(device.read().status & Status.BROWN_OUT))
        powered.append(any(device.body.torque))
        if told[-1]:
            with pytest.raises(DeviceRefused, match="supply"):
                device.arm()
    assert told == [False] * 2 + [True] * 4 + [False] * 4
    assert powered == [True] * 3 + [False] * 7
    device.arm()
    assert device.read().status == Status.ARMED | Status.WATCHDOG_ON
    device.close()


def test_an_intermittent_supply_comes_back_by_itself() -> None:
    told = [
        bool(s.status & Status.BROWN_OUT) for s in samples("{field: power, how: intermittent, value: 5 ms}", ticks=200)
    ]
    assert 40 < sum(told) < 160


@pytest.mark.parametrize("what", ["power, how: 'off'", "link, how: unplug", "link, how: stall", "patient, how: limp"])
def test_the_chance_of_what_is_whole_is_that_it_happens_at_all(what: str) -> None:
    happened = set()
    for seed in range(20):
        clock = ManualClock()
        device = disturbed(f"{{at: 2 ms, field: {what}, chance: 0.5, seed: {seed}}}", clock)
        device.arm()
        clock.advance(0.001)
        device.read()
        assert device.injected == []
        clock.advance(0.001)
        with suppress(DeviceLost):
            device.read()
        happened.add(len(device.injected))
        device.close()
    assert happened == {0, 1}
