"""A session in words, afterwards: its measures, alarms, notes, limits and timing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.i18n import mark, own, shown_number, tr, trn
from rehab.core.types import Outcome
from rehab.report.columns import BY_DEFINITION, IDEALS, Column

if TYPE_CHECKING:
    from rehab.clinic.records import Note

OUTCOMES = {
    Outcome.REACHED: mark("target reached"),
    Outcome.TIMEOUT: mark("time ran out"),
    Outcome.ABORTED: mark("skipped"),
    Outcome.STOPPED: mark("was stopped"),
}
WHO = {
    "built-in": mark("the program"),
    "site": mark("the clinic"),
    "device": mark("the robot"),
    "patient": mark("the patient's file"),
    "protocol": mark("the plan"),
    "block": mark("the exercise"),
}
WHAT = {"force": mark("force"), "speed": mark("speed"), "power": mark("power")}


class Said(NamedTuple):
    """Something that happened: when (s into the session; None = not known), a heading, and words."""

    at: float | None
    heading: str
    words: str


def head(column: Column) -> str:
    """ "Peak speed (cm/s)"."""
    name = own({"en": column.head, "it": column.it})
    return f"{name} ({column.unit})" if column.unit else name


def shown(column: Column, value: float | None) -> str:
    """A value in the column's unit, pointed as the language does."""
    if value is None or not math.isfinite(value):
        return "–"
    rounded = round(column.factor * value, column.digits) + 0.0  # no minus before a zero
    return shown_number(rounded, column.digits).replace("-", "−")


def ideal(column: Column) -> tuple[str, str]:
    """The ideal and where it comes from; dashes where there is none, and none is invented."""
    found = IDEALS.get(column.name)
    if found is None:
        return "–", ""
    if found.source == BY_DEFINITION:
        return shown(column, found.value), tr(found.says)
    return shown(column, found.value), f"{tr(found.says)} ({found.source.partition(',')[0]})"


def sources(columns: list[Column]) -> str:
    """Where the ideals come from, in full."""
    cited = [IDEALS[c.name].source for c in columns if c.name in IDEALS]
    return "; ".join(dict.fromkeys(source for source in cited if source != BY_DEFINITION))


def who(layer: str) -> str:
    return tr(WHO[layer]) if layer in WHO else layer


def behind(text: str) -> str:
    """ "force 30 N: limited by protocol" → "force 30 N (the plan)"."""
    what, _, layer = text.partition(": limited by ")
    first, _, rest = what.partition(" ")
    what = f"{tr(WHAT[first])} {rest}" if first in WHAT else what
    return f"{what} ({who(layer)})" if layer else what


def timing_words(timing: dict[str, Any]) -> list[str]:
    """The timing certificate as sentences."""
    if not timing.get("ticks"):
        return [tr("No timing was recorded: the session ended before the loop could report it.")]
    said = []
    if timing.get("clock") == "simulated":
        said.append(tr("The clock was simulated: these figures say nothing about a loop in real time."))
    if _number(timing.get("rate_hz")):
        said.append(tr("The arm was looked after {rate} times a second.", rate=shown_number(timing["rate_hz"], 0)))
    if _number(timing.get("period_p999_us")) and _number(timing.get("period_max_us")):
        said.append(
            tr("99.9 % of the steps took at most {most}, the longest {longest}.",
               most=_ms(timing["period_p999_us"]), longest=_ms(timing["period_max_us"]))
        )  # fmt: skip
    skipped = int(timing.get("skipped") or 0)
    said.append(trn("{n} step was left out.", "{n} steps were left out.", skipped) if skipped
                else tr("No step was left out."))  # fmt: skip
    return said


def _ms(microseconds: float) -> str:
    return shown_number(microseconds / 1000.0, 2, "ms")


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def seconds(value: Any) -> float | None:
    return float(value) if _number(value) else None


def note_words(note: Note) -> str:
    return " · ".join(part for part in (*note.chips, note.text) if part)


def alarm_said(alarm: dict[str, Any]) -> Said:
    """The label and help of the fault, as the banner of the session said them."""
    from rehab.core.safety.faults import FACTS, Fault

    if alarm["kind"] == "stop":
        return Said(alarm["t"], tr("Stopped by hand"), str(alarm["data"].get("by") or ""))
    try:
        fault = Fault(int(alarm["data"].get("id", 0)))
    except ValueError:
        return Said(alarm["t"], str(alarm["data"].get("name", "")), str(alarm["data"].get("message", "")))
    helps = FACTS[fault].help
    return Said(alarm["t"], tr(fault.label), tr(helps) if helps else "")
