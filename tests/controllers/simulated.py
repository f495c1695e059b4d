"""A controller with a virtual patient on the simulated arm, in the session's own loop, on a clock that only moves when
told; with what only the simulation knows: the force of the limb."""

from __future__ import annotations

from typing import Any

import numpy as np

from rehab.core.clock import ManualClock
from rehab.core.types import Trial
from rehab.protocol.single import one_block
from rehab.realtime import ring, shm, snapshot
from rehab.realtime.pacing import Pacer
from rehab.realtime.ring import RingReader, RingWriter
from rehab.realtime.snapshot import SnapshotWriter
from rehab.record.trials import TrialAssembler
from rehab.session import messages
from rehab.session.loop import Loop
from sim.device import SimulatedDevice

MODEL = "planar_arm"


class Bench:
    """One block of an exercise, reach if nothing else is said; `step` goes on by ticks, `finish` to the end."""

    def __init__(self, controller: str, patient: str | None, *, seed: int = 1, trials: int = 4, exercise: str = "reach",
                 **parameters: Any) -> None:  # fmt: skip
        clock = ManualClock()
        self.device = SimulatedDevice(MODEL, clock=clock, patient=patient, seed=seed, engine="closed_form")
        self.device.open()
        self.info = self.device.info
        memory = shm.anonymous(ring.SIZE)
        description = messages.Description(session="s", run="", folder="", device=f"sim:{MODEL}", seed=seed)
        self.loop = Loop(self.device, clock, RingWriter(memory), SnapshotWriter(shm.anonymous(snapshot.SIZE)),
                         description, {})  # fmt: skip
        self.ring, self.pacer = RingReader(memory), Pacer(clock, self.info.period_s)
        self.assembler = TrialAssembler(self.ring.between, self.loop_channels(), info=self.info, patience=0.0)
        self.trials: list[Trial] = []
        self.events: list[Any] = []
        self.limb: list[tuple[float, ...]] = []  # force of the limb on the robot's hand, N, by tick
        self.hand: list[tuple[float, ...]] = []  # x and v of the hand
        self.step()
        plan = one_block(
            exercise, controller=controller, trials=trials, parameters=parameters, info=self.info,
            limits=self.loop.limits,
        )  # fmt: skip
        for request in (messages.Prepare(plan=plan), messages.Arm(), messages.Start()):
            error = self.loop.handle(request)
            assert not error, error

    def loop_channels(self) -> Any:
        from rehab.realtime.layout import channels

        return channels(self.info.n_joints, self.loop.kinematics.n_task)

    @property
    def controller(self) -> Any:
        return self.loop.course.blocks[0].controller

    @property
    def body(self) -> Any:
        return self.device.body

    def set(self, name: str, value: float) -> None:
        error = self.loop.handle(messages.Set(name=name, value=value))
        assert not error, error

    def step(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            self.loop.step(self.pacer.wait())
            self.limb.append(self.body.force)
            self.hand.append((*self.body.x, *self.body.v))
            for event in self.ring.events():
                self.events.append(event)
                trial = self.assembler.feed(event)
                if trial is not None:
                    self.trials.append(trial)
            self.assembler.keep(self.ring.written)

    def until(self, kind: str, name: str = "", most: int = 60_000) -> Any:
        """Step until the next such event (a phase by its name) and give it."""
        seen = len(self.events)
        for _ in range(most):
            self.step()
            for event in self.events[seen:]:
                if event.kind == kind and (not name or event.data.get("name") == name):
                    return event
            seen = len(self.events)
        raise AssertionError(f"no {kind} {name} in {most} ticks")

    def finish(self, most: int = 400_000) -> list[Trial]:
        """To the end of the block; its trials. A fault ends the test."""
        for _ in range(most):
            self.step()
            assert self.loop.state != "faulted", [e.data for e in self.events if e.kind == "fault"]
            if self.loop.state == "idle":
                return self.trials
        raise AssertionError("the block does not end")

    def close(self) -> None:
        self.device.close()


def path_of(bench: Bench, trial: Trial) -> np.ndarray:
    """x of the hand in a trial, m (k, 2)."""
    return np.array(bench.hand)[trial.first_tick : trial.last_tick + 1, :2]
