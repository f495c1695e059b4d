"""The figures of a progress report: a measure with its noise, scales, dose, pain, all on one time axis. PNG."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from rehab.report.figures import png, quiet_axes, sheet
from rehab.report.progress_data import Progress, Scale, Series
from rehab.report.progress_words import day, named, scale_name
from rehab.report.sheet import BLUE, INK, QUIET, VERMILLION

LEFT, RIGHT, BOTTOM, TOP = 1.3, 0.3, 0.9, 0.7  # cm around the axes
SHARE = 100.0
MARKS = ("o", "s", "^", "D", "v", "P")


def measure(series: Series, span: tuple[datetime, datetime], plans: Sequence[datetime], language: str, *,
            width: float, height: float) -> bytes:  # fmt: skip
    """Session means with the spread of their trials; the band is baseline ± noise: inside it nothing has changed."""
    column, found = series.column, series.change
    unit = f" / {column.unit}" if column.unit else ""
    axes = _axes(width, height, f"{named(column, language)}{unit}")
    at = [_number(point.at) for point in series.points]
    mean = column.factor * np.array([point.mean for point in series.points])
    sd = column.factor * np.array([point.sd for point in series.points])
    if found.noise == found.noise:  # not NaN
        middle, noise = column.factor * found.baseline, column.factor * found.noise
        axes.axhspan(middle - noise, middle + noise, color=QUIET, alpha=0.15, linewidth=0)
        axes.axhline(middle, color=QUIET, linewidth=0.8, linestyle=(0, (4, 2)))
    if column.name != "reached":  # its spread is that of single trials, all or nothing
        axes.vlines(at, mean - sd, mean + sd, color=BLUE, linewidth=0.7, alpha=0.5)
    axes.plot(at, mean, color=BLUE, linewidth=1.2, marker="o", markersize=3)
    for moment in plans:
        axes.axvline(_number(moment), color=INK, linewidth=0.7, linestyle=(0, (1, 2)))
    _days(axes, span, language)
    return _picture(axes)


def scales(found: Sequence[Scale], span: tuple[datetime, datetime], language: str, *,
           width: float, height: float) -> bytes:  # fmt: skip
    """All as a share of the scale's range; one mark each."""
    axes = _axes(width, height, "")
    axes.set_ylabel("% of the scale's range" if language == "en" else "% della scala", fontsize=7.5, color=INK)
    for k, scale in enumerate(found):
        at = [_number(entry.on) for entry in scale.entries]
        low, high = scale.kind.low, scale.kind.high
        share = [SHARE * (entry.value - low) / (high - low) for entry in scale.entries]
        colour = (BLUE, VERMILLION, INK)[k % 3]
        axes.plot(
            at, share, marker=MARKS[k % len(MARKS)], markersize=4, linewidth=1.0, color=colour,
            linestyle=("-", "--", ":")[k % 3], label=scale_name(scale, language),
        )  # fmt: skip
    axes.set_ylim(-4.0, 104.0)
    axes.legend(fontsize=6.5, frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0.0, 1.0), labelcolor=INK)
    _days(axes, span, language)
    return _picture(axes)


def dose(progress: Progress, language: str, *, width: float, height: float) -> bytes:
    """Minutes with the robot in each week."""
    words = "Minutes with the robot, by week" if language == "en" else "Minuti con il robot, per settimana"
    axes = _axes(width, height, words)
    at = [_number(week.monday) for week in progress.weeks]
    axes.bar(at, [week.minutes for week in progress.weeks], width=5.0, color=BLUE, align="edge")
    for x, week in zip(at, progress.weeks, strict=True):
        axes.annotate(
            f"{week.sessions}×", (x + 2.5, week.minutes), xytext=(0, 2), textcoords="offset points", ha="center",
            fontsize=6.5, color=INK,
        )  # fmt: skip
    axes.set_xticks([x + 2.5 for x in at], [day(week.monday, language).rsplit(" ", 1)[0] for week in progress.weeks])
    axes.margins(y=0.18)
    return _picture(axes)


def pain(progress: Progress, language: str, *, width: float, height: float) -> bytes | None:
    """Before and after each session, 0 to 10; None where it was never asked."""
    before = [(_number(s.begun), s.before.pain) for s in progress.sessions if s.before.pain is not None]
    after = [(_number(s.begun), s.after.pain) for s in progress.sessions if s.after.pain is not None]
    if not before and not after:
        return None
    axes = _axes(width, height, "Pain, 0 to 10" if language == "en" else "Dolore, da 0 a 10")
    words = ("before", "after") if language == "en" else ("prima", "dopo")
    looks: list[dict[str, Any]] = [
        {"marker": "o", "color": BLUE, "linestyle": "-"},
        {"marker": "^", "color": VERMILLION, "linestyle": "--"},
    ]
    for points, name, look in zip((before, after), words, looks, strict=True):
        if points:
            axes.plot(*zip(*points, strict=True), markersize=3.5, linewidth=1.0, label=name, **look)
    axes.set_ylim(-0.4, 10.4)
    axes.legend(fontsize=6.5, frameon=False, ncols=2, loc="upper right", labelcolor=INK)
    _days(axes, (progress.sessions[0].begun, progress.sessions[-1].begun), language)
    return _picture(axes)


def span_of(progress: Progress) -> tuple[datetime, datetime]:
    """From the first session or scale to the last: one time axis for all."""
    days = [s.begun for s in progress.sessions]
    days += [_noon(e.on) for scale in progress.scales for e in scale.entries]
    return min(days), max(days)


# parts ---------------------------------------------------------------------------------------------------------------


def _axes(width: float, height: float, title: str) -> Axes:
    figure = sheet(width, height, dpi=200)
    box = (LEFT / width, BOTTOM / height, 1.0 - (LEFT + RIGHT) / width, 1.0 - (BOTTOM + TOP) / height)
    axes = figure.add_axes(box)
    quiet_axes(axes, title, "", "")
    return axes


def _picture(axes: Axes) -> bytes:
    figure = axes.figure
    return png(figure)  # type: ignore[arg-type]


def _days(axes: Axes, span: tuple[datetime, datetime], language: str) -> None:
    """At most five days, written as the language does, without the year."""
    first, last = (_number(moment) for moment in span)
    room = max(0.03 * (last - first), 0.5)
    axes.set_xlim(first - room, last + room)
    ticks = np.unique(np.round(np.linspace(first, last, 5)))
    shown = [day(date.fromordinal(int(tick) + date(1970, 1, 1).toordinal()), language) for tick in ticks]
    axes.set_xticks(ticks, [words.rsplit(" ", 1)[0] for words in shown])


def _number(moment: date) -> float:
    """Days, as matplotlib counts them."""
    return float(date2num(moment))  # type: ignore[no-untyped-call]


def _noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 12).astimezone()
