"""Clinic: the store, and the door to it."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sqlalchemy import select

from rehab.clinic import entry
from rehab.clinic.acting import Acting
from rehab.clinic.models import Meta, Presence, UserRow
from rehab.clinic.records import User
from rehab.clinic.roles import ADMINISTRATOR, THERAPIST
from rehab.clinic.store import Store
from rehab.clinic.users import new_user, user_of
from rehab.core.errors import NotNow


class Clinic:
    """An open store. One worker thread at a time may use it; every call is one short transaction."""

    def __init__(self, store: Store, clock: Callable[[], datetime], machine: str) -> None:
        self.store, self.now, self.machine = store, clock, machine
        self.choose: Callable[[str], str] = secrets.choice  # a letter of a pseudonym

    @classmethod
    def open(
        cls, where: str | Path | None = None, *, clock: Callable[[], datetime] | None = None, machine: str = ""
    ) -> Self:
        """Open, or make, the store: a path, a database URL, or None for $REHAB_CLINIC, else a file in the user's data
        folder. `clock` gives aware datetimes (tests, demo); `machine` names this machine, for PINs.

        Raises BadInput when it cannot be opened or is of another version."""
        return cls(Store(where), clock or _now, machine or _this_machine())

    @property
    def where(self) -> str:
        """Where it is, for people; without a password."""
        return str(self.store)

    @property
    def empty(self) -> bool:
        """Is there no user yet?"""
        with self.store.begin() as db:
            return db.scalar(select(UserRow.id).limit(1)) is None

    @property
    def demo(self) -> bool:
        """Was it filled with invented people (`rehab clinic demo`)? Windows say so, always."""
        with self.store.begin() as db:
            return db.get(Meta, "demo") is not None

    def create_first(self, name: str, full_name: str, password: str, pin: str, language: str = "en") -> Acting:
        """The first user, administrator and therapist, signed in. Raises NotNow when there is one already."""
        made = new_user(name, full_name, (ADMINISTRATOR, THERAPIST), password, pin, language, self.now())
        with self.store.begin() as db:
            if db.scalar(select(UserRow.id).limit(1)) is not None:
                raise NotNow("there are users already: sign in as an administrator to add others")
            db.add(made)
        return self.sign_in(name, password)

    def sign_in(self, name: str, password: str) -> Acting:
        """Raises AccessError: one text for a wrong name and a wrong password; locked for 15 min after 5 failures."""
        return Acting(self, self._user(entry.check_password(self, name, password)))

    def by_pin(self, name: str, pin: str) -> Acting:
        """For those who signed in with the password on this machine within 12 h. Raises AccessError."""
        return Acting(self, self._user(entry.check_pin(self, name, pin)))

    def here(self) -> tuple[User, ...]:
        """Those whom `by_pin` would take, by full name: for the window that switches users."""
        present = select(UserRow).join(Presence, UserRow.id == Presence.user)
        present = present.where(Presence.machine == self.machine, Presence.until > self.now(), UserRow.active)
        with self.store.begin() as db:
            return tuple(user_of(db, row, self.now()) for row in db.scalars(present.order_by(UserRow.full_name)))

    def _user(self, row: UserRow) -> User:
        with self.store.begin() as db:
            return user_of(db, row, self.now())

    def close(self) -> None:
        """Let go of the file. May be called again."""
        self.store.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _this_machine() -> str:
    """A name that stays the same on this machine and says nothing about it."""
    try:
        known = Path("/etc/machine-id").read_text("ascii").strip()
    except OSError:
        known = ""
    return hashlib.sha256(f"rehab {known or uuid.getnode()}".encode()).hexdigest()
