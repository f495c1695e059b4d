"""The force field of a trial, from its parameters: where it pushes, what is pushed against it, and what it is worth."""

from __future__ import annotations

from math import radians
from typing import NamedTuple

import numpy as np

from rehab.core.errors import MeasureError
from rehab.core.types import Trial
from rehab.measures.adaptation import adaptation_index, field_integrated, field_peak, field_work
from rehab.measures.analyses.recorded import MARGIN, Reach, Session, controller
from rehab.measures.analyses.result import Row
from rehab.measures.arrays import Array
from rehab.measures.limb_force import hand_jacobian, motion_torque
from rehab.measures.two_state import SMITH, two_state_map

FIELD, CHANNEL = "force_field", "channel"  # the controllers
CURL = np.array([[0.0, 1.0], [-1.0, 0.0]])
SADDLE = np.array([[-10.1, -11.2], [-11.2, 11.1]])  # N·s/m, Shadmehr & Mussa-Ivaldi 1994
LITERATURE = {0: (-0.28857, 5.6555), 45: (-0.30571, 5.6481), 90: (0.31714, 5.9132), 135: (0.33429, 5.9204)}
THEORY = "two-state theory, Smith's rates"
LEAST_PUSH = 0.25  # of the field's norm: along directions in which it hardly pushes sideways nothing is to be seen


def field_of(trial: Trial) -> Array:
    """B in N·s/m as the trial's parameters have it (controllers.force_field)."""
    p = {name: float(trial.parameters.get(name, 0.0)) for name in ("curl", "viscous", "saddle", "xx", "xy", "yx", "yy")}
    matrix = p["curl"] * CURL + p["saddle"] * SADDLE - p["viscous"] * np.eye(2)
    matrix += np.array([[p["xx"], p["xy"]], [p["yx"], p["yy"]]])
    found: Array = float(trial.parameters.get("sign", 1.0)) * matrix
    return found


def index_of(session: Session, reach: Reach, matrix: Array) -> float:
    """Share of the field that the limb pushes against in a channel. Raises MeasureError."""
    begin, end = reach.part.t[reach.first], reach.part.t[reach.last]
    part = session.part(begin - MARGIN, end + MARGIN)
    gain = float(reach.aside @ matrix @ reach.along)
    rows = slice(part.row(begin), part.row(end) + 1)
    force = session.limb(part)[rows] @ reach.aside
    return adaptation_index(-force, part.v[rows] @ reach.along, gain=gain)


class Indexed(NamedTuple):
    """One channel trial: `share` its adaptation index less that of its target before the field, `raw` as measured."""

    number: int
    target: int
    share: float
    raw: float


def indices(session: Session, found: list[Reach], matrix: Array) -> tuple[list[Indexed], str]:
    """Of all channel trials, and what there is to be said of their baseline ("" for nothing).

    A limb that moves a robot pushes sideways without any field: against friction and inertia that differ by direction.
    That is what channel trials before the field are for.
    """
    begun = next((reach.trial.number for reach in found if controller(reach.trial) == FIELD), 0)
    raw: list[tuple[Reach, float]] = []
    for reach in found:
        if controller(reach.trial) == CHANNEL and pushes(reach, matrix):
            try:
                raw.append((reach, index_of(session, reach, matrix)))
            except MeasureError:  # too short, or at the very edge of the recording
                continue
    before: dict[int, list[float]] = {}
    for reach, index in raw:
        if reach.trial.number < begun:
            before.setdefault(target(reach), []).append(index)
    told = ""
    if raw and not before:
        told = "no channel trial before the field: adaptation indices are not taken off a baseline"
    elif any(target(reach) not in before for reach, _ in raw):
        told = "not every target had a channel trial before the field: of the others the mean baseline is taken off"
    mean = float(np.mean([index for some in before.values() for index in some])) if before else 0.0
    return [
        Indexed(reach.trial.number, (at := target(reach)), index - float(np.mean(before.get(at, [mean]))), index)
        for reach, index in raw
    ], told


def expected(found: list[Reach], matrix: Array) -> dict[int, float]:
    """Share of the field that a memory with Smith's rates would compensate, by trial number of every reach."""
    fields = np.array([_disturbance(reach.trial) for reach in found])
    learned = two_state_map([reach.along for reach in found], fields, **SMITH)
    return {
        reach.trial.number: float(reach.aside @ W @ reach.along) / float(reach.aside @ matrix @ reach.along)
        for reach, W in zip(found, learned, strict=True)
        if pushes(reach, matrix)
    }


def _disturbance(trial: Trial) -> Array:
    kind = controller(trial)
    if kind == CHANNEL:
        return np.full((2, 2), np.nan)
    return field_of(trial) if kind == FIELD else np.zeros((2, 2))


def target(reach: Reach) -> int:
    """Which of them it goes to."""
    return int(reach.trial.parameters.get("index", 0))


def pushes(reach: Reach, matrix: Array) -> bool:
    """Whether the field pushes sideways there at all."""
    return abs(float(reach.aside @ matrix @ reach.along)) > LEAST_PUSH * float(np.linalg.norm(matrix, 2))


def signed(reach: Reach, matrix: Array) -> float:
    """m beside the line, positive where the field pushes to."""
    return float(np.sign(reach.aside @ matrix @ reach.along)) * reach.deviation


def worth(matrix: Array) -> list[Row]:
    """Work and peak force of a reach of 10 cm in 0.5 s: added up along it, beside the known numbers or closed form."""
    rows = []
    for angle, known in LITERATURE.items():
        work, peak = field_integrated(matrix, radians(angle))
        source = "Shadmehr & Mussa-Ivaldi's field"
        if not np.allclose(matrix, SADDLE):
            known, source = (field_work(matrix, radians(angle)), field_peak(matrix, radians(angle))), "closed form"
        rows.append(Row(f"10 cm in 0.5 s at {angle}°: work", work, "J", expected=known[0], source=source))
        rows.append(Row(f"10 cm in 0.5 s at {angle}°: peak force", peak, "N", expected=known[1], source=source))
    return rows


def applied(session: Session, found: list[Reach], matrix: Array) -> Row:
    """Whether the robot really made that field: slope of the force that was sent on B v, over all movements."""
    share = total = 0.0
    for reach in found:
        part = reach.part.cut(reach.first, reach.last + 1)
        still = np.zeros_like(part.q)
        torque = part.sent - motion_torque(session.info, part.q, still, still)
        jacobian = hand_jacobian(session.info, part.q).transpose(0, 2, 1)
        force, wanted = np.linalg.solve(jacobian, torque[:, :, None])[:, :, 0], part.v @ matrix.T
        share, total = share + float((force * wanted).sum()), total + float((wanted * wanted).sum())
    return Row("field that the robot made, of the one asked for", share / total, expected=1.0, source="F = B v")
