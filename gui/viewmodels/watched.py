"""A running session as the patient's screen has it: it looks, it answers, it can stop. It never commands a motion.

Snapshot and ring are read-only mappings; an answer and STOP go over a connection of their own each, as `rehab stop`
does, so that the therapist's window stays the one in charge. Nothing waits for this process, and nothing misses it.
"""

from __future__ import annotations

import select
import socket
from pathlib import Path
from typing import Protocol

import msgspec

from rehab.core.device import DeviceInfo
from rehab.core.errors import NotNow, RehabError
from rehab.core.trials import Question
from rehab.realtime import shm
from rehab.realtime.ring import RingEvent, RingReader
from rehab.realtime.snapshot import Look, SnapshotReader
from rehab.session import messages
from rehab.session.asking import Answer, Asking

BY = "patient's screen"
PATIENCE = 10.0  # s for an acknowledgement


class WatchedPort(Protocol):
    """What the patient's screen needs of a session."""

    question: Question | None  # of the session, waiting for an answer

    @property
    def info(self) -> DeviceInfo: ...

    @property
    def gone(self) -> bool: ...

    @property
    def heartbeat(self) -> int: ...

    def look(self) -> Look | None: ...
    def events(self) -> list[RingEvent]: ...
    def answer(self, name: str, value: Answer) -> None: ...
    def stop(self) -> None: ...


class Watched(Asking):
    """Raises NotNow when no session of that id is running."""

    def __init__(self, session: str, *, by: str = BY) -> None:
        self.by, self.clock, self.state = by, "real", "idle"
        self._run = shm.run_root() / session
        try:
            self._ring = RingReader.attach(self._run / "ring")
            self._glass = SnapshotReader.attach(self._run / "snapshot")
        except (OSError, ValueError) as error:
            raise NotNow(f"session {session} is not running") from error
        header = self._ring.header()
        if header is None:
            raise NotNow(f"session {session} is just being opened: try again")
        self._info = header.info

    @property
    def info(self) -> DeviceInfo:
        return self._info

    @property
    def folder(self) -> Path:
        return self._run

    @property
    def gone(self) -> bool:
        """Its processes have ended, or are saving what was recorded."""
        return self._ring.closed or not (self._run / "socket").exists()

    @property
    def heartbeat(self) -> int:
        return self._glass.sequence

    def look(self) -> Look | None:
        return self._glass.look()

    def events(self) -> list[RingEvent]:
        """New ones since the last call; the first time those that are still there."""
        found = self._ring.events()
        for event in found:
            if event.kind == "state":
                self.state = event.data["name"]
            self._listen(event)
        return found

    def stop(self) -> None:
        """The device's safe stop, now."""
        self._ask(messages.Stop(by=self.by))

    def _ask(self, request: messages.AnyRequest) -> None:
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(str(self._run / "socket"))
            except OSError as error:
                raise RehabError("the session is not there any more; the arm stops by itself") from error
            line = messages.Line(connection)
            line.send(msgspec.structs.replace(request, id=1))
            select.select([line], [], [], PATIENCE)
            for reply in line.replies():
                if isinstance(reply, messages.Ack):
                    if reply.error:
                        raise NotNow(reply.error)
                    return
        raise RehabError("the session did not answer")
