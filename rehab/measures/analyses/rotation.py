"""Visuomotor rotation: where the hand goes while the cursor is turned, and the two memories that explain it.

    compensation    −(angle of the hand off the target), at the highest speed; less its mean in the second half of the
                    trials before the cursor was turned
    two-state fit   over the schedule of the cursor's turns; without a cursor nothing is seen, which is an error clamp

Abrupt, gradual, reversed: all are schedules. A clamped cursor shows one error whatever the hand does; there the drift
is told and no fit is made, since it explains a loop that is closed. Krakauer et al. 2000, J. Neurosci. 20(23);
Morehead et al. 2017, J. Cogn. Neurosci. 29(6) (clamp); rehab.measures.two_state.
"""

from __future__ import annotations

from math import atan2, degrees
from typing import Any, ClassVar, NamedTuple

import numpy as np

from rehab.core.errors import MeasureError
from rehab.core.parameters import Parameters
from rehab.measures.analyses.recorded import Reach, Session, cycles, mean_of, reaches
from rehab.measures.analyses.result import Curve, Panel, Result, Row
from rehab.measures.arrays import Array
from rehab.measures.two_state import SMITH, TwoStateFit, fit_two_state, two_state

TURNED = ("rotate", "clamp")


class Turn(NamedTuple):
    """One trial: `turned` rad, NaN where the cursor was hidden; `clamped` rad, else NaN; `angle` rad of the hand."""

    number: int
    block: str
    turned: float
    clamped: float
    angle: float

    @property
    def acts(self) -> bool:
        """Whether the cursor is not where the hand is; a hidden one is not counted."""
        return (self.turned == self.turned and self.turned != 0.0) or self.clamped == self.clamped


def turns(session: Session) -> list[Turn]:
    """Every reach in order."""
    return [_turn(reach) for reach in reaches(session)]


def _turn(reach: Reach) -> Turn:
    cursor = reach.trial.parameters.get("cursor") or {}
    hidden = cursor.get("shown") == "never"
    clamped = float(cursor.get("clamp", np.nan))
    turned = np.nan if hidden else float(cursor.get("rotate", 0.0))
    way = reach.part.x[reach.fastest] - reach.start
    angle = atan2(float(way @ reach.aside), float(way @ reach.along))
    return Turn(reach.trial.number, reach.trial.block, turned, clamped, angle)


class Rotation:
    """Compensation by trial, after-effect, two-state fit and rebound."""

    says: ClassVar[str] = "visuomotor rotation: compensation, after-effect, two-state fit"
    general: ClassVar[bool] = False
    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, **parameters: Any) -> None:
        self.parameters.complete(parameters)

    def fits(self, session: Session) -> bool:
        return any(_is_turned(trial.parameters.get("cursor")) for trial in session.trials)

    def analyse(self, session: Session) -> Result:
        found = turns(session)
        first = next((k for k, turn in enumerate(found) if turn.acts), None)
        if first is None:
            needed = "cursor: {map: {rotate: 30 deg}}"
            raise MeasureError(f"the cursor was never turned: a rotation needs trials with {needed}")
        # in the first half people still get used to the robot itself, which they learn too
        base = float(np.mean([turn.angle for turn in found[first // 2 : first]])) if first else 0.0
        compensated = -np.unwrap(np.array([turn.angle for turn in found])) + base
        blocks = list(dict.fromkeys(turn.block for turn in found))
        size = max(1, len({trial.parameters.get("index", 0) for trial in session.trials}))
        rows = [row for block in blocks for row in _rows(block, found, compensated, size)]
        missing = [] if first else ["no trial before the cursor was turned: angles are not taken off a baseline"]
        schedule = np.array([turn.turned for turn in found])
        fitted = None
        if any(turn.clamped == turn.clamped for turn in found):
            missing.append("no two-state fit: a clamped cursor does not close the loop that the fit explains")
        else:
            try:
                fitted = fit_two_state(compensated, schedule)
                rows += _fit_rows(fitted)
            except MeasureError as error:
                missing.append(f"no two-state fit: {error}")
            rows += _rebound(found, compensated, schedule, fitted)
        return Result(_verdict(rows), tuple(rows), _panels(found, compensated, schedule, fitted, size), tuple(missing))


def _is_turned(cursor: Any) -> bool:
    return isinstance(cursor, dict) and any(cursor.get(name) for name in TURNED)


def _rows(block: str, found: list[Turn], compensated: Array, size: int) -> list[Row]:
    values = [float(c) for turn, c in zip(found, compensated, strict=True) if turn.block == block]
    rows = []
    for name, some in (("first cycle", values[:size]), ("last cycle", values[-size:])):
        mean, spread = mean_of(some)
        rows.append(Row(f"{block}: compensation, {name}", mean, "rad", spread))
    return rows


def _fit_rows(fitted: TwoStateFit) -> list[Row]:
    rates = zip(("A_f", "B_f", "A_s", "B_s"), fitted[:4], fitted.confidence, strict=True)
    rows = [
        Row(f"two-state fit: {name}", value, "", spread, SMITH[name], "Smith et al. 2006")
        for name, value, spread in rates
    ]
    return [*rows, Row("two-state fit: left over", fitted.rmse, "rad"), Row("two-state fit: R²", fitted.r2)]


def _rebound(found: list[Turn], compensated: Array, schedule: Array, fitted: TwoStateFit | None) -> list[Row]:
    """After a reversal, where the cursor is hidden: once more towards what was learned first."""
    begin = rebound_at(schedule)
    if begin is None:
        return []
    end = begin + int(np.argmax(np.append(~np.isnan(schedule[begin:]), True)))
    first = next(p for p in schedule if p == p and p)
    way, theory = float(np.sign(first)), two_state(schedule, **SMITH)
    rows = []
    curves = [("two-state fit", fitted.predicted)] if fitted is not None else []
    mean, spread = mean_of((way * compensated[begin:end]).tolist())
    expected = float((way * theory[begin:end]).mean())
    rows.append(Row("rebound while unseen: mean", mean, "rad", spread, expected, "two-state theory, Smith's rates"))
    for name, curve in curves:
        at = begin + int(np.argmax(way * curve[begin:end]))
        best = begin + int(np.argmax(way * theory[begin:end]))
        peak, known = float(way * curve[at]), float(way * theory[best])
        rows.append(Row(f"rebound: peak of the {name}", peak, "rad", expected=known, source="two-state theory"))
        late, expected = float(at - begin), float(best - begin)
        rows.append(Row("rebound: at unseen trial", late, "", None, expected, "two-state theory"))
    return rows


def rebound_at(schedule: Array) -> int | None:
    """The first trial of the error clamp that follows a reversal; None without one."""
    signs = [0.0 if p != p else float(np.sign(p)) for p in schedule.tolist()]
    first = next((s for s in signs if s), 0.0)
    turned = next((k for k, s in enumerate(signs) if s == -first and first), None)
    if turned is None:
        return None
    return next((k for k in range(turned, len(signs)) if schedule[k] != schedule[k]), None)


def _verdict(rows: list[Row]) -> str:
    value = {row.name: row.value for row in rows}
    fit, peak = value.get("two-state fit: R²"), value.get("rebound: peak of the two-state fit")
    words = []
    most = max((row for row in rows if row.name.endswith("last cycle")), key=lambda row: abs(float(row.value)))
    words.append(f"compensated by up to {degrees(float(most.value)):.1f}° ({most.name.split(':')[0]})")
    if fit is not None:
        words.append(f"the two-state model explains {100 * float(fit):.0f} % of the variance")
    if peak is not None:
        words.append(f"rebound to {degrees(float(peak)):.1f}° after the reversal")
    return "; ".join(words)


def _panels(
    found: list[Turn], compensated: Array, schedule: Array, fitted: TwoStateFit | None, size: int
) -> tuple[Panel, ...]:
    numbers = [float(turn.number) for turn in found]
    angles = np.degrees(compensated).tolist()
    shown = [turn.clamped if turn.clamped == turn.clamped else p for turn, p in zip(found, schedule, strict=True)]
    curves = [
        Curve("turn of the cursor (gap: hidden)", numbers, np.degrees(shown).tolist(), "steps", -1),
        Curve("hand, each trial", numbers, angles, "points", 0),
    ]
    if size > 1:
        curves.append(Curve(f"mean of {size}", cycles(numbers, size), cycles(angles, size), "line", 0))
    if fitted is not None:
        curves.append(Curve("two-state fit", numbers, np.degrees(fitted.predicted).tolist(), "line", 1))
    return (Panel("Compensation of the turned cursor", "trial", "compensation / °", tuple(curves)),)
