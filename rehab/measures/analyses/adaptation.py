"""Force-field adaptation: is the field learned, and does what was learned show when the field goes?

    error            m beside the straight line at the highest speed, positive where the field pushes to, less the mean
                     to the same target before the field
    after-effect     the same in catch trials and after the field: the other way, if it was learned
    adaptation index of channel trials, from the force of the limb on the wall (rehab.measures.adaptation)

Whether the index rises is asked within each target: what differs by direction, friction and inertia most of all, is no
learning, and the index of a single channel trial before the field, which is taken off, is not sure. What is expected
is a memory with Smith's rates over the very schedule of this session, with an error that is what it leaves.

Shadmehr & Mussa-Ivaldi 1994, J. Neurosci. 14(5); Scheidt et al. 2000, J. Neurophysiol. 84(2); Smith et al. 2006, PLoS
Biol. 4(6).
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from rehab.core.errors import MeasureError
from rehab.core.parameters import Parameters
from rehab.measures.adaptation import LearningCurve, learning_curve
from rehab.measures.analyses.field import (
    CHANNEL,
    FIELD,
    THEORY,
    Indexed,
    applied,
    expected,
    field_of,
    indices,
    pushes,
    signed,
    target,
    worth,
)
from rehab.measures.analyses.recorded import Reach, Session, controller, cycles, mean_of, reaches, running_median
from rehab.measures.analyses.result import Curve, Panel, Result, Row
from rehab.measures.arrays import Array
from rehab.measures.slacking import trend


class Adaptation:
    """Error by trial and cycle, after-effect, adaptation index, and the field's own numbers."""

    says: ClassVar[str] = "force-field adaptation: error, after-effect, adaptation index"
    general: ClassVar[bool] = False
    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, **parameters: Any) -> None:
        self.parameters.complete(parameters)

    def fits(self, session: Session) -> bool:
        return any(controller(trial) == FIELD for trial in session.trials)

    def analyse(self, session: Session) -> Result:
        every = reaches(session)
        field = [reach for reach in every if controller(reach.trial) == FIELD]
        if not field:
            raise MeasureError("no reach was made in a force field: adaptation needs trials with dynamics: force_field")
        matrix = field_of(field[0].trial)
        begun = field[0].trial.number
        ended = max(r.trial.number for r in field if np.allclose(field_of(r.trial), matrix))
        seen = [reach for reach in every if pushes(reach, matrix) and controller(reach.trial) != CHANNEL]
        raw = {reach.trial.number: signed(reach, matrix) for reach in seen}
        same = [r for r in seen if r.trial.number in _numbers(field) and np.allclose(field_of(r.trial), matrix)]
        null = [r for r in seen if r.trial.number not in _numbers(field)]
        base = _baseline([r for r in null if r.trial.number < begun], raw)
        usual = float(np.mean(list(base.values()))) if base else 0.0
        aside = {r.trial.number: raw[r.trial.number] - base.get(target(r), usual) for r in seen}
        catch = [aside[r.trial.number] for r in null if begun < r.trial.number < ended]
        after = [aside[r.trial.number] for r in null if r.trial.number > ended]
        errors = [aside[r.trial.number] for r in same]
        missing = [] if base else ["no trial before the field: errors are not taken off a baseline"]
        size = max(1, len({r.trial.parameters.get("index", 0) for r in same}))
        theory = expected(every, matrix)
        rows, curve = _errors(errors, [1.0 - theory[r.trial.number] for r in same], size)
        if catch:
            rows.append(_row("after-effect, catch trials", catch, "m"))
        else:
            missing.append("no catch trial: whether what was learned is carried over is not seen within the field")
        if after:
            rows.append(_row("after-effect, first cycle after", after[:size], "m"))
        else:
            missing.append("no trial after the field")
        found, told = indices(session, every, matrix)
        missing += [told] if told else []
        rows += _index_rows(found, theory, begun, ended)
        if not found:
            missing.append("no channel trial: the force that was learned is not measured")
        rows += [*worth(matrix), applied(session, same, matrix)]
        trials = {"in the field": same, "without it": null}
        return Result(
            verdict=_verdict(rows), rows=tuple(rows), missing=tuple(missing),
            panels=_panels(trials, aside, curve, found, (begun, ended), size),
        )  # fmt: skip


def _baseline(before: list[Reach], raw: dict[int, float]) -> dict[int, float]:
    """Mean m beside the line, by target: limb and robot are not alike in all directions."""
    numbers: dict[int, list[float]] = {}
    for reach in before:
        numbers.setdefault(target(reach), []).append(raw[reach.trial.number])
    return {which: float(np.mean(values)) for which, values in numbers.items()}


def _numbers(found: list[Reach]) -> set[int]:
    return {reach.trial.number for reach in found}


def _row(name: str, values: list[float], unit: str) -> Row:
    mean, spread = mean_of(values)
    return Row(name, mean, unit, spread)


def _errors(errors: list[float], left: list[float], size: int) -> tuple[list[Row], LearningCurve | None]:
    """`left` is the share of the field that theory leaves to each of them."""
    third = max(size, len(errors) // 4)
    rows = [_row("error, first cycle", errors[:size], "m"), _row("error, last quarter", errors[-third:], "m")]
    if rows[0].value:
        fell = 1.0 - float(rows[1].value) / float(rows[0].value)
        known = 1.0 - float(np.mean(left[-third:])) / float(np.mean(left[:size]))
        rows.append(Row("error fell by", fell, expected=known, source=THEORY))
    if len(errors) < 8:
        return rows, None
    fitted = learning_curve(errors)
    rows += [
        Row("learning curve: from", fitted.first, "m"), Row("learning curve: to", fitted.last, "m"),
        Row("learning curve: trials", fitted.trials),
    ]  # fmt: skip
    return rows, fitted


def _index_rows(found: list[Indexed], theory: dict[int, float], begun: int, ended: int) -> list[Row]:
    before = [one.raw for one in found if one.number < begun]
    rows = [_row("adaptation index, before, taken off", before, "")] if before else []
    during = [one for one in found if begun < one.number <= ended + 1]
    if len(during) >= 3:
        early, late, about = _by_target(during)
        for name, some in (("first", early), ("last", late)):
            mean, spread = mean_of([one.share for one in some])
            known = float(np.mean([theory[one.number] for one in some]))
            rows.append(Row(f"adaptation index, {name} third", mean, "", spread, known, THEORY))
        rise = trend(*about)
        rows.append(Row("adaptation index: rise a trial", rise.slope))
        rows.append(Row("it rises with confidence", rise.confidence if rise.slope > 0.0 else 1.0 - rise.confidence))
    return rows


def _by_target(during: list[Indexed]) -> tuple[list[Indexed], list[Indexed], tuple[Array, Array]]:
    """The first and the last third of each target's channel trials; and numbers and indices of all of them, each about
    the mean of its target. What differs by direction, or by a baseline that was measured once, is no rise."""
    targets = {one.target for one in during}
    groups = [[one for one in during if one.target == target] for target in targets]
    if not any(len(group) > 1 for group in groups):
        groups = [during]
    early, late, about = [], [], []
    for group in (group for group in groups if len(group) > 1):
        third = max(1, len(group) // 3)
        early += group[:third]
        late += group[-third:]
        values = np.array([(one.number, one.share) for one in group], dtype=float)
        about.append(values - values.mean(axis=0))
    pairs = np.concatenate(about)
    pairs = pairs[np.argsort(pairs[:, 0])]
    return early, late, (pairs[:, 0], pairs[:, 1])


def _verdict(rows: list[Row]) -> str:
    """What the three signs of adaptation say."""
    value = {row.name: row for row in rows}
    words = []
    fell = value.get("error fell by")
    if fell is not None and isinstance(fell.value, float):
        words.append(f"the error {'fell' if fell.value > 0.0 else 'grew'} by {100 * abs(fell.value):.0f} %")
    for name in ("after-effect, catch trials", "after-effect, first cycle after"):
        row = value.get(name)
        if row is not None and isinstance(row.value, float):
            sure = abs(row.value) > (row.spread or 0.0)
            way = "to the opposite side" if row.value < 0.0 else "to the side of the field"
            words.append(f"{name}: {way}" + ("" if sure else ", not for sure"))
    first, last = value.get("adaptation index, first third"), value.get("adaptation index, last third")
    if first is not None and last is not None:
        words.append(f"adaptation index {float(first.value):.2f} to {float(last.value):.2f}")
    return "; ".join(words) or "too little was recorded to tell"


def _panels(
    trials: dict[str, list[Reach]], aside: dict[int, float], fitted: LearningCurve | None,
    found: list[Indexed], field: tuple[int, int], size: int,
) -> tuple[Panel, ...]:  # fmt: skip
    curves = []
    for hue, (label, some) in enumerate(trials.items()):
        numbers = [float(r.trial.number) for r in some]
        values = [1000 * aside[r.trial.number] for r in some]
        curves.append(Curve(label, numbers, values, "points", hue))
        if hue == 0:
            means = cycles(values, size)
            curves.append(Curve(f"mean of {size}", cycles(numbers, size), means, "line", 0))
            if fitted is not None:
                fit = (1000 * fitted.at(np.arange(len(numbers)))).tolist()
                curves.append(Curve("exponential fit", numbers, fit, "line", -1))
    title = "Beside the line, towards the push of the field"
    panels = [Panel(title, "trial", "at the highest speed / mm", tuple(curves))]
    if found:
        numbers, values = [float(one.number) for one in found], [one.share for one in found]
        within = [one for one in found if field[0] < one.number <= field[1] + 1]
        every = float(np.mean([one.share for one in within])) if within else 0.0
        own = {t: float(np.mean([one.share for one in within if one.target == t])) for t in {o.target for o in within}}
        even = running_median([one.share - own[one.target] + every for one in within])
        panels.append(Panel("Adaptation index of channel trials", "trial", "share of the field compensated", (
            Curve("channel trial", numbers, values, "points", 2),
            Curve("targets evened out, median of 5", [float(one.number) for one in within], even, "line", 2),
        )))  # fmt: skip
    panels.append(Panel("Hand paths", "x / cm", "y / cm", tuple(_paths(trials, size)), equal=True))
    return tuple(panels)


def _paths(trials: dict[str, list[Reach]], size: int) -> list[Curve]:
    """First and last cycle in the field, and the first after it or the catch trials."""
    field, null = trials.values()
    begun = field[0].trial.number
    shown = {"first cycle in the field": field[:size], "last cycle": field[-size:]}
    shown["first without it"] = [r for r in null if r.trial.number > begun][:size]
    found = []
    for hue, (label, some) in enumerate(shown.items()):
        for k, reach in enumerate(some):
            path = 100 * reach.part.x[reach.first : reach.last + 1 : 5]
            found.append(Curve("" if k else label, path[:, 0].tolist(), path[:, 1].tolist(), "line", (0, 2, 1)[hue]))
    return found
