"""What can be asked for at the start: devices, virtual patients, ready protocols; and whether it makes sense."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from gui.viewmodels.run import Request
from rehab.core import registry
from rehab.core.errors import BadInput

SIMULATED = ("sim", "emulator")  # schemes of devices at which a virtual patient can sit
MOST_SEED = 2**32 - 1


class Choice(NamedTuple):
    """A name and what is shown for it."""

    name: str
    shown: str


def patients() -> list[Choice]:
    """Presets of virtual patients; the first is nobody."""
    return [Choice("", "nobody holds the arm"), *(Choice(n, n.replace("_", " ")) for n in registry.names("patient"))]


def protocols() -> list[Choice]:
    """The ready protocols, by their titles."""
    from rehab.protocol.load import read_protocol, ready_protocols

    return [Choice(name, f"{read_protocol(path).title}  ({name})") for name, path in ready_protocols().items()]


def request_from(device: str, patient: str, protocol: str, seed: str, out: Path | None) -> Request:
    """The request that the fields say. Raises BadInput with words for the person who filled them in."""
    device, scheme = device.strip(), device.strip().partition(":")[0]
    if not scheme or not device.partition(":")[2]:
        raise BadInput(f'device "{device}": write SCHEME:ADDRESS, for example sim:planar_arm or serial:/dev/ttyACM0')
    if patient and scheme not in SIMULATED:
        raise BadInput(f"a virtual patient sits at a sim: or emulator: device only, not at {device}: choose nobody")
    if not protocol:
        raise BadInput("choose a protocol")
    number: int | None = None
    if seed.strip():
        if not seed.strip().isdecimal() or int(seed) > MOST_SEED:
            raise BadInput(f'seed "{seed.strip()}": a whole number from 0 to {MOST_SEED}, or nothing to have one drawn')
        number = int(seed)
    return Request(device, patient or None, protocol, number, out)
