"""Spontaneous recovery: a long field, a short opposite one, and error clamps, in which the first comes back.

    index  of each channel trial, in the first field's measure (rehab.measures.analyses.field)
    peak   of the running median of 5 in the last clamps; at which of them
    mean   of those clamps in which theory is above half of its own peak

The largest of many unsteady values lies above zero even if nothing comes back: whether something does is told by the
mean and its confidence, over clamps that were chosen without a look at them.

What theory expects is the two-state model with Smith's rates over the very schedule of this session: field 1, opposite
−1, nothing 0, channel trials an error clamp. Smith, Ghazizadeh & Shadmehr 2006, PLoS Biol. 4(6):e179.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from rehab.core.errors import MeasureError
from rehab.core.parameters import Parameters
from rehab.measures.analyses.field import CHANNEL, FIELD, THEORY, field_of, indices
from rehab.measures.analyses.recorded import Reach, Session, controller, mean_of, reaches, running_median
from rehab.measures.analyses.result import Curve, Panel, Result, Row
from rehab.measures.arrays import Array
from rehab.measures.two_state import SMITH, two_state

LEAST_CLAMPS = 8
REBOUND = "rebound: mean"


class Recovery:
    """Adaptation index through field, opposite field and clamp, and the rebound."""

    says: ClassVar[str] = "spontaneous recovery: the rebound in error clamps after an opposite field"
    general: ClassVar[bool] = False
    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, **parameters: Any) -> None:
        self.parameters.complete(parameters)

    def fits(self, session: Session) -> bool:
        fields = [field_of(trial) for trial in session.trials if controller(trial) == FIELD]
        return bool(fields) and any(np.allclose(matrix, -fields[0]) for matrix in fields) and _clamps(session) > 0

    def analyse(self, session: Session) -> Result:
        if not self.fits(session):
            raise MeasureError("spontaneous recovery needs a field, the opposite field, and channel trials after it")
        every = reaches(session)
        matrix = next(field_of(r.trial) for r in every if controller(r.trial) == FIELD)
        schedule = np.array([_of(reach, matrix) for reach in every])
        end = int(np.flatnonzero(schedule < 0.0)[-1]) + 1  # from here on error clamps
        found, told = indices(session, every, matrix)
        measured = {one.number: one.share for one in found}
        index = np.array([measured.get(reach.trial.number, np.nan) for reach in every])
        theory = two_state(schedule, **SMITH)
        begun = int(np.flatnonzero(schedule > 0.0)[0])
        turn = int(np.flatnonzero(schedule < 0.0)[0])
        rows, missing = [], [told] if told else []
        for name, part in (("before the field", slice(0, begun)), ("last 5 channels in the field", slice(begun, turn))):
            seen = [float(v) for v in index[part] if v == v][-5:]
            known = [float(v) for v, i in zip(theory[part], index[part], strict=True) if i == i][-5:]
            if seen:
                mean, spread = mean_of(seen)
                rows.append(Row(f"adaptation index, {name}", mean, "", spread, float(np.mean(known)), THEORY))
        clamps = np.flatnonzero(~np.isnan(index[end:])) + end
        values = index[clamps]
        if len(values) < LEAST_CLAMPS:
            missing.append(f"{len(values)} error clamps after the opposite field; a rebound needs {LEAST_CLAMPS}")
        else:
            smooth = np.array(running_median(values.tolist(), 5))
            rows += [
                Row("clamp: index of the first", float(values[0]), expected=float(theory[clamps[0]]), source=THEORY),
                Row("rebound: peak", float(smooth.max()), expected=float(theory[clamps].max()), source=THEORY),
            ]
            late, expected = float(np.argmax(smooth)), float(np.argmax(theory[clamps]))
            rows.append(Row("rebound: at clamp trial", late, "", None, expected, THEORY))
            high = theory[clamps] > 0.5 * theory[clamps].max()
            if theory[clamps].max() > 0.0:
                mean, spread = mean_of(values[high].tolist())
                first, last = np.flatnonzero(high)[[0, -1]]
                name = f"{REBOUND}, clamps {first + 1} to {last + 1}"
                rows.append(Row(name, mean, "", spread, float(theory[clamps][high].mean()), THEORY))
        numbers = [float(reach.trial.number) for reach in every]
        return Result(_verdict(rows), tuple(rows), _panels(numbers, index, theory), tuple(missing))


def _clamps(session: Session) -> int:
    """Channel trials after the last trial in a field."""
    kinds = [controller(trial) for trial in session.trials]
    last = max(k for k, kind in enumerate(kinds) if kind == FIELD)
    return kinds[last:].count(CHANNEL)


def _of(reach: Reach, matrix: Array) -> float:
    """The disturbance of a trial, in units of the first field."""
    kind = controller(reach.trial)
    if kind == CHANNEL:
        return float("nan")
    if kind != FIELD:
        return 0.0
    own = field_of(reach.trial)
    return float((own * matrix).sum() / (matrix * matrix).sum())


def _verdict(rows: list[Row]) -> str:
    first = next((row for row in rows if row.name == "clamp: index of the first"), None)
    if first is None:
        return "too few error clamps to see a rebound"
    begun = f"from {float(first.value):+.2f} in the first error clamp"
    rebound = next((row for row in rows if row.name.startswith(REBOUND)), None)
    if rebound is None:
        return f"{begun}; theory expects no rebound of this schedule"
    mean, spread = float(rebound.value), rebound.spread if rebound.spread is not None else np.inf
    to = f"{begun} to {mean:+.2f} ± {spread:.2f} where theory expects {rebound.expected:+.2f}"
    if mean > spread:
        return f"what was learned first comes back: {to}"
    unsure = "whether what was learned first comes back is not sure"
    return f"{unsure if mean > -spread else 'nothing comes back'}: {to}"


def _panels(numbers: list[float], index: Array, theory: Array) -> tuple[Panel, ...]:
    seen = ~np.isnan(index)
    trials = np.array(numbers)[seen].tolist()
    values = index[seen].tolist()
    return (
        Panel("Adaptation index of channel trials", "trial", "share of the first field compensated", (
            Curve(THEORY, numbers, theory.tolist(), "line", -1),
            Curve("channel trial", trials, values, "points", 0),
            Curve("running median of 5", trials, running_median(values), "line", 0),
        )),
    )  # fmt: skip
