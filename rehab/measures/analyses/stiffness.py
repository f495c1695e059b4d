"""Stiffness of the hand in movement: what force answers a displacement from where the hand would have been.

    Δx, ΔF  in the plateau of a displacement, less the mean undisturbed reach at the same stage of the movement
    z       how far aside, how fast and with what force the hand went beyond that mean just before
    K       from Δx, ΔF, z and the displacements that were asked for (rehab.measures.hand_stiffness)

The stage is found by the place along the way in the last 60 ms before the displacement: whoever set out a little
earlier is compared with a later moment of the mean reach. The plateau's first part is left out: hand and handle give
at the grip, and limb and robot swing against each other at some 10 Hz until the ramp has died down. Burdet, Osu,
Franklin, Yoshioka, Milner & Kawato 2000, J. Biomech. 33(12), in form.
"""

from __future__ import annotations

from math import ceil, cos, degrees, sin
from typing import Any, ClassVar, NamedTuple

import numpy as np

from rehab.core.errors import MeasureError
from rehab.core.parameters import Parameters, quantity
from rehab.core.types import Outcome
from rehab.measures.analyses.recorded import MARGIN, Reach, Session, reaches
from rehab.measures.analyses.result import Curve, Panel, Result, Row
from rehab.measures.arrays import Array
from rehab.measures.hand_stiffness import Stiffness, ellipse, hand_stiffness
from rehab.measures.limb_force import CUTOFF
from rehab.measures.movement import low_pass

BEFORE = 0.06  # s, by which the stage of the movement is told
LEAST_UNDISTURBED = 5
LEAST_ROWS = 20
SURE = 0.1  # of K: with a wider confidence more displacements are asked for


class Shift(NamedTuple):
    """One displacement: hand m and force N beyond the undisturbed reach, what was asked m, and where the hand was m;
    all (m, 2), over its plateau. `before` (c,): how the hand went otherwise than usual just before. fs Hz."""

    displaced: Array
    force: Array
    asked: Array
    place: Array
    before: Array
    fs: float


class HandStiffness:
    """K with its confidence; shape, size and orientation of the ellipse."""

    says: ClassVar[str] = "hand stiffness in movement, from displacements off the predicted path"
    general: ClassVar[bool] = False
    parameters: ClassVar[Parameters] = Parameters(
        settle=quantity("80 ms", unit="s", least="0 ms", most="1 s", says="of the plateau that is left out at first"),
    )

    def __init__(self, **parameters: Any) -> None:
        self._settle = self.parameters.complete(parameters)["settle"]

    def fits(self, session: Session) -> bool:
        return any("displacement" in _pulse(trial.parameters) for trial in session.trials)

    def analyse(self, session: Session) -> Result:
        every = [reach for reach in reaches(session) if reach.trial.outcome is Outcome.REACHED]
        usual = [reach for reach in every if not _pulse(reach.trial.parameters)]
        if len(usual) < LEAST_UNDISTURBED:
            raise MeasureError(f"{len(usual)} undisturbed reaches; {LEAST_UNDISTURBED} are needed to predict the path")
        shifted = [r for r in every if "displacement" in _pulse(r.trial.parameters) and "perturb" in r.trial.phases]
        mean = _Mean(session, usual)
        found = [shift for reach in shifted if (shift := self._shift(session, reach, mean)) is not None]
        if not found:
            raise MeasureError("no displacement was recorded whole: stiffness needs perturb: {displace: ...}")
        count = min(len(shift.asked) for shift in found)
        x = np.array([shift.displaced[:count] for shift in found])
        force = np.array([shift.force[:count] for shift in found])
        asked = np.array([shift.asked[:count] for shift in found])
        before = np.array([shift.before for shift in found])
        K = hand_stiffness(x, force, asked, fs=found[0].fs, before=before)
        missing = []
        if len(found) < len(shifted):
            left = len(shifted) - len(found)
            missing.append(f"{left} displacements that are too short or run beyond the movement are left out")
        wide = float(np.linalg.norm(K.confidence) / np.linalg.norm(K.matrix))
        if wide > SURE:
            missing.append(
                f"the hand went its way so variably that K is only known to ± {100 * wide:.0f} %: to ± 10 % about "
                f"{10 * ceil(0.1 * K.trials * (wide / SURE) ** 2)} displacements are needed"
            )
        place = np.mean([shift.place[:count] for shift in found], axis=(0, 1))
        stiffest = f"stiffest {K.principal[0]:.0f} N/m at {degrees(K.orientation):.0f}°"
        verdict = f"{stiffest}, softest {K.principal[-1]:.0f} N/m"
        return Result(verdict, _rows(K, place), _panels(K, found), tuple(missing))

    def _shift(self, session: Session, reach: Reach, mean: _Mean) -> Shift | None:
        pulse, at = _pulse(reach.trial.parameters), reach.trial.phases["perturb"]
        begin, end = at + float(pulse["rise"]) + self._settle, at + float(pulse["rise"]) + float(pulse["hold"])
        # of what went before nothing is looked at that a filter without delay has mixed with the displacement
        earlier = session.part(at - BEFORE - MARGIN, at)
        count = round(BEFORE * earlier.fs)
        went, force = (low_pass(earlier.x, earlier.fs, CUTOFF)[-count:], session.limb(earlier)[-count:])
        stage = mean.stage((went - reach.start) @ reach.along)
        part = session.part(at - MARGIN, end + MARGIN)
        rows = slice(part.row(begin), part.row(end))
        since = np.arange(rows.start, rows.stop) - part.row(at) + stage
        if len(since) < LEAST_ROWS or since[-1] >= len(mean.x):
            return None
        before = _otherwise(went - mean.x[stage - count : stage], force - mean.force[stage - count : stage], reach)
        x = low_pass(part.x, part.fs, CUTOFF)
        size, angle = float(pulse["displacement"]), float(pulse["direction"])
        asked = np.tile(size * np.array((cos(angle), sin(angle))), (len(since), 1))
        force = session.limb(part)[rows] - mean.force[since]
        return Shift(x[rows] - mean.x[since], force, asked, x[rows], before, part.fs)


class _Mean:
    """The mean undisturbed reach from its onset: x m and force N by row, and how far along m."""

    def __init__(self, session: Session, usual: list[Reach]) -> None:
        self.start, self.along, fs = usual[0].start, usual[0].along, usual[0].part.fs
        lasts = [(reach.last - reach.first) / fs for reach in usual]
        length = float(np.median(lasts)) + 0.1
        paths, forces = [], []
        for reach in usual:
            onset = float(reach.part.t[reach.first])
            part = session.part(onset - MARGIN, onset + length + MARGIN)
            row, count = part.row(onset), round(length * fs)
            if row + count <= len(part.t):
                paths.append(low_pass(part.x, fs, CUTOFF)[row : row + count])
                forces.append(session.limb(part)[row : row + count])
        self.x, self.force = np.mean(paths, axis=0), np.mean(forces, axis=0)
        self._far = np.maximum.accumulate((self.x - self.start) @ self.along)

    def stage(self, far: Array) -> int:
        """The row of the mean reach at the end of a stretch of the way that was gone, m (k,)."""
        k = len(far)
        errors = [float(((self._far[row - k : row] - far) ** 2).sum()) for row in range(k, len(self._far))]
        return k + int(np.argmin(errors))


def _otherwise(place: Array, force: Array, reach: Reach) -> Array:
    """How far aside m and how fast along and aside m (in so many rows) a hand was beyond the usual, and its force N."""
    turn = np.column_stack([reach.along, reach.aside])
    moved, pushed = (place[-1] - place[0]) @ turn, force.mean(axis=0) @ turn
    return np.array([place.mean(axis=0) @ reach.aside, *moved, *pushed])


def _pulse(parameters: dict[str, Any]) -> dict[str, Any]:
    """What disturbed the trial, with what was drawn for it."""
    drawn = {n.removeprefix("perturb."): v for n, v in parameters.get("drawn", {}).items() if n.startswith("perturb.")}
    return {**parameters.get("perturb", {}), **drawn}


def _rows(K: Stiffness, place: Array) -> tuple[Row, ...]:
    names = ("x", "y")
    rows = [
        Row(f"K_{names[i]}{names[j]}", float(K.matrix[i, j]), "N/m", float(K.confidence[i, j]))
        for i in range(2) for j in range(2)
    ]  # fmt: skip
    rows += [
        Row("stiffest", float(K.principal[0]), "N/m"), Row("softest", float(K.principal[-1]), "N/m"),
        Row("orientation of the stiffest", K.orientation, "rad"), Row("shape: stiffest over softest", K.shape),
        Row("size: π times their product", K.size, "N**2/m**2"), Row("share that is no spring", K.turning),
        Row("variance of the force explained", K.r2), Row("displacements", float(K.trials)),
        Row("place of the hand, x", float(place[0]), "m"), Row("place of the hand, y", float(place[1]), "m"),
    ]  # fmt: skip
    return tuple(rows)


def _panels(K: Stiffness, found: list[Shift]) -> tuple[Panel, ...]:
    round_, symmetric = ellipse(K.matrix), ellipse(0.5 * (K.matrix + K.matrix.T))
    means = [(s.asked.mean(axis=0), s.displaced.mean(axis=0), s.force.mean(axis=0)) for s in found]
    asked, dx, df = (np.array(some) for some in zip(*means, strict=True))
    dx, df = dx - dx.mean(axis=0), df - df.mean(axis=0)
    told = -dx @ K.matrix.T
    ends = [float(told.min()), float(told.max())]
    return (
        Panel("Stiffness ellipse", "force per displacement, x / (N/m)", "y / (N/m)", (
            Curve("K", round_[:, 0].tolist(), round_[:, 1].tolist(), "line", 0),
            Curve("its symmetric part", symmetric[:, 0].tolist(), symmetric[:, 1].tolist(), "line", 1),
        ), equal=True),
        Panel("Displacements off the predicted path", "x / mm", "y / mm", (
            Curve("asked", (1000 * asked[:, 0]).tolist(), (1000 * asked[:, 1]).tolist(), "points", 1),
            Curve("measured, in the plateau", (1000 * dx[:, 0]).tolist(), (1000 * dx[:, 1]).tolist(), "points", 0),
        ), equal=True),
        Panel("Force that answers, in the plateau", "−K Δx / N", "measured / N", (
            Curve("x", told[:, 0].tolist(), df[:, 0].tolist(), "points", 0),
            Curve("y", told[:, 1].tolist(), df[:, 1].tolist(), "points", 1),
            Curve("equal", ends, ends, "line", -1),
        )),
    )  # fmt: skip
