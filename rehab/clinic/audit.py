"""Who looked at what: kept by triggers that refuse to change it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from rehab.clinic.models import AuditData
from rehab.clinic.records import AuditRow
from rehab.clinic.service import Service
from rehab.clinic.told import told


class Audit(Service):
    """acting.audit"""

    def who(self, patient: str) -> tuple[AuditRow, ...]:
        """Everything done with a patient's data, newest first: the answer to the patient's own question."""
        with self._acts("audit.who", patient) as work:
            shown = AuditData.detail.contains(patient, autoescape=True)  # in a list of several
            rows = select(AuditData).where((AuditData.patient == patient) | shown).order_by(AuditData.id.desc())
            return tuple(_row(row, work.language) for row in work.db.scalars(rows))

    def list(
        self, since: datetime | None = None, until: datetime | None = None, *, most: int = 500
    ) -> tuple[AuditRow, ...]:
        """Everything, newest first; for administrators."""
        with self._acts("audit.list") as work:
            rows = select(AuditData).order_by(AuditData.id.desc()).limit(most)
            if since is not None:
                rows = rows.where(AuditData.at >= since)
            if until is not None:
                rows = rows.where(AuditData.at < until)
            return tuple(_row(row, work.language) for row in work.db.scalars(rows))


def _row(row: AuditData, language: str) -> AuditRow:
    return AuditRow(
        row.id, row.at, row.user_name, row.what, row.patient, row.detail, row.refused, told(row.what, language)
    )  # fmt: skip
