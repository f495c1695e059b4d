"""The figure of an analysis: its panels in rows of at most three, as PNG."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from rehab.measures.analyses.result import Curve, Panel
from rehab.report.figures import png, quiet_axes, sheet
from rehab.report.sheet import BLUE, GREEN, INK, PURPLE, VERMILLION

HUES = (BLUE, VERMILLION, GREEN, PURPLE, "#B8860B", "#56B4E9", "#000000", "#8C6D1F")  # Okabe & Ito's, and kin
MARKS = ("o", "^", "s", "D", "v", "P", "x", "*")
DASHES = ("-", (0, (5, 2)), (0, (2, 1.5)), (0, (5, 1.5, 1, 1.5)))  # told apart without colour too
PANEL, HEIGHT = 8.8, 6.4  # cm, with labels, without the legend
ALONE = 15.0  # cm wide, of a panel that stands alone
LEFT, RIGHT, BOTTOM, TOP = 1.45, 0.35, 1.15, 0.75  # cm around the axes
LINE, LETTER = 0.42, 0.125  # cm: of the legend, and about of a letter in it
TITLE = 0.5  # cm a line
DPI = 100


def analysis_figure(panels: Sequence[Panel], *, title: str = "") -> bytes:
    """PNG of one or more panels."""
    columns = min(3, len(panels))
    rows = [panels[k : k + columns] for k in range(0, len(panels), columns)]
    each = PANEL if columns > 1 or panels[0].equal else ALONE
    width = columns * each
    words = wrap(title, int(width / 0.18)) if title else []
    legends = [max(_legend_lines(panel, each) for panel in row) * LINE for row in rows]
    height = sum(legends) + len(rows) * HEIGHT + TITLE * len(words)
    figure = sheet(width, height, dpi=DPI)
    top = height - TITLE * len(words)
    for number, word in enumerate(words):
        figure.text(0.25 / width, 1.0 - (number + 0.7) * TITLE / height, word, fontsize=8.5, color=INK)
    for row, legend in zip(rows, legends, strict=True):
        for place, panel in enumerate(row):
            box = (
                (place * each + LEFT) / width, (top - HEIGHT + BOTTOM) / height,
                (each - LEFT - RIGHT) / width, (HEIGHT - BOTTOM - TOP) / height,
            )  # fmt: skip
            _panel(figure.add_axes(box), panel, box, (each, height))
        top -= HEIGHT + legend
    return png(figure)


def _panel(axes: Axes, panel: Panel, box: tuple[float, ...], size: tuple[float, float]) -> None:
    each, height = size
    quiet_axes(axes, panel.title, panel.x, panel.y)
    for curve in panel.curves:
        _draw(axes, curve)
    if panel.equal:
        axes.set_aspect("equal", adjustable="datalim")
    entries = [_entry(curve) for curve in panel.curves if curve.label]
    if entries:
        axes.legend(
            handles=entries, loc="upper center", bbox_to_anchor=(0.45, -(BOTTOM - 0.1) / (box[3] * height)),
            ncols=_columns(panel, each), fontsize=6.5, frameon=False, borderaxespad=0.0, handlelength=2.4,
            columnspacing=1.2, handletextpad=0.5, labelcolor=INK,
        )  # fmt: skip


def _columns(panel: Panel, width: float) -> int:
    longest = max((len(curve.label) for curve in panel.curves), default=1)
    return max(1, min(4, int((width - 0.5) / (LETTER * longest + 1.1))))


def _legend_lines(panel: Panel, width: float) -> int:
    return -(-sum(bool(curve.label) for curve in panel.curves) // _columns(panel, width))


def _look(curve: Curve) -> dict[str, Any]:
    hue = curve.hue
    if curve.look == "points":
        if hue < 0:
            return {"linestyle": "", "color": INK, "marker": "x", "markersize": 5}
        mark, colour = MARKS[hue % len(MARKS)], HUES[hue % len(HUES)]
        return {"linestyle": "", "color": colour, "marker": mark, "markersize": 3.2, "alpha": 0.45}
    if hue < 0:
        return {"color": INK, "linewidth": 1.3}
    return {"color": HUES[hue % len(HUES)], "linestyle": DASHES[hue % len(DASHES)], "linewidth": 1.3}


def _entry(curve: Curve) -> Any:
    look = _look(curve)
    return Patch(color=look["color"], alpha=0.2, label=curve.label) if curve.look == "band" else Line2D(
        [], [], label=curve.label, **look
    )  # fmt: skip


def _draw(axes: Axes, curve: Curve) -> None:
    look = _look(curve)
    if curve.look == "band":
        axes.fill_between(curve.x, curve.y, curve.y2, color=look["color"], alpha=0.2, linewidth=0, zorder=2)
    elif curve.look == "steps":
        axes.step(curve.x, curve.y, where="mid", zorder=4, **look)
    else:
        axes.plot(curve.x, curve.y, zorder=3 if curve.look == "points" else 4, **look)
