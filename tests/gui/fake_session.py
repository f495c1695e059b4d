"""A session that plays a synthetic reach: no processes, no physics, but the real rings, rows and scenes.

Its state machine is the session's; its hand follows minimum jerk exactly. Time goes on only in `advance`, or by itself
with `live=True`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from math import atan2, cos, hypot, pi, sin
from pathlib import Path
from typing import Any

from rehab.core.errors import NotNow, RehabError
from rehab.core.kinematics import kinematics_of
from rehab.core.trials import Question
from rehab.core.types import NO_SCENE, Array, Outcome, Scene, Target, Trial
from rehab.core.values import Status
from rehab.protocol.plan import BlockPlan, Plan
from rehab.realtime import shm, snapshot
from rehab.realtime.layout import SESSION_STATES, WIDTH, channels
from rehab.realtime.ring import SIZE, RingEvent, RingHeader, RingReader, RingWriter
from rehab.realtime.snapshot import Look, SnapshotReader, SnapshotWriter
from sim.models import load

MOVE, STAY = 0.8, 0.2  # s out and back, and in between


def fake_plan(trials: int) -> Plan:
    parameters = {"assistance": 60.0, "stiffness": 200.0}
    block = BlockPlan(
        number=0, name="demonstration", exercise="reach", controller="impedance", controller_parameters=parameters,
        trials=trials,
    )  # fmt: skip
    return Plan(protocol="Demonstration of reaching", version=1, device="", blocks=(block,))


class FakeSession:
    def __init__(
        self, folder: Path, *, trials: int = 16, live: bool = False, model: str = "planar_arm", info: Any = None
    ):
        self.info = info or load(model)
        self.device, self.patient = f"sim:{model}", "stroke"
        self.folder, self.problem = folder, ""
        self.state, self.trials = "idle", []
        self.asked: list[str] = []  # commands in the order in which they came
        self.refuse: dict[str, str] = {}  # command -> why it is refused
        self.vanished = False
        self._held, self._begun, self._go = "", threading.Event(), threading.Event()
        self._plan = fake_plan(trials)
        self.prepared: Plan | None = None
        self.left: Plan | None = None
        self.question: Question | None = None
        self.parked = False
        self.settings: dict[str, float] = {}
        self.notes: list[Any] = []
        self.beats = 0
        self._kinematics = kinematics_of(self.info)
        self._centre, _ = self._kinematics.forward(self.info.home)
        self._names = [c.name for c in channels(self.info.n_joints, self._kinematics.n_task)]
        ring, snap = shm.anonymous(SIZE), shm.anonymous(snapshot.SIZE)
        self._ring, self._snapshot = RingWriter(ring), SnapshotWriter(snap)
        header = RingHeader("fake", str(folder), self.info, channels(self.info.n_joints, self._kinematics.n_task))
        self._ring.describe(header)
        self._snapshot.describe(header)
        self._rows, self._looks = RingReader(ring), SnapshotReader(snap)
        self._ticks, self._moving, self._trial = 0, 0.0, 0
        self._q, self._scene = tuple(self.info.home), NO_SCENE
        self._x = self._centre
        self.overrides: dict[str, float] = {}  # values put into every row
        self._live, self._since = live, time.monotonic()
        self.scenes = [self._scene_of(k) for k in range(8)]
        self.advance(0.002)

    # commands --------------------------------------------------------------------------------------------------------

    def _command(self, name: str, allowed: tuple[str, ...], then: str) -> None:
        self.asked.append(name)
        if name == self._held:
            self._begun.set()
            assert self._go.wait(20.0)
        if name in self.refuse:
            raise NotNow(self.refuse[name])
        if self.state not in allowed:
            raise NotNow(f"the session is {self.state}; {name} needs it to be {' or '.join(allowed)}")
        self.state = then
        self._ring.event(RingEvent("state", self._ticks, self.t, {"name": then}))
        self.advance(0.001)

    def prepare(self, what: Any, /, *, follows: str = "", after: int = 0) -> Plan:
        self._command("prepare", ("idle", "prepared"), "prepared")
        self.event("command", name="prepare", by="")
        self.prepared = self.left = self._plan
        return self._plan

    def event(self, kind: str, **data: Any) -> None:
        self._ring.event(RingEvent(kind, self._ticks, self.t, data))

    def arm(self) -> None:
        self._command("arm", ("prepared",), "armed")

    def start(self) -> None:
        self._moving = 0.0
        self._command("start", ("armed",), "running")
        self._block_start()

    def _block_start(self, **more: Any) -> None:
        block = self._plan.blocks[0]
        names = {"name": block.name, "exercise": block.exercise, "controller": block.controller}
        self.event("block_start", number=1, **names, trials=block.trials, **more)

    def pause(self) -> None:
        self._command("pause", ("running",), "paused")

    def resume(self) -> None:
        self._command("resume", ("paused",), "running")

    def stop(self) -> None:
        self._command("stop", SESSION_STATES, "idle" if self.state in ("armed", "running", "paused") else self.state)
        self.event("stop", by="")

    def beat(self) -> None:
        self.beats += 1

    def resume_after_fault(self) -> None:
        self._on("resume_after_fault")

    def resume_gentler(self, share: float, /) -> None:
        self._on("resume_gentler")

    def _on(self, name: str) -> None:
        self.overrides.clear()
        self._command(name, ("idle", "prepared", "faulted", "armed"), "running")
        self._block_start(resumed=1)

    def slow_stretch(self) -> None:
        self.lead("slow_stretch")

    def get_out(self) -> None:
        self.lead("get_out")

    def lead(self, way: str) -> None:
        self.overrides.clear()
        self._command(way, ("idle", "prepared", "faulted", "armed"), "running")
        self.event("way_start", exercise=way, controller="soft_spring")

    def set(self, name: str, value: float) -> None:
        self._quietly("set")
        self.settings[name] = value
        self.event("command", name="set", by="", parameter=name, value=value)

    def answer(self, name: str, value: Any) -> None:
        self._quietly("answer")
        self.notes.append((name, value))
        self.question = None

    def mark(self) -> None:
        self._quietly("mark")
        self.event("mark", trial=self._trial, by="")

    def note(self, chips: Sequence[str] = (), text: str = "") -> None:
        self._quietly("note")
        self.notes.append((tuple(chips), text))
        self.event("note", chips=list(chips), text=text, trial=self._trial, by="")

    def skip(self) -> None:
        self._quietly("skip")

    def repeat(self) -> None:
        self._quietly("repeat")

    def park(self) -> None:
        self._quietly("park")
        self.parked = True
        self.event("command", name="park", by="")

    def unpark(self) -> None:
        self._quietly("unpark")
        self.parked = False
        self.event("command", name="unpark", by="")

    def _quietly(self, name: str) -> None:
        self._command(name, SESSION_STATES, self.state)

    def reset(self) -> None:
        self.overrides.clear()
        self._command("reset", ("faulted",), "prepared")

    def close(self) -> None:
        self.asked.append("close")
        self.state = "ended"

    # what a test makes happen ----------------------------------------------------------------------------------------

    def fail(self, number: int, name: str, message: str, action: str, help: str) -> None:
        """A fault, as the monitor reports it."""
        self.state = "faulted"
        self._ring.event(
            RingEvent(
                "fault",
                self._ticks,
                self.t,
                {"id": number, "name": name, "message": message, "action": action, "help": help},
            )
        )
        self.overrides |= {"fault": number}
        self.advance(0.001)

    def hold(self, name: str) -> None:
        """That command will take until `go_on`."""
        self._held = name

    def reached(self, name: str) -> None:
        assert name == self._held and self._begun.wait(20.0)

    def go_on(self) -> None:
        self._go.set()

    def live(self) -> None:
        """From now on time goes on by itself."""
        self._live, self._since = True, time.monotonic()

    def advance(self, seconds: float) -> None:
        for _ in range(round(seconds * 1000)):
            self._tick()

    @property
    def t(self) -> float:
        return self._ticks * 0.001

    # reading ---------------------------------------------------------------------------------------------------------

    def look(self) -> Look | None:
        if self.vanished:
            return None
        if self._live:
            now = time.monotonic()
            self.advance(now - self._since)
            self._since = now
        return self._looks.look()

    def rows(self) -> Array:
        if self.vanished:
            raise RehabError("the ring is gone")
        return self._rows.rows()

    def poll(self) -> list[RingEvent]:
        return self._rows.events()

    # the synthetic reach ---------------------------------------------------------------------------------------------

    def _scene_of(self, k: int) -> Scene:
        target = Target(self._target(k), 0.01)
        return Scene(targets=(target, Target(self._centre, 0.01, "home")), text="Reach the target", phase="go")

    def _target(self, k: int) -> tuple[float, ...]:
        if len(self._centre) == 1:
            return (self._centre[0] + (0.08 if k % 2 else -0.08),)
        angle = 0.25 * pi * (3 * k % 8)
        return (self._centre[0] + 0.1 * cos(angle), self._centre[1] + 0.1 * sin(angle))

    def _tick(self) -> None:
        v, force = tuple(0.0 for _ in self._centre), tuple(0.0 for _ in self._centre)
        if self.state == "running":
            v, force = self._reach()
            self._moving += 0.001
        self._q = self._kinematics.inverse(self._x, self._q)
        _, jacobian = self._kinematics.forward(self._q)
        sent = tuple(
            sum(jacobian[i][j] * force[i] for i in range(len(force))) for j in range(self.info.n_joints)
        )  # τ = Jᵀ F
        armed = self.state in ("armed", "running", "paused")
        values: dict[str, float] = {
            "tick": self._ticks, "t": self.t, "dt": 0.001, "sample_age": 0.0006, "sample_sequence": self._ticks,
            "status": int(Status.ARMED) if armed else 0, "enable": armed,
            "state": SESSION_STATES.index(self.state), "block": self.state in ("running", "paused"),
            "trial": self._trial * (self.state in ("running", "paused")),
        }  # fmt: skip
        for name, vector in (
            ("q", self._q),
            ("x", self._x),
            ("v", v),
            ("x_ref", self._x),
            ("sent", sent),
            ("wish", sent),
        ):
            values |= {f"{name}_{k}": value for k, value in enumerate(vector)}
        values |= self.overrides
        row = [float(values.get(name, 0.0)) for name in self._names]
        assert len(row) <= WIDTH
        self._ring.put(row)
        self._snapshot.put(row, self._scene if armed else NO_SCENE)
        self._ticks += 1

    def _reach(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Out and back for each trial; the trial is the way out. Returns velocity m/s and the robot's force N."""
        cycle = 2 * (MOVE + STAY)
        k, within = divmod(self._moving, cycle)
        number = int(k) + 1
        if number > self._plan.trials:
            self.state = "idle"
            self._trial = 0
            self._ring.event(RingEvent("run_end", self._ticks, self.t, {"trials": self._plan.trials}))
            self._ring.event(RingEvent("state", self._ticks, self.t, {"name": "idle"}))
            return tuple(0.0 for _ in self._centre), tuple(0.0 for _ in self._centre)
        self._trial, self._scene = number, self.scenes[int(k) % 8]
        out = within < MOVE + STAY
        s = min(1.0, (within if out else within - MOVE - STAY) / MOVE)
        share, rate = s**3 * (10 - 15 * s + 6 * s * s), 30 * s * s * (1 - s) ** 2 / MOVE
        begin, end = (self._centre, self._target(int(k))) if out else (self._target(int(k)), self._centre)
        self._x = tuple(b + share * (e - b) for b, e in zip(begin, end, strict=True))
        if not out and len(self.trials) < number:
            outcome = Outcome.TIMEOUT if number % 5 == 0 else Outcome.REACHED
            self.trials.append(
                Trial(
                    number,
                    "demonstration",
                    self.t - MOVE - STAY,
                    self.t,
                    0,
                    self._ticks,
                    outcome,
                    {"peak_speed": 0.234},
                )
            )
        v = tuple(rate * (e - b) for b, e in zip(begin, end, strict=True))
        if len(v) == 1:
            return v, (8.0 * rate * MOVE / 1.875 * (1 if end > begin else -1),)
        along = atan2(end[1] - begin[1], end[0] - begin[0]) + 0.4
        size = 9.0 * hypot(*v) / 0.234
        return v, (size * cos(along), size * sin(along))
