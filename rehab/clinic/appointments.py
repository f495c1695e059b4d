"""Appointments of a day."""

from __future__ import annotations

from datetime import date, datetime

from rehab.clinic.records import Appointment
from rehab.clinic.service import Service


class Appointments(Service):
    """acting.appointments"""

    def day(self, day: date | None = None, *, everybody: bool = False) -> tuple[Appointment, ...]:
        """Of one's own day (today), by time; `everybody`: of all therapists, for administrators."""
        raise NotImplementedError

    def add(self, patient: str, at: datetime, *, seconds: float = 2700.0, therapist: int | None = None, device: str = "") -> Appointment:
        """With oneself, or with another therapist; `at` is aware. Raises BadInput where that therapist has another one."""
        raise NotImplementedError

    def arrived(self, appointment: int) -> Appointment:
        """The patient is here."""
        raise NotImplementedError

    def cancel(self, appointment: int, *, reason: str) -> None:
        """It does not take place."""
        raise NotImplementedError
