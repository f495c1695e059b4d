"""Sessions that run on without a window (it died, or hangs): the next window offers to go on with one of them."""

from __future__ import annotations

import selectors
import socket
import time
from pathlib import Path
from typing import NamedTuple

import msgspec

from rehab.realtime.layout import SESSION_STATES
from rehab.realtime.snapshot import SnapshotReader
from rehab.session import messages, stale

ANSWER = 0.5  # s within which a supervisor says whether it has a window


class Waiting(NamedTuple):
    """A session that a window may take over with `Session.attach`."""

    session: str
    device: str
    patient: str | None  # preset of a virtual patient
    folder: Path
    state: str


def waiting() -> list[Waiting]:
    """All of this user, oldest first. Takes up to ANSWER s for each that runs."""
    return [found for run in stale.running() if (found := _look(run)) is not None]


def _look(run: Path) -> Waiting | None:
    try:
        description = msgspec.json.decode((run / "description.json").read_bytes(), type=messages.Description)
        if not _windowless(run / "socket"):
            return None
        look = SnapshotReader.attach(run / "snapshot").look()
    except (OSError, msgspec.MsgspecError):  # just being made, or just gone
        return None
    state = SESSION_STATES[int(look.values["state"])] if look is not None else "idle"
    return Waiting(
        description.session, description.device, description.patient_name, Path(description.folder), state
    )


def _windowless(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(address))
        line = messages.Line(connection)
        line.send(messages.Windowless(by="window"))
        until = time.monotonic() + ANSWER
        while line.open and (left := until - time.monotonic()) > 0.0:
            with selectors.DefaultSelector() as selector:
                selector.register(line, selectors.EVENT_READ)
                selector.select(left)
            for reply in line.replies():
                if isinstance(reply, messages.Ack):
                    return not reply.error
    return False
