"""What every measure asks of its input: the right shape, enough samples, and finite numbers only."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rehab.core.errors import MeasureError

Array: TypeAlias = NDArray[np.float64]


def curve(values: ArrayLike, name: str, *, least: int) -> Array:
    """A finite 1-D array of at least `least` samples. Raises MeasureError."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise MeasureError(f"{name} must be one value a sample, not an array of shape {array.shape}")
    return _checked(array, name, least)


def places(values: ArrayLike, name: str, *, least: int) -> Array:
    """A finite (n, d) array of at least `least` positions; (n,) is read as one dimension. Raises MeasureError."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[1] == 0:
        raise MeasureError(f"{name} must have shape (samples, dimensions), not {array.shape}")
    return _checked(array, name, least)


def point(values: ArrayLike, name: str, dimensions: int) -> Array:
    """One finite point (d,). Raises MeasureError."""
    array = np.atleast_1d(np.asarray(values, dtype=np.float64))
    if array.shape != (dimensions,):
        raise MeasureError(f"{name} must be a point of {dimensions} coordinates, not an array of shape {array.shape}")
    return _checked(array, name, 1)


def positive(value: float, name: str, unit: str) -> float:
    """A finite number above zero. Raises MeasureError."""
    if not (math.isfinite(value) and value > 0.0):
        raise MeasureError(f"{name} must be a finite number of {unit} above 0, not {value:g}")
    return float(value)


def uniform(times: Array, path: Array) -> tuple[Array, float]:
    """Positions on a uniform grid and its rate in Hz: as they are, or interpolated when a step exceeds 1.5 medians."""
    steps = np.diff(times)
    if not len(steps):
        raise MeasureError(f"t has {len(times)} samples; at least 2 are needed")
    if not (steps > 0.0).all():
        raise MeasureError(f"t does not rise at sample {int(np.argmin(steps > 0.0)) + 1}")
    step = float(np.median(steps))
    if float(steps.max()) <= 1.5 * step:
        return path, 1.0 / step
    grid = times[0] + step * np.arange(round(float(times[-1] - times[0]) / step) + 1)
    return np.column_stack([np.interp(grid, times, column) for column in path.T]), 1.0 / step


def _checked(array: Array, name: str, least: int) -> Array:
    if len(array) < least:
        raise MeasureError(f"{name} has {len(array)} samples; at least {least} are needed")
    finite = np.isfinite(array)
    if not finite.all():
        bad = int(np.count_nonzero(~finite))
        first = int(np.argwhere(~finite)[0][0])
        raise MeasureError(f"{name} has {bad} values that are not finite, the first at sample {first}")
    return array
