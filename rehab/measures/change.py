"""Has a measure changed, or is it the noise of measuring? Judged by the patient's own repeated baseline.

    SEM = sqrt( Σ (x_k − x̄)² / (K − 1) )          of K baseline sessions, x_k the session's mean
    SDC = 1.96 · √2 · SEM

SEM is the standard error of measurement: the standard deviation within one person measured again under the same
conditions (Bland & Altman 1996, Measurement error, BMJ 312:1654). Of two measurements the difference has √2 times that,
and 95 % of the differences of a person who has not changed are smaller than SDC, the smallest detectable change
(Beckerman et al. 2001, Smallest real difference, Qual. Life Res. 10:571; Weir 2005, J. Strength Cond. Res. 19:231).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from statistics import fmean, stdev
from typing import NamedTuple

from rehab.core.errors import MeasureError

Z = 1.96  # two-sided 95 % of the normal distribution
LEAST_BASELINE = 3  # sessions: from two, the SEM can be anything between 0.4 and 32 times the estimate (χ², 95 %)


class Verdict(StrEnum):
    """What may be said of a change."""

    EARLY = "early"  # the baseline is too short, or nothing came after it
    NOISE = "noise"  # smaller than what repeated measuring gives by itself
    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"  # more than the noise, of a measure where neither way is better


class Change(NamedTuple):
    """A change against the noise, all in the measure's unit.

    baseline  mean of the baseline sessions; NaN without any
    now       the last session
    change    now − baseline · noise  SDC; NaN while it is too early
    needed    baseline sessions that are still missing
    """

    verdict: Verdict
    baseline: float
    now: float
    change: float
    noise: float
    needed: int

    @property
    def share(self) -> float | None:
        """The change as a share of the baseline; None where the baseline is not clearly different from zero."""
        return self.change / abs(self.baseline) if self._relative else None

    @property
    def noise_share(self) -> float | None:
        return self.noise / abs(self.baseline) if self._relative else None

    @property
    def _relative(self) -> bool:
        return abs(self.baseline) > self.noise  # false for NaN


def standard_error(baseline: Sequence[float], *, scatter: float = 0.0) -> float:
    """SEM of a session's value, in its unit, from LEAST_BASELINE or more baseline sessions.

    scatter  standard error of one session's mean by its own trials (sd/√n): the SEM is never taken smaller, since a few
             sessions may agree by luck. Raises MeasureError for too few sessions, or anything not finite.
    """
    if len(baseline) < LEAST_BASELINE:
        raise MeasureError(f"{len(baseline)} baseline sessions tell no noise: {LEAST_BASELINE} or more are needed")
    if not all(map(math.isfinite, (*baseline, scatter))):
        raise MeasureError("a baseline value is not finite")
    return max(stdev(baseline), scatter)


def smallest_detectable_change(baseline: Sequence[float], *, scatter: float = 0.0) -> float:
    """SDC = 1.96·√2·SEM, in the measure's unit; as `standard_error`."""
    return Z * math.sqrt(2.0) * standard_error(baseline, scatter=scatter)


def change(
    values: Sequence[float], *, better: str = "", baseline: int = LEAST_BASELINE, scatter: float = 0.0
) -> Change:
    """The last of the session means against the first `baseline` ones (at least LEAST_BASELINE).

    better  "more", "less", or "" where neither is. Raises MeasureError for anything not finite.
    """
    if not all(map(math.isfinite, values)):
        raise MeasureError("a session's value is not finite")
    count = max(baseline, LEAST_BASELINE)
    first = values[:count]
    before = fmean(first) if first else math.nan
    now = values[-1] if values else math.nan
    if len(values) <= count:
        return Change(Verdict.EARLY, before, now, math.nan, math.nan, count - len(first))
    noise, moved = smallest_detectable_change(first, scatter=scatter), now - before
    return Change(_verdict(moved, noise, better), before, now, moved, noise, 0)


def _verdict(moved: float, noise: float, better: str) -> Verdict:
    if abs(moved) <= noise:
        return Verdict.NOISE
    if not better:
        return Verdict.OTHER
    return Verdict.BETTER if (moved > 0.0) == (better == "more") else Verdict.WORSE
