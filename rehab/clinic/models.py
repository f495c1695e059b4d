"""The tables. Identity has its own; all else hangs on the pseudonym. Clinical rows are superseded, never deleted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Dialect, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator


class Utc(TypeDecorator[datetime]):
    """Aware datetimes in and out; kept as UTC without a zone, which every database can."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    type_annotation_map = {datetime: Utc, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class Meta(Base):
    """What the store says of itself: its version, whether it is a demo."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str]


class UserRow(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    full_name: Mapped[str]
    roles: Mapped[list[Any]]
    language: Mapped[str]
    theme: Mapped[str] = mapped_column(default="light")
    password: Mapped[str]  # argon2id
    pin: Mapped[str]  # argon2id
    active: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime]


class Attempt(Base):
    """Wrong passwords of a name, known or not (else a lock would tell which names exist); hashed, since people type
    passwords into the wrong field."""

    __tablename__ = "attempts"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class Presence(Base):
    """Who signed in with the password on which machine, and until when the PIN is enough there."""

    __tablename__ = "presences"
    user: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    machine: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime]


class PatientRow(Base):
    __tablename__ = "patients"
    patient: Mapped[str] = mapped_column(String(12), primary_key=True)
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("users.id"))


class Kept:
    """An entry that holds until it is superseded."""

    id: Mapped[int] = mapped_column(primary_key=True)
    patient: Mapped[str] = mapped_column(ForeignKey("patients.patient"), index=True)
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(default="")
    superseded: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    def supersede(self, by: int, at: datetime) -> None:
        self.superseded, self.superseded_by = at, by


class IdentityRow(Kept, Base):
    """The only table that knows who a patient is."""

    __tablename__ = "identities"
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[date]
    sex: Mapped[str]
    codice_fiscale: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str]
    email: Mapped[str]
    address: Mapped[str]


class ChartRow(Kept, Base):
    """An entry of the chart: `part` as in records.Version, `key` which one of several, `body` its record as JSON."""

    __tablename__ = "chart"
    part: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(default="")
    body: Mapped[dict[str, Any]]
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    __table_args__ = (Index("chart_part", "patient", "part"),)


class NoteRow(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    patient: Mapped[str] = mapped_column(ForeignKey("patients.patient"), index=True)
    session: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"), index=True)
    kind: Mapped[str]
    text: Mapped[str]
    chips: Mapped[list[Any]]
    facts: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("users.id"))


class AssignmentRow(Kept, Base):
    """A patient in a therapist's caseload."""

    __tablename__ = "assignments"
    user: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)


class GrantRow(Base):
    __tablename__ = "grants"
    id: Mapped[int] = mapped_column(primary_key=True)
    patient: Mapped[str] = mapped_column(ForeignKey("patients.patient"), index=True)
    user: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    until: Mapped[datetime]
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("users.id"))


class AppointmentRow(Base):
    __tablename__ = "appointments"
    id: Mapped[int] = mapped_column(primary_key=True)
    patient: Mapped[str] = mapped_column(ForeignKey("patients.patient"), index=True)
    user: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    seconds: Mapped[float]
    device: Mapped[str]
    arrived: Mapped[datetime | None]
    cancelled: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    by: Mapped[int] = mapped_column(ForeignKey("users.id"))


class PlanRow(Kept, Base):
    __tablename__ = "plans"
    number: Mapped[int]
    title: Mapped[str]
    protocol: Mapped[str]
    device: Mapped[str]
    aim: Mapped[str]


class SessionRow(Base):
    __tablename__ = "sessions"
    id: Mapped[int] = mapped_column(primary_key=True)
    patient: Mapped[str] = mapped_column(ForeignKey("patients.patient"), index=True)
    user: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    plan: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    title: Mapped[str]
    device: Mapped[str]
    side: Mapped[str]
    state: Mapped[str]
    begun: Mapped[datetime] = mapped_column(index=True)
    ended: Mapped[datetime | None]
    parked_at: Mapped[datetime | None]
    parked: Mapped[float] = mapped_column(default=0.0)  # s, in all
    strapping: Mapped[float] = mapped_column(default=0.0)  # s
    robot: Mapped[float] = mapped_column(default=0.0)  # s
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    outcome: Mapped[str] = mapped_column(default="")
    trials: Mapped[int] = mapped_column(default=0)
    reached: Mapped[int] = mapped_column(default=0)
    folder: Mapped[str] = mapped_column(default="")
    signed: Mapped[datetime | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class MeasureData(Base):
    __tablename__ = "measures"
    session: Mapped[int] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    trial: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    block: Mapped[str]
    value: Mapped[float]
    unit: Mapped[str]


class ScaleRow(Kept, Base):
    __tablename__ = "scales"
    kind: Mapped[str]
    group: Mapped[str]
    value: Mapped[float]
    parts: Mapped[dict[str, Any]]
    day: Mapped[date]
    remarks: Mapped[str]


class DeviceCheckRow(Base):
    """That a device was checked before somebody was strapped to it: once a day."""

    __tablename__ = "device_checks"
    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(index=True)
    results: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[int] = mapped_column(ForeignKey("users.id"))


class PracticeRow(Base):
    """An incident that a virtual patient had, and what a trainee did about it: about no patient."""

    __tablename__ = "practice"
    id: Mapped[int] = mapped_column(primary_key=True)
    user: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime]
    virtual: Mapped[str]
    exercise: Mapped[str]
    incident: Mapped[str]
    act: Mapped[str]
    right: Mapped[bool]
    reaction: Mapped[float | None]  # s


class AuditData(Base):
    """Append-only by triggers. `chain` is for a hash over the row and the one before it."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    user: Mapped[int | None]  # no foreign keys: what was written stays, whatever happens to the rest
    user_name: Mapped[str]
    what: Mapped[str]
    patient: Mapped[str] = mapped_column(String(12), index=True)
    detail: Mapped[str]
    refused: Mapped[bool]
    chain: Mapped[str] = mapped_column(default="")


NEVER_DELETED = ("identities", "chart", "notes", "plans", "sessions", "scales", "assignments", "grants", "patients",
                 "device_checks")  # fmt: skip
