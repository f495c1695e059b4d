"""All errors of the product, in one tree.

RehabError
├── BadInput            what was asked for cannot be: exit code 2, one clear line
│   ├── UnknownName     no controller, device, exercise, ... of that name
│   ├── Findings        several problems of one file or one call, all at once
│   └── DeviceRefused   the device is not there, busy, or not one we may drive
├── DeviceLost          the device stopped answering: a named fault, the session ends as faulted
├── NotNow              the session's state does not allow it
├── AccessError         the clinic store does not let this user do that: wrong password, role, caseload, locked
├── MeasureError        a measure is not defined on this data
├── RecordingError      a recording cannot be read or written
└── SafetyStop          the monitor stopped the session: exit code 3
    └── UserCodeError   and the user's own code was at fault
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple


class RehabError(Exception):
    """Root of every error this product raises on purpose."""


class BadInput(RehabError):  # noqa: N818 - reads as what it is in `except BadInput`
    """Wrong usage or bad input: one clear line for the user, exit code 2."""


class UnknownName(BadInput):
    """A name that nothing answers to; says what does, and the nearest."""

    def __init__(self, kind: str, name: str, known: Sequence[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(sorted(known))
        near = get_close_matches(name, self.known, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        listed = ", ".join(self.known) or f'none is installed; run "pip install -e ." if this is a checkout of {kind}s'
        super().__init__(f'there is no {kind} "{name}"{hint} (known: {listed})')


class Finding(NamedTuple):
    """One problem: where it is, what is wrong, what is allowed."""

    field: str  # path inside the file or call, for example blocks[0].reach.radius
    message: str  # what is wrong
    allowed: str = ""  # what would be right, with unit and range
    file: str = ""
    line: int = 0  # 1-based; 0 when there is no file
    column: int = 0
    value: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.file else ""
        allowed = f" ({self.allowed})" if self.allowed else ""
        field = f"{self.field}: " if self.field else ""
        return f"{place}{field}{self.message}{allowed}"


class Findings(BadInput):
    """All problems at once."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class DeviceRefused(BadInput):
    """The device is absent, busy, of another protocol, or without a watchdog: nothing was armed."""


class DeviceLost(RehabError):  # noqa: N818
    """The device went away while it was open (unplugged, hung up)."""


class NotNow(RehabError):  # noqa: N818
    """The session is in a state that does not allow this."""


class AccessError(RehabError):
    """The clinic store refuses: `why` is sign_in, locked, pin, role or patient, for whoever says it in other words."""

    def __init__(self, message: str, why: str = "role") -> None:
        self.why = why
        super().__init__(message)


class MeasureError(RehabError):
    """The measure is not defined on this data (no movement, too short)."""


class RecordingError(RehabError):
    """A recording is absent, unreadable, or cannot be written."""


class SafetyStop(RehabError):  # noqa: N818
    """The monitor ended the motion.

    fault    id and words, for example "F06 link stale"
    reasons  what was measured and what was allowed
    ticks    the last 50 ticks as a mapping column -> array, empty when none were kept
    """

    def __init__(self, fault: str, reasons: Sequence[str] = (), ticks: Any = None) -> None:
        self.fault, self.reasons, self.ticks = fault, tuple(reasons), ticks if ticks is not None else {}
        super().__init__(": ".join([fault, *reasons]))


class UserCodeError(SafetyStop):
    """A user's controller or exercise raised, returned nonsense or was too slow."""

    def __init__(self, name: str, tick: int, fault: str, reasons: Sequence[str] = (), ticks: Any = None) -> None:
        self.name, self.tick = name, tick
        super().__init__(fault, reasons, ticks)
