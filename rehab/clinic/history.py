"""Every entry of a chart there ever was: who changed what, when, and why."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from rehab.clinic.models import ChartRow, IdentityRow
from rehab.clinic.records import Version
from rehab.clinic.service import Work
from rehab.core.units import show


def history_of(work: Work, patient: str) -> tuple[Version, ...]:
    rows = work.db.scalars(select(ChartRow).where(ChartRow.patient == patient))
    known = work.db.scalars(select(IdentityRow).where(IdentityRow.patient == patient))
    versions = [_version(work, row, row.part, _says(row.part, row.body)) for row in rows]
    versions += [
        _version(work, row, "identity", f"{row.given_name} {row.family_name}, {row.birth_date}, {row.sex}")
        for row in known
    ]
    return tuple(sorted(versions, key=lambda version: version.at, reverse=True))


def _version(work: Work, row: ChartRow | IdentityRow, part: str, says: str) -> Version:
    return Version(
        part, says, row.at, work.name(row.by), row.reason, row.superseded, work.name(row.superseded_by)
    )  # fmt: skip


def _says(part: str, body: dict[str, Any]) -> str:
    match part:
        case "limit":
            joint = "" if body["joint"] is None else f" of joint {body['joint'] + 1} ({body['device']})"
            return f"{body['name']}{joint} {show(body['value'], body['unit'])}"
        case "hurt":
            return "; ".join(f"{hurt['place']} {hurt['pain']}" for hurt in body["hurts"]) or "nothing"
        case "checklist":
            return ", ".join(name for name, answer in body["answers"].items() if answer != "no") or "no to all"
        case "goal":
            return str(body["text"])
        case "screen":
            return ", ".join([*(f"{name} {value}" for name, value in body["settings"].items()),
                              "alone" if body["alone"] else "not alone"])  # fmt: skip
        case "range":
            return str(body["device"])
    return ", ".join(f"{name} {value}" for name, value in body.items() if value not in (None, ""))
