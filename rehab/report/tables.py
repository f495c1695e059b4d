"""The tables of a session report: units in the heads, numbers right-aligned with equal digits, heads repeated."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
from reportlab.lib.colors import HexColor
from reportlab.lib.units import cm
from reportlab.platypus import LongTable, Paragraph

from rehab.core.types import Outcome, Trial
from rehab.measures.trial import DESCRIPTIONS
from rehab.report import monitored
from rehab.report.columns import COLUMNS, Column
from rehab.report.recorded import ENDED, Recorded, reached
from rehab.report.sheet import BLUE, HAIR, QUIET, REGULAR, TINT, WIDTH, safe, say, style

ACROSS = 3  # columns of one table of blocks; more go into further tables


def trial_table(trials: Sequence[Trial]) -> Any:
    """One row a trial, under a band for each block; the head is repeated on every page."""
    rows = [[_head("Trial"), _head("Outcome")] + [_head(c.head, c.unit, right=True) for c in COLUMNS]]
    bands = []
    for name, some in groupby(trials, key=lambda trial: trial.block):
        if name:
            bands.append(len(rows))
            rows.append([say(name, "band")] + [""] * (1 + len(COLUMNS)))
        for trial in some:
            values = [say(c.show(trial.measures.get(c.name)), "cell right") for c in COLUMNS]
            rows.append([say(str(trial.number), "cell"), _outcome(trial), *values])
    first = [0.95 * cm, 1.95 * cm]
    table = _table(rows, [*first, *_shared(WIDTH - sum(first), len(COLUMNS))])
    for row in bands:  # a band stays with the first trial below it
        table.setStyle([("SPAN", (0, row), (-1, row)), ("NOSPLIT", (0, row), (-1, row + 1))])
    return table


def block_tables(trials: Sequence[Trial]) -> list[Any]:
    """Medians and quartiles of the reached trials: a row a measure, with what it says, and a column a block."""
    names = list(dict.fromkeys(trial.block for trial in trials))
    groups = [(name or "All trials", [t for t in trials if t.block == name]) for name in names]
    if len(groups) > 1:
        groups.insert(0, ("Whole session", list(trials)))
    return [_block_table(groups[k : k + ACROSS]) for k in range(0, len(groups), ACROSS)]


def _block_table(groups: Sequence[tuple[str, Sequence[Trial]]]) -> Any:
    hits = [reached(some) for _, some in groups]
    rows = [[_head("Measure"), *(_head(name, right=True) for name, _ in groups)]]
    counts = [f"{len(h)} of {len(some)}" for h, (_, some) in zip(hits, groups, strict=True)]
    rows.append([say("Trials reached", "cell"), *(say(count, "cell right") for count in counts)])
    for c in COLUMNS:
        unit = f" ({safe(c.unit)})" if c.unit else ""
        says = f'<br/><font size="6.4" color="{QUIET}">{safe(DESCRIPTIONS[c.name].says)}</font>'
        rows.append([Paragraph(f"{safe(c.head)}{unit}{says}", style("measure")), *(_spread(c, h) for h in hits)])
    width = 3.4 * cm
    return _table(rows, [WIDTH - width * len(groups), *[width] * len(groups)])


def facts_table(facts: Sequence[tuple[str, str]]) -> Any:
    """Label and text in two pairs of columns."""
    half = (len(facts) + 1) // 2
    pairs = [[*facts[k], *(facts[k + half] if k + half < len(facts) else ("", ""))] for k in range(half)]
    rows = [[say(a, "label"), say(b, "fact"), say(c, "label"), say(d, "fact")] for a, b, c, d in pairs]
    return _table(rows, [1.6 * cm, WIDTH / 2 - 1.6 * cm, 1.9 * cm, WIDTH / 2 - 1.9 * cm], head=False, lines=False)


def pair_table(rows: Sequence[tuple[str, str]], width: float, *, left: float = 0.5) -> Any:
    """Words on the left, a value on the right, in `width` points."""
    cells = [[say(a, "cell"), say(b, "cell right")] for a, b in rows]
    return _table(cells, [left * width, (1.0 - left) * width], head=False)


def filter_table(recording: Recorded, width: float) -> Any:
    rows = [[_head("Filter"), _head("Ticks", right=True), _head("Share", right=True)]]
    behind = monitored.deciding(recording)
    for words, count, share in monitored.shares(recording):
        shown = "< 0.01 %" if share < 5e-5 else f"{100 * share:.2f} %"
        small = "".join(f'<br/><font size="6.4" color="{QUIET}">{safe(name)}</font>' for name in behind.get(words, ()))
        rows.append(
            [
                Paragraph(safe(words) + small, style("cell")),
                say(f"{count:,}".replace(",", " "), "cell right"),
                say(shown, "cell right"),
            ]
        )
    return _table(rows, [0.58 * width, 0.19 * width, 0.23 * width])


def extreme_table(extremes: list[monitored.Extreme], width: float) -> Any:
    rows = [[_head("Largest"), _head("Value", right=True), _head("Limit", right=True)]]
    for what, value, limit, unit in extremes:
        above = value > 1.001 * limit  # more than rounding; the limb itself may have moved that fast
        shown = monitored.people(float(f"{value:.3g}"), unit)
        number = say(f"▲ {shown}", "above") if above else say(shown, "cell right")
        rows.append([say(what, "cell"), number, say(monitored.people(limit, unit), "cell right")])
    return _table(rows, [0.56 * width, 0.23 * width, 0.21 * width])


def limit_table(recording: Recorded) -> Any:
    rows = [[_head("Limit"), _head("In force", right=True), _head("Set by")]]
    for what, value, who in monitored.limit_rows(recording):
        rows.append([say(what[:1].upper() + what[1:], "cell"), say(value, "cell right"), say(who, "cell")])
    table = _table(rows, [0.55 * WIDTH, 0.2 * WIDTH, 0.25 * WIDTH])
    table.setStyle([("LEFTPADDING", (2, 0), (2, -1), 18)])
    return table


# parts ------------------------------------------------------------------------------------------------------


def _head(words: str, unit: str = "", *, right: bool = False) -> Any:
    """Head of a column, the unit on a line of its own."""
    below = f'<br/><font name="{REGULAR}">{safe(unit)}</font>' if unit else ""
    return Paragraph(safe(words) + below, style("head right" if right else "head"))


def _outcome(trial: Trial) -> Any:
    """The outcome in words; one that missed its target has a cross and bold type, not only a colour."""
    if trial.outcome == Outcome.REACHED:
        return say("reached", "cell")
    words = "time out" if trial.outcome == Outcome.TIMEOUT else ENDED[trial.outcome]
    return say(f"× {words}", "missed")


def _spread(column: Column, trials: Sequence[Trial]) -> Any:
    """Median, and in brackets the first and third quartile."""
    values = [trial.measures[column.name] for trial in trials if column.name in trial.measures]
    if not values:
        return say("–", "cell right")
    low, middle, high = np.percentile(values, (25, 50, 75))
    spread = f" ({column.show(low)} … {column.show(high)})" if len(values) > 1 else ""
    return Paragraph(f'{safe(column.show(middle))}<font color="{QUIET}">{safe(spread)}</font>', style("cell right"))


def _shared(width: float, count: int) -> list[float]:
    return [width / count] * count


def _table(rows: list[list[Any]], widths: Sequence[float], *, head: bool = True, lines: bool = True) -> Any:
    look: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
    ]
    if lines:
        look.append(("LINEBELOW", (0, 1 if head else 0), (-1, -1), 0.4, HexColor(HAIR)))
    if head:
        look += [
            ("BACKGROUND", (0, 0), (-1, 0), HexColor(TINT)),
            ("LINEBELOW", (0, 0), (-1, 0), 0.9, HexColor(BLUE)),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ]
    return LongTable(rows, colWidths=list(widths), style=look, repeatRows=1 if head else 0, hAlign="LEFT")
