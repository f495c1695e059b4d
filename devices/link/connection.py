"""One open line: sends frames, takes in what comes, and keeps the newest of everything.

`pump` is the only place that reads the port. It neither blocks nor keeps what it made, so the loop may call it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from devices.link.clocksync import ClockSync, Unwrap32
from devices.link.codec import Decoder, Encoder
from devices.link.messages import Armed, Cleared, Fault, Hello, Message, Piece, State, TimeSync
from devices.link.statistics import LinkStatistics
from devices.link.transport import Line
from rehab.core.clock import Clock
from rehab.core.values import Inputs, Status

Answer = TypeVar("Answer")
Reply = TypeVar("Reply", Hello, Piece, Armed, Cleared, TimeSync)
SYNC_EVERY_NS = 20_000_000
_OLDEST_SYNC_NS = 1_000_000_000  # an answer later than this says nothing about now
_FAULTED = int(Status.FAULTED)
# bits that a later sample of the same drain must not hide: one frame of a pressed e-stop is a pressed e-stop
_STICKY_STATUS = int(
    Status.FAULTED
    | Status.WATCHDOG_TRIPPED
    | Status.OVER_TEMPERATURE
    | Status.BROWN_OUT
    | Status.ENCODER_ERROR
    | Status.INTERNAL_ERROR
)
_STICKY_INPUTS = int(Inputs.ESTOP_A | Inputs.ESTOP_B)


class Connection:
    """The conversation with one device.

    state        newest STATE, None before the first
    sequence     counts samples, the missing ones too; never goes back
    measured_ns  when it was measured, on the host's clock; never goes back, never in the future
    status, inputs        the newest bits
    seen_status, seen_inputs  faults and e-stops seen since somebody set these to 0
    hello        the newest answer to a HELLO of ours
    """

    def __init__(self, line: Line, clock: Clock) -> None:
        self.line = line
        self.encoder, self.decoder, self.sync = Encoder(), Decoder(), ClockSync()
        self.statistics = LinkStatistics(self.decoder, line, self.sync)
        self.state: State | None = None
        self.sequence = 0
        self.measured_ns = 0
        self.status = self.inputs = self.seen_status = self.seen_inputs = 0
        self.states = 0  # how many STATEs were taken in
        self.hello = Hello(0, 0)
        self.hellos_open = 0  # sent, and perhaps still to be answered
        self.fault_code = 0  # of the newest FAULT
        self.sync_open = False  # a TIMESYNC is under way
        self._clock = clock
        self._opened_ns = clock.now_ns()
        self._next_sync_ns = 0
        self._time = Unwrap32()
        self._last_seq = -1  # of the newest STATE, 16 bits; -1: begin anew
        self._others = 0  # frames of other types since then
        self._answers: dict[type[Message], Message] = {}  # newest of each type: at most seven entries

    def pump(self) -> int:
        """Take in all that has come. Returns the time (ns) at which it was taken. Raises DeviceLost."""
        data = self.line.read()
        now = self._clock.now_ns()
        if data:
            newest = None
            for message in self.decoder.feed(data):
                if type(message) is State:
                    newest = message
                    self._count(message.seq)
                    self._bits(message.status, message.inputs)
                else:
                    if type(message) is Hello and newest is not None:
                        self._sample(newest, now)  # its clock is that of before
                        newest = None
                    self._others += 1
                    self._hear(message, now)
            if newest is not None:
                self._sample(newest, now)
            if self.decoder.seq >= 0:
                self.encoder.last_rx = self.decoder.seq
        return now

    def _count(self, seq: int) -> None:
        """Frames of other types that came between two STATEs are no missing samples."""
        if self.states == 0:
            self.sequence = seq
        elif self._last_seq < 0:  # after a new HELLO the device may count anew
            self.sequence += 1
        else:
            self.sequence += ((seq - self._last_seq) & 0xFFFF) - self._others
        self._last_seq, self._others = seq, 0
        self.states += 1

    def _bits(self, status: int, inputs: int) -> None:
        self.status, self.inputs = status, inputs
        self.seen_status |= status & _STICKY_STATUS
        self.seen_inputs |= inputs & _STICKY_INPUTS

    def _sample(self, state: State, now: int) -> None:
        device_ns = self._time(state.t_dev) * 1000
        measured = self.sync.host_ns(device_ns) if self.sync.ready else now
        self.measured_ns = max(self.measured_ns, min(measured, now))
        if self.state is None or state.ack != self.state.ack:
            self.statistics.acknowledged(state.ack, now)
        self.state = state

    def _hear(self, message: Message, now: int) -> None:
        if type(message) is TimeSync:
            if self._opened_ns <= message.t1 <= now < message.t1 + _OLDEST_SYNC_NS:
                t2, t3 = self._time(message.t2) * 1000, self._time(message.t3) * 1000
                self.sync.add(message.t1, t2, t3, now)
        elif type(message) is Fault:
            self.fault_code = message.code
            self._bits(message.status | _FAULTED, self.inputs)
        elif type(message) is Hello:
            if self.hellos_open == 0:  # its nonce is not ours: ARM will be refused, as it must be
                self.statistics.foreign_hellos += 1
                return
            self.hellos_open -= 1
            self.hello = message
            self._time, self._last_seq = Unwrap32(), -1  # the device may have restarted
            self.sync.reset()
        self._answers[type(message)] = message

    def send(self, frame: bytes) -> bool:
        return self.line.write(frame)

    def sync_when_due(self, now: int) -> None:
        """TIMESYNC at 50 Hz."""
        if now >= self._next_sync_ns:
            self._next_sync_ns = now + SYNC_EVERY_NS
            self.send(self._timesync())
            self.sync_open = True

    def _timesync(self) -> bytes:
        return self.encoder.timesync(self._clock.now_ns())

    def greet(self) -> None:
        """One HELLO. The delimiter before it ends whatever a killed predecessor left half sent."""
        self.hellos_open += 1
        self.send(b"\0" + self.encoder.hello())

    # what follows waits: for opening and arming, never for the loop

    def until(
        self,
        done: Callable[[], Answer | None],
        within: float,
        *,
        say: Callable[[], bytes] | None = None,
        every: float = 0.1,
    ) -> Answer | None:
        """Send what `say` makes, again `every` so many s, till `done` gives something; None after `within` s."""
        now = self._clock.now_ns()
        deadline = now + round(within * 1e9)
        again = now if say else deadline
        while now < deadline:
            if say is not None and now >= again:
                self.send(say())
                again = now + round(every * 1e9)
            self.line.wait((min(again, deadline) - now) * 1e-9)
            self.pump()
            answer = done()
            if answer is not None:
                return answer
            now = self._clock.now_ns()
        return None

    def ask(
        self,
        say: Callable[[], bytes],
        kind: type[Reply],
        within: float,
        *,
        every: float = 0.1,
        fits: Callable[[Reply], bool] | None = None,
    ) -> Reply | None:
        """The answer of that kind, or None in time."""
        self._answers.pop(kind, None)

        def done() -> Reply | None:
            answer = self._answers.get(kind)
            return answer if isinstance(answer, kind) and (fits is None or fits(answer)) else None

        return self.until(done, within, say=say, every=every)

    def say_hello(self, within: float) -> Hello | None:
        """HELLO until it is answered."""

        def say() -> bytes:
            self.hellos_open += 1
            return b"\0" + self.encoder.hello()

        return self.ask(say, Hello, within)

    def measure_clock(self, exchanges: int, within: float) -> bool:
        """So many TIMESYNC exchanges in a row; False if one stays unanswered. No waiting for a loop is in them.

        Answers keep the order of what was asked: after them no HELLO of ours is under way any more.
        """
        for _ in range(exchanges):
            if self.ask(self._timesync, TimeSync, within) is None:
                return False
        self.hellos_open = 0
        return True

    def next_state(self, within: float) -> bool:
        """Wait for a STATE that has not been taken in yet."""
        before = self.states
        return self.until(lambda: self.states > before or None, within) is not None
