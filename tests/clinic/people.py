"""A small clinic for tests: two therapists, an administrator, a technician, a researcher, one patient of Anna's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from rehab.clinic.acting import Acting
from rehab.clinic.clinic import Clinic
from rehab.clinic.records import NewPatient

PASSWORD, PIN = "correct horse", "2580"
BEGUN = datetime(2026, 5, 3, 9, 0, tzinfo=UTC)  # a Sunday in spring


class Clock:
    """Time that moves when told."""

    def __init__(self, now: datetime = BEGUN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **kinds: float) -> None:
        self.now += timedelta(**kinds)


@dataclass
class House:
    """An open clinic and who works there."""

    clinic: Clinic
    clock: Clock
    anna: Acting
    staff: dict[str, Acting] = field(default_factory=dict)

    @property
    def marco(self) -> Acting:
        return self.staff["marco"]

    @property
    def carla(self) -> Acting:
        return self.staff["carla"]

    @property
    def remo(self) -> Acting:
        return self.staff["remo"]

    def patient(self, given: str = "Ada", family: str = "Così", **more: object) -> str:
        """Of Anna's."""
        known: dict[str, object] = {"birth_date": date(1958, 5, 3), "sex": "F", "side": "left"}
        new = NewPatient(given_name=given, family_name=family, **(known | more))  # type: ignore[arg-type]
        return self.anna.patients.add(new).patient


def house(where: str | Path = "sqlite://") -> House:
    clock = Clock()
    clinic = Clinic.open(where, clock=clock, machine="here")
    # an administrator is among them, but not Anna: what she may do is a therapist's
    chief = clinic.create_first("chief", "Chiara Capo", PASSWORD, PIN)
    staff = {}
    for name, full_name, role in (
        ("anna", "Anna Rossi", "therapist"), ("marco", "Marco Bianchi", "therapist"),
        ("carla", "Carla Verdi", "administrator"), ("remo", "Remo Neri", "researcher"),
        ("tino", "Tino Gialli", "technician"),
    ):  # fmt: skip
        staff[name] = Acting(clinic, chief.users.add(name, full_name, [role], PASSWORD, PIN))
    return House(clinic, clock, staff["anna"], staff)
