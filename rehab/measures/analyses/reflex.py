"""Stretch reflex under a preload: what the joint and the limb do after a step of torque, by cell of the design.

    windows after the step     R1 20 … 45 ms, R2 45 … 75 ms, R3 75 … 105 ms, voluntary 120 … 180 ms
    torque of the limb         at the pushed joint, by inverse dynamics, less its mean in the 50 ms before the step

Pruszynski, Kurtzer & Scott 2008, J. Neurophysiol. 100(1). There the windows are of rectified EMG; here of torque, which
comes later than EMG by the muscle's 20 to 30 ms and holds the limb's own inertia: compare cells, not windows.
"""

from __future__ import annotations

from math import degrees
from typing import Any, ClassVar, NamedTuple

import numpy as np

from rehab.core.errors import MeasureError
from rehab.core.parameters import Parameters
from rehab.core.types import Trial
from rehab.core.units import show
from rehab.measures.analyses.recorded import MARGIN, Session, mean_of
from rehab.measures.analyses.result import Curve, Panel, Result, Row
from rehab.measures.arrays import Array

WINDOWS = {"R1": (0.020, 0.045), "R2": (0.045, 0.075), "R3": (0.075, 0.105), "voluntary": (0.120, 0.180)}  # s
BEFORE, AFTER = 0.05, 0.3  # s
TIME = "time from the step / ms"


class Answer(NamedTuple):
    """One trial, from BEFORE before the step to AFTER after it: t s from the step, torque N·m and angle rad beyond what
    was before."""

    cell: str
    t: Array
    torque: Array
    angle: Array


class Reflex:
    """Torque in the reflex windows and the joint's deflection, by cell."""

    says: ClassVar[str] = "reflexes after a step of torque at a joint: torque in the windows, by cell"
    general: ClassVar[bool] = False
    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, **parameters: Any) -> None:
        self.parameters.complete(parameters)

    def fits(self, session: Session) -> bool:
        return any("joint" in trial.parameters.get("perturb", {}) for trial in session.trials)

    def analyse(self, session: Session) -> Result:
        pushed = [t for t in session.trials if "joint" in t.parameters.get("perturb", {}) and "perturb" in t.phases]
        answers = [answer for trial in pushed if (answer := _answer(session, trial)) is not None]
        if not answers:
            raise MeasureError("no step of torque at a joint was recorded with 0.3 s behind it")
        cells: dict[str, list[Answer]] = {}
        for answer in sorted(answers, key=lambda answer: answer.cell):
            cells.setdefault(answer.cell, []).append(answer)
        rows = [row for cell, some in cells.items() for row in _rows(cell, some)]
        missing = ["no EMG in the recording: the windows are of the limb's torque, not of muscle activity"]
        most = max((row for row in rows if row.name.endswith("deflection")), key=lambda row: abs(float(row.value)))
        verdict = f"the joint gives way by up to {degrees(abs(float(most.value))):.1f}° ({most.name.partition(':')[0]})"
        return Result(verdict, tuple(rows), _panels(cells), tuple(missing))


def _answer(session: Session, trial: Trial) -> Answer | None:
    at, perturb = trial.phases["perturb"], trial.parameters["perturb"]
    names = [joint.name for joint in session.info.joints]
    joint = names.index(perturb["joint"]) if perturb["joint"] in names else len(names) - 1
    part = session.part(at - BEFORE - MARGIN, at + AFTER + MARGIN)
    if part.t[-1] < at + AFTER:
        return None
    rows = slice(part.row(at - BEFORE), part.row(at + AFTER))
    t, torque, angle = part.t[rows] - at, session.limb_at_joints(part)[rows, joint], part.q[rows, joint]
    rest = t < 0.0
    return Answer(_cell(trial), t, torque - torque[rest].mean(), angle - angle[rest].mean())


def _cell(trial: Trial) -> str:
    cell = trial.parameters.get("cell") or {"step": trial.parameters["perturb"].get("torque", 0.0)}
    return ", ".join(v if isinstance(v, str) else f"{name} {show(float(v), 'N*m')}" for name, v in cell.items())


def _rows(cell: str, some: list[Answer]) -> list[Row]:
    rows = []
    for name, (begin, end) in WINDOWS.items():
        values = [float(one.torque[(one.t >= begin) & (one.t < end)].mean()) for one in some]
        mean, spread = mean_of(values)
        rows.append(Row(f"{cell}: torque, {name}", mean, "N*m", spread))
    deflections = [float(one.angle[np.argmax(np.abs(one.angle))]) for one in some]
    mean, spread = mean_of(deflections)
    return [*rows, Row(f"{cell}: deflection", mean, "rad", spread)]


def _panels(cells: dict[str, list[Answer]]) -> tuple[Panel, ...]:
    torque, angle = [], []
    for hue, (cell, some) in enumerate(cells.items()):
        count = min(len(one.t) for one in some)
        t = (1000 * some[0].t[:count]).tolist()
        torque.append(Curve(cell, t, np.mean([one.torque[:count] for one in some], axis=0).tolist(), "line", hue))
        bent = np.degrees(np.mean([one.angle[:count] for one in some], axis=0))
        angle.append(Curve(cell, t, bent.tolist(), "line", hue))
    return (
        Panel("Torque of the limb at the joint", TIME, "beyond the preload / (N·m)", tuple(torque)),
        Panel("Angle of the joint", TIME, "deflection / °", tuple(angle)),
    )
