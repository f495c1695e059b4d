"""The shape of the hand's path: how long, how straight, and how well aimed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from rehab.core.errors import MeasureError
from rehab.measures.arrays import Array, places, point, positive
from rehab.measures.movement import POSITION_CUTOFF, filtered_speed, low_pass, movement_bounds

NO_DIRECTION = 1e-6  # m; a shorter vector is rounding, its direction means nothing


def path_length_ratio(position: ArrayLike) -> float:
    """Distance travelled over the straight line from the first to the last sample; dimensionless, ≥ 1, 1 is straight.

        Σ |p_{k+1} − p_k| / |p_last − p_first|

    position  (n, d) m. Noise lengthens a path at every sample: give filtered positions.
    Raises MeasureError when the path ends where it began, for fewer than 2 samples or anything not finite.
    Kinarm Standard Tests, visually guided reaching ("path length ratio"); Coderre et al. 2010, Neurorehabil. Neural
    Repair 24(6).
    """
    path = places(position, "position", least=2)
    straight = float(np.linalg.norm(path[-1] - path[0]))
    if straight == 0.0:
        raise MeasureError("the path ends where it began: there is no straight line to compare it with")
    return float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum()) / straight


def initial_direction_error(position: ArrayLike, target: ArrayLike, *, fs: float, after: float = 0.1) -> float:
    """Angle between where the hand first went and where the target lay, rad in [0, π], without a sign.

        ∠( p(t₀ + after) − p(t₀),  target − p(t₀) ),   t₀ = movement onset, 5 % of the peak speed

    position  (n, d) m, uniformly sampled, with the rest before the movement or without it; filtered at 20 Hz inside
    target    (d,) m · fs sampling rate Hz · after s, counted from movement onset
    Raises MeasureError without movement, when the data end before t₀ + after, when the hand has not left its place by
    then, when it starts on the target, or for anything not finite.
    Kinarm Standard Tests, visually guided reaching ("initial direction error"); Coderre et al. 2010, Neurorehabil.
    Neural Repair 24(6).
    """
    fs, after = positive(fs, "fs", "Hz"), positive(after, "after", "s")
    path = places(position, "position", least=4)
    goal = point(target, "target", path.shape[1])
    onset, _ = movement_bounds(filtered_speed(path, fs), fs)
    later = onset + max(1, round(after * fs))
    if later >= len(path):
        left = (len(path) - 1 - onset) / fs
        raise MeasureError(f"the data end {left:g} s after movement onset; the direction is taken at {after:g} s")
    smooth = low_pass(path, fs, POSITION_CUTOFF)
    return _angle(smooth[later] - smooth[onset], goal - smooth[onset])


def hand_path_deviation(position: ArrayLike, start: ArrayLike, target: ArrayLike) -> tuple[float, float]:
    """Mean and largest distance (m) of the hand from the straight line through start and target, both ≥ 0.

        |p − s − ((p − s)·u) u|,   u = (target − s) / |target − s|;   the mean is over samples

    position  (n, d) m, d ≥ 2 · start, target (d,) m
    Raises MeasureError when start and target are the same point, or for anything not finite.
    """
    path = places(position, "position", least=1)
    begin, goal = point(start, "start", path.shape[1]), point(target, "target", path.shape[1])
    length = float(np.linalg.norm(goal - begin))
    if length == 0.0:
        raise MeasureError("start and target are the same point: there is no line to deviate from")
    direction = (goal - begin) / length
    away = path - begin
    distance = np.linalg.norm(away - np.outer(away @ direction, direction), axis=1)
    return float(distance.mean()), float(distance.max())


def circle_axis_ratio(position: ArrayLike) -> float:
    """How round a closed path is: minor over major axis, 0 a line … 1 a circle.

        sqrt(λ_min/λ_max) of the covariance of the places, by principal components; b/a for an ellipse

    position  (n, 2) m, evenly along the path or in time of an even movement
    Raises MeasureError for fewer than 4 samples, anything but two dimensions, or a hand that stays where it is.
    Oliveira, Simpson & Nadal 1996, Physiol. Meas. 17(4) (the ellipse by principal components); as the roundness of
    circles that are drawn after a stroke: Krabben et al. 2011, J. NeuroEng. Rehabil. 8:15.
    """
    path = places(position, "position", least=4)
    if path.shape[1] != 2:
        raise MeasureError(f"a circle lies in a plane; these positions have {path.shape[1]} dimensions")
    least, most = np.linalg.eigvalsh(np.cov(path.T))
    if most < NO_DIRECTION**2:
        raise MeasureError("the hand stays where it is: there is no circle")
    return math.sqrt(max(0.0, float(least)) / float(most))


def _angle(went: Array, wanted: Array) -> float:
    """The angle between two vectors by Kahan's formula, exact near 0 and π where arccos loses half of the digits."""
    long, far = float(np.linalg.norm(went)), float(np.linalg.norm(wanted))
    if long < NO_DIRECTION:
        raise MeasureError("the hand had not left its place when the direction was taken")
    if far < NO_DIRECTION:
        raise MeasureError("the movement starts on the target: there is no direction to it")
    a, b = went / long, wanted / far
    return 2.0 * math.atan2(float(np.linalg.norm(a - b)), float(np.linalg.norm(a + b)))
