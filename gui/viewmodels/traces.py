"""Traces in fixed memory: one sample each 10 ms of the last seconds, always as one piece to draw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rehab.core.types import Array

WINDOW = 5.0  # s shown
POINTS = 500  # of a trace: more than a plot of that width has pixels to tell apart


class Traces:
    """The last WINDOW seconds of several columns, decimated as they come.

    Each bin of WINDOW / POINTS seconds keeps its newest row: a trace is for looking, measures come from the recording.
    Everything is written twice, a window apart, so that the newest window is one piece without copying.
    """

    def __init__(self, columns: int, *, window: float = WINDOW, points: int = POINTS) -> None:
        self.window, self.points = window, points
        self._step = window / points
        self._memory = np.zeros((columns + 1, 2 * points))  # row 0 is the time
        self._written = 0
        self._bin = -1

    def __len__(self) -> int:
        return min(self._written, self.points)

    def choose(self, t: Array) -> NDArray[np.intp]:
        """Indices of the rows to keep among rows at times t (s): the newest of each new bin. Then `put` those."""
        bins = np.floor(t / self._step + 1e-6).astype(np.int64)
        newest = np.append(bins[1:] != bins[:-1], True) & (bins >= self._bin)
        return np.flatnonzero(newest)[-self.points :]

    def put(self, t: Array, values: Sequence[Array]) -> None:
        """Samples (k,) of the time and of every column, as chosen; one in the bin of the last replaces it."""
        for k, moment in enumerate(t):
            number = int(np.floor(moment / self._step + 1e-6))
            if number != self._bin or self._written == 0:
                self._bin = number
                self._written += 1
            at = (self._written - 1) % self.points
            for half in (at, at + self.points):
                self._memory[0, half] = moment
                for column, samples in enumerate(values, start=1):
                    self._memory[column, half] = samples[k]

    def time(self) -> Array:
        """Times of the samples in s before the newest: (len,), from −WINDOW to 0. A new array."""
        piece = self._piece(0)
        return piece - piece[-1] if len(piece) else piece.copy()

    def column(self, number: int) -> Array:
        """Samples of one column, oldest first: a view, valid until the next `put`."""
        return self._piece(number + 1)

    def _piece(self, row: int) -> Array:
        if self._written <= self.points:
            return self._memory[row, : self._written]
        first = self._written % self.points
        return self._memory[row, first : first + self.points]
