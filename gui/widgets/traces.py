"""The last seconds of position, velocity and force: three plots with a curve for each axis.

Drawing is what costs (pen width 2 takes four times the CPU of width 1): decimated curves, width 1, no antialiasing,
fixed ranges that only grow, no check for NaN in data that has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gui.i18n import tr
from gui.qt import Qt, QtWidgets, pg
from gui.theme import GRID, LIGHT, Theme
from gui.viewmodels.traces import WINDOW
from rehab.core.types import Array

RANGES = (5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)  # ± in the plot's unit
AXES = ("x", "y")
LEAST = 24  # px of a plot on a small screen, so that the words above it keep their room


class TracePlot(QtWidgets.QWidget):
    """One quantity over time. `title` says what, in which `unit`; `scale` is from SI to that unit."""

    def __init__(self, title: str, unit: str, scale: float, first_range: float, axes: int, *, times: bool) -> None:
        super().__init__()
        self._title, self._unit, self._scale, self._range = title, unit, scale, first_range
        self._axes = AXES[:axes]
        self.label = QtWidgets.QLabel()
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Fixed)
        self.plot: Any = pg.PlotWidget()
        self.plot.setAccessibleName(tr("{title} over the last {n} s", title=title, n=f"{WINDOW:g}"))
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMinimumHeight(LEAST)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(False, False)
        self.plot.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.plot.disableAutoRange()
        self.plot.setXRange(-WINDOW, 0.25, padding=0.0)
        self._curves = [pg.PlotCurveItem(skipFiniteCheck=True) for _ in self._axes]
        self._ends = [pg.TextItem(name, anchor=(0.0, 0.5)) for name in self._axes]
        for item in (*self._curves, *self._ends):
            self.plot.addItem(item, ignoreBounds=True)
        bottom, left = self.plot.getAxis("bottom"), self.plot.getAxis("left")
        bottom.setStyle(showValues=times)
        bottom.setTicks([[(-k, f"−{k} s" if k else tr("now")) for k in range(int(WINDOW) + 1)]])
        bottom.setHeight(24 if times else 8)
        left.setWidth(48)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.label)
        layout.addWidget(self.plot, 1)
        self._set_range(first_range)
        self.dress(LIGHT)
        self.read(())

    def dress(self, theme: Theme) -> None:
        self._colours = (theme.first, theme.second)
        self.plot.setBackground(theme.surface)
        for curve, colour in zip(self._curves, self._colours, strict=False):
            curve.setPen(pg.mkPen(colour, width=1))
        for end, colour in zip(self._ends, self._colours, strict=False):
            end.setColor(colour)
        for name in ("bottom", "left"):
            axis = self.plot.getAxis(name)
            axis.setPen(pg.mkPen(theme.line))
            axis.setTextPen(pg.mkPen(theme.muted))

    def draw(self, time: Array, columns: Sequence[Array]) -> None:
        """Samples at times relative to now (s), in SI."""
        if not len(time):
            return
        scaled = [self._scale * column for column in columns]
        most = max(float(np.abs(column).max()) for column in scaled)
        if most > self._range:
            self._set_range(next((r for r in RANGES if r >= most), RANGES[-1]))
        places = self._apart([float(column[-1]) for column in scaled])
        for curve, end, column, place in zip(self._curves, self._ends, scaled, places, strict=True):
            curve.setData(time, column, skipFiniteCheck=True)
            end.setPos(0.02, place)

    def _apart(self, values: list[float]) -> list[float]:
        """Names at the curves' ends, moved apart where they would lie on each other."""
        least = 0.22 * self._range
        if len(values) == 2 and abs(values[0] - values[1]) < least:
            middle, half = 0.5 * sum(values), 0.5 * least
            return [middle + half, middle - half] if values[0] >= values[1] else [middle - half, middle + half]
        return values

    def read(self, values: Sequence[float]) -> None:
        """The newest values (SI) as text: what a person reads who cannot see curves or colours."""
        numbers = [_whole(self._scale * value) for value in values] or ["–"] * len(self._axes)
        gap = "&nbsp;&nbsp; "
        words = gap.join(
            f'<span style="color:{colour}"><b>{axis}</b></span> {number}'
            for axis, number, colour in zip(self._axes, numbers, self._colours, strict=False)
        )
        self.label.setText(f"<b>{self._title}</b> {self._unit} {gap}{words}")
        said = ", ".join(f"{axis} {number}" for axis, number in zip(self._axes, numbers, strict=True))
        self.plot.setAccessibleDescription(f"{said} {self._unit}")

    def _set_range(self, most: float) -> None:
        self._range = most
        self.plot.setYRange(-most, most, padding=0.1)
        self.plot.getAxis("left").setTicks([[(v, _whole(v)) for v in (-most, 0.0, most)]])


def _whole(value: float) -> str:
    """−7, 0, 12: never −0, and the minus that lines up with digits."""
    return str(round(value)).replace("-", "−")


class TracePanel(QtWidgets.QFrame):
    """Position from the centre, velocity, the robot's force. `columns` come in that order, `axes` of each."""

    def __init__(self, axes: int) -> None:
        super().__init__()
        self.setProperty("card", True)
        self._axes = axes
        self.plots = (
            TracePlot(tr("Position"), tr("cm from the centre"), 100.0, 10.0, axes, times=False),
            TracePlot(tr("Velocity"), "cm/s", 100.0, 20.0, axes, times=False),
            TracePlot(tr("Robot's force"), "N", 1.0, 10.0, axes, times=True),
        )
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        for plot in self.plots:
            layout.addWidget(plot, 1)

    def dress(self, theme: Theme) -> None:
        for plot in self.plots:
            plot.dress(theme)

    def draw(self, time: Array, columns: Sequence[Array]) -> None:
        for k, plot in enumerate(self.plots):
            plot.draw(time, columns[k * self._axes : (k + 1) * self._axes])

    def read(self, columns: Sequence[Array]) -> None:
        for k, plot in enumerate(self.plots):
            plot.read([float(c[-1]) for c in columns[k * self._axes : (k + 1) * self._axes] if len(c)])
