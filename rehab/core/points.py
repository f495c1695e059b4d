"""A drawn path as text: what carries a taught path from its file to an exercise, which opens no file.

    "0,0; 2.5,-1; 4,0.5"        points in cm from the hand's home, one pair (or one number along a line) after another

Millimetres with one digit: a hand does not follow better, and a whole path fits an event of the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from rehab.core.path import Path
from rehab.core.values import Floats

MOST_TEXT = 900  # characters: it stands among a trial's parameters, in an event of 2 KiB
FINE = 0.002  # m between the points of a curve that is led along
MOST_POINTS = 300  # of a curve: as many as a scene has room for


def points_text(points: Sequence[Floats]) -> str:
    """The points (m) as text."""
    return "; ".join(",".join(f"{round(100.0 * c, 2) + 0.0:g}" for c in point) for point in points)


def read_points(text: str) -> tuple[Floats, ...]:
    """The points (m) of a text. Raises ValueError, in words, for what is none."""
    points = []
    for piece in text.split(";"):
        try:
            point = tuple(0.01 * float(c) for c in piece.split(","))
        except ValueError:
            raise ValueError(f'"{piece.strip()}" is not a point, such as "2.5,-1" (cm from home)') from None
        if not all(isfinite(c) for c in point):
            raise ValueError(f'"{piece.strip()}" is not finite')
        points.append(point)
    if len({len(point) for point in points}) != 1:
        raise ValueError("some points have more coordinates than others")
    if len(set(points)) < 2:
        raise ValueError("a path needs at least two points that differ")
    return tuple(points)


def curve(points: Sequence[Floats], spacing: float = FINE, most: int = MOST_POINTS) -> tuple[Floats, ...]:
    """Points (m) of a smooth curve through these, `spacing` (m) apart or farther, so that there are at most `most`.

    Makima (Akima 1970, J. ACM 17(4), with MATLAB's weights): through every point, without the overshoot of a cubic
    spline where the hand turns back.
    """
    path = Path(points)
    if len(path.points) < 3:
        return path.points
    import numpy as np
    from scipy.interpolate import Akima1DInterpolator

    knots = np.array(path.points)
    s = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(knots, axis=0), axis=1))])
    count = int(min(max(2, round(path.length / spacing)), most - 1))
    fine = Akima1DInterpolator(s, knots, method="makima")(np.linspace(0.0, path.length, count + 1))
    return tuple(tuple(float(c) for c in row) for row in fine)
