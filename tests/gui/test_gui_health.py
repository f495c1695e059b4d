"""Health of device and timing in words, from rows."""

from __future__ import annotations

import numpy as np
import pytest

from rehab.core.limits import PER_JOINT
from rehab.core.values import Acted, Inputs, Status
from rehab.realtime.health import Health, Level, frequency, percent
from rehab.realtime.layout import WIDTH, channels
from sim.models import load

INFO = load("planar_arm")
AT = {channel.name: column for column, channel in enumerate(channels(2, 2))}


def rows(count: int, *, first: int = 0, **columns: float) -> np.ndarray:
    table = np.zeros((count, WIDTH))
    table[:, AT["tick"]] = table[:, AT["sample_sequence"]] = first + np.arange(count)
    table[:, AT["t"]] = (first + np.arange(count)) * 0.001
    table[:, AT["dt"]] = 0.001
    for name, value in columns.items():
        table[:, AT[name]] = value
    return table


def test_before_the_first_second_it_waits() -> None:
    health = Health(INFO)
    health.feed(rows(500))
    assert health.device.text == "device: waiting for samples"


@pytest.mark.parametrize(
    ("status", "link"),
    [(Status.FAULTED | Status.WATCHDOG_TRIPPED, Level.GOOD), (Status.BROWN_OUT, Level.BAD),
     (Status.FAULTED | Status.ENCODER_ERROR, Level.BAD)],
)  # fmt: skip
def test_a_fault_that_is_latched_until_arming_is_no_matter_of_the_link(status: int, link: Level) -> None:
    """The shift's check has the emergency stop pressed, which latches a fault: the same check must be able to pass."""
    health = Health(INFO)
    health.feed(rows(2000, status=float(status)))
    assert (health.device.level, health.link) == (Level.BAD, link)


def test_late_periods_are_counted_over_the_whole_session() -> None:
    health, table = Health(INFO), rows(10_001)
    table[[5, 6000], AT["dt"]] = 0.0016
    table[7, AT["dt"]] = 0.0014
    for part in np.array_split(table, 50):
        health.feed(part)
    assert health.late == 2
    assert health.timing == (Level.GOOD, "timing: 0.02 % late")


@pytest.mark.parametrize(("late", "level"), [(1, Level.GOOD), (20, Level.FAIR), (300, Level.BAD)])
def test_the_level_of_timing_rises_with_late_periods(late: int, level: Level) -> None:
    health, table = Health(INFO), rows(2001)
    table[:late, AT["dt"]] = 0.003
    health.feed(table)
    assert health.timing.level is level


@pytest.mark.parametrize(("age", "level"), [(0.0006, Level.GOOD), (0.006, Level.FAIR), (0.05, Level.BAD)])
def test_the_level_of_the_device_follows_the_age_of_its_samples(age: float, level: Level) -> None:
    health = Health(INFO)
    health.feed(rows(1100, sample_age=age))
    assert health.device == (level, f"device: 1 kHz, age {1e3 * age:.1f} ms")


def test_a_device_that_sends_too_seldom_is_seen() -> None:
    health, table = Health(INFO), rows(1001)
    table[:, AT["sample_sequence"]] = np.arange(1001) // 2
    health.feed(table)
    assert health.device == (Level.FAIR, "device: 500 Hz, age 0.0 ms")


def test_troubles_are_named() -> None:
    health = Health(INFO)
    health.feed(rows(1100, status=float(Status.FAULTED | Status.OVER_TEMPERATURE), inputs=float(Inputs.ESTOP_B)))
    assert health.device.level is Level.BAD
    assert health.device.text.endswith("emergency stop pressed, reports a fault, too hot")


def limits_event(**joints: list[float]) -> dict:
    limits = INFO.limits({"speed": 0.8}).tighten("protocol", {"force": 30.0})
    for name, values in joints.items():
        limits = limits.tighten_joint("patient file", name, values)
    own = {name: list(getattr(limits, name)) for name in PER_JOINT}
    return {"values": dict(limits.values), "joints": own, "who": dict(limits.who)}


@pytest.mark.parametrize(
    ("bit", "columns", "words"),
    [
        (Acted.SATURATION, {"sent_0": 3.0}, "3.0 N·m sent · force 30 N: limited by protocol"),
        (Acted.SATURATION, {"sent_1": -12.0}, "elbow torque 12 N·m: limited by patient file"),
        (Acted.SATURATION, {"sent_0": 20.0}, "shoulder torque 20 N·m: limited by planar_arm"),
        (Acted.LEASH, {}, "force 30 N: limited by protocol"),
        (Acted.GROWTH, {"sent_1": 2.0}, "elbow growth 800 N·m/s: limited by planar_arm"),
        (Acted.VELOCITY, {"v_0": 0.9}, "speed 80 cm/s: limited by site"),
        (Acted.VELOCITY, {"v_0": 0.1}, "shoulder speed 343.8°/s: limited by planar_arm"),
        (Acted.POSITION, {"q_0": 1.0, "q_1": 1.5}, "elbow to 85.94°: limited by patient file"),
        (Acted.POSITION, {"q_0": -0.6, "q_1": 1.0}, "shoulder from −30°: limited by planar_arm"),
        (Acted.SOFT_START, {}, "soft start"),
    ],
)
def test_the_limit_that_acted_is_named_with_its_value_and_who_set_it(bit: Acted, columns: dict, words: str) -> None:
    health = Health(INFO)
    health.hear(limits_event(torque=[None, 12.0], q_max=[None, 1.5]))
    health.feed(rows(3, acted=float(bit), **columns))
    assert words in health.limited


def test_two_filters_kept_by_one_limit_name_it_once() -> None:
    health = Health(INFO)
    health.feed(rows(3, acted=float(Acted.LEASH | Acted.SATURATION)))
    assert health.limited == "0.0 N·m sent · force 40 N: limited by built-in"


def test_the_age_of_samples_is_judged_by_the_limits_in_force() -> None:
    health = Health(INFO)
    health.hear({"values": {**INFO.limits().values, "stale_fade": 0.1, "stale_stop": 0.5}, "who": {}})
    health.feed(rows(1100, sample_age=0.05))
    assert health.device.level is Level.GOOD


@pytest.mark.parametrize("bit", list(Acted))
def test_every_filter_has_words(bit: Acted) -> None:
    health = Health(INFO)
    health.feed(rows(1, acted=float(bit)))
    assert len(health.limited.split(" · ")) == 2


def test_numbers_are_written_as_people_read_them() -> None:
    assert [frequency(f) for f in (1000.2, 999.6, 640.4, 4000.0)] == ["1 kHz", "1 kHz", "640 Hz", "4 kHz"]
    assert [percent(s) for s in (0.0, 1e-6, 0.0002, 0.031, 0.5)] == ["0 %", "< 0.01 %", "0.02 %", "3.10 %", "50 %"]
