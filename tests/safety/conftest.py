"""A monitor for two joints, its limits easy to reckon with, and samples to feed it."""

from __future__ import annotations

import pytest

from rehab.core.limits import Limits, builtin_values
from rehab.core.safety.monitor import DeviceFacts, Monitor
from rehab.core.values import Action, Sample, Status

PERIOD = 0.001
FORCE_MAP = ((2.0, 0.0), (0.0, 2.0))  # the hand feels 2 N a N·m, in each direction
READY = int(Status.ARMED | Status.WATCHDOG_ON)


def limits(**values: float) -> Limits:
    builtin, who = builtin_values()
    return Limits(
        torque=(20.0, 10.0),
        growth=(800.0, 400.0),
        q_min=(-1.0, -1.0),
        q_max=(1.0, 1.0),
        joint_speed=(6.0, 6.0),
        values={**builtin, "force": 1000.0, "speed": 100.0, **values},
        who=who,
    )


def new_monitor(safe_stop: Action = Action.RAMP_OFF, **values: float) -> Monitor:
    facts = DeviceFacts(PERIOD, safe_stop, (1.0, 1.0))
    return Monitor(limits(**values), facts)


class Bench:
    """Feeds a monitor tick by tick with a limb that stands still unless told otherwise."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor, self.tick = monitor, 0

    def sample(self, **changes) -> Sample:
        time = self.tick * PERIOD
        usual = Sample(time, self.tick, 0.0005, (0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (), READY, 0)
        return usual._replace(**changes)

    def step(self, wish=(0.0, 0.0), speed=0.0, **changes):
        self.tick += 1
        sample = self.sample(**changes)
        health = self.monitor.check(sample.time if sample.time == sample.time else self.tick * PERIOD, sample)
        used = sample if health.usable else (self.monitor.good or self.sample())
        return self.monitor.decide(used, speed, wish, (0.0, 0.0), FORCE_MAP, health)

    def soft_started(self, wish=(0.0, 0.0)):
        for _ in range(1100):
            decision = self.step(wish)
        return decision


@pytest.fixture
def monitor() -> Monitor:
    return new_monitor()


@pytest.fixture
def armed(monitor: Monitor) -> Bench:
    bench = Bench(monitor)
    bench.step()
    monitor.arm()
    return bench
