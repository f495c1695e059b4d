"""Temporary access to a patient outside one's caseload."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from rehab.clinic.models import GrantRow, UserRow
from rehab.clinic.records import Grant
from rehab.clinic.roles import RESEARCHER, THERAPIST, sees_every_patient
from rehab.clinic.service import Service, Work, text
from rehab.core.errors import AccessError, BadInput

LONGEST = timedelta(days=31)


class Access(Service):
    """acting.access"""

    def grant(self, patient: str, user: int, until: datetime, reason: str) -> Grant:
        """By whoever has the patient in their caseload, or an administrator; at most 31 days."""
        with self._acts("access.grant", patient) as work:
            _refuse_a_guest(work, patient)
            row = work.db.get(UserRow, user)
            if row is None or not row.active or not {THERAPIST, RESEARCHER} & set(row.roles):
                raise BadInput(f"user number {user} is neither a therapist nor a researcher")
            if until.tzinfo is None or not work.now < until <= work.now + LONGEST:
                raise BadInput(f"access ends within {LONGEST.days} days from now: say when, with the zone")
            made = GrantRow(
                patient=patient, user=user, until=until, reason=text(reason, "reason", needed=True), at=work.now,
                by=work.user.id,
            )  # fmt: skip
            work.db.add(made)
            work.db.flush()
            work.detail = f"to {row.full_name}: {made.reason}"
            return _grant(work, made)

    def revoke(self, grant: int) -> None:
        """It ends now."""
        with self._acts("access.revoke") as work:
            row = work.db.get(GrantRow, grant)
            if row is None:
                raise BadInput(f"there is no grant number {grant}")
            work.about(row.patient)
            _refuse_a_guest(work, row.patient)
            work.detail = f"from {work.name(row.user)}"
            row.until = min(row.until, work.now)

    def list(self, patient: str) -> tuple[Grant, ...]:
        """Those that hold, the next to end first."""
        with self._acts("access.list", patient) as work:
            rows = select(GrantRow).where(GrantRow.patient == patient, GrantRow.until > work.now)
            return tuple(_grant(work, row) for row in work.db.scalars(rows.order_by(GrantRow.until)))


def _refuse_a_guest(work: Work, patient: str) -> None:
    """Who has access for a while only does not hand it on."""
    if not (work.has(patient) or sees_every_patient(work.what, work.roles)):
        raise AccessError(f"{patient} is not in your own caseload: ask a colleague who has them", "patient")


def _grant(work: Work, row: GrantRow) -> Grant:
    return Grant(row.id, row.patient, work.name(row.user), row.until, row.reason, work.name(row.by), row.at)
