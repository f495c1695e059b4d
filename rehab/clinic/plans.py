"""Plans: protocols' texts, per patient and version."""

from __future__ import annotations

from rehab.clinic.records import PlanRecord
from rehab.clinic.service import Service


class Plans(Service):
    """acting.plans"""

    def current(self, patient: str) -> PlanRecord | None:
        """The one in force. Its text becomes a Protocol by rehab.protocol, in the caller's hands."""
        raise NotImplementedError

    def get(self, plan: int) -> PlanRecord:
        """One, in force or not."""
        raise NotImplementedError

    def list(self, patient: str) -> tuple[PlanRecord, ...]:
        """All versions, newest first."""
        raise NotImplementedError

    def add(self, patient: str, title: str, protocol: str, *, device: str = "", aim: str = "") -> PlanRecord:
        """A plan; it supersedes the one in force."""
        raise NotImplementedError

    def supersede(self, plan: int, *, reason: str) -> None:
        """No plan is in force any more."""
        raise NotImplementedError
