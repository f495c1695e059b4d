"""Passwords and PINs: asked for on a terminal, else a line of standard input each; never an argument, which every
process of the machine could read."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING

from rehab.core.errors import BadInput

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting
    from rehab.clinic.clinic import Clinic


def secret(what: str) -> str:
    """One secret. Raises BadInput when there is nobody to give it."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{what}: ")
    line = sys.stdin.readline()
    if not line:
        raise BadInput(f"{what}: standard input has ended; it is one line there, or typed on a terminal")
    return line.rstrip("\r\n")


def new_secret(what: str) -> str:
    """A new one: on a terminal it is typed twice."""
    first = secret(what)
    if sys.stdin.isatty() and secret(f"{what}, again") != first:
        raise BadInput(f"{what}: the two were not the same")
    return first


def signed_in(clinic: Clinic, user: str | None) -> Acting:
    """Who acts: `user`, or whoever is logged in to this machine, with the password. Raises AccessError, BadInput."""
    if clinic.empty:
        raise BadInput(f"{clinic.where} has no users yet: rehab clinic init")
    name = user or getpass.getuser()
    return clinic.sign_in(name, secret(f"password of {name}"))
