"""A device on our link as a state machine: bytes and device time in, bytes out. No I/O and no clock of its own.

    DISARMED ──ARM (nonce of the last HELLO)──▶ ARMED ──watchdog, e-stop, NaN──▶ FAULT (latched) ──CLEAR──▶ DISARMED

Time is device time in whole µs and never wraps here; on the wire it is cut to 32 bits. The power stage holds one torque
from one step to the next, as a firmware's does: what arrives is followed from the next judgement on, and the torque of
the step from t to t + period was judged at t. What takes torque away (DISARM, enable 0, e-stop, NaN) acts at once.
docs/link.md is the specification; where it leaves a choice, the choice is said here.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from math import copysign, inf, isfinite, isnan
from typing import Any, NamedTuple, Protocol
from zlib import crc32

import msgspec

from rehab.core.device import DeviceInfo, info_to_json
from rehab.core.errors import BadInput
from rehab.core.limits import BUILTIN
from rehab.core.values import Floats, Inputs, Status
from sim.emulators.codec import PIECE, Codec, Counts, Deframer, HostFrame, Kind
from sim.injection import Injection

PROTOCOL = (1, 0)  # major, minor
IDENTITY_SIZE = 12  # bytes of ASCII in HELLO
SIMULATION = 1  # capability bit 0
SILENCE_US = 1_000_000  # without a valid frame for this long, nobody is there
LARGEST = 3.4028234e38  # of binary32
ESTOP = int(Inputs.ESTOP_A | Inputs.ESTOP_B)  # one channel alone (a broken wire) counts as pressed
BROWN_OUT_BIT = int(Status.BROWN_OUT)
# plain integers: each | of two flags costs a microsecond
ARMED_BIT, FAULTED_BIT, WATCHDOG_BIT, TRIPPED_BIT, INTERNAL_BIT = (
    int(bit)
    for bit in (Status.ARMED, Status.FAULTED, Status.WATCHDOG_ON, Status.WATCHDOG_TRIPPED, Status.INTERNAL_ERROR)
)

WATCHDOG, EMERGENCY_STOP, NON_FINITE, INTERNAL = 1, 2, 3, 4  # codes of FAULT
ARMED, WRONG_NONCE, FAULT_LATCHED, ESTOP_PRESSED, NO_WATCHDOG = range(5)  # results of ARM


class Body(Protocol):
    """What the power stage moves: the robot's plant with the limb in it."""

    @property
    def q(self) -> Floats: ...

    @property
    def qd(self) -> Floats: ...

    def step(self, torque: Floats, dt: float) -> None: ...


class PlantStep(NamedTuple):
    """One step of the plant for the black box; times in device µs."""

    begin: int
    command: int  # number of the last valid command, from 1; 0 before the first
    received: int  # when it was received
    expires: int  # until when torque is allowed; 0 while disarmed
    armed: bool
    torque: Floats  # N·m that moved the plant during the step


class EmulatedDevice:
    """One device. `receive`, `advance`, `set_inputs` give the bytes to send, which may be none.

    info        the facts it describes itself with; a watchdog of 0 s makes ARM refuse
    body        what it moves
    nonce       source of the numbers that HELLO carries; random 32 bits unless told
    protocol    (major, minor) it speaks, for tests of refusal
    max_valid_s the longest `valid_ms` it follows; the most that a site may set as watchdog unless told
    time_us     device time at power-up
    faults      a fault script at work on what it measures and tells, on its inputs and its supply
    """

    def __init__(
        self,
        info: DeviceInfo,
        body: Body,
        *,
        nonce: Callable[[], int] = lambda: secrets.randbits(32),
        protocol: tuple[int, int] = PROTOCOL,
        max_valid_s: float = BUILTIN["watchdog"].most,
        time_us: int = 0,
        faults: Injection | None = None,
    ) -> None:
        if not info.identity.isascii() or len(info.identity) > IDENTITY_SIZE:
            raise BadInput(f'identity "{info.identity}": at most {IDENTITY_SIZE} ASCII characters fit into HELLO')
        self.info = msgspec.structs.replace(info, simulated=True)
        self.body = body
        self.protocol = protocol
        self.time_us = time_us  # of the last judgement
        self.counts = Counts()
        self.pressed = 0  # bits of rehab.core.values.Inputs, as somebody presses them
        self.inputs = 0  # and as they arrive at the device
        self.conditions = 0  # bits 4 to 7 of the status: what is wrong with the device itself, a standing cause
        self.armed = False
        self.streaming = False
        self.torque: Floats = (0.0,) * info.n_joints  # held by the power stage until the next judgement
        self.commands = 0  # valid ones, while armed
        self.received_us = 0  # when the last of them came
        self.expires_us = 0
        self._faults = faults
        self._zero = self.torque
        self._period_s = info.period_s
        self._wanted = self._zero
        self._most = tuple(joint.torque for joint in info.joints)
        self._faulted = self._tripped = False
        self._codec, self._deframer = Codec(info.n_joints), Deframer(self.counts)
        self._fresh_nonce, self._nonce = nonce, -1
        self._watchdog_ms = round(info.watchdog_s * 1e3)
        self._max_valid_ms = round(max_valid_s * 1e3)
        self._description = info_to_json(self.info)
        self._sent = 0  # the device's own sequence: goes on for as long as it has power
        self._seq = 0  # newest sequence number of the host
        self._ack = 0
        self._heard_us = time_us
        self._out = bytearray()
        self._answers: dict[Kind, Callable[[HostFrame, int], None]] = {
            Kind.DESCRIBE: self._describe,
            Kind.ARM: self._arm,
            Kind.CLEAR: self._clear,
            Kind.DISARM: self._disarm,
            Kind.TIMESYNC: self._timesync,
            Kind.COMMAND: self._command,
        }

    # --- what goes in -------------------------------------------------------------------------------------------

    def receive(self, data: bytes, now_us: int) -> bytes:
        """Everything that has arrived by now. Never judges expiry: that is done when the input is drained."""
        for body in self._deframer.feed(data):
            frame = self._codec.from_host(body)
            if frame is None:
                self.counts.dropped += 1
            elif frame.kind is Kind.HELLO:
                self._hello(frame, now_us)
            elif self.streaming and self._in_sequence(frame.seq):
                self._heard_us = now_us
                self._answers[frame.kind](frame, now_us)
        return self._take()

    def set_inputs(self, inputs: int, now_us: int) -> bytes:
        """The digital inputs as they now are. A pressed e-stop latches a fault, armed or not, and acts at once."""
        self.pressed = inputs
        if self._faults is None:  # else they go through the script, which is looked at once a period
            self.inputs = inputs
            if inputs & ESTOP:
                self._fault(EMERGENCY_STOP, now_us)
        return self._take()

    def _disturb(self, faults: Injection, now_us: int) -> None:
        """What a fault script does to the device itself: wires to its inputs, its supply, the limb in it."""
        faults.step(now_us)
        self.inputs = faults.pins(now_us, self.pressed)
        if self.inputs & ESTOP:
            self._fault(EMERGENCY_STOP, now_us)
        if faults.supply:
            self.conditions &= ~BROWN_OUT_BIT
            if not faults.powered(now_us):
                self.conditions |= BROWN_OUT_BIT

    def advance(self, to_us: int) -> bytes:
        """Move the plant by one period, up to `to_us`, with the torque held; then judge what holds from there on."""
        try:
            self.body.step(self.torque, self._period_s)
        except ValueError:  # it refuses what is not finite: the limb's force can be
            self.conditions |= INTERNAL_BIT
        if not all(-LARGEST < value < LARGEST for value in (*self.body.q, *self.body.qd)):
            self.conditions |= INTERNAL_BIT
        if self._faults is not None:
            self._disturb(self._faults, to_us)
        self.judge(to_us)
        return self._take()

    def judge(self, now_us: int) -> None:
        """What the power stage holds from now on. Also called alone, when time has passed without the plant."""
        self.time_us = now_us
        if self.conditions:
            self._fault(INTERNAL, now_us)
        if self.armed and now_us >= self.expires_us:
            self._tripped = True
            self._fault(WATCHDOG, now_us)
        self.torque = self._wanted if self.armed else self._zero
        if self.streaming and now_us - self._heard_us >= SILENCE_US:
            self.streaming = False
            self._power_off()
            self._nonce = -1

    # --- what comes out -----------------------------------------------------------------------------------------

    @property
    def status(self) -> int:
        """Bits of rehab.core.values.Status. Bit 2 says that there is a watchdog; it counts from ARM on."""
        return (
            self.conditions
            | self.armed * ARMED_BIT
            | self._faulted * FAULTED_BIT
            | (self._watchdog_ms > 0) * WATCHDOG_BIT
            | self._tripped * TRIPPED_BIT
        )

    def state(self) -> bytes:
        """The STATE of the last step; nothing while nobody listens."""
        if not self.streaming:
            return b""
        q, qd, tau, status, measured = self.body.q, self.body.qd, self.torque, self.status, self.time_us
        faults = self._faults
        if faults is not None:
            q, qd, tau = (
                faults.vector(*of) for of in (("q", measured, q), ("qd", measured, qd), ("tau", measured, tau))
            )
            status = faults.number("status", measured, status)
            measured = round(faults.number("time", measured, measured * 1e-6) * 1e6)
        joints = [value for joint in zip(q, qd, tau, strict=True) for value in joint]
        if self.conditions or faults is not None:
            joints = [_f32(value) for value in joints]
        self._send(Kind.STATE, self._ack, status, self.inputs, *joints, now_us=measured)
        return self._take()

    def step_now(self) -> PlantStep:
        """What the black box keeps of the step that `advance` would make now."""
        return PlantStep(self.time_us, self.commands, self.received_us, self.expires_us, self.armed, self.torque)

    def _send(self, kind: Kind, *fields: Any, now_us: int, piece: bytes = b"") -> None:
        self._sent += 1
        self._out += self._codec.device_frame(kind, *fields, seq=self._sent, t_us=now_us, piece=piece)

    def _take(self) -> bytes:
        if not self._out:
            return b""
        out = bytes(self._out)
        self._out.clear()
        return out

    # --- power stage --------------------------------------------------------------------------------------------

    def _power_off(self) -> None:
        self.armed = False
        self.expires_us = 0
        self.torque = self._wanted = self._zero

    def _fault(self, code: int, now_us: int) -> None:
        """Torque off and latched. Only the first fault is told; the bits of STATE tell the rest."""
        self._power_off()
        if self._faulted:
            return
        self._faulted = True
        if self.streaming:
            self._send(Kind.FAULT, self.status, code, now_us=now_us)

    # --- messages -----------------------------------------------------------------------------------------------

    def _in_sequence(self, seq: int) -> bool:
        ahead = (seq - self._seq) & 0xFFFF
        if ahead == 0:
            self.counts.duplicates += 1
            return False
        if ahead > 0x8000:
            self.counts.out_of_order += 1
            return False
        self.counts.missing += ahead - 1
        self.counts.frames += 1
        self._seq = seq
        return True

    def _hello(self, frame: HostFrame, now_us: int) -> None:
        """Accepted whatever its sequence number: with it the host's count begins anew. Faults stay latched."""
        self._power_off()
        self._nonce = self._fresh_nonce() & 0xFFFFFFFF
        self._seq, self._ack, self._heard_us = frame.seq, 0, now_us
        self.counts.frames += 1
        self.streaming = frame.fields[0] == self.protocol[0]
        self._send(
            Kind.HELLO,
            *self.protocol,
            self._nonce,
            self._watchdog_ms,
            self._max_valid_ms,
            round(1.0 / self.info.period_s),
            self.info.n_joints,
            SIMULATION,
            len(self._description),
            crc32(self._description),
            self.info.identity.encode("ascii"),
            now_us=now_us,
        )

    def _describe(self, frame: HostFrame, now_us: int) -> None:
        (offset,) = frame.fields
        self._send(Kind.DESCRIBE, offset, now_us=now_us, piece=self._description[offset : offset + PIECE])

    def _arm(self, frame: HostFrame, now_us: int) -> None:
        """Arming what is armed changes nothing: only a COMMAND feeds the watchdog."""
        if frame.fields[0] != self._nonce:
            result = WRONG_NONCE
        elif self.inputs & ESTOP:
            result = ESTOP_PRESSED
        elif self._faulted:
            result = FAULT_LATCHED
        elif not self._watchdog_ms:
            result = NO_WATCHDOG
        else:
            result = ARMED
            if not self.armed:
                self.armed = True
                self.expires_us = now_us + self._watchdog_ms * 1000
                if self._faults is not None:
                    self._faults.arm(now_us)
        self._send(Kind.ARM, result, self._watchdog_ms, now_us=now_us)

    def _clear(self, frame: HostFrame, now_us: int) -> None:
        standing = bool(self.inputs & ESTOP) or bool(self.conditions)
        if not standing:
            self._faulted = self._tripped = False
        self._send(Kind.CLEAR, int(standing), now_us=now_us)

    def _disarm(self, frame: HostFrame, now_us: int) -> None:
        self._power_off()
        self._send(Kind.DISARM, now_us=now_us)

    def _timesync(self, frame: HostFrame, now_us: int) -> None:
        self._send(Kind.TIMESYNC, frame.fields[0], now_us & 0xFFFFFFFF, now_us & 0xFFFFFFFF, now_us=now_us)

    def _command(self, frame: HostFrame, now_us: int) -> None:
        enable, *torque = frame.fields
        if enable > 1:
            self.counts.dropped += 1
            return
        if not self.armed:
            self._ack = frame.seq
            return
        if not all(map(isfinite, torque)):
            self._fault(NON_FINITE, now_us)
            return
        self._ack = frame.seq
        self.commands += 1
        self.received_us = now_us
        self.expires_us = now_us + min(frame.valid_ms or self._watchdog_ms, self._max_valid_ms) * 1000
        if enable:  # a motor gives no more than it has
            self._wanted = tuple(max(-most, min(most, value)) for value, most in zip(torque, self._most, strict=True))
        else:
            self.torque = self._wanted = self._zero


def _f32(value: float) -> float:
    """What binary32 can carry: beyond its range, infinity."""
    return float(value) if abs(value) < LARGEST or isnan(value) else copysign(inf, value)
