"""A loop with a device that obeys the test, stepped by hand on a clock that only moves when told."""

from __future__ import annotations

import numpy as np
import pytest

from rehab.core import registry
from rehab.core.clock import ManualClock
from rehab.core.device import DeviceInfo, JointInfo, LinkInfo, SafeStop
from rehab.core.errors import DeviceLost
from rehab.core.parameters import Parameters, quantity
from rehab.core.types import Event, Outcome, Reference, Scene, Target
from rehab.core.values import Command, Sample, Status
from rehab.protocol.plan import BlockPlan, Plan
from rehab.realtime import ring, shm, snapshot
from rehab.realtime.pacing import Pacer
from rehab.realtime.ring import RingReader, RingWriter
from rehab.realtime.snapshot import SnapshotReader, SnapshotWriter
from rehab.session import messages
from rehab.session.loop import Loop

TRIAL_TICKS = 100


def arm_info() -> DeviceInfo:
    joints = tuple(
        JointInfo(name=n, q_min=-2.0, q_max=2.6, speed=6.0, torque=20.0, growth=800.0, damping=0.5, yield_damping=1.0)
        for n in ("shoulder", "elbow")
    )
    return DeviceInfo(
        model="test_arm", identity="T1", firmware="1", kinematics="planar_2r",
        links=(LinkInfo(length=0.3, mass=1.0, centre=0.15, inertia=0.01),
               LinkInfo(length=0.33, mass=0.8, centre=0.16, inertia=0.01)),
        joints=joints, base=(0.0, 0.0), home=(0.8, 1.5), safe_stop=SafeStop.RAMP_OFF,
        holds_without_power=False, watchdog_s=0.02, period_s=0.001, simulated=True,
    )  # fmt: skip


class ObedientDevice:
    """Stands still where the test put it, remembers what was sent, and fails the way the test says."""

    def __init__(self, clock: ManualClock) -> None:
        self.info, self.clock = arm_info(), clock
        self.q = self.info.home
        self.sent: list[Command] = []
        self.seen: list[Scene] = []
        self.armed = self.unplugged = False
        self.changes: dict = {}
        self.closed = 0
        self._count = 0

    def open(self) -> None: ...

    def arm(self) -> None:
        self.armed = True

    def read(self) -> Sample:
        if self.unplugged:
            raise DeviceLost("F09 device unplugged: test")
        self._count += 1
        zero = (0.0, 0.0)
        status = int(Status.WATCHDOG_ON | (Status.ARMED if self.armed else 0))
        sample = Sample(self.clock.now_ns() * 1e-9, self._count, 0.0, self.q, zero, zero, (), status, 0)
        return sample._replace(**self.changes)

    def write(self, command: Command) -> None:
        if not all(np.isfinite(command.torque)):
            raise ValueError("not finite")
        self.sent.append(command)

    def disarm(self) -> None:
        self.armed = False

    def close(self) -> None:
        self.closed += 1

    def see(self, scene: Scene) -> None:
        self.seen.append(scene)


class ShortTrials:
    """Trials of 100 ticks: start, then reached. The reference is `offset` beside the hand's pose at start."""

    parameters = Parameters(offset=quantity("0 m", unit="m", least="-1 m", most="1 m"))

    def __init__(self, device, *, offset=0.0):
        self._offset = offset

    def start(self, state, limits, rng):
        self._at = state.x + np.array([self._offset, 0.0])
        self._tick = 0
        self.draw = rng.random()
        self._scene = Scene(targets=(Target(tuple(self._at.tolist()), 0.01),), phase="go")

    def reference(self, t, state):
        return Reference(self._at, np.zeros(2), np.zeros(2))

    def scene(self):
        return self._scene

    def observe(self, t, state, decision):
        self._tick += 1
        if self._tick % TRIAL_TICKS == 1:
            place = self._at.tolist()
            return Event("trial_start", {"start": place, "target": place, "radius": 0.01})
        if self._tick % TRIAL_TICKS == 0:
            return Event("trial_end", {"outcome": str(Outcome.REACHED)})
        return None


class Push:
    """Wishes a constant torque on joint 1; `torque` can be changed while it runs."""

    parameters = Parameters(torque=quantity("2 N*m", unit="N*m", least="0 N*m", most="20 N*m", live=True))

    def __init__(self, device, *, torque=2.0):
        self.torque, self.resets = torque, 0

    def reset(self, state):
        self.resets += 1

    def set(self, name, value):
        self.torque = value

    def update(self, state, reference, dt):
        return np.array([self.torque, 0.0])


class Spiteful:
    """Misbehaves from the 50th update on, the way its `how` says."""

    parameters = Parameters()
    how = "raise"

    def __init__(self, device, **parameters):
        self.count = 0

    def reset(self, state):
        pass

    def update(self, state, reference, dt):
        self.count += 1
        if self.count < 50:
            return np.zeros(2)
        if self.how == "raise":
            raise ZeroDivisionError("the user divided by zero")
        return {"nan": np.array([np.nan, 0.0]), "short": np.array([1.0]), "none": None, "text": "torque"}[self.how]


@pytest.fixture(autouse=True)
def plugins():
    added = [
        ("exercise", "short_trials", ShortTrials),
        ("controller", "push", Push),
        ("controller", "spiteful", Spiteful),
    ]
    for kind, name, plugin in added:
        registry.add_local(kind, name, plugin)
    yield
    for kind, name, _ in added:
        registry._local.pop((kind, name))


def plan(*blocks: BlockPlan, device: str = "test_arm", limits=None, stop_if=()) -> Plan:
    return Plan(protocol="test", version=1, device=device, blocks=blocks, limits=limits or {}, stop_if=stop_if)


def block(number=1, name="first", controller="push", trials=2, offset=0.0, **changes) -> BlockPlan:
    usual = {
        "number": number, "name": name, "exercise": "short_trials", "exercise_parameters": {"offset": offset},
        "controller": controller, "controller_parameters": {}, "mode": "", "trials": trials, "limits": {},
    }  # fmt: skip
    return BlockPlan(**{**usual, **changes})


class Bench:
    """One loop, with readers on its ring and snapshot."""

    def __init__(self, seed: int = 1) -> None:
        self.clock = ManualClock()
        self.device = ObedientDevice(self.clock)
        memory, glass = shm.anonymous(ring.SIZE), shm.anonymous(snapshot.SIZE)
        description = messages.Description(session="s", run="", folder="", device="test:arm", seed=seed)
        self.loop = Loop(self.device, self.clock, RingWriter(memory), SnapshotWriter(glass), description, {})
        self.ring, self.glass = RingReader(memory), SnapshotReader(glass)
        self.pacer = Pacer(self.clock, 0.001)
        self.events = []
        self.step()

    def step(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            self.loop.step(self.pacer.wait())
        self.events += self.ring.events()

    def ask(self, *requests) -> str:
        error = ""
        for request in requests:
            error = error or self.loop.handle(request)
        self.events += self.ring.events()
        return error

    def start(self, *blocks, **choices) -> None:
        error = self.ask(
            messages.Prepare(plan=plan(*(blocks or (block(),)), **choices)), messages.Arm(), messages.Start()
        )
        assert not error, error

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    def of(self, kind: str) -> list[dict]:
        return [event.data for event in self.events if event.kind == kind]

    @property
    def torque(self) -> float:
        return self.device.sent[-1].torque[0]


@pytest.fixture
def bench() -> Bench:
    return Bench()
