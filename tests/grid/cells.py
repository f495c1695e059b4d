"""Every exercise in every mode with every virtual patient: one cell is one short session on a simulated clock."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from rehab.core import registry
from rehab.core.clock import ManualClock
from rehab.core.safety.faults import Fault
from rehab.protocol.modes import available
from rehab.protocol.single import one_block
from rehab.realtime import ring, shm, snapshot
from rehab.realtime.pacing import Pacer
from rehab.realtime.ring import RingReader, RingWriter
from rehab.realtime.snapshot import SnapshotWriter
from rehab.session import messages
from rehab.session.loop import Loop
from sim.device import SimulatedDevice

MODEL = "planar_arm"
MOST = 60.0  # s of a session: none of these is meant to last half as long
SHORT: dict[str, dict[str, str | int | float]] = {  # so that a thousand sessions cost minutes
    "adl": {"task": "wipe", "scale": 0.4, "lap_time": "3 s", "time_limit": "5 s"},
    "game_catch": {"time": "0.9 s"},
    "game_pong": {"time": "1.5 s"},
    "hold": {"duration": "3.5 s", "perturbations": 1},
    "hold_posture": {"duration": "500 ms", "rest": "200 ms"},
    "passive_motion": {"range": "6 cm", "speed": "8 cm/s", "warm_up": 0, "rest": "0 s"},
    "position_match": {"radius": "5 cm", "hold": "500 ms", "movement_time": "800 ms", "time_limit": "5 s"},
    "range_of_motion": {"directions": 1, "time_limit": "3 s"},
    "reach": {"radius": "5 cm", "dwell": "100 ms", "home_dwell": "100 ms", "time_limit": "1.5 s"},
    "spasticity": {"length": "10 cm", "slowest": "10 cm/s", "steps": 2},
    "strength": {"push_time": "2 s"},
    "teach": {"seconds": "5 s"},
    "trace": {"size": "5 cm", "lap_time": "2 s", "time_limit": "3 s"},
    "track": {"amplitude": "4 cm", "duration": "3 s"},
    "wall_exploration": {"distance": "3 cm", "length": "6 cm", "time_limit": "5 s"},
}
TRIALS = {"spasticity": 2}
NOT_PATIENTS = ("therapist",)


class Cell(NamedTuple):
    exercise: str
    mode: str
    patient: str


class Result(NamedTuple):
    """How a session ended: by itself, with the outcome of its last trial, or by a fault with its words."""

    outcome: str
    fault: Fault
    words: str
    seconds: float


def cells() -> Iterator[Cell]:
    patients = [name for name in registry.names("patient") if name not in NOT_PATIENTS]
    return (Cell(*names) for names in product(registry.names("exercise"), available(), patients))


def run(cell: Cell, seed: int = 1) -> Result:
    """Raises AssertionError for a session that does not begin, or does not end."""
    clock = ManualClock()
    device = SimulatedDevice(MODEL, clock=clock, patient=cell.patient, seed=seed, engine="closed_form")
    device.open()
    try:
        return _run(cell, seed, clock, device)
    finally:
        device.close()


def _run(cell: Cell, seed: int, clock: ManualClock, device: SimulatedDevice) -> Result:
    memory = shm.anonymous(ring.SIZE)
    about = messages.Description(session="s", run="", folder="", device=f"sim:{MODEL}", patient=cell.patient, seed=seed)
    loop = Loop(device, clock, RingWriter(memory), SnapshotWriter(shm.anonymous(snapshot.SIZE)), about, {})
    reader, pacer = RingReader(memory), Pacer(clock, device.info.period_s)
    loop.step(pacer.wait())
    parameters: dict[str, Any] = {cell.exercise: SHORT.get(cell.exercise, {})}
    plan = one_block(
        cell.exercise, mode=cell.mode, trials=TRIALS.get(cell.exercise, 1), parameters=parameters, info=device.info,
        limits=loop.limits,
    ).realise(seed, "1")  # fmt: skip
    for request in (messages.Prepare(plan=plan), messages.Arm(), messages.Start()):
        error = loop.handle(request)
        assert not error, f"{cell}: {error}"
    outcome = ""
    while loop.state == "running" and clock.now_ns() * 1e-9 < MOST:
        for _ in range(50):
            loop.step(pacer.wait())
        for event in reader.events():
            outcome = event.data["outcome"] if event.kind == "trial_end" else outcome
    assert loop.state in ("idle", "faulted"), f"{cell}: still {loop.state} after {MOST} s"
    monitor = loop.rig.monitor
    return Result(outcome, monitor.fault, monitor.reason, clock.now_ns() * 1e-9)
