"""The figures of a session report, as PNG at 300 dpi. Figure objects, never pyplot: no global state, any thread."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from rehab.core.errors import MeasureError
from rehab.core.types import Outcome, Trial
from rehab.measures.arrays import uniform
from rehab.measures.movement import filtered_speed
from rehab.measures.trial import STILL, trial_bounds
from rehab.report.recorded import Recorded, column
from rehab.report.sheet import BLUE, HAIR, INK, QUIET, VERMILLION

Array = NDArray[np.float64]
CM = 1 / 2.54  # inches in a centimetre
LEFT, RIGHT, BOTTOM, TOP = 1.15, 0.15, 1.65, 0.6  # cm around the axes
BEFORE = 0.3  # s shown before movement onset
REACHED: Any = {"color": BLUE, "linestyle": "-"}
MISSED: Any = {"color": VERMILLION, "linestyle": (0, (4, 2))}  # told apart by dashes and a cross, not by colour alone


def hand_paths(recording: Recorded, *, width: float, height: float) -> bytes | None:
    """Paths of all trials in the plane, cm, equal axes; None when there is none or the hand moves along a line."""
    ticks, x = column(recording, "tick"), _hand(recording)
    trials = [(trial, path) for trial in recording.trials if len(path := _path(x[_rows(ticks, trial)])) > 1]
    if not trials or trials[0][1].shape[1] != 2:
        return None
    figure, axes = _figure(width, height, "Hand paths", "x / cm", "y / cm")
    faint = _faint(len(trials))
    places = [path for _, path in trials]
    for trial, path in trials:
        hit = trial.outcome == Outcome.REACHED
        look = REACHED if hit else MISSED
        axes.plot(*(100 * path.T), linewidth=0.9, alpha=faint if hit else max(faint, 0.7), zorder=3, **look)
        mark: Any = (
            {"marker": "o", "markersize": 2.6} if hit else {"marker": "x", "markersize": 5, "markeredgewidth": 1.2}
        )
        axes.plot(*(100 * path[-1]), linestyle="", color=look["color"], zorder=5, **mark)
    for place, radius in _circles(recording.trials):
        axes.add_patch(
            Circle((100 * place[0], 100 * place[1]), 100 * radius, fill=False, edgecolor=INK, linewidth=1.0, zorder=4)
        )
        places.append(np.array([place - radius, place + radius]))
    starts = np.unique(np.round([t.parameters["start"] for t, _ in trials if "start" in t.parameters], 4), axis=0)
    for start in starts:
        axes.plot(*(100 * start), marker="+", color=INK, markersize=8, markeredgewidth=1.3, linestyle="", zorder=6)
    _square(axes, 100 * np.concatenate(places))
    legend = [
        Line2D([], [], linewidth=1.2, marker="o", markersize=2.6, label="reached", **REACHED),
        Line2D([], [], linewidth=1.2, marker="x", markersize=5, label="not reached", **MISSED),
        Line2D(
            [], [], linestyle="", marker="o", markersize=7, markerfacecolor="none", markeredgecolor=INK, label="target"
        ),
        Line2D([], [], linestyle="", marker="+", markersize=7, color=INK, label="start"),
    ]
    missed = any(trial.outcome != Outcome.REACHED for trial, _ in trials)
    hit = any(trial.outcome == Outcome.REACHED for trial, _ in trials)
    _legend(figure, [line for line, wanted in zip(legend, (hit, missed, True, True), strict=True) if wanted])
    return png(figure)


def speed_profiles(recording: Recorded, *, width: float, height: float) -> bytes | None:
    """Speed against time from movement onset, all trials; the median of the reached ones with their middle half."""
    ticks, t, x = column(recording, "tick"), column(recording, "t"), _hand(recording)
    rows = ((trial, _rows(ticks, trial)) for trial in recording.trials)
    curves = [(trial, *curve) for trial, part in rows if (curve := _speed(t[part], x[part])) is not None]
    if not curves:
        return None
    figure, axes = _figure(width, height, "Speed of the hand", "time from movement onset / s", "speed / (cm/s)")
    faint = 0.6 * _faint(len(curves))
    for trial, times, speed in curves:
        hit = trial.outcome == Outcome.REACHED
        look = REACHED if hit else MISSED
        axes.plot(times, 100 * speed, linewidth=0.8, alpha=faint if hit else max(faint, 0.5), zorder=3, **look)
    hits = [(t, speed) for trial, t, speed in curves if trial.outcome == Outcome.REACHED]
    legend: list[Any] = []
    if hits:
        legend.append(Line2D([], [], linewidth=1.0, label="reached", **REACHED))
    if len(hits) < len(curves):
        legend.append(Line2D([], [], linewidth=1.0, label="not reached", **MISSED))
    if len(hits) >= 3:
        grid, low, middle, high = _quartiles(hits)
        axes.fill_between(grid, 100 * low, 100 * high, color=BLUE, alpha=0.22, linewidth=0, zorder=4)
        axes.plot(grid, 100 * middle, color=INK, linewidth=2.2, zorder=5)
        legend.append(Line2D([], [], color=INK, linewidth=2.2, label="median"))
        legend.append(Patch(facecolor=BLUE, alpha=0.22, label="middle half"))
    axes.axvline(0.0, color=QUIET, linewidth=0.7, zorder=1)
    axes.set_ylim(bottom=0.0)
    longest = float(np.quantile([t[-1] for _, t, _ in curves], 0.9))
    axes.set_xlim(-BEFORE, max(longest, 0.5))
    _legend(figure, legend)
    return png(figure)


def lateness(recording: Recorded, *, width: float, height: float) -> bytes | None:
    """How late ticks began, both axes logarithmic so that the rare long ones show; None with a simulated clock."""
    late = 1e6 * column(recording, "host_late")
    late = late[np.isfinite(late)]
    if recording.timing.get("clock") == "simulated" or not late.any():
        return None
    figure, axes = _figure(width, height, "How late ticks began", "late by", "ticks", bottom=1.0)
    most = max(100.0, float(late.max()))
    axes.hist(
        np.maximum(late, 1.0),
        bins=list(np.geomspace(1.0, 1.05 * most, 60)),
        histtype="stepfilled",
        color=BLUE,
        zorder=3,
    )
    axes.set_yscale("log")
    axes.set_xscale("log")
    axes.set_xlim(1.0, 1.05 * most)
    axes.set_ylim(0.7, axes.get_ylim()[1] * 12.0)  # room for the words above the bars
    marks = [10.0**k for k in range(8) if 10.0**k <= 1.05 * most]
    axes.set_xticks(marks, [_microseconds(mark) for mark in marks])
    for share, name in ((0.5, "p50"), (0.99, "p99"), (0.999, "p99.9")):
        at = max(1.0, float(np.quantile(late, share)))
        axes.axvline(at, color=INK, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=4)
        words = f" {name}\n {_microseconds(at)}"
        axes.text(at, 0.99, words, transform=axes.get_xaxis_transform(), fontsize=6.5, color=INK, va="top", ha="left")
    return png(figure)


# parts ------------------------------------------------------------------------------------------------------


def _figure(width: float, height: float, title: str, x: str, y: str, *, bottom: float = BOTTOM) -> tuple[Figure, Axes]:
    """A figure of that size in cm with one quiet pair of axes."""
    figure = sheet(width, height)
    # fixed margins in cm, so that figures side by side have their axes and titles on one line
    box = (LEFT / width, bottom / height, 1.0 - (LEFT + RIGHT) / width, 1.0 - (bottom + TOP) / height)
    axes = figure.add_axes(box)
    quiet_axes(axes, title, x, y)
    return figure, axes


def sheet(width: float, height: float, *, dpi: int = 300) -> Figure:
    """An empty figure of that size in cm."""
    figure = Figure(figsize=(width * CM, height * CM), dpi=dpi)
    FigureCanvasAgg(figure)
    return figure


def quiet_axes(axes: Axes, title: str, x: str, y: str) -> None:
    """The look of all our axes."""
    axes.set_title(title, loc="left", fontsize=8.5, fontweight="bold", color=INK)
    axes.set_xlabel(x, fontsize=7.5, color=INK)
    axes.set_ylabel(y, fontsize=7.5, color=INK)
    axes.tick_params(labelsize=7, colors=QUIET, length=2.5, width=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set(color=QUIET, linewidth=0.6)
    axes.grid(color=HAIR, linewidth=0.4, zorder=0)
    axes.set_axisbelow(True)


def _legend(figure: Figure, entries: list[Any]) -> None:
    figure.legend(
        handles=entries, loc="lower center", borderaxespad=0.1, ncols=len(entries), fontsize=7, frameon=False,
        handlelength=2.2, columnspacing=1.3, handletextpad=0.5, labelcolor=INK,
    )  # fmt: skip


def png(figure: Figure) -> bytes:
    """The figure as a PNG file."""
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})  # no version inside: equal figures are equal bytes
    return out.getvalue()


def _faint(count: int) -> float:
    """Opacity of one of `count` curves laid over each other."""
    return float(np.clip(4.0 / np.sqrt(count), 0.25, 0.9))


def _hand(recording: Recorded) -> Array:
    """Positions of the whole session, m (n, d); made once, since a recording puts it together from its columns."""
    return np.asarray(recording.array("x"), dtype=np.float64) if recording.trials else np.empty((0, 2))


def _rows(ticks: NDArray[Any], trial: Trial) -> slice:
    """The rows of one trial, by the numbers of its ticks: rows that were lost shift all that follow."""
    first, end = np.searchsorted(ticks, (trial.first_tick, trial.last_tick + 1))
    return slice(int(first), int(end))


def _path(x: Array) -> Array:
    """Positions, m, without those that are not finite: they cannot be drawn."""
    return x[np.isfinite(x).all(axis=1)]


def _speed(t: Array, x: Array) -> tuple[Array, Array] | None:
    """Time from movement onset (s) and speed (m/s) of one trial; None where nothing moves."""
    try:
        path, fs = uniform(t, x)
        speed = filtered_speed(path, fs)
        first, _ = trial_bounds(speed, fs)
    except (MeasureError, ValueError):  # too short, or not finite: nothing to draw
        return None
    return ((np.arange(len(speed)) - first) / fs, speed) if speed.max() >= STILL else None


def _quartiles(curves: Sequence[tuple[Array, Array]]) -> tuple[Array, Array, Array, Array]:
    """Common times and the three quartiles of the speeds, where at least half of the curves still run."""
    end = float(np.median([t[-1] for t, _ in curves]))
    grid = np.arange(-BEFORE, end, 0.005)
    rows = np.array([np.interp(grid, t, speed, left=np.nan, right=np.nan) for t, speed in curves])
    enough = np.isfinite(rows).sum(axis=0) * 2 >= len(curves)
    low, middle, high = np.nanpercentile(rows[:, enough], (25, 50, 75), axis=0)
    return grid[enough], low, middle, high


def _circles(trials: Sequence[Trial]) -> list[tuple[Array, float]]:
    """The different targets with their radius, m."""
    found = {
        (
            *np.round(np.asarray(trial.parameters["target"], dtype=float), 4).tolist(),
            float(trial.parameters.get("radius", 0.01)),
        )
        for trial in trials
        if len(trial.parameters.get("target", ())) == 2
    }
    return [(np.array(place[:2]), place[2]) for place in sorted(found)]


def _square(axes: Axes, places: Array) -> None:
    """The smallest square, with a margin, that holds everything: equal axes without empty space."""
    low, high = places.min(axis=0), places.max(axis=0)
    half = max(0.54 * float((high - low).max()), 1.0)
    middle = 0.5 * (low + high)
    axes.set_xlim(middle[0] - half, middle[0] + half)
    axes.set_ylim(middle[1] - half, middle[1] + half)
    axes.set_aspect("equal", adjustable="box", anchor="NW")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(nbins=7, integer=True))


def _microseconds(value: float) -> str:
    return f"{value / 1e6:g} s" if value >= 1e6 else f"{value / 1000:.3g} ms" if value >= 1000 else f"{value:.0f} µs"
