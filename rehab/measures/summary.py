"""Several trials in one number: medians of those that were carried through."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rehab.core.types import Outcome, Trial
from rehab.measures.trial import DESCRIPTIONS

COMPLETED = (Outcome.REACHED, Outcome.TIMEOUT)  # the patient tried to the end; nobody and nothing cut it short


def completed(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.outcome in COMPLETED]


def measured(trials: Sequence[Trial]) -> list[str]:
    """Names of the measures that any trial has, in the order of DESCRIPTIONS."""
    return [name for name in DESCRIPTIONS if any(name in trial.measures for trial in trials)]


def medians(trials: Sequence[Trial]) -> dict[str, float]:
    """Median of each measure over the completed trials that have it, in its unit."""
    done = completed(trials)
    found = {name: [t.measures[name] for t in done if name in t.measures] for name in measured(trials)}
    return {name: median(values) for name, values in found.items() if values}
