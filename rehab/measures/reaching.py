"""The measures of a visually guided reach, as Kinarm Standard Tests define them.

    posture speed            median speed while the hand waits, 0.5 s before the target appears
    initial movement         from onset to the first minimum of speed
    initial distance ratio   its length over that of the whole movement
    initial speed ratio      its highest speed over the highest of all
    speed maxima count       maxima of the speed (see `number_of_peaks`)
    min–max speed difference mean of the differences between neighbouring maxima and minima; 0 with a single maximum

Coderre, Zeid, Dukelow, Demmer, Moore, Demers, Bretzke, Herter, Glasgow, Norman, Bagg & Scott 2010, Neurorehabil.
Neural Repair 24(6):528. Onset and end are ours: 5 % of the peak speed (rehab.measures.movement).
"""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rehab.core.errors import MeasureError
from rehab.measures.arrays import Array, places, positive
from rehab.measures.movement import filtered_speed, low_pass
from rehab.measures.paths import initial_direction_error, path_length_ratio
from rehab.measures.smoothness import speed_peaks
from rehab.measures.trial import trial_bounds

POSTURE = 0.5  # s

UNITS: Final = {
    "posture_speed": "m/s", "reaction_time": "s", "initial_direction_error": "rad", "initial_distance_ratio": "",
    "initial_speed_ratio": "", "speed_maxima_count": "", "min_max_speed_difference": "m/s", "movement_time": "s",
    "path_length_ratio": "", "max_speed": "m/s",
}  # fmt: skip


def reaching_set(position: ArrayLike, target: ArrayLike, *, fs: float, go: int) -> dict[str, float]:
    """Name -> value (unit in UNITS) of everything that is defined on one reach.

    position  (n, d) m, uniformly sampled at fs Hz, with the wait before · target (d,) m · go the row at which the
              target appeared
    Raises MeasureError where nothing moves after `go`, for too few samples, or what is not finite.
    """
    fs = positive(fs, "fs", "Hz")
    path = places(position, "position", least=16)
    speed = filtered_speed(path, fs)
    moving = speed[go:]
    if len(moving) < 8:
        raise MeasureError(f"there are {len(moving)} samples after the target appeared; at least 8 are needed")
    first, last = trial_bounds(moving, fs)
    smooth = low_pass(path, fs, 20.0)[go + first : go + last + 1]
    reach = moving[first : last + 1]
    found: dict[str, float] = {}
    waiting = speed[max(0, go - round(POSTURE * fs)) : go]
    if len(waiting) >= 0.5 * POSTURE * fs:
        found["posture_speed"] = float(np.median(waiting))
    if first > 0:
        found["reaction_time"] = first / fs
    peaks, valleys = _turns(reach, fs)
    initial = valleys[0] if len(valleys) else len(reach) - 1
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(smooth, axis=0), axis=1))])
    if path.shape[1] > 1 and first > 0:
        with suppress(MeasureError):  # too short to have a direction
            found["initial_direction_error"] = initial_direction_error(path[go + first :], target, fs=fs)
    found["initial_distance_ratio"] = float(lengths[initial] / lengths[-1])
    found["initial_speed_ratio"] = float(reach[: initial + 1].max() / reach.max())
    found["speed_maxima_count"] = float(len(peaks))
    turns = np.sort(np.concatenate([peaks, valleys])).astype(int)
    found["min_max_speed_difference"] = float(np.abs(np.diff(reach[turns])).mean()) if len(turns) > 1 else 0.0
    found["movement_time"] = (last - first) / fs
    found["path_length_ratio"] = path_length_ratio(smooth)
    found["max_speed"] = float(reach.max())
    return {name: found[name] for name in UNITS if name in found}


def _turns(speed: Array, fs: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Rows of the maxima, and of the minimum between each two of them."""
    peaks, smooth = speed_peaks(speed, fs)
    valleys = [a + int(np.argmin(smooth[a : b + 1])) for a, b in pairwise(peaks.tolist())]
    return peaks, np.array(valleys, dtype=int)
