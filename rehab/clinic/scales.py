"""Clinical scales as data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from rehab.clinic.kinds import BY_NAME, KINDS
from rehab.clinic.models import ScaleRow
from rehab.clinic.records import ScaleEntry, ScaleKind
from rehab.clinic.service import Service, Work, text
from rehab.core.errors import BadInput, Finding, Findings, UnknownName


class Scales(Service):
    """acting.scales"""

    def kinds(self) -> tuple[ScaleKind, ...]:
        """What can be entered."""
        with self._acts("scales.kinds"):
            return KINDS

    def kind(self, name: str) -> ScaleKind:
        """One by name: fma_ue, ashworth, arat, box_and_block, nrs, barthel."""
        with self._acts("scales.kind"):
            return _kind(name)

    def enter(
        self,
        patient: str,
        kind: str,
        value: float | str | None = None,
        *,
        group: str = "",
        parts: Mapping[str, float] | None = None,
        on: date | None = None,
        remarks: str = "",
    ) -> ScaleEntry:
        """A result: a number, a grade ("1+"), or subscores whose sum it is. Raises Findings outside the scale's
        range."""
        with self._acts("scales.enter", patient, kind) as work:
            scale = _kind(kind)
            today = work.now.astimezone().date()
            if on is not None and on > today:
                raise Findings([Finding("on", f"{on} is still to come", "today or before")])
            if group not in (scale.groups or ("",)):
                raise Findings([Finding("group", f'"{group}" is not scored', ", ".join(scale.groups) or "no group")])
            given = _parts(scale, parts or {})
            row = ScaleRow(
                patient=patient, kind=kind, group=group, value=_value(scale, value, given), parts=given,
                day=on or today, remarks=text(remarks, "remarks"), at=work.now, by=work.user.id,
            )  # fmt: skip
            work.db.add(row)
            work.db.flush()
            return _entry(work, row)

    def withdraw(self, entry: int, *, reason: str) -> None:
        """Entered by mistake; it stays in the history."""
        with self._acts("scales.withdraw") as work:
            row = work.db.get(ScaleRow, entry)
            if row is None or row.superseded is not None:
                raise BadInput(f"there is no scale entry number {entry} that holds")
            work.about(row.patient)
            row.supersede(work.user.id, work.now)
            row.reason = text(reason, "reason", needed=True)

    def list(self, patient: str, kind: str = "", *, group: str = "") -> tuple[ScaleEntry, ...]:
        """Those that hold, oldest first."""
        with self._acts("scales.list", patient) as work:
            rows = select(ScaleRow).where(ScaleRow.patient == patient, ScaleRow.superseded.is_(None))
            if kind:
                rows = rows.where(ScaleRow.kind == _kind(kind).name)
            if group:
                rows = rows.where(ScaleRow.group == group)
            return tuple(_entry(work, row) for row in work.db.scalars(rows.order_by(ScaleRow.day, ScaleRow.id)))


def _kind(name: str) -> ScaleKind:
    if name not in BY_NAME:
        raise UnknownName("scale", name, tuple(BY_NAME))
    return BY_NAME[name]


def _parts(scale: ScaleKind, parts: Mapping[str, float]) -> dict[str, float]:
    known = {part.name: part for part in scale.subscores}
    findings = []
    for name, points in parts.items():
        if name not in known:
            findings.append(Finding(name, f"is no part of {scale.title}", ", ".join(known) or "it has none"))
        elif not (known[name].low <= points <= known[name].high and points == math.floor(points)):
            allowed = f"{known[name].low:g} to {known[name].high:g}, whole points"
            findings.append(Finding(name, f"{points:g} is outside its range", allowed))
    if findings:
        raise Findings(findings)
    return {name: float(parts[name]) for name in known if name in parts}


def _value(scale: ScaleKind, value: float | str | None, parts: Mapping[str, float]) -> float:
    if scale.grades:
        if value is None or str(value) not in scale.grades:
            raise Findings([Finding(scale.name, f'"{value}" is no grade', ", ".join(scale.grades))])
        return float(scale.grades.index(str(value)))
    whole = scale.total and len(parts) == len(scale.subscores)
    if value is None and not whole:
        allowed = "a number, or all its parts" if scale.total else "a number"
        raise Findings([Finding(scale.name, "has no value", allowed)])
    number = sum(parts.values()) if value is None else _number(scale, value)
    if whole and number != sum(parts.values()):
        raise Findings([Finding(scale.name, f"{number:g} is not the sum of its parts", f"{sum(parts.values()):g}")])
    if scale.total and number < sum(parts.values()):
        raise Findings([Finding(scale.name, f"{number:g} is less than its parts", f"at least {sum(parts.values()):g}")])
    if not (scale.low <= number <= scale.high and (number - scale.low) % scale.step == 0.0):
        allowed = f"{scale.low:g} to {scale.high:g} in steps of {scale.step:g}"
        raise Findings([Finding(scale.name, f"{number:g} is not on the scale", allowed)])
    return number


def _number(scale: ScaleKind, value: float | str) -> float:
    try:
        return float(value)
    except ValueError:
        raise Findings([Finding(scale.name, f'"{value}" is no number', f"{scale.low:g} to {scale.high:g}")]) from None


def _entry(work: Work, row: ScaleRow) -> ScaleEntry:
    return ScaleEntry(
        id=row.id, patient=row.patient, kind=row.kind, value=row.value, shown=BY_NAME[row.kind].show(row.value),
        on=row.day, by=work.name(row.by), group=row.group, parts=row.parts, remarks=row.remarks,
    )  # fmt: skip
