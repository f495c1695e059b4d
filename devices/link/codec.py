"""Bytes <-> messages of docs/link.md, host's side. Pure: no port, no clock.

wire = COBS(body ‖ CRC-32(body)) ‖ 00        body = type, flags, seq, last_rx, valid_ms | payload    (host)
                                             body = type, flags, seq, t_dev             | payload    (device)
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from struct import Struct
from zlib import crc32

from cobs import cobs

from devices.link.messages import (
    MAJOR,
    MINOR,
    Armed,
    Cleared,
    Disarmed,
    Fault,
    Hello,
    Message,
    Piece,
    State,
    TimeSync,
)

LONGEST = 63  # bytes on the wire with the delimiter: one USB packet carries it
MOST_JOINTS = 3
HELLO, DESCRIBE, ARM, CLEAR, DISARM, TIMESYNC, COMMAND = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10
FROM_DEVICE = 0x80  # set in every type the device sends
FAULT = 0x9F

_HOST_HEADER = Struct("<BBHHH")
_DEVICE_HEADER = Struct("<BBHI")
_HEADER, _CRC = 8, 4  # bytes
_U32 = Struct("<I")
_U64 = Struct("<Q")
_HELLO = Struct("<BBIHHHBBII12s")
_ARMED = Struct("<BH")
_SYNC = Struct("<QII")
_FAULT = Struct("<HB")
_STATES = {
    _HEADER + 6 + 12 * n: Struct(f"<BBHIHHH{3 * n}f") for n in range(1, MOST_JOINTS + 1)
}  # by length of the body
_COMMANDS = {n: Struct(f"<BBHHHB{n}f") for n in range(1, MOST_JOINTS + 1)}


def _frame(body: bytes) -> bytes:
    wire: bytes = cobs.encode(body + _U32.pack(crc32(body))) + b"\0"
    return wire


class Encoder:
    """Frames as the host sends them, with its counter. The first frame has seq 1.

    last_rx  seq of the newest device frame received; whoever decodes keeps it up to date
    """

    def __init__(self) -> None:
        self.seq = 0  # of the frame sent last
        self.last_rx = 0

    def _plain(self, kind: int, payload: bytes = b"") -> bytes:
        self.seq = (self.seq + 1) & 0xFFFF
        return _frame(_HOST_HEADER.pack(kind, 0, self.seq, self.last_rx, 0) + payload)

    def hello(self) -> bytes:
        return self._plain(HELLO, bytes((MAJOR, MINOR)))

    def describe(self, offset: int) -> bytes:
        return self._plain(DESCRIBE, _U32.pack(offset))

    def arm(self, nonce: int) -> bytes:
        return self._plain(ARM, _U32.pack(nonce))

    def clear(self) -> bytes:
        return self._plain(CLEAR)

    def disarm(self) -> bytes:
        return self._plain(DISARM)

    def timesync(self, t1: int) -> bytes:
        """`t1` host time in ns."""
        return self._plain(TIMESYNC, _U64.pack(t1))

    def command(self, torque: Sequence[float], enable: bool, valid_ms: int) -> bytes:
        """Torque in N·m. Raises ValueError for what is not finite, too large for 32 bits, or not 1 to 3 joints; then
        the counter has not moved."""
        layout = _COMMANDS.get(len(torque))
        if layout is None:
            raise ValueError(f"{len(torque)} torques: the link carries 1 to {MOST_JOINTS}")
        for value in torque:
            if not isfinite(value):
                raise ValueError(f"torque {value} is not finite; nothing was sent")
        seq = (self.seq + 1) & 0xFFFF
        try:
            body = layout.pack(COMMAND, 0, seq, self.last_rx, valid_ms, enable, *torque)
        except OverflowError:
            raise ValueError(f"torque {tuple(torque)} is beyond the link's 32-bit floats; nothing was sent") from None
        self.seq = seq
        return _frame(body)


class Decoder:
    """Incremental: any split of the stream gives the same messages. Never raises, whatever comes.

    joints  how many a STATE must have; 0 (unknown) until a HELLO has told
    Counters: frames (accepted), bad_crc (damaged: CRC or COBS), bad_length, unknown (type), duplicates, out_of_order,
    gaps (frames missing between two that came), octets (all that was fed).
    """

    def __init__(self) -> None:
        self.joints = 0
        self.seq = -1  # of the newest frame accepted; -1 before the first
        self.frames = self.bad_crc = self.bad_length = self.unknown = 0
        self.duplicates = self.out_of_order = self.gaps = self.octets = 0
        self._rest = b""  # of a frame whose end has not come; bounded by LONGEST

    def feed(self, data: bytes) -> list[Message]:
        """Everything that `data` completes, in the order it came."""
        self.octets += len(data)
        parts = (self._rest + data).split(b"\0")
        self._rest = parts.pop()[:LONGEST]  # one byte more than may be: enough to know that it is too long
        messages = []
        for part in parts:
            if part:
                message = self._judge(part)
                if message is not None:
                    messages.append(message)
        return messages

    def _judge(self, part: bytes) -> Message | None:
        """One frame without its delimiter."""
        if len(part) >= LONGEST:
            self.bad_length += 1
            return None
        try:
            whole = cobs.decode(part)
        except cobs.DecodeError:
            self.bad_crc += 1
            return None
        size = len(whole) - _CRC
        if size < _HEADER:
            self.bad_length += 1
            return None
        body = whole[:size]
        if crc32(body) != _U32.unpack_from(whole, size)[0]:
            self.bad_crc += 1
            return None
        kind, _, seq, _ = _DEVICE_HEADER.unpack_from(body)
        if not self._in_order(kind, seq):
            return None
        if kind == FROM_DEVICE | COMMAND:
            message: Message | None = self._state(body, size)
        else:
            message = self._other(kind, body[_HEADER:])
        if message is not None:
            self.frames += 1
        return message

    def _in_order(self, kind: int, seq: int) -> bool:
        """A HELLO begins a new count, so does the first frame; else `seq` must be newer than the newest."""
        if self.seq >= 0 and kind != FROM_DEVICE | HELLO:
            ahead = (seq - self.seq) & 0xFFFF
            if ahead == 0:
                self.duplicates += 1
                return False
            if ahead > 0x8000:
                self.out_of_order += 1
                return False
            self.gaps += ahead - 1
        self.seq = seq
        return True

    def _state(self, body: bytes, size: int) -> State | None:
        layout = _STATES.get(size)
        if layout is None or (self.joints and size != _HEADER + 6 + 12 * self.joints):
            self.bad_length += 1
            return None
        _, _, seq, t_dev, ack, status, inputs, *values = layout.unpack(body)
        return State(seq, t_dev, ack, status, inputs, tuple(values[0::3]), tuple(values[1::3]), tuple(values[2::3]))

    def _other(self, kind: int, payload: bytes) -> Message | None:
        message: Message | None = None
        match kind - FROM_DEVICE, len(payload):
            case (0x01, size) if size == _HELLO.size or (size >= 2 and payload[0] != MAJOR):
                message = self._hello(payload)
            case (0x02, size) if 4 <= size <= 44:
                message = Piece(_U32.unpack_from(payload)[0], payload[4:])
            case (0x03, 3):
                message = Armed(*_ARMED.unpack(payload))
            case (0x04, 1):
                message = Cleared(payload[0])
            case (0x05, 0):
                message = Disarmed()
            case (0x06, 16):
                message = TimeSync(*_SYNC.unpack(payload))
            case (0x1F, 3):
                message = Fault(*_FAULT.unpack(payload))
            case (0x01 | 0x02 | 0x03 | 0x04 | 0x05 | 0x06 | 0x1F, _):
                self.bad_length += 1
            case _:
                self.unknown += 1
        return message

    def _hello(self, payload: bytes) -> Hello:
        """Of another major only the version is known: what follows it may mean anything."""
        if payload[0] != MAJOR:
            return Hello(payload[0], payload[1])
        fields = _HELLO.unpack(payload)
        identity = fields[-1].rstrip(b"\0").decode("ascii", "replace")
        hello = Hello._make((*fields[:-1], identity))
        self.joints = hello.joints if 1 <= hello.joints <= MOST_JOINTS else 0
        return hello
