from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.link.clocksync import EXCHANGES, ClockSync, Unwrap32

MS = 1_000_000  # ns
OFFSET = 123_456_789_000  # ns, of the simulated device's clock
Delay = Callable[[random.Random], float]


def exchange(sync: ClockSync, t1: int, out: float, back: float, *, skew: float = 0.0) -> tuple[int, int, int, int]:
    """One exchange over a line with these delays in µs; the device's clock counts whole µs."""

    def device(true: float) -> int:
        return round((true * (1.0 + skew) + OFFSET) / 1000) * 1000

    t2 = device(t1 + out * 1e3)
    t3 = device(t1 + out * 1e3 + 20_000)
    t4 = round(t1 + out * 1e3 + 20_000 + back * 1e3)
    sync.add(t1, t2, t3, t4)
    return t1, t2, t3, t4


def error_us(sync: ClockSync, at: int, skew: float = 0.0) -> float:
    """How wrong the host time of what the device measured at true time `at` is."""
    return (sync.host_ns(round(at * (1.0 + skew) + OFFSET)) - at) / 1e3


def run(out: Delay, back: Delay, *, seconds: int = 20, skew: float = 0.0, seed: int = 1) -> list[float]:
    """Errors in µs at every exchange after the first window."""
    rng, sync, errors = random.Random(seed), ClockSync(), []
    for k in range(seconds * 50):
        t1 = 10**12 + k * 20 * MS + rng.randrange(MS)
        exchange(sync, t1, out(rng), back(rng), skew=skew)
        if k >= EXCHANGES:
            errors.append(error_us(sync, t1, skew))
    return errors


def mean(errors: list[float]) -> float:
    return sum(errors) / len(errors)


def cdc(rng: random.Random) -> float:
    """USB CDC: a steady part and a queue now and then."""
    return 125.0 + rng.expovariate(1 / 40.0)


def ftdi(timer_ms: float) -> Delay:
    """The adapter keeps an answer until its latency timer ends, anywhere within it."""
    return lambda rng: cdc(rng) + rng.uniform(0.0, timer_ms * 1e3)


# figures of devices.md, section 3: mean 0.6 µs (CDC), −5 µs (timer of 1 ms), −177 µs (16 ms)
@pytest.mark.parametrize(
    ("back", "least", "most"), [(cdc, -10.0, 10.0), (ftdi(1.0), -40.0, 40.0), (ftdi(16.0), 0.0, 400.0)]
)
def test_the_offset_converges_on_lines_that_jitter(back: Delay, least: float, most: float) -> None:
    errors = run(cdc, back)
    assert least <= mean(errors) <= most


def test_believing_the_quickest_beats_the_mean_of_all_tenfold() -> None:
    rng = random.Random(1)
    plain = mean([(ftdi(16.0)(rng) - cdc(rng)) / 2 for _ in range(1000)])
    assert plain > 10 * abs(mean(run(cdc, ftdi(16.0))))


def test_a_constant_asymmetry_is_half_an_error_and_no_more() -> None:
    assert mean(run(lambda _: 100.0, lambda _: 300.0)) == pytest.approx(100.0, abs=1.0)


@pytest.mark.parametrize("ppm", [-100.0, 30.0, 100.0])
def test_the_skew_of_the_devices_clock_is_found(ppm: float) -> None:
    sync, rng = ClockSync(), random.Random(2)
    for k in range(1000):
        exchange(sync, 10**12 + k * 20 * MS, cdc(rng), cdc(rng), skew=ppm * 1e-6)
    assert sync.skew * 1e6 == pytest.approx(ppm, abs=5.0)
    assert abs(error_us(sync, 10**12 + 1000 * 20 * MS, ppm * 1e-6)) < 20.0


def test_one_exchange_is_enough_to_begin_with() -> None:
    sync = ClockSync()
    assert not sync.ready
    t1, _, _, t4 = exchange(sync, 5 * MS, 100.0, 100.0)
    assert sync.ready
    assert abs(error_us(sync, (t1 + t4) // 2)) <= 1.0


def test_old_exchanges_are_forgotten_after_a_step_of_the_line() -> None:
    """From one asymmetry to another: after the window only the new one counts."""
    sync = ClockSync()
    for k in range(300):
        exchange(sync, 10**12 + k * 20 * MS, 50.0, 50.0)
    for k in range(300, 600):
        exchange(sync, 10**12 + k * 20 * MS, 1050.0, 1050.0)
    assert sync.round_trip_ns == pytest.approx(2100e3, abs=2000)


def test_after_a_pause_only_what_is_fresh_is_believed() -> None:
    sync = ClockSync()
    for k in range(20):
        exchange(sync, 10**12 + k * 20 * MS, 10.0, 10.0)
    exchange(sync, 10**12 + 60_000 * MS, 500.0, 500.0)
    assert sync.round_trip_ns == pytest.approx(1000e3, abs=2000)


@pytest.mark.parametrize("times", [(1000, 5, 5, 999), (1000, 90, 80, 2000), (1000, 0, 5000, 2000)])
def test_an_exchange_that_cannot_be_is_ignored(times: tuple[int, int, int, int]) -> None:
    sync = ClockSync()
    sync.add(*times)
    assert not sync.ready


def test_reset_forgets_the_device_before() -> None:
    sync = ClockSync()
    for k in range(100):
        exchange(sync, 10**12 + k * 20 * MS, 50.0, 90.0, skew=1e-4)
    sync.reset()
    assert not sync.ready
    exchange(sync, 2 * 10**12, 50.0, 50.0)
    assert abs(error_us(sync, 2 * 10**12)) <= 1.0


def test_nothing_grows_with_the_exchanges() -> None:
    sync = ClockSync()
    sizes = {name: len(value) for name, value in vars(sync).items() if hasattr(value, "__len__")}
    for k in range(2000):
        exchange(sync, 10**12 + k * 20 * MS, 50.0, 50.0)
    assert sizes == {name: len(value) for name, value in vars(sync).items() if hasattr(value, "__len__")}
    assert sizes


@given(start=st.integers(0, 2**32 - 1), steps=st.lists(st.integers(0, 2**31 - 1), max_size=30))
def test_a_32_bit_time_is_unwrapped_over_any_number_of_wraps(start: int, steps: list[int]) -> None:
    unwrap, true = Unwrap32(), start
    assert unwrap(start) == start
    for step in steps:
        true += step
        assert unwrap(true % 2**32) == true


def test_a_time_from_just_before_is_placed_before() -> None:
    unwrap = Unwrap32()
    unwrap(2**32 - 10)
    assert unwrap(5) == 2**32 + 5
    assert unwrap(2**32 - 3) == 2**32 - 3
    assert unwrap(6) == 2**32 + 6
