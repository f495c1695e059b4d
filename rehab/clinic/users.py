"""Users: who may sign in, and as what."""

from __future__ import annotations

from collections.abc import Iterable

from rehab.clinic.records import User
from rehab.clinic.service import Service


class Users(Service):
    """acting.users"""

    def list(self) -> tuple[User, ...]:
        """Everybody, by full name."""
        raise NotImplementedError

    def add(self, name: str, full_name: str, roles: Iterable[str], password: str, pin: str, *, language: str = "en") -> User:
        """A new user. Raises BadInput for a name that is taken, a weak password (10 characters) or PIN (4 to 8 digits)."""
        raise NotImplementedError

    def set_roles(self, user: int, roles: Iterable[str]) -> User:
        """Other roles. The last administrator stays one."""
        raise NotImplementedError

    def set_active(self, user: int, active: bool) -> User:
        """One who left cannot sign in; what they did stays. The last administrator stays active."""
        raise NotImplementedError

    def set_password(self, user: int, password: str) -> None:
        """A new password, by an administrator; also unlocks."""
        raise NotImplementedError

    def set_pin(self, user: int, pin: str) -> None:
        """A new PIN, by an administrator."""
        raise NotImplementedError

    def change_password(self, old: str, new: str) -> None:
        """One's own password. Raises AccessError if the old one is wrong."""
        raise NotImplementedError

    def change_pin(self, password: str, pin: str) -> None:
        """One's own PIN. Raises AccessError if the password is wrong."""
        raise NotImplementedError

    def unlock(self, user: int) -> None:
        """After too many wrong passwords."""
        raise NotImplementedError

    def preferences(self, *, language: str | None = None, theme: str | None = None) -> User:
        """One's own language (en, it) and theme (light, dark); None leaves it."""
        raise NotImplementedError
