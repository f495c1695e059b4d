"""A tiny device that speaks docs/link.md, and a bench that moves it, the clock and the bytes step by step.

Its codec is written anew here, from the document: what the driver sends is judged by other code than the driver's.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import termios
import tty
import zlib
from collections.abc import Callable

from cobs import cobs

from devices.link.device import LinkDevice
from devices.link.transport import Transport
from rehab.core.clock import ManualClock
from rehab.core.device import DeviceInfo, JointInfo, LinkInfo, SafeStop, info_to_json

STEP = 0.001  # s
PATIENCE_MS = 5000  # for the kernel to carry bytes through a pseudo-terminal
ARMED, FAULTED, WATCHDOG, TRIPPED = 1, 2, 4, 8


def arm_info(joints: int = 2, identity: str = "TEST-0001") -> DeviceInfo:
    joint = {"q_min": -1.0, "q_max": 2.5, "speed": 6.0, "torque": 20.0, "growth": 800.0, "damping": 0.5}
    return DeviceInfo(
        model="test_arm",
        identity=identity,
        firmware="test 1.0",
        kinematics="planar_2r" if joints == 2 else "single_joint",
        links=(LinkInfo(length=0.3, mass=1.0, centre=0.15, inertia=0.0075),) * joints,
        joints=tuple(JointInfo(name=f"joint {k + 1}", yield_damping=1.0, **joint) for k in range(joints)),
        base=(0.0, 0.0),
        home=(0.5,) * joints,
        safe_stop=SafeStop.TORQUE_OFF,
        holds_without_power=True,
        watchdog_s=0.02,
        period_s=STEP,
    )


def wire(body: bytes) -> bytes:
    return cobs.encode(body + struct.pack("<I", zlib.crc32(body))) + b"\0"


def unwire(frame: bytes) -> bytes:
    """The body of a good frame without its delimiter; AssertionError for any other."""
    whole = cobs.decode(frame)
    assert struct.unpack("<I", whole[-4:])[0] == zlib.crc32(whole[:-4])
    assert len(frame) <= 62
    return whole[:-4]


class Peer:
    """The device. `out` is what it has sent; everything a test wants to be wrong is an attribute."""

    def __init__(self, info: DeviceInfo | None = None) -> None:
        self.info = info or arm_info()
        self.major, self.minor, self.watchdog_ms, self.max_valid_ms, self.rate_hz = 1, 0, 20, 1000, 1000
        self.capabilities, self.nonce, self.joints = 1, 0x1000, self.info.n_joints
        self.hello_identity = self.info.identity.encode()
        self.text = info_to_json(self.info)
        self.text_crc: int | None = None  # None: the right one
        self.arm_result: int | None = None  # None: as it is
        self.clear_result = 0
        self.watchdog_bit = WATCHDOG
        self.deaf_to: set[int] = set()  # types it drops
        self.inputs = 0
        self.offset_us = 4_294_000_000  # wraps soon after the start
        self.skew = 0.0
        self.out = b""
        self.heard: list[tuple[int, int, bytes]] = []  # type, seq, whole body
        self.commands: list[tuple[bool, tuple[float, ...], int]] = []  # enable, torque, valid_ms
        self.seq, self.ack, self.host_seq = 7, 0, -1
        self.streaming = self.on = False
        self.status_fault = 0
        self.q = [0.5] * self.info.n_joints
        self.torque = [0.0] * self.info.n_joints
        self.now = 0.0  # s, true time
        self.expires = 0.0
        self.quiet_since = 0.0
        self.damaged = 0
        self._rest = b""

    @property
    def time_us(self) -> int:
        return round(self.offset_us + self.now * 1e6 * (1.0 + self.skew)) & 0xFFFFFFFF

    @property
    def status(self) -> int:
        return (ARMED if self.on else 0) | self.status_fault | self.watchdog_bit

    def send(self, kind: int, payload: bytes = b"", *, seq: int | None = None) -> None:
        if seq is None:
            self.seq = (self.seq + 1) & 0xFFFF
            seq = self.seq
        self.out += wire(struct.pack("<BBHI", kind, 0, seq, self.time_us) + payload)

    def send_state(self, *, seq: int | None = None) -> None:
        joints = b"".join(struct.pack("<3f", q, 0.0, t) for q, t in zip(self.q, self.torque, strict=True))
        self.send(0x90, struct.pack("<HHH", self.ack, self.status, self.inputs) + joints, seq=seq)

    def trip(self, code: int, bits: int) -> None:
        self.on, self.torque = False, [0.0] * len(self.torque)
        self.status_fault |= FAULTED | bits
        self.send(0x9F, struct.pack("<HB", self.status, code))

    def hear(self, data: bytes) -> None:
        *frames, self._rest = (self._rest + data).split(b"\0")
        for frame in filter(None, frames):
            try:
                body = unwire(frame)
            except (cobs.DecodeError, struct.error):
                self.damaged += 1
                continue
            kind, _, seq, _, valid_ms = struct.unpack_from("<BBHHH", body)
            self.heard.append((kind, seq, body))
            if kind not in self.deaf_to:
                self.quiet_since = self.now
                self._answer(kind, seq, valid_ms, body[8:])

    def _answer(self, kind: int, seq: int, valid_ms: int, payload: bytes) -> None:
        if kind == 0x01:
            self.on, self.torque, self.nonce = False, [0.0] * len(self.torque), self.nonce + 1
            self.streaming = self.major == 1
            crc = zlib.crc32(self.text) if self.text_crc is None else self.text_crc
            fields = (self.watchdog_ms, self.max_valid_ms, self.rate_hz, self.joints, self.capabilities)
            head = struct.pack("<BBI3H2B", self.major, self.minor, self.nonce, *fields)
            self.send(0x81, head + struct.pack("<II12s", len(self.text), crc, self.hello_identity))
        elif kind == 0x02:
            (offset,) = struct.unpack("<I", payload)
            self.send(0x82, payload + self.text[offset : offset + 40])
        elif kind == 0x03:
            result = self.arm_result
            if result is None:
                stale = struct.unpack("<I", payload)[0] != self.nonce
                result = 1 if stale else 2 if self.status_fault & FAULTED else 3 if self.inputs & 3 else 0
            if result == 0 and not self.on:
                self.on, self.expires = True, self.now + self.watchdog_ms * 1e-3
            self.send(0x83, struct.pack("<BH", result, self.watchdog_ms))
        elif kind == 0x04:
            if self.clear_result == 0:
                self.status_fault = 0
            self.send(0x84, bytes((self.clear_result,)))
        elif kind == 0x05:
            self.on, self.torque = False, [0.0] * len(self.torque)
            self.send(0x85)
        elif kind == 0x06:
            self.send(0x86, payload + struct.pack("<II", self.time_us, self.time_us))
        elif kind == 0x10:
            enable, *torque = struct.unpack(f"<B{len(self.torque)}f", payload)
            self.ack = seq
            self.commands.append((bool(enable), tuple(torque), valid_ms))
            if self.on:
                self.torque = torque if enable else [0.0] * len(torque)
                self.expires = self.now + min(valid_ms or self.watchdog_ms, self.max_valid_ms) * 1e-3

    def step(self) -> None:
        """One millisecond is over: judge the watchdog, stream."""
        if self.on and self.now >= self.expires:
            self.trip(1, TRIPPED)
        if self.now - self.quiet_since > 1.0:
            self.streaming = False
        if self.streaming:
            self.send_state()


def waiting(descriptor: int) -> int:
    """Bytes that can be read from it now."""
    return int(struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, b"\0" * 4))[0])


class SteppedTransport(Transport):
    """The real port; where the driver would wait, the bench makes one step."""

    def __init__(self, path: str, bench: Bench) -> None:
        super().__init__(path, discovery=lambda: ["/dev/ttyNONE0"])
        self.bench = bench
        self.taken = 0
        self.got = 0

    def read(self) -> bytes:
        data = super().read()
        self.got += len(data)
        return data

    def write(self, frame: bytes) -> bool:
        taken = super().write(frame)
        self.taken += len(frame) if taken else 0
        return taken

    def discard(self) -> None:
        super().discard()
        self.bench.forget()

    def wait(self, seconds: float) -> None:
        self.bench.tick()


class Bench:
    """A pseudo-terminal with the peer at its master end; nothing moves but by `tick`."""

    def __init__(self, peer: Peer | None = None) -> None:
        self.peer = peer or Peer()
        self.clock = ManualClock(5_000_000_000)
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        os.set_blocking(self.master, False)
        self.path = os.ttyname(self.slave)
        self.line: SteppedTransport | None = None
        self.spoil: Callable[[bytes], bytes] = lambda data: data  # what the line does to the device's bytes
        self.cut = False
        self.hears_at = 0.5  # where in the millisecond; in the middle the line is symmetric
        self._heard = self._sent = 0

    def device(self, **options: object) -> LinkDevice:
        return LinkDevice("serial:" + self.path, clock=self.clock, connect=self.connect, **options)  # type: ignore[arg-type]

    def connect(self, path: str) -> SteppedTransport:
        self.line = SteppedTransport(path, self)
        self._heard = self._sent = 0
        return self.line

    def tick(self) -> None:
        """One millisecond."""
        self.pass_time(STEP * self.hears_at)
        if not self.cut:
            self.peer.hear(self._from_host())
        self.pass_time(STEP * (1.0 - self.hears_at))
        self.peer.step()
        self.deliver()

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.peer.now += seconds

    def answer(self) -> None:
        """The peer hears and answers at once; no time passes."""
        self.peer.hear(self._from_host())
        self.deliver()

    def deliver(self) -> None:
        data, self.peer.out = self.spoil(self.peer.out), b""
        if not self.cut:
            self._to_host(data)

    def forget(self) -> None:
        """The host has discarded what the kernel had not handed to the master end yet."""
        if self.line is not None and not self.cut:
            self._heard = self.line.taken - waiting(self.master)

    def _from_host(self) -> bytes:
        data = b""
        while self.line is not None and self._heard < self.line.taken:
            ready = select.select([self.master], [], [], PATIENCE_MS / 1e3)[0]
            assert ready, "the host's bytes did not come through the pseudo-terminal"
            chunk = os.read(self.master, 4096)
            self._heard += len(chunk)
            data += chunk
        return data

    def _to_host(self, data: bytes) -> None:
        if self.line is None or not data:
            return
        unread = self._sent - self.line.got
        if unread + len(data) > 3000:  # nobody reads: a full buffer loses what is new
            return
        os.write(self.master, data)
        self._sent += len(data)
        poll = select.poll()
        for _ in range(PATIENCE_MS):
            if waiting(self.slave) >= unread + len(data):
                return
            poll.poll(1)
        raise AssertionError("the device's bytes did not come through the pseudo-terminal")

    def unplug(self) -> None:
        """As a cable pulled out: the master end is closed."""
        self.cut = True
        os.close(self.master)
        self.master = -1

    def close(self) -> None:
        for descriptor in (self.master, self.slave):
            if descriptor >= 0:
                os.close(descriptor)
