"""Measures of sessions, as the review and the progress page need them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from statistics import fmean, stdev

from sqlalchemy import delete, distinct, func, insert, select

from rehab.clinic.models import MeasureData, SessionRow
from rehab.clinic.records import MeasureName, MeasureRow, Point
from rehab.clinic.service import Work
from rehab.core.errors import Finding, Findings


def save(work: Work, session: int, rows: Iterable[MeasureRow]) -> int:
    """Raises Findings for what is not finite, and for one that is there twice."""
    new: dict[tuple[int, str], MeasureRow] = {}
    findings = []
    for row in rows:
        where = f"trial {row.trial}: {row.name}"
        if not math.isfinite(row.value):
            findings.append(Finding(where, f"{row.value} is no value", "a finite number, or leave it out"))
        if (row.trial, row.name) in new:
            findings.append(Finding(where, "is there twice", "one value a trial"))
        new[row.trial, row.name] = row
    if findings:
        raise Findings(findings)
    if not new:
        return 0
    trials = {trial for trial, _ in new}
    there = select(MeasureData.trial, MeasureData.name).where(
        MeasureData.session == session, MeasureData.trial.in_(trials)
    )
    for trial, name in [(row[0], row[1]) for row in work.db.execute(there) if (row[0], row[1]) in new]:
        work.db.execute(
            delete(MeasureData).where(
                MeasureData.session == session, MeasureData.trial == trial, MeasureData.name == name
            )
        )
    work.db.execute(
        insert(MeasureData),
        [
            {"session": session, "trial": r.trial, "name": r.name, "block": r.block, "value": r.value, "unit": r.unit}
            for r in new.values()
        ],
    )
    return len(new)


def measures_of(work: Work, session: int) -> tuple[MeasureRow, ...]:
    rows = select(MeasureData).where(MeasureData.session == session).order_by(MeasureData.trial, MeasureData.name)
    return tuple(MeasureRow(row.trial, row.block, row.name, row.value, row.unit) for row in work.db.scalars(rows))


def names(work: Work, patient: str) -> tuple[MeasureName, ...]:
    counted = (
        select(MeasureData.name, MeasureData.unit, func.count(distinct(MeasureData.session)))
        .join(SessionRow, SessionRow.id == MeasureData.session)
        .where(SessionRow.patient == patient)
    )
    rows = work.db.execute(counted.group_by(MeasureData.name, MeasureData.unit).order_by(MeasureData.name))
    return tuple(MeasureName(name, unit, count) for name, unit, count in rows)


def series(work: Work, patient: str, measure: str) -> tuple[Point, ...]:
    rows = (
        select(SessionRow, MeasureData.value, MeasureData.unit)
        .join(MeasureData, MeasureData.session == SessionRow.id)
        .where(SessionRow.patient == patient, MeasureData.name == measure)
        .order_by(SessionRow.begun, SessionRow.id, MeasureData.trial)
    )
    values: dict[int, list[float]] = defaultdict(list)
    about: dict[int, tuple[SessionRow, str]] = {}
    for row, value, unit in work.db.execute(rows):
        values[row.id].append(value)
        about[row.id] = row, unit
    return tuple(
        Point(
            row.id, row.begun, row.title, row.device, fmean(values[row.id]),
            stdev(values[row.id]) if len(values[row.id]) > 1 else 0.0, len(values[row.id]), unit,
        )
        for row, unit in about.values()
    )  # fmt: skip
