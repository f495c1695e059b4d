"""Sessions as they are run, in simulation: the monitor must leave them alone."""

from __future__ import annotations

import os

import numpy as np
import pytest
from msgspec import structs

from rehab.core import registry
from rehab.core.clock import ManualClock
from rehab.core.parameters import Parameters
from rehab.core.safety.faults import Fault
from rehab.core.values import Acted
from rehab.protocol.load import one_block
from rehab.realtime import shm
from rehab.realtime import snapshot as snapshots
from rehab.realtime.pacing import Pacer
from rehab.realtime.ring import SIZE, RingReader, RingWriter
from rehab.realtime.snapshot import SnapshotWriter
from rehab.session import messages
from rehab.session.control import open_device
from rehab.session.loop import Loop
from tests.grid.cells import NOT_PATIENTS, Cell
from tests.grid.named import reason

PATIENTS = (
    "healthy", "mild_stroke", "stroke", "severe_stroke", "tremor", "learner", "slacker", "passive", None,
)  # fmt: skip
LONG_SECONDS = float(os.environ.get("REHAB_LONG_SECONDS", "3600"))


class Saddle:
    """F = B v of Shadmehr & Mussa-Ivaldi 1994 (J. Neurosci. 14(5)): injects 0.33 J into a reach of 10 cm."""

    parameters = Parameters()
    field = np.array([[-10.1, -11.2], [-11.2, 11.1]])  # N·s/m

    def __init__(self, device, **parameters): ...

    def reset(self, state): ...

    def update(self, state, reference, dt):
        return state.jacobian.T @ (self.field @ state.v)


@pytest.fixture(autouse=True)
def saddle():
    registry.add_local("controller", "saddle", Saddle)
    yield
    registry._local.pop(("controller", "saddle"))


def session(
    patient: str | None, controller: str | None, seconds: float, seed: int = 1, *, device: str = "sim:planar_arm",
    force_sensor: bool = False, exercise: str = "reach", mode: str | None = None, **parameters,
) -> Loop:  # fmt: skip
    clock = ManualClock()
    about = messages.Description(session="s", run="", folder="", device=device, patient=patient, seed=seed)
    opened = open_device(about, clock)
    opened.info = structs.replace(opened.info, force_sensor=force_sensor)
    memory, glass = shm.anonymous(SIZE), shm.anonymous(snapshots.SIZE)
    loop = Loop(opened, clock, RingWriter(memory), SnapshotWriter(glass), about, {})
    reader, pacer = RingReader(memory), Pacer(clock, opened.info.period_s)
    loop.step(pacer.wait())
    plan = one_block(
        exercise, controller=controller, mode=mode, trials=2000, parameters=parameters, info=opened.info,
        limits=loop.limits,
    )  # fmt: skip
    for request in (messages.Prepare(plan=plan), messages.Arm(), messages.Start()):
        assert loop.handle(request) == ""
    acted = 0
    for k in range(round(seconds * 1000)):
        loop.step(pacer.wait())
        acted |= loop.rig.monitor.acted
        if k % 1000 == 0:
            reader.events()
        if loop.rig.monitor.fault or loop.state == "idle":  # tripped, or all trials done
            break
    opened.close()
    loop.seen_acted = acted
    return loop


@pytest.mark.parametrize("controller", ["impedance", "transparent", "saddle"])
@pytest.mark.parametrize("patient", PATIENTS)
def test_no_false_trip(patient, controller):
    """Passive motion is the impedance with a limp or an empty hand."""
    loop = session(patient, controller, 20.0 if (patient, controller) == ("stroke", "impedance") else 7.0)
    assert loop.rig.monitor.fault is Fault.NONE, loop.rig.monitor.reason
    assert loop.course.trial >= 1
    assert not loop.seen_acted & ~Acted.SOFT_START


HOUR = (  # what an hour of therapy is made of, each for the same time: exercise and mode
    ("passive_motion", "passive"), ("reach", "assistive"), ("trace", "path_guidance"), ("track", "assistive"),
    ("adl", "assistive"), ("game_catch", "active_assistive"), ("reach", "active"), ("hold", "assistive"),
    ("reach", "corrective"), ("range_of_motion", "active"), ("reach", "resistive"), ("spasticity", "passive"),
)  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("patient", [name for name in registry.names("patient") if name not in NOT_PATIENTS])
def test_at_most_one_false_trip_in_an_hour(patient):
    """REHAB_LONG_SECONDS shortens it. After a trip the exercise goes on as a new session.

    A fault is no false trip where that person did what the monitor stops for (tests/grid/named.py): listed apart.
    """
    false, right, trials, ticks, seed = [], [], 0, 0, 0
    for part, (exercise, mode) in enumerate(HOUR, 1):
        until = round(1000.0 * LONG_SECONDS * part / len(HOUR))
        while ticks < until:
            seed += 1
            loop = session(patient, None, (until - ticks) / 1000.0, seed, exercise=exercise, mode=mode)
            ticks, trials = ticks + loop.ticks, trials + loop.course.trial
            if fault := loop.rig.monitor.fault:
                named = reason(Cell(exercise, mode, patient), fault)
                (right if named else false).append(f"{exercise} {mode}: {fault.name}, {loop.rig.monitor.reason}")
    print(f"\n{patient}: {len(false)} false trips in {ticks / 1000.0:.0f} s, {seed} sessions, {trials} trials", *false,
          *(f"not false: {trip}" for trip in right), sep="\n  ")  # fmt: skip
    assert trials > LONG_SECONDS / 60.0
    assert len(false) <= 1, false
