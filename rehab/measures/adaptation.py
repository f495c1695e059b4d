"""Adaptation to a force field: how much of it is pushed against, how the error falls, and what a field is worth.

    adaptation index    slope of the force into a channel's wall on the speed along it, over the field's own gain
    learning curve      e(n) = e_∞ + (e_0 − e_∞) exp(−n/τ)
    work of a field     W = ∫ vᵀB v dt = uᵀB u (10/7) D²/T      peak |F| = |B u| 1.875 D/T

The last two for a minimum-jerk reach of D m in T s in the direction u (Flash & Hogan 1985). Scheidt et al. 2000, J.
Neurophysiol. 84(2) (channels); Smith, Ghazizadeh & Shadmehr 2006, PLoS Biol. 4(6) (the index).
"""

from __future__ import annotations

from math import cos, sin
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rehab.core.errors import MeasureError
from rehab.measures.arrays import Array, curve
from rehab.measures.profiles import minimum_jerk

LEAST_TRIALS = 8  # for a start, an end and a rate


class LearningCurve(NamedTuple):
    """`first` e_0 and `last` e_∞ in the error's unit, `trials` τ, `r2` the share of the variance that it explains."""

    first: float
    last: float
    trials: float
    r2: float

    def at(self, n: ArrayLike) -> Array:
        """e(n) for trials n from 0."""
        found: Array = self.last + (self.first - self.last) * np.exp(-np.asarray(n, dtype=np.float64) / self.trials)
        return found


def adaptation_index(channel_force: ArrayLike, speed: ArrayLike, *, gain: float) -> float:
    """What share of a field is compensated: 0 nothing, 1 all of it.

        slope of force = a + b·gain·speed, b is returned        the intercept a takes a steady lean on the wall

    channel_force (n,) N, of the limb on the wall, positive against the field · speed (n,) m/s along the channel
    gain  N·s/m, what the field would push sideways per speed
    Raises MeasureError for fewer than 8 samples, unequal lengths, a gain of 0, or a speed that does not change.
    """
    force, along = curve(channel_force, "channel_force", least=8), curve(speed, "speed", least=8)
    if len(force) != len(along):
        raise MeasureError(f"there are {len(force)} forces and {len(along)} speeds")
    if gain == 0.0 or not np.isfinite(gain):
        raise MeasureError(f"a field of gain {gain:g} N·s/m does nothing sideways")
    about = along - along.mean()
    scatter = float(about @ about)
    if scatter < 1e-12 * len(along):
        raise MeasureError("the speed does not change: a push and a lean cannot be told apart")
    return float(about @ force) / (scatter * gain)


def learning_curve(errors: ArrayLike) -> LearningCurve:
    """The exponential that fits the errors of trials 0, 1, … best, by least squares.

    errors (n,) any unit. Raises MeasureError for fewer than 8, or anything not finite.
    """
    values = curve(errors, "errors", least=LEAST_TRIALS)
    n = np.arange(len(values), dtype=np.float64)
    # with τ given the rest is linear; τ from half a trial to twice the whole, on a grid finer than data can tell
    best: tuple[float, LearningCurve] | None = None
    spread = float(((values - values.mean()) ** 2).sum())
    for tau in np.geomspace(0.5, 2.0 * len(values), 200).tolist():
        fall = np.exp(-n / tau)
        basis = np.column_stack([fall, 1.0 - fall])
        (first, last), *_ = np.linalg.lstsq(basis, values, rcond=None)
        left = float(((basis @ (first, last) - values) ** 2).sum())
        if best is None or left < best[0]:
            r2 = 1.0 - left / spread if spread > 0.0 else 0.0
            best = (left, LearningCurve(float(first), float(last), tau, r2))
    assert best is not None
    return best[1]


def field_work(matrix: ArrayLike, angle: float, *, distance: float = 0.1, duration: float = 0.5) -> float:
    """J that the field B (2, 2) N·s/m does on a hand that reaches `distance` m in `duration` s at `angle` rad: the
    closed form above."""
    u = np.array((cos(angle), sin(angle)))
    return float(u @ np.asarray(matrix, dtype=np.float64) @ u) * (10.0 / 7.0) * distance**2 / duration


def field_peak(matrix: ArrayLike, angle: float, *, distance: float = 0.1, duration: float = 0.5) -> float:
    """N, the largest |F| of the same reach: the closed form above."""
    u = np.array((cos(angle), sin(angle)))
    return float(np.linalg.norm(np.asarray(matrix, dtype=np.float64) @ u)) * 1.875 * distance / duration


def field_integrated(
    matrix: ArrayLike, angle: float, *, distance: float = 0.1, duration: float = 0.5, steps: int = 20_000
) -> tuple[float, float]:
    """The same two, J and N, added up along the movement in `steps` steps: what checks the closed forms."""
    t = np.linspace(0.0, duration, steps + 1)
    end = (distance * cos(angle), distance * sin(angle))
    _, v, _ = minimum_jerk(t, start=(0.0, 0.0), end=end, duration=duration)
    force = v @ np.asarray(matrix, dtype=np.float64).T
    return float(np.trapezoid((force * v).sum(axis=1), t)), float(np.linalg.norm(force, axis=1).max())
