"""Passwords and PINs: argon2id (RFC 9106, its low-memory recommendation is the library's default)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from rehab.core.errors import BadInput

HASHER = PasswordHasher()
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
LEAST, MOST = 10, 200  # characters of a password
RUNS = "01234567890", "09876543210"


_used = [HASHER]


def hashed(secret: str) -> str:
    return _used[-1].hash(secret)


@contextmanager
def cheaply() -> Iterator[None]:
    """For passwords that everybody knows, of the demo and of tests: they cost nothing to make, nor to guess."""
    _used.append(CHEAP)
    try:
        yield
    finally:
        _used.pop()


@cache
def _nobody() -> str:
    return hashed("nobody")  # what an unknown name's password is compared with


def matches(kept: str | None, secret: str) -> bool:
    """Is it that secret? For None (nobody) never, and it takes as long to say so."""
    try:
        return HASHER.verify(kept or _nobody(), secret) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


def check_password(password: str, name: str) -> None:
    """Raises BadInput for one that is too easy."""
    if not LEAST <= len(password) <= MOST:
        raise BadInput(f"a password has {LEAST} to {MOST} characters, this one {len(password)}")
    if name and name.casefold() in password.casefold() and len(password) < len(name) + LEAST:
        raise BadInput("a password that is little more than the user's name is too easy")
    if len(set(password)) < 4:
        raise BadInput("a password of so few different characters is too easy")


def check_pin(pin: str) -> None:
    """Raises BadInput for one that is no PIN, or too easy."""
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
        raise BadInput("a PIN is 4 to 8 digits")
    if len(set(pin)) == 1 or any(pin in run for run in RUNS):
        raise BadInput("a PIN of equal or consecutive digits is too easy")
