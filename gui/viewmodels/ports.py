"""What the window needs of a session: the window is written against this, and tests play it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from rehab.core.device import DeviceInfo
from rehab.core.types import Array, Trial
from rehab.realtime.ring import RingEvent
from rehab.realtime.snapshot import Look


class PlanPort(Protocol):
    """A settled protocol."""

    @property
    def protocol(self) -> str: ...  # its title

    @property
    def trials(self) -> int: ...


class SessionPort(Protocol):
    """An open session (rehab.session.session.Session). Commands raise RehabError with words; looks never block."""

    device: str
    patient: str | None
    state: str
    trials: list[Trial]
    folder: Path
    problem: str  # what went wrong with the recording, known once closed

    @property
    def info(self) -> DeviceInfo: ...

    def prepare(self, what: Any, /) -> PlanPort: ...
    def arm(self) -> None: ...
    def start(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def stop(self) -> None: ...
    def reset(self) -> None: ...
    def look(self) -> Look | None: ...
    def rows(self) -> Array: ...
    def poll(self) -> list[RingEvent]: ...
    def close(self) -> None: ...
