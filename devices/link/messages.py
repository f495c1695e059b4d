"""What the device says, decoded: one NamedTuple a message of docs/link.md, section 2."""

from __future__ import annotations

from typing import NamedTuple

from rehab.core.values import Floats

MAJOR, MINOR = 1, 0  # of the protocol this side speaks


class Hello(NamedTuple):
    """Who the device is. Of another major only the first two fields are known; the rest keep their defaults."""

    major: int
    minor: int
    nonce: int = 0  # ARM must carry it
    watchdog_ms: int = 0
    max_valid_ms: int = 0
    rate_hz: int = 0
    joints: int = 0
    capabilities: int = 0
    describe_length: int = 0
    describe_crc: int = 0
    identity: str = ""

    @property
    def simulated(self) -> bool:
        return bool(self.capabilities & 1)


class Piece(NamedTuple):
    """A piece of the description, from `offset` on."""

    offset: int
    data: bytes


class Armed(NamedTuple):
    """Answer to ARM: 0 armed, else why not (`REFUSALS` of handshake); the watchdog in force."""

    result: int
    watchdog_ms: int


class Cleared(NamedTuple):
    """Answer to CLEAR: 0 cleared, 1 the cause still stands."""

    result: int


class Disarmed(NamedTuple):
    """The power stage is off."""


class TimeSync(NamedTuple):
    """t1 as the host sent it (ns), device time at reception and at sending (µs, 32 bit)."""

    t1: int
    t2: int
    t3: int


class State(NamedTuple):
    """One sample. `seq` is the frame's counter (16 bit), `t_dev` when it was measured (µs, 32 bit)."""

    seq: int
    t_dev: int
    ack: int  # seq of the newest COMMAND accepted
    status: int
    inputs: int
    q: Floats  # rad
    qd: Floats  # rad/s
    tau: Floats  # N·m


class Fault(NamedTuple):
    """The device stopped by itself: 1 watchdog, 2 e-stop, 3 non-finite command, 4 internal."""

    status: int
    code: int


Message = Hello | Piece | Armed | Cleared | Disarmed | TimeSync | State | Fault
