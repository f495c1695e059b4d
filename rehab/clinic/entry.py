"""The door: passwords, PINs and the lock after five failures. One text for a wrong name and a wrong password."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Db

from rehab.clinic.models import Attempt, AuditData, Presence, UserRow
from rehab.clinic.passwords import matches
from rehab.core.errors import AccessError

if TYPE_CHECKING:
    from rehab.clinic.clinic import Clinic

FAILURES = 5
LOCK, STAYS = timedelta(minutes=15), timedelta(hours=12)
FORGOTTEN = timedelta(days=1)  # a wrong password is not held against anybody longer
WRONG = "the name or the password is wrong"


def check_password(clinic: Clinic, name: str, password: str) -> UserRow:
    """The user; their PIN is enough on this machine from now on. Raises AccessError."""
    found = _checked(clinic, name, password, "password")
    with clinic.store.begin() as db:
        db.merge(Presence(user=found.id, machine=clinic.machine, until=clinic.now() + STAYS))
        _note(db, clinic, found, "sign_in", refused=False)
    return found


def check_pin(clinic: Clinic, name: str, pin: str) -> UserRow:
    """The user, if they signed in with the password on this machine within 12 h. Raises AccessError."""
    with clinic.store.begin() as db:
        known = select(Presence).join(UserRow, UserRow.id == Presence.user)
        here = db.scalar(
            known.where(
                UserRow.name == folded(name), Presence.machine == clinic.machine, Presence.until > clinic.now()
            )
        )
    if here is None:
        raise AccessError("the PIN is for those who signed in with their password here within 12 h", "sign_in")
    return _checked(clinic, name, pin, "pin")


def folded(name: str) -> str:
    return name.strip().casefold()


def locked_until(db: Db, name: str, now: datetime) -> datetime | None:
    attempt = db.get(Attempt, _key(name))
    return attempt.locked_until if attempt and attempt.locked_until and attempt.locked_until > now else None


def unlock(db: Db, name: str) -> None:
    db.execute(delete(Attempt).where(Attempt.name == _key(name)))


def _key(name: str) -> str:
    return hashlib.sha256(folded(name).encode()).hexdigest()


def _checked(clinic: Clinic, name: str, secret: str, what: str) -> UserRow:
    now = clinic.now()
    with clinic.store.begin() as db:
        user = db.scalar(select(UserRow).where(UserRow.name == folded(name)))
        locked = locked_until(db, name, now)
    if locked is not None:
        raise AccessError(f"too many wrong attempts: locked until {locked.astimezone():%H:%M}", "locked")
    usable = user is not None and user.active
    kept = (user.password if what == "password" else user.pin) if user is not None and usable else None
    right = matches(kept, secret)  # outside a transaction: it takes its time on purpose
    with clinic.store.begin() as db:
        if right and user is not None:
            unlock(db, name)
            return user
        _failed(db, name, now)
        _note(db, clinic, user, f"wrong_{what}", refused=True)
    raise AccessError(WRONG if what == "password" else "the PIN is wrong", "sign_in" if what == "password" else "pin")


def _failed(db: Db, name: str, now: datetime) -> None:
    db.execute(delete(Attempt).where(Attempt.at < now - FORGOTTEN))
    attempt = db.get(Attempt, _key(name))
    if attempt is None or attempt.locked_until is not None:  # a lock that is over: they begin anew
        attempt = db.merge(Attempt(name=_key(name), failures=0, at=now, locked_until=None))
    attempt.failures += 1
    attempt.at = now
    if attempt.failures >= FAILURES:
        attempt.locked_until = now + LOCK


def _note(db: Db, clinic: Clinic, user: UserRow | None, what: str, *, refused: bool) -> None:
    name = user.full_name if user is not None else "(no such user)"  # what was typed may be a password
    db.add(
        AuditData(
            at=clinic.now(), user=user.id if user else None, user_name=name, what=what, patient="", detail="",
            refused=refused,
        )
    )  # fmt: skip
