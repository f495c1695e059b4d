"""How a patient has come along, out of the clinic store: measures, scales, dose, pain, goals; for screens and paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from rehab.clinic.records import Goal, Patient, Point, ScaleEntry, ScaleKind, SessionRecord
from rehab.clinic.service import one_row
from rehab.measures.change import LEAST_BASELINE, Change, change
from rehab.measures.trial import DESCRIPTIONS
from rehab.report.columns import BY_NAME, REACHED, Column

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting


class Series(NamedTuple):
    """One measure over the sessions, oldest first, and whether it has changed. `better` as in DESCRIPTIONS."""

    column: Column
    points: tuple[Point, ...]
    change: Change
    better: str


class Scale(NamedTuple):
    """One clinical scale, of one muscle group where it has groups, oldest first."""

    kind: ScaleKind
    group: str
    entries: tuple[ScaleEntry, ...]


class Week(NamedTuple):
    """What was trained in the week that begins on that Monday."""

    monday: date
    sessions: int
    minutes: float
    trials: int
    reached: int


class Progress(NamedTuple):
    """
    patient   None for those who may not know who it is (researchers)
    code      the pseudonym
    sessions  that have ended, oldest first
    series    task success first, then quality of movement, then speed, then who worked
    plans     when a session was the first with another plan, and its title
    baseline  how many sessions are taken as the baseline
    elsewhere sessions on other devices, whose measures are not compared
    """

    patient: Patient | None
    code: str
    sessions: tuple[SessionRecord, ...]
    series: tuple[Series, ...]
    scales: tuple[Scale, ...]
    weeks: tuple[Week, ...]
    goals: tuple[Goal, ...]
    plans: tuple[tuple[datetime, str], ...]
    baseline: int
    elsewhere: int

    def measure(self, name: str) -> Series | None:
        return next((series for series in self.series if series.column.name == name), None)


def gather(acting: Acting, patient: str, *, baseline: int = LEAST_BASELINE) -> Progress:
    """Everything that user may read of that patient's progress: one row of the audit. Raises AccessError."""
    with one_row(acting, "progress.read", patient):
        return _gathered(acting, patient, baseline)


def _gathered(acting: Acting, patient: str, baseline: int) -> Progress:
    sessions = tuple(reversed([s for s in acting.sessions.list(patient) if s.state == "ended"]))
    device = sessions[-1].device if sessions else ""
    here = tuple(s for s in sessions if s.device == device)
    found = {REACHED.name: reached_points(here)}
    for named in acting.sessions.measure_names(patient):
        if named.name in BY_NAME:
            points = acting.sessions.series(patient, named.name)
            found[named.name] = tuple(point for point in points if point.device == device)
    series = tuple(series_of(BY_NAME[name], found[name], baseline) for name in BY_NAME if found.get(name))
    kinds = {kind.name: kind for kind in acting.scales.kinds()}
    by_scale: dict[tuple[str, str], list[ScaleEntry]] = {}
    for entry in acting.scales.list(patient):
        by_scale.setdefault((entry.kind, entry.group), []).append(entry)
    order = [(name, group) for name, kind in kinds.items() for group in (kind.groups or ("",))]
    scales = tuple(Scale(kinds[k], g, tuple(by_scale[k, g])) for k, g in order if (k, g) in by_scale)
    return Progress(
        patient=acting.patients.get(patient) if acting.may("patients.get") else None,
        code=patient, sessions=sessions, series=series, scales=scales, weeks=weeks_of(sessions),
        goals=acting.charts.read(patient).goals if acting.may("charts.read") else (),
        plans=_plans(here), baseline=max(baseline, LEAST_BASELINE), elsewhere=len(sessions) - len(here),
    )  # fmt: skip


def series_of(column: Column, points: Sequence[Point], baseline: int = LEAST_BASELINE) -> Series:
    """With its change; the scatter of the baseline's trials is the least that the noise is taken for."""
    first = points[: max(baseline, LEAST_BASELINE)]
    scatter = math.sqrt(fmean(p.sd**2 / p.n for p in first)) if first else 0.0
    better = "more" if column is REACHED else DESCRIPTIONS[column.name].better
    moved = change([p.mean for p in points], better=better, baseline=baseline, scatter=scatter)
    return Series(column, tuple(points), moved, better)


def reached_points(sessions: Sequence[SessionRecord]) -> tuple[Point, ...]:
    """Share of the trials that reached the target; its spread is that of a coin of this share, √(p(1 − p))."""
    return tuple(
        Point(s.id, s.begun, s.title, s.device, p := s.reached / s.trials, math.sqrt(p * (1.0 - p)), s.trials, "")
        for s in sessions if s.trials
    )  # fmt: skip


def weeks_of(sessions: Sequence[SessionRecord]) -> tuple[Week, ...]:
    """Every week from the first session's to the last one's; a week without training is there too, with nothing."""
    if not sessions:
        return ()
    mondays = [_monday(s.begun) for s in sessions]
    weeks = []
    for k in range((mondays[-1] - mondays[0]).days // 7 + 1):
        monday = mondays[0] + timedelta(weeks=k)
        those = [s for s, its in zip(sessions, mondays, strict=True) if its == monday]
        weeks.append(
            Week(monday, len(those), sum(s.robot for s in those) / 60.0, sum(s.trials for s in those),
                 sum(s.reached for s in those))
        )  # fmt: skip
    return tuple(weeks)


def _monday(moment: datetime) -> date:
    day = moment.astimezone().date()
    return day - timedelta(days=day.weekday())


def _plans(sessions: Sequence[SessionRecord]) -> tuple[tuple[datetime, str], ...]:
    return tuple((after.begun, after.title) for before, after in pairwise(sessions) if after.plan != before.plan)
