"""The figure of an analysis: its panels side by side, as PNG."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from rehab.measures.analyses.result import Curve, Panel
from rehab.report.figures import png, quiet_axes, sheet
from rehab.report.sheet import BLUE, GREEN, INK, PURPLE, VERMILLION

HUES = (BLUE, VERMILLION, GREEN, PURPLE, "#E69F00", "#56B4E9")  # Okabe & Ito
MARKS = ("o", "^", "s", "D", "v", "P")
DASHES = ("-", (0, (5, 2)), (0, (2, 1.5)), (0, (5, 1.5, 1, 1.5)), "-", (0, (5, 2)))  # told apart without colour too
WIDTH, HEIGHT = 8.6, 7.2  # cm of a panel
DPI = 110


def analysis_figure(panels: Sequence[Panel], *, title: str = "") -> bytes:
    """PNG of one or more panels, at most three in a row."""
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    figure = sheet(columns * WIDTH, rows * HEIGHT + 0.8 * bool(title), dpi=DPI)
    for place, panel in enumerate(panels):
        axes = figure.add_subplot(rows, columns, place + 1)
        quiet_axes(axes, panel.title, panel.x, panel.y)
        for curve in panel.curves:
            _draw(axes, curve)
        if panel.equal:
            axes.set_aspect("equal", adjustable="datalim")
        if any(curve.label for curve in panel.curves):
            axes.legend(fontsize=6.5, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3,
                        handlelength=2.2, columnspacing=1.2, handletextpad=0.5, labelcolor=INK)  # fmt: skip
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=9, color=INK)
    figure.set_layout_engine("constrained")
    return png(figure)


def _draw(axes: Axes, curve: Curve) -> None:
    hue = INK if curve.hue < 0 else HUES[curve.hue % len(HUES)]
    dash = "-" if curve.hue < 0 else DASHES[curve.hue % len(DASHES)]
    label = curve.label or "_"
    match curve.look:
        case "points":
            mark = MARKS[curve.hue % len(MARKS)]
            axes.plot(curve.x, curve.y, linestyle="", marker=mark, markersize=3, alpha=0.55, color=hue,
                      markeredgewidth=0, label=label, zorder=3)  # fmt: skip
        case "band":
            axes.fill_between(curve.x, curve.y, curve.y2, color=hue, alpha=0.2, linewidth=0, label=label, zorder=2)
        case "steps":
            axes.step(curve.x, curve.y, where="mid", color=hue, linewidth=1.2, linestyle=dash, label=label, zorder=4)
        case _:
            axes.plot(curve.x, curve.y, color=hue, linewidth=1.4, linestyle=dash, label=label, zorder=4)
