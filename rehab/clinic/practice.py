"""Practice: how a trainee has reacted to incidents. Everybody sees their own; no patient is in it."""

from __future__ import annotations

from math import isfinite

from sqlalchemy import select

from rehab.clinic.models import PracticeRow
from rehab.clinic.records import PracticeTry
from rehab.clinic.service import Service, text
from rehab.core.errors import BadInput


class Practice(Service):
    """acting.practice"""

    def keep(self, tried: PracticeTry) -> PracticeTry:
        """One's own, just now."""
        with self._acts("practice.keep", detail=tried.incident) as work:
            if tried.reaction is not None and not (isfinite(tried.reaction) and tried.reaction >= 0.0):
                raise BadInput(f"a reaction takes 0 s or more, not {tried.reaction}")
            if bool(tried.act) is (tried.reaction is None):
                raise BadInput("an act has its reaction time, and nothing done has none")
            row = PracticeRow(
                user=work.user.id, at=work.now, virtual=text(tried.virtual, "virtual patient", needed=True),
                exercise=text(tried.exercise, "exercise", needed=True),
                incident=text(tried.incident, "incident", needed=True), act=tried.act,
                right=tried.right and bool(tried.act), reaction=tried.reaction,
            )  # fmt: skip
            work.db.add(row)
            work.db.flush()
            return _try(row)

    def list(self, *, most: int = 200) -> tuple[PracticeTry, ...]:
        """One's own, newest first."""
        with self._acts("practice.list") as work:
            rows = select(PracticeRow).where(PracticeRow.user == work.user.id)
            return tuple(_try(row) for row in work.db.scalars(rows.order_by(PracticeRow.id.desc()).limit(most)))


def _try(row: PracticeRow) -> PracticeTry:
    return PracticeTry(
        virtual=row.virtual, exercise=row.exercise, incident=row.incident, act=row.act, right=row.right,
        reaction=row.reaction, at=row.at,
    )  # fmt: skip
