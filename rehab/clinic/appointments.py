"""Appointments of a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from rehab.clinic import chart
from rehab.clinic.models import AppointmentRow, UserRow
from rehab.clinic.patients import identity, name_of
from rehab.clinic.records import Appointment
from rehab.clinic.roles import ADMINISTRATOR, THERAPIST
from rehab.clinic.service import Service, Work, day_bounds, text
from rehab.core.errors import BadInput, NotNow

LONGEST = 8 * 3600.0  # s


class Appointments(Service):
    """acting.appointments"""

    def day(self, day: date | None = None, *, everybody: bool = False) -> tuple[Appointment, ...]:
        """Of one's own day (today), by time; `everybody`: of all therapists, for administrators."""
        with self._acts("appointments.day") as work:
            begin, end = day_bounds(day, work.now)
            rows = select(AppointmentRow).where(
                AppointmentRow.at >= begin, AppointmentRow.at < end, AppointmentRow.cancelled.is_(None)
            )
            if not (everybody and ADMINISTRATOR in work.roles):
                rows = rows.where(AppointmentRow.user == work.user.id)
            seen = work.patients()
            found = work.db.scalars(rows.order_by(AppointmentRow.at, AppointmentRow.id))
            shown = [row for row in found if row.patient in seen]
            work.listed(row.patient for row in shown)
            return tuple(_appointment(work, row) for row in shown)

    def add(
        self, patient: str, at: datetime, *, seconds: float = 2700.0, therapist: int | None = None, device: str = ""
    ) -> Appointment:
        """With oneself, or with another therapist; `at` is aware. Raises BadInput where that therapist has another
        one."""
        with self._acts("appointments.add", patient) as work:
            if at.tzinfo is None or not 0.0 < seconds <= LONGEST:
                raise BadInput("an appointment has a time with its zone, and lasts up to 8 h")
            user = work.db.get(UserRow, work.user.id if therapist is None else therapist)
            if user is None or THERAPIST not in user.roles:
                raise BadInput("an appointment is with a therapist: say which")
            _refuse_overlap(work, user, at, seconds)
            row = AppointmentRow(
                patient=patient, user=user.id, at=at, seconds=seconds, device=text(device, "device"), by=work.user.id
            )
            work.db.add(row)
            work.db.flush()
            return _appointment(work, row)

    def arrived(self, appointment: int) -> Appointment:
        """The patient is here."""
        with self._acts("appointments.arrived") as work:
            row = _row(work, appointment)
            row.arrived = row.arrived or work.now
            return _appointment(work, row)

    def cancel(self, appointment: int, *, reason: str) -> None:
        """It does not take place."""
        with self._acts("appointments.cancel") as work:
            row = _row(work, appointment)
            row.cancelled, row.reason = work.now, text(reason, "reason", needed=True)


def _row(work: Work, appointment: int) -> AppointmentRow:
    row = work.db.get(AppointmentRow, appointment)
    if row is None:
        raise BadInput(f"there is no appointment number {appointment}")
    work.about(row.patient)
    if row.cancelled is not None:
        raise NotNow(f"appointment number {appointment} was cancelled")
    return row


def _refuse_overlap(work: Work, user: UserRow, at: datetime, seconds: float) -> None:
    near = select(AppointmentRow).where(
        AppointmentRow.user == user.id, AppointmentRow.cancelled.is_(None),
        AppointmentRow.at > at - timedelta(seconds=LONGEST), AppointmentRow.at < at + timedelta(seconds=seconds),
    )  # fmt: skip
    for row in work.db.scalars(near):
        if row.at + timedelta(seconds=row.seconds) > at:
            raise BadInput(f"{user.full_name} has an appointment at {row.at.astimezone():%H:%M} already")


def _appointment(work: Work, row: AppointmentRow) -> Appointment:
    return Appointment(
        id=row.id, patient=row.patient, full_name=name_of(identity(work, row.patient)),
        side=chart.details(work, row.patient)[0], at=row.at, seconds=row.seconds, therapist=work.name(row.user),
        device=row.device, arrived=row.arrived,
    )  # fmt: skip
