"""What one tick costs: all of it without a device, safety's share of it, and all of it on the simulated arm."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from rehab.core.clock import ManualClock
from rehab.core.device import DeviceInfo
from rehab.core.safety.monitor import Monitor
from rehab.core.values import Command, Sample, Status
from rehab.protocol.load import one_block
from rehab.realtime import shm
from rehab.realtime import snapshot as snapshots
from rehab.realtime.pacing import Pacer
from rehab.realtime.ring import SIZE, RingWriter
from rehab.realtime.snapshot import SnapshotWriter
from rehab.session import messages
from rehab.session.control import open_device
from rehab.session.loop import Loop

MODEL = "planar_arm"


class StillDevice:
    """Measures the same pose for ever, but for the noise of a sensor, and swallows commands: its own cost is next to
    nothing."""

    def __init__(self, info: DeviceInfo) -> None:
        self.info = info
        self._count = 0
        self._status = int(Status.WATCHDOG_ON)
        self._zero = (0.0,) * info.n_joints
        self._poses = (info.home, tuple(angle + 1e-9 for angle in info.home))  # exactly the same would be a fault

    def open(self) -> None: ...
    def close(self) -> None: ...

    def arm(self) -> None:
        self._status = int(Status.WATCHDOG_ON | Status.ARMED)

    def disarm(self) -> None:
        self._status = int(Status.WATCHDOG_ON)

    def read(self) -> Sample:
        self._count += 1
        time = self._count * self.info.period_s
        return Sample(time, self._count, 0.0, self._poses[self._count % 2], self._zero, self._zero, (), self._status, 0)

    def write(self, command: Command) -> None: ...


class Stopwatch:
    """Wraps the monitor's four calls of each tick and keeps their cost in ns, in fixed memory. What it costs itself is
    in it: `own`, as much as it takes to read the clock twice, four times a tick."""

    CALLS = ("pace", "check", "leash", "decide")  # in the order of a tick

    def __init__(self, monitor: Monitor, ticks: int) -> None:
        self.spent = [0] * ticks
        self._tick = 0
        for name in self.CALLS:
            setattr(monitor, name, self._timed(getattr(monitor, name), last=name == self.CALLS[-1]))

    def _timed(self, call: Callable[..., Any], *, last: bool) -> Callable[..., Any]:
        def timed(*args: Any) -> Any:
            begun = time.perf_counter_ns()
            given = call(*args)
            self.spent[self._tick] += time.perf_counter_ns() - begun
            if last:
                self._tick = (self._tick + 1) % len(self.spent)
            return given

        return timed

    def own(self) -> list[int]:
        """ns, as often as there were ticks."""
        spent = [0] * len(self.spent)
        for k in range(len(spent)):
            for _ in self.CALLS:
                begun = time.perf_counter_ns()
                spent[k] += time.perf_counter_ns() - begun
        return spent


def tick(seconds: float) -> list[dict[str, Any]]:
    """Planar arm, impedance, safety, ring row and snapshot, without a device."""
    clock = ManualClock()
    probe = open_device(description(), clock)
    loop, pacer = _armed_loop(StillDevice(probe.info), clock)
    probe.close()
    count = max(1000, round(seconds * 20_000))
    whole = _timed(loop, pacer, count)
    watch = Stopwatch(loop.rig.monitor, count)
    _timed(loop, pacer, count)
    own = watch.own()
    usual = sorted(own)[count // 2]
    return [
        quantiles("whole tick, device excluded", whole),
        quantiles("safety's share, stopwatch taken off", [spent - usual for spent in watch.spent]),
        quantiles("the stopwatch itself: its p50 is taken off", own),
    ]


def sim(seconds: float) -> list[dict[str, Any]]:
    """The same on the simulated arm with a virtual patient: the cost of `--fast`."""
    clock = ManualClock()
    device = open_device(description(patient="stroke"), clock)
    loop, pacer = _armed_loop(device, clock)
    spent = _timed(loop, pacer, max(1000, round(seconds * 10_000)))
    row = quantiles("whole tick on the simulated arm with a patient", spent)
    mean = sum(spent) / len(spent) / 1000
    return [{**row, "mean_us": round(mean, 1), "times_real_time": round(1000 * device.info.period_s * 1000 / mean, 1)}]


def description(patient: str | None = None) -> messages.Description:
    """A session that records nowhere."""
    address = f"sim:{MODEL}"
    return messages.Description(session="bench", run="", folder="", device=address, patient=patient, seed=1)


def _armed_loop(device: Any, clock: ManualClock) -> tuple[Loop, Pacer]:
    ring, glass = RingWriter(shm.anonymous(SIZE)), SnapshotWriter(shm.anonymous(snapshots.SIZE))
    loop = Loop(device, clock, ring, glass, description(), {})
    pacer = Pacer(clock, device.info.period_s)
    loop.step(pacer.wait())
    plan = one_block(
        "reach", controller="impedance", mode=None, trials=2000, parameters={}, info=device.info, limits=loop.limits
    )
    for request in (messages.Prepare(plan=plan), messages.Arm(), messages.Start()):
        error = loop.handle(request)
        if error:
            raise RuntimeError(error)
    return loop, pacer


def _timed(loop: Loop, pacer: Pacer, count: int) -> list[int]:
    spent = [0] * count
    for k in range(count):
        beat = pacer.wait()
        begun = time.perf_counter_ns()
        loop.step(beat)
        spent[k] = time.perf_counter_ns() - begun
    return spent


def quantiles(what: str, spent: list[int]) -> dict[str, Any]:
    ordered = sorted(spent)
    pick = {"p50_us": 0.5, "p99_us": 0.99, "p999_us": 0.999}
    return {
        "what": what,
        "ticks": len(spent),
        **{name: round(ordered[min(len(ordered) - 1, int(q * len(ordered)))] / 1000, 1) for name, q in pick.items()},
        "max_us": round(ordered[-1] / 1000, 1),
    }
