"""All measures of one trial, from the ticks between its start and its end."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rehab.core.errors import MeasureError
from rehab.measures.arrays import Array, curve, places, point, uniform
from rehab.measures.effort import ENERGY_CUTOFF, Motion, effort_measures
from rehab.measures.movement import POSITION_CUTOFF, THRESHOLD, filtered_speed, low_pass, movement_bounds
from rehab.measures.paths import hand_path_deviation, initial_direction_error, path_length_ratio
from rehab.measures.smoothness import ldlj, number_of_peaks, sparc


class Description(NamedTuple):
    """What a measure is, for tables and screens. `better` is "less", "more", or "" when neither is."""

    unit: str  # SI, "" for dimensionless
    says: str
    better: str


DESCRIPTIONS: Final[dict[str, Description]] = {
    "reaction_time": Description("s", "from the start of the trial to movement onset", "less"),
    "movement_time": Description("s", "from movement onset to the end of the movement", "less"),
    "peak_speed": Description("m/s", "highest speed of the hand", ""),
    "path_length_ratio": Description("", "distance travelled over the straight line; 1 is straight", "less"),
    "initial_direction_error": Description("rad", "angle off the target 0.1 s after movement onset", "less"),
    "hand_path_deviation_mean": Description("m", "mean distance from the straight line start to target", "less"),
    "hand_path_deviation_max": Description("m", "largest distance from the straight line start to target", "less"),
    "sparc": Description("", "spectral arc length: ideal −1.4, lower is less smooth", "more"),
    "ldlj": Description("", "log dimensionless jerk: lower is less smooth", "more"),
    "number_of_peaks": Description("", "maxima of the speed; 1 is a single stroke", "less"),
    "assistance_share": Description("", "the robot's part of the work that moves the hand; 0: all patient", "less"),
    "robot_work": Description("J", "work of the robot on the hand, where it drives", ""),
    "patient_work": Description("J", "work of the limb on the robot, where it drives", ""),
}

LEAST_WAY = 0.001  # m from start to target: nearer, and there is no straight line
STILL = 0.005  # m/s; below it is encoder noise and breathing, not a movement whose onset means anything
RISE = 0.2  # of the peak speed: who gets there has set out
METHOD: Final[dict[str, str | float]] = {  # stored with the values: they are comparable only when all of it is equal
    "version": 1.1,
    "filter": "Butterworth, order 2, zero phase",
    "cutoff_hz": POSITION_CUTOFF,
    "threshold": THRESHOLD,
    "rise": RISE,
    "still_m_s": STILL,
    "energy_cutoff_hz": ENERGY_CUTOFF,
}


def trial_measures(
    t: ArrayLike, position: ArrayLike, *, start: ArrayLike, target: ArrayLike, motion: Motion | None = None
) -> dict[str, float]:
    """Name -> value (unit in DESCRIPTIONS) of everything that is defined on this trial; the rest is left out.

    t         (n,) s, times of the trial's ticks, rising, from the start of the trial to its end
    position  (n, d) m, hand at those times · start, target (d,) m
    motion    what robot and limb did meanwhile; without it nobody knows who worked

    Where ticks were skipped, positions are first interpolated linearly to a uniform grid at the median rate. Smoothness
    and path measures are taken from movement onset to its end (see `trial_bounds`); `reaction_time` counts from t[0]. A
    trial that begins with the hand on its way has neither `reaction_time` nor `initial_direction_error`: its onset was
    not seen. One in which the hand never reaches 5 mm/s has of its measures of movement a `peak_speed` only.
    Raises MeasureError for fewer than 8 samples, times that do not rise, or anything not finite.
    """
    values = _hand_measures(t, position, start, target)
    return values if motion is None else values | effort_measures(t, motion)


def _hand_measures(t: ArrayLike, position: ArrayLike, start: ArrayLike, target: ArrayLike) -> dict[str, float]:
    times, path = curve(t, "t", least=8), places(position, "position", least=8)
    if len(times) != len(path):
        raise MeasureError(f"there are {len(times)} times for {len(path)} positions")
    begin, goal = point(start, "start", path.shape[1]), point(target, "target", path.shape[1])
    path, fs = uniform(times, path)
    speed = filtered_speed(path, fs)
    values: dict[str, float] = {"peak_speed": float(speed.max())}
    if values["peak_speed"] < STILL:
        return values
    first, last = trial_bounds(speed, fs)
    if first > 0:
        values["reaction_time"] = first / fs
    values["movement_time"] = (last - first) / fs
    moving, way = speed[first : last + 1], low_pass(path, fs, POSITION_CUTOFF)[first : last + 1]

    def add(name: str, measure: Callable[[], float]) -> None:
        try:
            values[name] = float(measure())
        except MeasureError:  # not defined on this movement, for example too short
            values.pop(name, None)

    add("sparc", lambda: sparc(moving, fs))
    add("ldlj", lambda: ldlj(moving, fs))
    add("number_of_peaks", lambda: number_of_peaks(moving, fs))
    if math.dist(begin, goal) < LEAST_WAY:  # a closed path has no straight line to be compared with
        return {name: values[name] for name in DESCRIPTIONS if name in values}
    add("path_length_ratio", lambda: path_length_ratio(way))
    if path.shape[1] > 1:  # along a line there is no direction to miss and nowhere to deviate
        if first > 0:
            add("initial_direction_error", lambda: initial_direction_error(path[first:], goal, fs=fs))
        add("hand_path_deviation_mean", lambda: hand_path_deviation(way, begin, goal)[0])
        add("hand_path_deviation_max", lambda: hand_path_deviation(way, begin, goal)[1])
    return {name: values[name] for name in DESCRIPTIONS if name in values}


def trial_bounds(speed: Array, fs: float) -> tuple[int, int]:
    """First and last sample of the reach in a trial, inclusive; as `movement_bounds`, but deaf to drift before it.

    A hand that waits for the go still sways by a few per cent of the coming peak speed. So onset is the sample after
    the last one below 5 % of the peak before the speed first reaches 20 % of it; 0 when none was below 5 %.
    speed (n,) m/s · fs Hz. Raises MeasureError as `movement_bounds` does.
    """
    first, last = movement_bounds(speed, fs)
    peak = float(speed.max())
    risen = int(np.argmax(speed >= RISE * peak))
    slow = np.flatnonzero(speed[:risen] < THRESHOLD * peak)
    return (int(slow[-1]) + 1 if len(slow) else first), last
