"""Is the patient leaning on the robot? The trend of the assistance share over trials, beside that of the error.

    slope       median over all pairs i < j of (yⱼ − yᵢ)/(xⱼ − xᵢ)            Theil 1950, Sen 1968
    confidence  1 − p of Kendall's τ between trial and value, one-sided        Mann 1945, Kendall 1975

Neither minds a few odd trials or any distribution. Slacking is a share that rises while the error stays: the movement
looks as good as before, because the robot does more of it (Wolbrecht et al. 2008, IEEE TNSRE 16(3); Marchal-Crespo &
Reinkensmeyer 2009, J. NeuroEng. Rehabil. 6:20).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rehab.core.errors import MeasureError
from rehab.core.types import Outcome, Trial
from rehab.measures.arrays import Array, curve

LEAST_TRIALS: Final = 8  # with fewer, no trend of noise is told from one of the patient
CONFIDENT: Final = 0.95
LEAST_RISE: Final = 0.05  # of the share, by slope or from first to last quarter: less is of no matter, however sure
ERRORS: Final = ("hand_path_deviation_mean", "movement_time")  # the first that the trials have


class Verdict(StrEnum):
    SLACKING = "slacking"  # the robot does more and more, for the same movement
    TIRING = "tiring"  # the robot does more, and still the movement gets worse
    ENGAGED = "engaged"  # the patient does more
    STEADY = "steady"  # nothing changes for sure


class Trend(NamedTuple):
    """`slope` a trial, in the value's unit; `confidence` 0.5 … 1 that it really goes that way."""

    slope: float
    confidence: float

    def rises(self) -> bool:
        return self.slope > 0.0 and self.confidence >= CONFIDENT

    def falls(self) -> bool:
        return self.slope < 0.0 and self.confidence >= CONFIDENT


class Slacking(NamedTuple):
    """`trials` are how many it is told from; `measure` is the error that was looked at."""

    verdict: Verdict
    share: Trend
    error: Trend
    trials: int
    measure: str = ""

    def __str__(self) -> str:
        per_trial = f"{100 * self.share.slope:+.1f} % a trial over {self.trials} trials"
        return f"{self.verdict}: assistance share {per_trial}, confidence {100 * self.share.confidence:.0f} %"


def slacking(shares: ArrayLike, errors: ArrayLike, trials: ArrayLike | None = None) -> Slacking:
    """The verdict on one trial after the other.

    shares (n,) 0 … 1 · errors (n,) any unit, more is worse · trials (n,) their numbers, rising; 1, 2, … if left out
    Raises MeasureError for fewer than 8 trials, unequal lengths, or anything not finite.
    """
    share, error = curve(shares, "shares", least=LEAST_TRIALS), curve(errors, "errors", least=LEAST_TRIALS)
    number = np.arange(1.0, len(share) + 1.0) if trials is None else curve(trials, "trials", least=LEAST_TRIALS)
    if not len(share) == len(error) == len(number):
        raise MeasureError(f"there are {len(share)} shares and {len(error)} errors of {len(number)} trials")
    share_trend, error_trend = trend(number, share), trend(number, error)
    # a share that has come to its end, at 1, rises no more: the median slope of a long block is then about none
    quarter = max(1, len(share) // 4)
    between = abs(float(share[-quarter:].mean() - share[:quarter].mean()))
    whole = max(abs(share_trend.slope) * float(number[-1] - number[0]), between)
    if whole < LEAST_RISE:
        verdict = Verdict.STEADY
    elif share_trend.rises():
        verdict = Verdict.TIRING if error_trend.rises() else Verdict.SLACKING
    elif share_trend.falls():
        verdict = Verdict.ENGAGED
    else:
        verdict = Verdict.STEADY
    return Slacking(verdict, share_trend, error_trend, len(share))


def trend(x: Array, y: Array) -> Trend:
    """Of y over a rising x; between equal x there is no slope."""
    if not (y != y[0]).any():
        return Trend(0.0, 0.5)
    from scipy.stats import kendalltau

    first, second = np.triu_indices(len(x), 1)
    apart = x[second] > x[first]
    first, second = first[apart], second[apart]
    slope = float(np.median((y[second] - y[first]) / (x[second] - x[first]))) if len(first) else 0.0
    two_sided = float(kendalltau(x, y).pvalue)
    return Trend(slope, 1.0 - 0.5 * two_sided)


def slacking_of(trials: Sequence[Trial]) -> dict[str, Slacking]:
    """Block -> verdict, of every block with enough trials in which the robot assisted: such as `Recording.trials`.

    A trial counts when its controller has an `assistance` and it was completed (reached or timed out).
    """
    blocks: dict[str, list[Trial]] = {}
    for trial in trials:
        done = trial.outcome in (Outcome.REACHED, Outcome.TIMEOUT)
        if done and "assistance" in trial.parameters and "assistance_share" in trial.measures:
            blocks.setdefault(trial.block, []).append(trial)
    found = {}
    for block, assisted in blocks.items():
        for name in ERRORS:
            measured = [trial for trial in assisted if name in trial.measures]
            if len(measured) >= LEAST_TRIALS:
                shares = [trial.measures["assistance_share"] for trial in measured]
                errors = [trial.measures[name] for trial in measured]
                numbers = [float(trial.number) for trial in measured]
                found[block] = slacking(shares, errors, numbers)._replace(measure=name)
                break
    return found
