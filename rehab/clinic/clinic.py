"""Clinic: the store, and the door to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Self

from rehab.clinic.acting import Acting
from rehab.clinic.records import User


class Clinic:
    """An open store. One worker thread at a time may use it; every call is one short transaction."""

    @classmethod
    def open(
        cls, where: str | Path | None = None, *, clock: Callable[[], datetime] | None = None, machine: str = ""
    ) -> Self:
        """Open, or make, the store: a path, a database URL, or None for $REHAB_CLINIC, else a file in the user's data
        folder. `clock` gives aware datetimes (tests, demo); `machine` names this machine, for PINs.

        Raises BadInput when it cannot be opened or is of another version."""
        raise NotImplementedError

    @property
    def where(self) -> str:
        """Where it is, for people; without a password."""
        raise NotImplementedError

    @property
    def empty(self) -> bool:
        """Is there no user yet?"""
        raise NotImplementedError

    @property
    def demo(self) -> bool:
        """Was it filled with invented people (`rehab clinic demo`)? Windows say so, always."""
        raise NotImplementedError

    def create_first(self, name: str, full_name: str, password: str, pin: str, language: str = "en") -> Acting:
        """The first user, administrator and therapist, signed in. Raises NotNow when there is one already."""
        raise NotImplementedError

    def sign_in(self, name: str, password: str) -> Acting:
        """Raises AccessError: one text for a wrong name and a wrong password; locked for 15 min after 5 failures."""
        raise NotImplementedError

    def by_pin(self, name: str, pin: str) -> Acting:
        """For those who signed in with the password on this machine within 12 h. Raises AccessError."""
        raise NotImplementedError

    def here(self) -> tuple[User, ...]:
        """Those whom `by_pin` would take, by full name: for the window that switches users."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the file. May be called again."""
        raise NotImplementedError
