"""Motor memory of two states: one learns and forgets fast, the other slowly.

    x_f ← A_f x_f + B_f e        x_s ← A_s x_s + B_s e        x = x_f + x_s

after each trial; e = p − x is what the perturbation p leaves to be seen of it, 0 in an error clamp. Smith, Ghazizadeh &
Shadmehr 2006, PLoS Biol. 4(6):e179: A_f 0.59, B_f 0.21, A_s 0.992, B_s 0.02.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import add, mul

from rehab.core.kinematics import Rows
from rehab.core.values import Floats

Rates = tuple[float, float, float, float]  # A_f, B_f, A_s, B_s


class TwoState:
    """Of a quantity with `size` components, which do not mix. `net` is x."""

    def __init__(self, size: int, rates: Rates) -> None:
        self._keep_fast, self._learn_fast, self._keep_slow, self._learn_slow = rates
        self.fast: Floats = (0.0,) * size
        self.slow: Floats = (0.0,) * size
        self.net: Floats = (0.0,) * size

    def learn(self, error: Sequence[float]) -> None:
        """One trial is over, and that was its error."""
        self.fast = tuple([self._keep_fast * x + self._learn_fast * e for x, e in zip(self.fast, error, strict=True)])
        self.slow = tuple([self._keep_slow * x + self._learn_slow * e for x, e in zip(self.slow, error, strict=True)])
        self.net = tuple(map(add, self.fast, self.slow))


class TwoStateMap:
    """Of a linear map of direction, x = W û: a trial in the direction û teaches, and fades, what belongs to û.

        W ← W + (x_after − W û) ûᵀ, fast and slow

    Trials in one direction only are plain two-state memory. `net` holds W by rows.
    """

    def __init__(self, dimensions: int, rates: Rates) -> None:
        self._trial = TwoState(dimensions, rates)
        self.fast: Rows = ((0.0,) * dimensions,) * dimensions
        self.slow = self.net = self.fast

    def of(self, v: Floats) -> Floats:
        """W v."""
        return _times(self.net, v)

    def learn(self, direction: Floats, error: Sequence[float]) -> None:
        """One trial in that direction (a unit vector) is over, and that was its error."""
        trial = self._trial
        fast, slow = _times(self.fast, direction), _times(self.slow, direction)
        trial.fast, trial.slow = fast, slow
        trial.learn(error)
        self.fast = _changed(self.fast, map(float.__sub__, trial.fast, fast), direction)
        self.slow = _changed(self.slow, map(float.__sub__, trial.slow, slow), direction)
        self.net = tuple(tuple(map(add, *rows)) for rows in zip(self.fast, self.slow, strict=True))


def _times(rows: Rows, v: Floats) -> Floats:
    return tuple([sum(map(mul, row, v)) for row in rows])


def _changed(rows: Rows, by: Iterable[float], direction: Floats) -> Rows:
    return tuple(
        tuple([w + change * u for w, u in zip(row, direction, strict=True)])
        for row, change in zip(rows, by, strict=True)
    )
