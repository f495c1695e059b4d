"""The hand's paths of a session, laid over each other; the trial that is chosen stands out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from gui.i18n import tr, trn
from gui.qt import Qt, QtWidgets, pg
from gui.theme import LIGHT, Theme
from gui.viewmodels.review_read import Line
from rehab.core.types import Outcome

CM = 100.0


class HandPaths(QtWidgets.QWidget):
    """Reached ones are drawn through, others dashed with a cross at their end: told apart without colour too."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._lines: Sequence[Line] = ()
        self._shown: frozenset[int] = frozenset()
        self._chosen: int | None = None
        self._targets: Sequence[tuple[float, float, float]] = ()
        self.plot: Any = pg.PlotWidget()
        self.plot.setAccessibleName(tr("Paths of the hand, in cm"))
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(False, False)
        self.plot.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.plot.setAspectLocked(True)
        self.plot.setMinimumHeight(320)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)

    @property
    def drawn(self) -> frozenset[int]:
        """Numbers of the trials that can be seen."""
        return frozenset(line.number for line in self._lines if line.path is not None) & self._shown

    def dress(self, theme: Theme) -> None:
        self._theme = theme
        self._draw()

    def show_lines(
        self, lines: Sequence[Line], targets: Sequence[tuple[float, float, float]], shown: Iterable[int],
        chosen: int | None,
    ) -> None:  # fmt: skip
        self._lines, self._targets = lines, targets
        self._shown, self._chosen = frozenset(shown), chosen
        self._draw()

    def _draw(self) -> None:
        theme = self._theme
        self.plot.clear()
        self.plot.setBackground(theme.surface)
        for side in ("bottom", "left"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(theme.line))
            axis.setTextPen(pg.mkPen(theme.muted))
        around = np.linspace(0.0, 2.0 * np.pi, 49)
        for x, y, radius in self._targets:
            ring = pg.mkPen(theme.text, width=1)
            self.plot.plot(CM * (x + radius * np.cos(around)), CM * (y + radius * np.sin(around)), pen=ring)
        drawn = self.drawn
        for line in sorted(self._lines, key=lambda line: line.number == self._chosen):
            if line.number in drawn and line.path is not None:
                self._path(line)
        self.plot.setAccessibleDescription(trn("{n} path is drawn", "{n} paths are drawn", len(drawn)))

    def _path(self, line: Line) -> None:
        theme, chosen = self._theme, line.number == self._chosen
        missed = line.outcome not in (Outcome.REACHED, None)
        colour = theme.force if chosen else theme.second if missed else theme.first
        style = Qt.PenStyle.DashLine if missed else Qt.PenStyle.SolidLine
        assert line.path is not None
        x, y = CM * line.path[:, 0], CM * line.path[:, 1]
        self.plot.plot(x, y, pen=pg.mkPen(colour, width=3 if chosen else 1, style=style))
        symbol = "x" if missed else "o"
        self.plot.plot([x[-1]], [y[-1]], pen=None, symbol=symbol, symbolSize=11 if missed else 6, symbolPen=colour,
                       symbolBrush=colour)  # fmt: skip
