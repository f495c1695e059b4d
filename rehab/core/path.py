"""A path in the task space, by arc length: where it is, its direction, and the point of it that is nearest to a hand.

    p(s), t̂(s), 0 ≤ s ≤ L        nearest: argmin over s of |x − p(s)|

A polyline, so that what is taught, traced and drawn is the same. Between two points it is straight; its direction turns
at the points, so that a smooth path needs points closely spaced (millimetres). Where it turns sharply, by more than 30
degrees at one point, a leg ends and another begins. Plain floats: some 10 µs a look, since only the neighbourhood of
the last place is searched.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import cos, dist, inf, pi, sqrt
from operator import mul
from typing import NamedTuple

from rehab.core.values import Floats

CORNER = cos(pi / 6.0)  # a turn by more than 30 degrees is a corner


class Place(NamedTuple):
    """Where on a path."""

    s: float  # m along it
    point: Floats  # m
    direction: Floats  # unit vector
    distance: float  # m from the point that was asked about


class Path:
    """Immutable. `points` m, at least two that differ; `closed` joins the last to the first."""

    def __init__(self, points: Sequence[Sequence[float]], *, closed: bool = False) -> None:
        whole = [tuple(float(c) for c in point) for point in points]
        if closed and whole and whole[0] != whole[-1]:
            whole.append(whole[0])
        kept = whole[:1] + [now for before, now in pairwise(whole) if dist(before, now) > 1e-9]
        if len(kept) < 2:
            raise ValueError("a path needs at least two points that differ")
        self.points: tuple[Floats, ...] = tuple(kept)
        self.closed = closed
        self._lengths = [dist(a, b) for a, b in pairwise(kept)]
        self._starts = [0.0, *accumulate(self._lengths)]
        self._directions = tuple(
            tuple((b - a) / length for a, b in zip(p, q, strict=True))
            for (p, q), length in zip(pairwise(kept), self._lengths, strict=True)
        )
        self._offsets = [sum(map(mul, a, u)) for a, u in zip(kept, self._directions, strict=False)]  # a·û
        self.length = self._starts[-1]
        self.legs = self._legs()

    def _legs(self) -> tuple[tuple[int, ...], ...]:
        """The numbers of the straight pieces between corners; those of a closed path go on across its seam."""
        each = range(len(self._directions))
        before = [self._directions[k - 1] for k in each]
        turns = [k for k in each if (k or self.closed) and sum(map(mul, before[k], self._directions[k])) < CORNER]
        if not self.closed:
            return tuple(tuple(range(a, b)) for a, b in pairwise([0, *turns, len(each)]))
        if not turns:
            return (tuple(each),)
        if len(turns) == 1:  # a leg that ends where it begins would have no order: it gets a second end, opposite
            turns = sorted((turns[0], (turns[0] + len(each) // 2) % len(each)))
        ends = [*turns[1:], turns[0] + len(each)]
        return tuple(tuple(k % len(each) for k in range(a, b)) for a, b in zip(turns, ends, strict=True))

    def ends(self, leg: int) -> tuple[float, float]:
        """Arc lengths (m) at which a leg begins and ends."""
        return self._starts[self.legs[leg][0]], self._starts[self.legs[leg][-1] + 1]

    def at(self, s: float) -> Place:
        """The place at arc length s (m), kept within the path; of a closed one, modulo its length."""
        s = s % self.length if self.closed else min(max(s, 0.0), self.length)
        k = min(bisect_right(self._starts, s) - 1, len(self._directions) - 1)
        along, direction = s - self._starts[k], self._directions[k]
        return Place(s, tuple(a + along * u for a, u in zip(self.points[k], direction, strict=True)), direction, 0.0)

    def nearest(
        self, x: Floats, *, around: float | None = None, window: float = 0.03, leg: int | None = None
    ) -> Place:
        """The place nearest to x (m): of the whole path, or of what lies within `window` (m) of `around` along it, so
        that a hand that cuts a loop does not jump to its other side; or of one leg."""
        if around is None:
            return self._nearest_of(range(len(self._directions)) if leg is None else self.legs[leg], x)
        first = self._segment(around - window)
        last = self._segment(around + window)
        count = len(self._directions)
        span = range(first, last + 1) if first <= last else [*range(first, count), *range(last + 1)]
        if leg is not None:
            own = self.legs[leg]
            return self._nearest_of([k for k in span if (k - own[0]) % count < len(own)], x)
        return self._nearest_of(span, x)

    def _segment(self, s: float) -> int:
        s = s % self.length if self.closed else min(max(s, 0.0), self.length)
        return min(bisect_right(self._starts, s) - 1, len(self._directions) - 1)

    def _nearest_of(self, segments: Sequence[int], x: Floats) -> Place:
        """From a in direction û: d² = |x − a|² − α(2·(x − a)·û − α), α the projection on û kept within the segment.

        No point of it is nearer than |x − a| less its length: of most segments no more needs to be known.
        """
        middle = segments[len(segments) // 2]  # a point of the path, usually near already
        best, least, distance, at = middle, inf, dist(x, self.points[middle]), 0.0
        for k in segments:
            from_start = dist(x, self.points[k])
            if from_start - self._lengths[k] > distance:
                continue
            projection = sum(map(mul, x, self._directions[k])) - self._offsets[k]
            along = min(max(projection, 0.0), self._lengths[k])
            squared = from_start * from_start - along * (2.0 * projection - along)
            if squared < least:
                best, least, distance, at = k, squared, sqrt(max(squared, 0.0)), along
        direction = self._directions[best]
        point = tuple([a + at * u for a, u in zip(self.points[best], direction, strict=True)])
        return Place(self._starts[best] + at, point, direction, dist(x, point))


def line(start: Floats, end: Floats) -> Path:
    """The straight path between two places; raises ValueError when they are one."""
    return Path((start, end))
