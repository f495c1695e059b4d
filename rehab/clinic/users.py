"""Users: who may sign in, and as what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from rehab.clinic import entry
from rehab.clinic.models import UserRow
from rehab.clinic.passwords import check_password, check_pin, hashed
from rehab.clinic.records import User
from rehab.clinic.roles import ADMINISTRATOR, ROLES
from rehab.clinic.service import Service, Work, text
from rehab.core.about import LANGUAGES
from rehab.core.errors import BadInput, NotNow, UnknownName

THEMES = ("light", "dark", "contrast")


def new_user(
    name: str, full_name: str, roles: Iterable[str], password: str, pin: str, language: str, now: datetime
) -> UserRow:
    """A user's row, checked. Raises BadInput."""
    name = entry.folded(name)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,39}", name):
        raise BadInput(f'"{name}" is no user name: letters a to z, digits, . _ - and at most 40 of them')
    check_password(password, name)
    check_pin(pin)
    return UserRow(
        name=name, full_name=text(full_name, "full name", needed=True), roles=_roles(roles),
        language=_one_of("language", language, LANGUAGES), theme=THEMES[0],
        password=hashed(password), pin=hashed(pin), active=True, at=now,
    )  # fmt: skip


def user_of(db: Db, row: UserRow, now: datetime) -> User:
    locked = entry.locked_until(db, row.name, now) is not None
    return User(
        row.id, row.name, row.full_name, frozenset(row.roles), row.language, row.theme, locked, row.active
    )  # fmt: skip


def _roles(roles: Iterable[str]) -> list[str]:
    chosen = [_one_of("role", role, ROLES) for role in dict.fromkeys(roles)]
    if not chosen:
        raise BadInput(f"a user has at least one role (of {', '.join(ROLES)})")
    return chosen


def _one_of(kind: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise UnknownName(kind, value, known)
    return value


class Users(Service):
    """acting.users"""

    def list(self) -> tuple[User, ...]:
        """Everybody, by full name."""
        with self._acts("users.list") as work:
            return tuple(_user(work, row) for row in work.db.scalars(select(UserRow).order_by(UserRow.full_name)))

    def add(
        self, name: str, full_name: str, roles: Iterable[str], password: str, pin: str, *, language: str = "en"
    ) -> User:
        """A new user. Raises BadInput for a name that is taken, a weak password (10 characters) or PIN (4 to 8
        digits)."""
        with self._acts("users.add", detail=name) as work:
            row = new_user(name, full_name, roles, password, pin, language, work.now)
            if work.db.scalar(select(UserRow.id).where(UserRow.name == row.name)) is not None:
                raise BadInput(f'there is a user "{row.name}" already')
            work.db.add(row)
            work.db.flush()
            return _user(work, row)

    def set_roles(self, user: int, roles: Iterable[str]) -> User:
        """Other roles. The last administrator stays one."""
        with self._acts("users.set_roles") as work:
            row = _row(work, user)
            row.roles = _roles(roles)
            _keep_an_administrator(work)
            return _user(work, row)

    def set_active(self, user: int, active: bool) -> User:
        """One who left cannot sign in; what they did stays. The last administrator stays active."""
        with self._acts("users.set_active") as work:
            row = _row(work, user)
            row.active = active
            _keep_an_administrator(work)
            return _user(work, row)

    def set_password(self, user: int, password: str) -> None:
        """A new password, by an administrator; also unlocks."""
        with self._acts("users.set_password") as work:
            row = _row(work, user)
            check_password(password, row.name)
            row.password = hashed(password)
            entry.unlock(work.db, row.name)

    def set_pin(self, user: int, pin: str) -> None:
        """A new PIN, by an administrator."""
        with self._acts("users.set_pin") as work:
            row = _row(work, user)
            check_pin(pin)
            row.pin = hashed(pin)

    def change_password(self, old: str, new: str) -> None:
        """One's own password. Raises AccessError if the old one is wrong."""
        entry.check_password(self._acting.clinic, self._acting.user.name, old)
        with self._acts("users.change_password") as work:
            check_password(new, work.user.name)
            work.user.password = hashed(new)

    def change_pin(self, password: str, pin: str) -> None:
        """One's own PIN. Raises AccessError if the password is wrong."""
        entry.check_password(self._acting.clinic, self._acting.user.name, password)
        with self._acts("users.change_pin") as work:
            check_pin(pin)
            work.user.pin = hashed(pin)

    def unlock(self, user: int) -> None:
        """After too many wrong passwords."""
        with self._acts("users.unlock") as work:
            row = _row(work, user)
            work.detail = row.name
            entry.unlock(work.db, row.name)

    def preferences(self, *, language: str | None = None, theme: str | None = None) -> User:
        """One's own language (en, it) and theme (light, dark); None leaves it."""
        with self._acts("users.preferences") as work:
            if language is not None:
                work.user.language = _one_of("language", language, LANGUAGES)
            if theme is not None:
                work.user.theme = _one_of("theme", theme, THEMES)
            user = _user(work, work.user)
        self._acting.user = user
        return user


def _user(work: Work, row: UserRow) -> User:
    return user_of(work.db, row, work.now)


def _row(work: Work, user: int) -> UserRow:
    row = work.db.get(UserRow, user)
    if row is None:
        raise BadInput(f"there is no user number {user}")
    work.detail = row.name
    return row


def _keep_an_administrator(work: Work) -> None:
    rows = work.db.scalars(select(UserRow).where(UserRow.active))
    if not any(ADMINISTRATOR in row.roles for row in rows):
        raise NotNow("somebody has to be an administrator: make another user one first")
