"""A monitor for two joints, its limits easy to reckon with, and samples to feed it."""

from __future__ import annotations

from math import cos

import pytest

from rehab.core.limits import Limits, builtin_values
from rehab.core.safety.facts import DeviceFacts
from rehab.core.safety.monitor import Monitor
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


class Joint:
    """One joint of 0.1 kg·m² and 0.5 N·m·s/rad behind a monitor, with samples that come `delay` ticks late; the hand is
    1 m from the axis, so that N and N·m are the same. `outside` N·m is the limb's torque on the joint, `weight` N·m
    what holds the arm when it lies level (q = 0); the controller holds it."""

    INERTIA, FRICTION = 0.1, 0.5

    def __init__(self, delay: int = 0, **values: float) -> None:
        builtin, who = builtin_values()
        huge = {"force": 1000.0, "speed": 100.0, "power": 1000.0, "leash": 10.0, "kinetic": 1000.0, "soft_start": 0.3}
        self.limits = Limits((50.0,), (20000.0,), (-3.0,), (3.0,), (50.0,), {**builtin, **huge, **values}, who)
        facts = DeviceFacts(PERIOD, Action.RAMP_OFF, (1.0,), (self.FRICTION,), (self.INERTIA,), 0.1)
        self.monitor = Monitor(self.limits, facts)
        self.q = self.qd = self.outside = self.weight = 0.0
        self.gravity = 0.0  # N·m that would hold the arm, as the monitor is told; what pulls is for `outside` to say
        self.delay, self.tick = delay, 0
        self._past = [(0.0, 0.0)] * (delay + 1)
        self.torque = 0.0

    def begin(self, q: float = 0.0) -> None:
        """At rest at q, armed, with the soft start over."""
        self._look()
        self.monitor.arm()
        for _ in range(400):
            self.step(0.0, moving=False)
        self.q, self._past = q, [(q, 0.0)] * (self.delay + 1)
        self.monitor._samples.forget()

    def _look(self) -> Sample:
        self._past = [*self._past[1:], (self.q + 1e-12 * (self.tick % 2), self.qd)]
        q, qd = self._past[0]
        sample = Sample(
            (self.tick - self.delay) * PERIOD, self.tick, self.delay * PERIOD, (q,), (qd,), (0.0,), (), READY
        )
        self.health = self.monitor.check(self.tick * PERIOD, sample)
        return sample

    def step(self, stiffness: float, damping: float = 0.0, reference: float = 0.0, moving: bool = True):
        """One tick of a spring and damper to `reference`; gives the decision."""
        self.tick += 1
        sample = self._look()
        q, qd = sample.q[0], sample.qd[0]
        (aim,) = self.monitor.leash((reference,), (q,), stiffness)
        g = self.weight * cos(q)
        wish = stiffness * (aim - q) - damping * qd + g
        told = (g + self.gravity,)
        decision = self.monitor.decide(sample, abs(qd), (wish,), told, ((1.0,),), self.health)
        self.torque = decision.command.torque[0]
        for _ in range(10 if moving else 0):
            torque = self.torque + self.outside - self.weight * cos(self.q)
            self.qd += (torque - self.FRICTION * self.qd) / self.INERTIA * PERIOD / 10
            self.q += self.qd * PERIOD / 10
        return decision


class Bench:
    """Feeds a monitor tick by tick with a limb that stands still unless told otherwise."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor, self.tick = monitor, 0

    def sample(self, **changes) -> Sample:
        time = self.tick * PERIOD
        noise = 1e-9 * (self.tick % 2)  # exactly the same angle for ever would be a frozen encoder
        usual = Sample(time, self.tick, 0.0005, (noise, noise), (0.0, 0.0), (0.0, 0.0), (), READY, 0)
        if "q" in changes and not changes.pop("frozen", False):
            changes["q"] = tuple(angle + noise for angle in changes["q"])
        return usual._replace(**changes)

    def step(self, wish=(0.0, 0.0), speed=0.0, **changes):
        self.tick += 1
        sample = self.sample(**changes)
        health = self.monitor.check(self.tick * PERIOD, sample)
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
