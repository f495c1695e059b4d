"""Ideal movements to compare with and to guide along."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rehab.core.errors import MeasureError
from rehab.measures.arrays import Array, positive


def minimum_jerk(t: ArrayLike, *, start: ArrayLike, end: ArrayLike, duration: float) -> tuple[Array, Array, Array]:
    """Position m, velocity m/s and acceleration m/s² of the smoothest point-to-point movement, at rest at both ends.

        s = t/T     x = x₀ + (x₁ − x₀)(10 s³ − 15 s⁴ + 6 s⁵)
        v = (x₁ − x₀)/T (30 s² − 60 s³ + 30 s⁴)     a = (x₁ − x₀)/T² (60 s − 180 s² + 120 s³)

    t           s, a number or (k,); before 0 the movement waits at the start, after `duration` it rests at the end
    start, end  m, numbers or (d,) · duration T in s, above 0
    Returns three arrays: (k,) for numbers, (k, d) for points; without the k when t is a number.
    v_peak = 1.875 D/T, a_peak = 5.773503 D/T², ∫ jerk² dt = 720 D²/T⁵ for the distance D. Nothing is divided by t.
    Raises MeasureError for anything that is not finite, or a duration that is not above 0.
    Flash & Hogan 1985, The coordination of arm movements, J. Neurosci. 5(7).
    """
    T = positive(duration, "duration", "s")
    time, begin, goal = (np.asarray(a, dtype=np.float64) for a in (t, start, end))
    for name, array in (("t", time), ("start", begin), ("end", goal)):
        if not np.isfinite(array).all():
            raise MeasureError(f"{name} has values that are not finite")
    if begin.shape != goal.shape:
        raise MeasureError(f"start and end must have one shape, not {begin.shape} and {goal.shape}")
    s = np.clip(time / T, 0.0, 1.0).reshape(time.shape + (1,) * begin.ndim)
    way = goal - begin
    position = begin + way * (s**3 * (10.0 + s * (-15.0 + 6.0 * s)))
    velocity = way / T * (30.0 * s**2 * (1.0 - s) ** 2)
    acceleration = way / T**2 * (60.0 * s * (1.0 - s) * (1.0 - 2.0 * s))
    return position, velocity, acceleration
