"""Temporary access to a patient outside one's caseload."""

from __future__ import annotations

from datetime import datetime

from rehab.clinic.records import Grant
from rehab.clinic.service import Service


class Access(Service):
    """acting.access"""

    def grant(self, patient: str, user: int, until: datetime, reason: str) -> Grant:
        """By whoever has the patient in their caseload, or an administrator; at most 31 days."""
        raise NotImplementedError

    def revoke(self, grant: int) -> None:
        """It ends now."""
        raise NotImplementedError

    def list(self, patient: str) -> tuple[Grant, ...]:
        """Those that hold, the next to end first."""
        raise NotImplementedError
