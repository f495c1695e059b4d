"""Who looked at what: kept by triggers that refuse to change it."""

from __future__ import annotations

from datetime import datetime

from rehab.clinic.records import AuditRow
from rehab.clinic.service import Service


class Audit(Service):
    """acting.audit"""

    def who(self, patient: str) -> tuple[AuditRow, ...]:
        """Everything done with a patient's data, newest first: the answer to the patient's own question."""
        raise NotImplementedError

    def list(self, since: datetime | None = None, until: datetime | None = None, *, most: int = 500) -> tuple[AuditRow, ...]:
        """Everything, newest first; for administrators."""
        raise NotImplementedError
