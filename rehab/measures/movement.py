"""From positions to a movement: the speed of the hand, and where it begins and ends."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rehab.core.errors import MeasureError
from rehab.measures.arrays import Array, curve, places, positive

POSITION_CUTOFF = 20.0  # Hz; voluntary movement lies below 10 Hz, a filter at twice that leaves it as it is
THRESHOLD = 0.05  # of the trial's peak speed


def low_pass(values: ArrayLike, fs: float, cutoff: float) -> Array:
    """Second-order Butterworth low-pass, run forwards and backwards along axis 0: zero phase, −6 dB at `cutoff`.

    values  (n,) or (n, d), any unit · fs sampling rate Hz · cutoff Hz
    Returns the same shape and unit. Sampled at less than 2.5 times the cut-off there is hardly anything above it to
    remove, and the values come back unchanged; so do fewer than 4 samples.
    Winter 2009, Biomechanics and Motor Control of Human Movement, 3.4 (zero-phase Butterworth).
    """
    array = np.asarray(values, dtype=np.float64)
    if fs < 2.5 * cutoff or len(array) < 4:
        return array
    from scipy.signal import sosfiltfilt

    # the filter's memory is about one period of the cut-off; three of them at each edge hide its start-up
    edge = min(len(array) - 1, round(3.0 * fs / cutoff))
    filtered: Array = sosfiltfilt(_butterworth(fs, cutoff), array, axis=0, padlen=edge)
    return filtered


@cache
def _butterworth(fs: float, cutoff: float) -> Any:
    from scipy.signal import butter

    return butter(2, cutoff, fs=fs, output="sos")


def filtered_speed(position: ArrayLike, fs: float, *, cutoff: float = POSITION_CUTOFF) -> Array:
    """Speed of the hand in m/s, (n,): |d/dt of the low-passed position|, central differences.

    position  (n, d) m, uniformly sampled · fs Hz · cutoff Hz, see `low_pass`
    Raises MeasureError for fewer than 4 samples or anything that is not finite.
    """
    fs = positive(fs, "fs", "Hz")
    path = places(position, "position", least=4)
    # counted from the first sample, so that a hand at rest has a speed of exactly 0 and not of the filter's rounding
    smooth = low_pass(path - path[0], fs, positive(cutoff, "cutoff", "Hz"))
    velocity = np.gradient(smooth, axis=0) * fs
    speed: Array = np.linalg.norm(velocity, axis=1)
    return speed


def movement_bounds(speed: ArrayLike, fs: float, *, threshold: float = THRESHOLD) -> tuple[int, int]:
    """First and last sample of the movement, inclusive: the movement is `speed[first : last + 1]`.

    The first and the last sample whose speed is at least `threshold` times the peak. What lies between may pause:
    a corrective submovement after a stop belongs to the same movement.

    speed      (n,) m/s, or any unit · fs Hz · threshold share of the peak speed, above 0 and at most 1
    Raises MeasureError when nothing moves (peak 0), for an empty or non-finite speed.
    Definition as commonly used with SPARC (Balasubramanian et al. 2015); 5 % of the peak.
    """
    positive(fs, "fs", "Hz")
    magnitude = np.abs(curve(speed, "speed", least=1))
    if not 0.0 < threshold <= 1.0:
        raise MeasureError(f"threshold must be a share of the peak speed above 0 and at most 1, not {threshold:g}")
    peak = float(magnitude.max())
    if peak == 0.0:
        raise MeasureError("there is no movement: the speed is 0 everywhere")
    moving = np.flatnonzero(magnitude >= threshold * peak)
    return int(moving[0]), int(moving[-1])
