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
    patient: str | None, controller: str, seconds: float, seed: int = 1, *, device: str = "sim:planar_arm",
    force_sensor: bool = False, **parameters,
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
        "reach", controller=controller, mode=None, trials=2000, parameters=parameters, info=opened.info,
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
        if loop.rig.monitor.fault:
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
    assert loop.trial >= 1
    assert not loop.seen_acted & ~Acted.SOFT_START


@pytest.mark.long
@pytest.mark.parametrize("patient", [name for name in PATIENTS if name])
def test_at_most_one_false_trip_in_an_hour(patient):
    """REHAB_LONG_SECONDS shortens it."""
    left, trips, seed = LONG_SECONDS, [], 0
    while left > 0.0:
        seed += 1
        loop = session(patient, "impedance", left, seed)
        left -= loop.ticks / 1000.0
        if loop.rig.monitor.fault:
            trips.append(loop.rig.monitor.reason)
    print(f"{patient}: {len(trips)} false trips in {LONG_SECONDS:.0f} s", *trips, sep="\n  ")
    assert len(trips) <= 1, trips
