"""The simulated device behind a line that fails: what its host is told, and which commands it gets."""

from __future__ import annotations

import pytest

from rehab.core.clock import ManualClock
from rehab.core.errors import DeviceLost
from rehab.core.values import Command, Status
from tests.sim.faulty import BEGIN, END, TICKS, WINDOW, both, disturbed, samples

ACTIVE = range(BEGIN, END)
GO = Command((1.0, -0.5), True, 0.02)


def behind(script: str, ticks: int = TICKS) -> list[int]:
    """For each tick, how many samples the newest one that has arrived is behind. Its age must say the same, and it must
    be what was measured then: a sample comes late or never, but not otherwise than it was."""
    found = both(script, ticks=ticks)
    for told, true in zip(found.told, found.true, strict=True):
        late = true.sequence - told.sequence
        assert told.age == pytest.approx(true.age + late * 0.001, abs=1e-9)
        assert told == found.true[told.sequence - 1]._replace(age=told.age, damaged=told.damaged)
    return [true.sequence - told.sequence for told, true in zip(found.told, found.true, strict=True)]


@pytest.mark.parametrize("how", ["drop", "corrupt"])
@pytest.mark.parametrize("frames", [1, 4, 5, 19, 20])
def test_lost_samples_leave_the_last_one_to_grow_old(how: str, frames: int) -> None:
    late = behind(f"{{at: 10 ms, for: {frames} ms, field: link_up, how: {how}}}")
    assert late == [0] * BEGIN + list(range(1, frames + 1)) + [0] * (TICKS - BEGIN - frames)


def test_damaged_samples_are_counted_and_dropped_ones_are_not() -> None:
    counts = {how: both(f"{{at: 10 ms, for: 4 ms, field: link_up, how: {how}}}").told for how in ("corrupt", "drop")}
    assert [sample.damaged for sample in counts["corrupt"]] == [0] * BEGIN + [1, 2, 3] + [4] * (TICKS - BEGIN - 3)
    assert {sample.damaged for sample in counts["drop"]} == {0}


@pytest.mark.parametrize("delay", [2, 3, 10, 15])
def test_on_a_slow_line_every_sample_is_as_old_as_the_delay(delay: int) -> None:
    late = behind(f"{{{WINDOW}, field: link_up, how: delay, value: {delay} ms}}")
    assert late[:BEGIN] == [0] * BEGIN
    assert late[BEGIN : BEGIN + delay] == list(range(1, delay + 1))
    assert set(late[BEGIN + delay : END]) <= {delay}


def test_30_ms_of_delay_too() -> None:
    late = behind("{at: 10 ms, field: link_up, how: delay, value: 30 ms}", ticks=80)
    assert late[40:] == [30] * 40


def test_no_sample_overtakes_another_when_a_delay_ends() -> None:
    late = behind("{at: 10 ms, for: 5 ms, field: link_up, how: delay, value: 12 ms}")
    assert late[BEGIN:28] == [*range(1, 13), 12, 12, 12, 12, 0, 0]


def test_after_a_stall_everything_comes_at_once() -> None:
    assert behind(f"{{{WINDOW}, field: link_up, how: stall}}")[BEGIN:] == [*range(1, 21), *[0] * 20]


def test_the_second_half_of_a_split_frame_comes_a_period_later() -> None:
    assert behind(f"{{{WINDOW}, field: link_up, how: split}}")[BEGIN - 1 : END + 1] == [0, *[1] * 20, 0]


def test_a_duplicate_tells_nothing_new() -> None:
    assert behind(f"{{{WINDOW}, field: link_up, how: duplicate}}") == [0] * TICKS


def test_samples_out_of_order_are_told_out_of_order() -> None:
    """A driver would drop them: here they reach whoever has to notice."""
    sequences = [sample.sequence for sample in samples(f"{{{WINDOW}, field: link_up, how: reorder}}")]
    first = sequences[BEGIN - 1]
    assert sequences[BEGIN : BEGIN + 6] == [first, first + 2, first + 1, first + 1, first + 5, first + 4]
    assert sequences[END + 2 :] == list(range(first + END - BEGIN + 3, first + TICKS - BEGIN + 1))


def test_unplugged_the_device_is_lost_for_good() -> None:
    clock = ManualClock()
    device = disturbed("{at: 2 ms, field: link, how: unplug}", clock)
    device.arm()
    clock.advance(0.001)
    device.read()
    device.write(GO)
    for _ in range(3):
        clock.advance(0.001)
        with pytest.raises(DeviceLost, match="unplugged"):
            device.read()
        with pytest.raises(DeviceLost, match="unplugged"):
            device.write(GO)
    device.disarm()
    device.close()


def moved(script: str, ticks: int = 60) -> tuple[list[float], list[int]]:
    """The torque of joint 1 in each step of the plant, when tick k asks for k + 1 N·m / 100; and the status told."""
    clock = ManualClock()
    device = disturbed(script, clock, patient=None)
    device.arm()
    torque, status = [], []
    for tick in range(ticks):
        device.write(Command(((tick + 1) / 100, 0.0), True, 0.02))
        clock.advance(0.001)
        status.append(device.read().status)
        torque.append(round(device.body.torque[0] * 100))
    device.close()
    return torque, status


def test_lost_commands_leave_the_last_one_to_be_followed() -> None:
    torque, _ = moved(f"{{{WINDOW.replace('20', '5')}, field: link_down, how: drop}}")
    assert torque[:20] == [*range(1, 11), 10, 10, 10, 10, 10, *range(16, 21)]


def test_when_no_command_arrives_any_more_the_devices_own_watchdog_acts() -> None:
    torque, status = moved("{at: 10 ms, field: link_down, how: drop}")
    assert torque[:29] == [*range(1, 11), *[10] * 19]
    assert torque[29:] == [0] * 31
    assert status[-1] & Status.WATCHDOG_TRIPPED


def test_commands_on_a_slow_line_are_followed_late() -> None:
    torque, _ = moved("{at: 10 ms, field: link_down, how: delay, value: 3 ms}")
    assert torque[:20] == [*range(1, 11), 10, 10, 10, *range(11, 18)]


def test_a_command_under_way_does_not_move_what_was_disarmed_and_armed_again() -> None:
    clock = ManualClock()
    device = disturbed("{field: link_down, how: delay, value: 5 ms}", clock, patient=None)
    device.arm()
    device.write(GO)
    clock.advance(0.001)
    device.read()
    device.disarm()
    device.arm()
    for _ in range(10):
        clock.advance(0.001)
        device.read()
        assert device.body.torque == (0.0, 0.0)
    device.close()


def test_on_the_whole_line_both_directions_fail() -> None:
    torque, status = moved("{at: 10 ms, field: link, how: drop}")
    assert torque[-1] == 0
    assert status[-1] == Status.ARMED | Status.WATCHDOG_ON  # nobody is told that it tripped
