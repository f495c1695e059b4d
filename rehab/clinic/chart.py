"""The rows of a chart: each part's entry holds until the next one supersedes it, with author, time and reason."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from msgspec import convert, to_builtins
from sqlalchemy import select

from rehab.clinic.models import ChartRow
from rehab.clinic.service import Work

R = TypeVar("R")


def current(work: Work, patient: str, part: str, key: str | None = None) -> list[ChartRow]:
    """The entries of a part that hold, oldest first."""
    rows = select(ChartRow).where(
        ChartRow.patient == patient, ChartRow.part == part, ChartRow.superseded.is_(None)
    )
    if key is not None:
        rows = rows.where(ChartRow.key == key)
    return list(work.db.scalars(rows.order_by(ChartRow.id)))


def put(
    work: Work, patient: str, part: str, body: Any, *, key: str = "", reason: str = "", data: bytes | None = None
) -> ChartRow:
    """A new entry in place of those of that part and key that hold."""
    for row in current(work, patient, part, key):
        row.supersede(work.user.id, work.now)
    made = ChartRow(
        patient=patient, part=part, key=key, body=plain(body), data=data, at=work.now, by=work.user.id, reason=reason,
    )  # fmt: skip
    work.db.add(made)
    work.db.flush()
    return made


def withdraw(work: Work, row: ChartRow, reason: str) -> None:
    """It holds no longer, and nothing comes in its place."""
    row.supersede(work.user.id, work.now)
    row.reason = f"{row.reason}; withdrawn: {reason}" if row.reason else f"withdrawn: {reason}"


def plain(body: Any) -> dict[str, Any]:
    """A record as JSON, without what every row has."""
    kept = to_builtins(body)
    return {name: value for name, value in kept.items() if name not in ("at", "by")}


def record(work: Work, row: ChartRow, kind: type[R], **more: object) -> R:
    """The entry as a record that has `at` and `by`."""
    return convert({**row.body, "at": row.at, "by": work.name(row.by), **more}, kind)


def details(work: Work, patient: str) -> tuple[str, str, date | None]:
    """Side, diagnosis, onset."""
    rows = current(work, patient, "details")
    body = rows[-1].body if rows else {}
    onset = body.get("onset")
    return body.get("side", ""), body.get("diagnosis", ""), date.fromisoformat(onset) if onset else None
