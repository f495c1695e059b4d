"""A form out of a plug-in's parameter schema: fields with unit, range, default, and what limits them and by whom."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from gui.i18n import language, shown_date, tr
from gui.viewmodels.errors import finding_words
from gui.viewmodels.figures import shown_quantity
from gui.viewmodels.parameter_words import called, says, value_words
from gui.viewmodels.words import MODELS
from rehab.core import units
from rehab.core.errors import Finding
from rehab.core.limits import Limits
from rehab.core.parameters import Parameter, Parameters

SPELLED = {"°": "deg", "°/s": "deg/s"}  # as a protocol has it
STEPS = 100  # clicks from one end of a range to the other, about
OF_FILE = "the patient's file"  # how rehab.clinic names that layer in the record
FAR = 1e9  # an end that is open


class FormField(NamedTuple):
    """One value. Numbers are in `unit`, which is the one people read; `limit` says why it goes no further.

    path     blocks[0].reach.radius
    options  (value, words) of a choice
    """

    path: str
    name: str
    label: str
    kind: str
    value: Any
    default: Any
    unit: str = ""
    least: float = -FAR
    most: float = FAR
    step: float = 1.0
    digits: int = 0
    options: tuple[tuple[str, str], ...] = ()
    says: str = ""
    limit: str = ""

    def written(self, value: Any) -> Any:
        """The value as a protocol has it: "12 cm"."""
        if self.kind == "quantity":
            return f"{round(float(value), 6):g} {SPELLED.get(self.unit, self.unit)}"
        if self.kind == "number":
            return round(float(value), 6)
        return int(value) if self.kind == "integer" else value


def fields(
    parameters: Parameters, values: Mapping[str, Any], where: str, limits: Limits, *, leave_out: tuple[str, ...] = ()
) -> list[FormField]:
    """In the schema's order; `values` in SI."""
    return [
        field_of(name, parameter, values.get(name, parameter.default), f"{where}.{name}", limits)
        for name, parameter in parameters.items()
        if name not in leave_out
    ]


def field_of(name: str, parameter: Parameter, value: Any, path: str, limits: Limits) -> FormField:
    label, told, kind = called(name), says(parameter.says), parameter.kind
    if kind in ("choice", "flag", "text"):
        options = tuple((choice, value_words(choice)) for choice in parameter.choices)
        return FormField(path, name, label, kind, value, parameter.default, options=options, says=told)
    unit, factor = shown_unit(parameter)
    least = -FAR if parameter.least is None else parameter.least / factor
    most = FAR if parameter.most is None else parameter.most / factor
    ceiling, why = limited(parameter, limits)
    if ceiling is not None and ceiling / factor < most:
        most = ceiling / factor
    else:
        why = ""
    span = most - least if most - least < FAR else 0.0
    if kind == "integer":
        step, digits = 1.0, 0
    else:
        step = _round_step(span / STEPS if span > 0.0 else abs(parameter.default / factor) / 10 or 1.0)
        digits = max(0, -_power(step), _decimals(value / factor))
    return FormField(
        path, name, label, kind, value / factor, parameter.default / factor, units.pretty(unit), least, most, step,
        digits if kind != "integer" else 0, says=told, limit=why,
    )  # fmt: skip


def shown_unit(parameter: Parameter) -> tuple[str, float]:
    """The unit people read that kind of value in, and how much of SI it is: the one of the default, else the most."""
    if not parameter.unit:
        return "", 1.0
    size = abs(parameter.default or parameter.most or 1.0)
    _, written = units.shown_in(size, parameter.unit)
    return written, units.parse(f"1 {SPELLED.get(written, written)}", parameter.unit)


def limited(parameter: Parameter, limits: Limits) -> tuple[float | None, str]:
    """The largest SI value that can act at all under these limits, and why: "12 N·m: limited by the patient's file,
    MR, 3 May"; None for what no limit is about."""
    match parameter.unit:
        case "N":
            value, who = limits.force, limits.owner("force")
        case "m/s":
            value, who = limits.speed, limits.owner("speed")
        case "N*m":
            value = max(limits.torque)
            who = limits.owner("torque", limits.torque.index(value))
        case _:
            return None, ""
    if who == "built-in":
        return value, ""
    return value, tr("{value}: limited by {who}", value=shown_quantity(value, parameter.unit), who=who_words(who))


def who_words(who: str) -> str:
    """The layer that set a limit; a patient's file names itself, in English as in the record."""
    if language() != "en" and who.startswith(OF_FILE):
        return tr("the patient's file") + re.sub(r"(\d+) ([A-Z][a-z]+)(?=( \d{4})?$)", _day, who.removeprefix(OF_FILE))
    return {"site": tr("the clinic"), "device": tr("the robot"),
            "protocol": tr("this plan")}.get(who) or (tr("the robot") if who in MODELS else who)  # fmt: skip


def _day(found: re.Match[str]) -> str:
    """ "3 May" as the record has it, in the language in use."""
    from rehab.clinic.limits import MONTHS

    number, month = found[1], found[2]
    if month not in MONTHS["en"]:
        return found[0]
    return shown_date(dt.date(2000, MONTHS["en"].index(month) + 1, int(number)), "d MMMM")


def wrong_at(findings: tuple[Finding, ...], path: str) -> str:
    """What was found wrong at that place or inside it, in words."""
    here = [f for f in findings if f.field == path or f.field.startswith((f"{path}.", f"{path}["))]
    return "\n".join(map(finding_words, here))


def _power(step: float) -> int:
    from math import floor, log10

    return floor(log10(step)) if step > 0.0 else 0


def _decimals(value: float) -> int:
    """How many are needed to show it, to four at most."""
    return len(f"{value:.4f}".rstrip("0").partition(".")[2])


def _round_step(step: float) -> float:
    """1, 2 or 5 times a power of ten."""
    base = 10.0 ** _power(step)
    return next((k * base for k in (1, 2, 5) if k * base >= step * 0.999), 10 * base)
