"""What the store keeps of a session: measures, how long the arm trained, what the loop noted of adverse events."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def measure_rows(trials: list[Any]) -> list[Any]:
    """The trials' measures as the store keeps them; what is not a finite number is left out."""
    from math import isfinite

    from rehab.clinic.records import MeasureRow
    from rehab.measures.trial import DESCRIPTIONS

    rows = []
    for trial in trials:
        for name, value in (trial.measures or {}).items():
            if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
                unit = DESCRIPTIONS[name].unit if name in DESCRIPTIONS else ""
                rows.append(MeasureRow(trial.number, trial.block, name, float(value), unit))
    return rows


def trained_for(folder: Path | None) -> float | None:
    """s in which the arm moved or held in a trial or between two; None where no recording says so."""
    from rehab.core.errors import RecordingError
    from rehab.realtime.layout import SESSION_STATES
    from rehab.record.recording import Recording

    if folder is None:
        return None
    try:
        ticks = Recording.open(folder).ticks
    except RecordingError:
        return None
    return float(ticks["dt"][ticks["state"] == SESSION_STATES.index("running")].sum())


def noted_by_the_loop(folder: Path | None) -> list[dict[str, Any]]:
    from rehab.core.errors import RecordingError
    from rehab.record.adverse import adverse_events
    from rehab.record.recording import Recording

    if folder is None:
        return []
    try:
        return adverse_events(Recording.open(folder).events)
    except RecordingError:
        return []  # the report says what is wrong with the recording; what is known is saved all the same
