"""A loop that is not there: the same rows and events for the same ticks, put into a real ring."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from rehab.core.device import DeviceInfo, JointInfo, LinkInfo, SafeStop
from rehab.realtime import shm
from rehab.realtime.layout import channels
from rehab.realtime.ring import SIZE, RingEvent, RingHeader, RingReader, RingWriter

CHANNELS = channels(2, 2)
NAMES = [channel.name for channel in CHANNELS]
SESSION = "2026-11-23T101500Z-7f3a"
START, TARGET = (0.30, 0.30), (0.30, 0.40)

JOINT = JointInfo(
    name="shoulder", q_min=-1.0, q_max=2.0, speed=3.0, torque=10.0, growth=400.0, damping=0.5, yield_damping=1.0
)
INFO = DeviceInfo(
    model="planar_arm",
    identity="T1",
    firmware="1",
    kinematics="planar_2r",
    links=(LinkInfo(length=0.3, mass=1.0, centre=0.15, inertia=0.01),) * 2,
    joints=(JOINT, JOINT),
    base=(0.0, 0.0),
    home=(0.5, 1.0),
    safe_stop=SafeStop.YIELD,
    holds_without_power=False,
    watchdog_s=0.02,
    period_s=0.001,
    simulated=True,
)


def row_of(tick: int) -> list[float]:
    """A row that differs from every other, with a hand that reaches 10 cm forward in one second, back in the next."""
    share = min(1.0, (tick % 1000) / 800)
    reach = 0.1 * (10 * share**3 - 15 * share**4 + 6 * share**5)  # minimum jerk
    if tick // 1000 % 2:
        reach = 0.1 - reach
    values = {name: math.sin(0.001 * tick + k) for k, name in enumerate(NAMES)}
    values |= {c.name: float(tick % (k + 7)) for k, c in enumerate(CHANNELS) if c.integer}
    values |= {"tick": float(tick), "t": tick * 0.001, "dt": 0.001, "skipped": 0.0, "x_0": 0.30, "x_1": 0.30 + reach}
    return [values[name] for name in NAMES]


class FakeLoop:
    """Puts rows and trial events as a session's loop would: a trial a second."""

    def __init__(self, memory: object | None = None, *, described: bool = True) -> None:
        self.memory = shm.anonymous(SIZE) if memory is None else memory
        self.writer = RingWriter(self.memory)
        if described:
            self.describe()

    def describe(self) -> None:
        self.writer.describe(RingHeader(SESSION, "folder", INFO, CHANNELS))

    def put(self, count: int) -> None:
        for tick in range(self.writer.written, self.writer.written + count):
            self.writer.put(row_of(tick))

    def event(self, kind: str, **data: object) -> None:
        tick = self.writer.written
        self.writer.event(RingEvent(kind, tick, tick * 0.001, data))

    def trial(self, number: int, rows: int = 1000, outcome: str | None = "reached") -> None:
        self.event("trial_start", number=number, block="a", exercise="reach", start=START, target=TARGET, radius=0.01)
        self.event("phase", name="go")
        self.put(rows)
        if outcome:
            self.event("trial_end", number=number, outcome=outcome)

    def reader(self) -> RingReader:
        return RingReader(self.memory)

    def close(self) -> None:
        self.writer.close()


def expected(count: int, first: int = 0) -> dict[str, np.ndarray]:
    """The columns that a recording of these ticks must hold."""
    rows = np.array([row_of(tick) for tick in range(first, first + count)]).reshape(count, len(NAMES))
    return {c.name: rows[:, k].astype(np.int64 if c.integer else np.float64) for k, c in enumerate(CHANNELS)}


def wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Poll until it holds; a generous bound, not a deadline under test."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise AssertionError("it never came true")
        time.sleep(0.005)
