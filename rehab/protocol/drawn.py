"""The shape of a taught path: tremor out, points evenly along it, no more of them than it needs.

    smooth    Savitzky & Golay 1964, Anal. Chem. 36(8): a cubic over `WINDOW` of the way; leaves any cubic as it is
    resample  evenly by arc length
    simplify  Ramer 1972, Comput. Graph. Image Process. 1(3); Douglas & Peucker 1973, Cartographica 10(2)
"""

from __future__ import annotations

from collections.abc import Sequence
from math import dist

from rehab.core.errors import BadInput
from rehab.core.path import Path
from rehab.core.points import MOST_TEXT, points_text
from rehab.core.values import Floats

SPACING = 0.005  # m
WINDOW = 0.055  # m of the way that one smoothed point is made of: tremor of a led hand goes, a turn stays
CLOSE = 0.001  # m that a simplified path may be away from the whole


def resample(points: Sequence[Floats], spacing: float = SPACING) -> tuple[Floats, ...]:
    """Points evenly along the way, as near to `spacing` (m) as comes out even; both ends stay."""
    path = Path(points)
    count = max(1, round(path.length / spacing))
    return tuple(path.at(k * path.length / count).point for k in range(count + 1))


def smooth(points: Sequence[Floats], window: float = WINDOW) -> tuple[Floats, ...]:
    """Evenly resampled and rid of tremor; both ends stay. A way too short for a window is resampled only."""
    even = resample(points)
    width = 2 * round(0.5 * window / SPACING) + 1
    if len(even) < width:
        return even
    import numpy as np
    from scipy.signal import savgol_filter

    rows = savgol_filter(np.array(even), width, 3, axis=0, mode="interp").tolist()
    return resample((even[0], *(tuple(row) for row in rows[1:-1]), even[-1]))


def simplify(points: Sequence[Floats], close: float = CLOSE) -> tuple[Floats, ...]:
    """The fewest of these points, found by halving, from whose straight pieces none of them is farther than `close`."""
    kept, pieces = {0, len(points) - 1}, [(0, len(points) - 1)]
    while pieces:
        first, last = pieces.pop()
        away, worst = 0.0, first
        for k in range(first + 1, last):
            gap = _from_piece(points[k], points[first], points[last])
            if gap > away:
                away, worst = gap, k
        if away > close:
            kept.add(worst)
            pieces += [(first, worst), (worst, last)]
    return tuple(points[k] for k in sorted(kept))


def _from_piece(x: Floats, a: Floats, b: Floats) -> float:
    return dist(x, a) if dist(a, b) < 1e-9 else Path((a, b)).nearest(x).distance


def short_text(points: Sequence[Floats], most: float) -> str:
    """The points as text that is short enough for the record: simplified where it has to be, by up to `most` (m) away.
    Raises BadInput for a way that winds too much for that."""
    text, close = points_text(points), CLOSE
    while len(text) > MOST_TEXT:
        if close > most:
            raise BadInput(f"winds too much to be carried in {MOST_TEXT} characters; make two paths of it")
        text = points_text(simplify(points, close))
        close *= 1.5
    return text
