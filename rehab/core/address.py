"""Where a device is: SCHEME:ADDRESS, for example sim:planar_arm, emulator:planar_arm, serial:/dev/ttyACM0."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple

from rehab.core import registry
from rehab.core.errors import BadInput

EMULATOR = "emulator"  # no driver of its own: the session starts the emulator and drives it over a real serial line


class Address(NamedTuple):
    """The driver's name in the registry (or "emulator"), and what it is given."""

    scheme: str
    rest: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.rest}"


def schemes() -> list[str]:
    """Every scheme that is known here, sorted."""
    return sorted({*registry.names("device"), EMULATOR})


def parse(text: str) -> Address:
    """The parts of an address. Raises BadInput that says how an address is written, and suggests the likely one."""
    scheme, colon, rest = text.strip().partition(":")
    known = schemes()
    if not colon or not scheme or "/" in scheme:
        name = text.strip().strip(":") or "planar_arm"
        likely = f"serial:{name}" if name.startswith(("/", "tty", "COM")) else f"sim:{name}"
        raise BadInput(
            f'"{text}" is not a device address: write SCHEME:ADDRESS, for example "{likely}" ({_listed(known)})'
        )
    if scheme not in known:
        near = get_close_matches(scheme, known, n=1)
        hint = f'; did you mean "{near[0]}:{rest}"?' if near else ""
        raise BadInput(f'"{text}": there is no device scheme "{scheme}"{hint} ({_listed(known)})')
    if not rest.strip():
        example = "serial:/dev/ttyACM0" if scheme == "serial" else f"{scheme}:planar_arm"
        raise BadInput(f'"{text}" says no address after "{scheme}:", for example "{example}"')
    return Address(scheme, rest.strip())


def _listed(known: list[str]) -> str:
    return "schemes: " + ", ".join(known)
