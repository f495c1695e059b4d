"""A quantity over days: points joined by a line, with a band inside which nothing has changed. Time axes agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from gui.i18n import shown_date
from gui.qt import Qt, QtGui, QtWidgets, pg
from gui.theme import LIGHT, Theme

DAY = 86400.0  # s


class Curve(NamedTuple):
    """Values at moments; `second` is drawn dashed, with triangles, in the other colour. `spread` of each value."""

    at: Sequence[dt.datetime]
    values: Sequence[float]
    spread: Sequence[float] = ()
    second: bool = False


class Course(QtWidgets.QWidget):
    """`bars` draws the values as bars of that many days instead."""

    def __init__(self, says: str, *, bars: float = 0.0, height: int = 220) -> None:
        super().__init__()
        self._theme, self._bars = LIGHT, bars
        self._curves: Sequence[Curve] = ()
        self._band: tuple[float, float] | None = None
        self._marks: Sequence[dt.datetime] = ()
        self._span: tuple[dt.datetime, dt.datetime] | None = None
        self._range: tuple[float, float] | None = None
        self.plot: Any = pg.PlotWidget()
        self.plot.setAccessibleName(says)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(False, False)
        self.plot.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.plot.setFixedHeight(height)
        self.plot.getAxis("left").setWidth(56)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)

    def describe(self, name: str, words: str) -> None:
        self.plot.setAccessibleName(name)
        self.plot.setAccessibleDescription(words)

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        self._draw()

    def show_curves(
        self, curves: Sequence[Curve], *, span: tuple[dt.datetime, dt.datetime] | None,
        band: tuple[float, float] | None = None, marks: Sequence[dt.datetime] = (),
        within: tuple[float, float] | None = None,
    ) -> None:  # fmt: skip
        """band: middle and half width · marks: lines upright · span: of the time axis · within: of the values' axis."""
        self._curves, self._band, self._marks = curves, band, marks
        self._span, self._range = span, within
        self._draw()

    def _draw(self) -> None:
        theme = self._theme
        self.plot.clear()
        self.plot.setBackground(theme.surface)
        for side in ("bottom", "left"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(theme.muted))
            axis.setTextPen(pg.mkPen(theme.muted))
        if self._span is None:
            return
        if self._band is not None:
            self._draw_band(*self._band)
        for moment in self._marks:
            pen = pg.mkPen(theme.text, width=1, style=Qt.PenStyle.DotLine)
            self.plot.addItem(pg.InfiniteLine(moment.timestamp() / DAY, angle=90, pen=pen))
        for curve in self._curves:
            self._draw_curve(curve)
        self._draw_axis(*self._span)
        if self._range is not None:
            self.plot.setYRange(*self._range, padding=0.04)
        else:
            self.plot.enableAutoRange(axis="y")

    def _draw_band(self, middle: float, half: float) -> None:
        grey = QtGui.QColor(self._theme.muted)
        grey.setAlpha(45)
        band = pg.LinearRegionItem(
            (middle - half, middle + half), orientation="horizontal", movable=False, brush=grey, pen=pg.mkPen(None)
        )
        self.plot.addItem(band)
        pen = pg.mkPen(self._theme.muted, width=1, style=Qt.PenStyle.DashLine)
        self.plot.addItem(pg.InfiniteLine(middle, angle=0, pen=pen))

    def _draw_curve(self, curve: Curve) -> None:
        theme = self._theme
        colour = theme.second if curve.second else theme.first
        at, values = [moment.timestamp() / DAY for moment in curve.at], list(curve.values)
        if self._bars:
            middles = [x + 0.5 * self._bars for x in at]
            self.plot.addItem(
                pg.BarGraphItem(x=middles, height=values, width=0.8 * self._bars, brush=colour, pen=pg.mkPen(colour))
            )
            return
        for x, y, sd in zip(at, values, curve.spread, strict=False):
            self.plot.plot([x, x], [y - sd, y + sd], pen=pg.mkPen(colour, width=1))
        style = Qt.PenStyle.DashLine if curve.second else Qt.PenStyle.SolidLine
        self.plot.plot(
            at, values, pen=pg.mkPen(colour, width=2, style=style), symbol="t1" if curve.second else "o", symbolSize=8,
            symbolBrush=colour, symbolPen=colour,
        )  # fmt: skip

    def _draw_axis(self, first: dt.datetime, last: dt.datetime) -> None:
        begin, end = first.timestamp() / DAY, last.timestamp() / DAY
        room = max(0.07 * (end - begin), 0.5) + self._bars
        self.plot.setXRange(begin - room, end + room, padding=0.0)
        count = 5
        places = sorted({round(begin + k * (end - begin) / (count - 1)) for k in range(count)})
        days = [dt.datetime.fromtimestamp(place * DAY + DAY / 2, dt.UTC).date() for place in places]
        ticks = [(place + 0.5, shown_date(day).rsplit(" ", 1)[0]) for place, day in zip(places, days, strict=True)]
        self.plot.getAxis("bottom").setTicks([ticks])
