"""The emulated device's own codec of docs/link.md: one table of messages. It knows nothing of the driver's.

    frame = COBS(body ‖ CRC-32(body)) 00        body = header (8 bytes) ‖ payload        all little-endian

The host's direction is here too, so that a test can speak to a device by hand.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple
from zlib import crc32

from cobs import cobs

LONGEST = 63  # bytes on the wire, delimiter included: one USB packet
SHORTEST = 14  # header 8, CRC 4, one byte of COBS, delimiter
PIECE = 40  # bytes of the description in one DESCRIBE
MOST_JOINTS = 3

_HOST_HEADER = struct.Struct("<BBHHH")  # type, flags, seq, last_rx, valid_ms
_DEVICE_HEADER = struct.Struct("<BBHI")  # type, flags, seq, t_dev


class Kind(IntEnum):
    """Types as the host sends them; the device's answer to each has bit 7 set."""

    HELLO = 0x01
    DESCRIBE = 0x02
    ARM = 0x03
    CLEAR = 0x04
    DISARM = 0x05
    TIMESYNC = 0x06
    COMMAND = 0x10
    STATE = 0x10  # the device's answer to COMMAND
    FAULT = 0x1F  # the device only


ANSWER = 0x80

# payloads: host → device, device → host; None = not sent in that direction; n = number of joints
_TABLE: dict[Kind, tuple[str | None, str]] = {
    Kind.HELLO: ("<BB", "<BBIHHHBBII12s"),
    Kind.DESCRIBE: ("<I", "<I"),  # the device's piece of the description follows its offset
    Kind.ARM: ("<I", "<BH"),
    Kind.CLEAR: ("<", "<B"),
    Kind.DISARM: ("<", "<"),
    Kind.TIMESYNC: ("<Q", "<QII"),
    Kind.COMMAND: ("<B{n}f", "<HHH{nnn}f"),
    Kind.FAULT: (None, "<HB"),
}


class HostFrame(NamedTuple):
    """A frame from the host; `fields` in the order of the payload's columns in docs/link.md."""

    kind: Kind
    seq: int
    last_rx: int
    valid_ms: int
    fields: tuple[Any, ...]


class DeviceFrame(NamedTuple):
    """A frame from the device. `t_dev` in µs, 32 bits; `piece` is the part of a description in DESCRIBE."""

    kind: Kind
    seq: int
    t_dev: int
    fields: tuple[Any, ...]
    piece: bytes = b""


def wire(body: bytes) -> bytes:
    """A body as it goes over the line."""
    return bytes(cobs.encode(body + crc32(body).to_bytes(4, "little")) + b"\0")


def unwire(chunk: bytes) -> bytes | None:
    """The body of what stood between two delimiters; None if it is damaged, too long or too short."""
    if not SHORTEST <= len(chunk) + 1 <= LONGEST:
        return None
    try:
        whole: bytes = cobs.decode(chunk)
    except cobs.DecodeError:
        return None
    body = whole[:-4]
    if len(body) < 8 or crc32(body).to_bytes(4, "little") != whole[-4:]:
        return None
    return body


@dataclass
class Counts:
    """What the line did to the frames that were meant for us."""

    frames: int = 0  # accepted
    dropped: int = 0  # damaged, too long or short, unknown type, wrong length for the type, value out of range
    duplicates: int = 0
    out_of_order: int = 0
    missing: int = 0  # sequence numbers that never came


class Deframer:
    """Bytes in any portions to bodies. Nothing that arrives can make it keep more than one frame."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._part = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        *ended, rest = data.split(b"\0")
        for chunk in ended:
            if self._part:
                chunk = bytes(self._part) + chunk
                self._part.clear()
            if not chunk:
                continue  # two delimiters in a row: a host that makes sure of a fresh start
            body = unwire(chunk)
            if body is None:
                self._counts.dropped += 1
            else:
                yield body
        self._part += rest[:LONGEST]
        del self._part[LONGEST:]  # already too long: only that it is matters


class Codec:
    """Layouts for a device of `joints` joints. Decoding gives None for what is not a frame of that direction."""

    def __init__(self, joints: int) -> None:
        if not 1 <= joints <= MOST_JOINTS:
            raise ValueError(f"a device on this link has 1 to {MOST_JOINTS} joints, not {joints}")
        sizes = {"n": joints, "nnn": 3 * joints}
        self._host = {kind: struct.Struct(host.format(**sizes)) for kind, (host, _) in _TABLE.items() if host}
        self._device = {kind: struct.Struct(device.format(**sizes)) for kind, (_, device) in _TABLE.items()}

    def from_host(self, body: bytes) -> HostFrame | None:
        number, _flags, seq, last_rx, valid_ms = _HOST_HEADER.unpack_from(body)
        layout = self._host.get(number)
        if layout is None or len(body) != 8 + layout.size:
            return None
        return HostFrame(Kind(number), seq, last_rx, valid_ms, layout.unpack_from(body, 8))

    def from_device(self, body: bytes) -> DeviceFrame | None:
        number, _flags, seq, t_dev = _DEVICE_HEADER.unpack_from(body)
        layout = self._device.get(number ^ ANSWER)
        if layout is None:
            return None
        kind, end = Kind(number ^ ANSWER), 8 + layout.size
        most = end + PIECE if kind is Kind.DESCRIBE else end
        if not end <= len(body) <= most:
            return None
        return DeviceFrame(kind, seq, t_dev, layout.unpack_from(body, 8), body[end:])

    def host_frame(self, kind: Kind, *fields: Any, seq: int, last_rx: int = 0, valid_ms: int = 0) -> bytes:
        """Bytes on the wire, as a host sends them."""
        header = _HOST_HEADER.pack(kind, 0, seq & 0xFFFF, last_rx & 0xFFFF, valid_ms)
        return wire(header + self._host[kind].pack(*fields))

    def device_frame(self, kind: Kind, *fields: Any, seq: int, t_us: int, piece: bytes = b"") -> bytes:
        """Bytes on the wire, as the device sends them. `t_us` may be unwrapped."""
        header = _DEVICE_HEADER.pack(kind | ANSWER, 0, seq & 0xFFFF, t_us & 0xFFFFFFFF)
        return wire(header + self._device[kind].pack(*fields) + piece)
