"""The driver of our own serial link (docs/link.md): any device, emulated or real, that speaks it."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

from devices.link import handshake
from devices.link.connection import Connection
from devices.link.messages import Armed, Cleared, Hello, Piece
from devices.link.ports import Discovery, serial_ports
from devices.link.statistics import LinkStatistics
from devices.link.transport import Line, Transport
from rehab.core.clock import Clock, MonotonicClock
from rehab.core.device import DeviceInfo
from rehab.core.errors import DeviceLost, DeviceRefused
from rehab.core.limits import BUILTIN
from rehab.core.values import Command, Sample, Status

SCHEME = "serial:"
ANSWER = 1.0  # s: for a device that is known to be awake
FRESH = 0.2  # s without a STATE: the stream has ended
EXCHANGES = 8  # of TIMESYNC at opening
ARM_ROUNDS = 3  # CLEAR and ARM: a lost answer trips the watchdog of a device that is armed already
DISARM_AGAIN_NS = 10_000_000  # while it still says armed
SILENT_NS, HELLO_AGAIN_NS = 1_500_000_000, 500_000_000  # without a STATE while not armed; the device waits after 1 s
_ARMED, _WATCHDOG, _FAULTED = int(Status.ARMED), int(Status.WATCHDOG_ON), int(Status.FAULTED)
_LATCHED = int(Status.FAULTED | Status.WATCHDOG_TRIPPED)


class LinkDevice:
    """A device on a serial port that speaks our own link.

    address         "serial:/dev/ttyACM0" or the bare path
    watchdog_limit  s, the slowest watchdog that is accepted: the session's limit of that name
    answer_within   s, how long a device may take to answer HELLO; opening resets many boards
    connect         opens the port; tests put their own line here
    `link` (LinkStatistics) is valid after `open`.
    """

    info: DeviceInfo
    link: LinkStatistics

    def __init__(
        self,
        address: str,
        *,
        clock: Clock | None = None,
        baud: int = 921600,
        watchdog_limit: float = BUILTIN["watchdog"].default,
        answer_within: float = 3.0,
        connect: Callable[[str], Line] | None = None,
    ) -> None:
        self.port = address.removeprefix(SCHEME)
        self._clock = clock or MonotonicClock()
        self._watchdog_limit = watchdog_limit
        self._answer_within = answer_within
        self._connect = connect or (lambda path: Transport(path, baud=baud))
        self._connection: Connection | None = None
        self._armed = False  # by us: before that nothing is sent that could move anything
        self._disarm_again_ns = self._hello_again_ns = 0
        self._greeted: Hello | None = None  # whom `open` found
        self._woken = False  # a HELLO went out that nobody has looked at the answer of
        self._zeros: tuple[float, ...] = ()

    @classmethod
    def addresses(cls, discovery: Discovery = serial_ports) -> list[str]:
        """What `--device` could name on this machine now, sorted."""
        return sorted(SCHEME + port for port in discovery())

    # opening

    def open(self) -> None:
        """HELLO, description, clock, first sample. Raises DeviceRefused, and the port is closed then."""
        if self._connection is not None:
            return
        line = self._connect(self.port)
        try:
            connection = Connection(line, self._clock)
            hello = self._greet(connection)
            self.info = handshake.described(self.port, hello, self._description(connection, hello))
            self._settle(connection)
        except DeviceLost as error:
            line.close()
            raise DeviceRefused(f"{self.port} went away while it was opened: {error}") from error
        except BaseException:
            line.close()
            raise
        self._zeros = (0.0,) * self.info.n_joints
        self._armed = self._woken = False
        self._greeted = hello
        self._connection, self.link = connection, connection.statistics

    def _greet(self, connection: Connection) -> Hello:
        hello = connection.say_hello(self._answer_within)
        if hello is None:
            raise handshake.silence(self.port, self._answer_within, connection.decoder)
        handshake.check_version(self.port, hello)
        handshake.check_hello(self.port, hello)
        return hello

    def _description(self, connection: Connection, hello: Hello) -> bytes:
        text = b""
        while len(text) < hello.describe_length:
            offset = len(text)
            piece = connection.ask(
                lambda at=offset: connection.encoder.describe(at),  # type: ignore[misc]
                Piece,
                ANSWER,
                every=0.05,
                fits=lambda answer, at=offset: answer.offset == at,  # type: ignore[misc]
            )
            if piece is None or not piece.data:
                raise DeviceRefused(
                    f"{self.port} did not give its description beyond byte {offset} of {hello.describe_length}; "
                    "is the line disturbed? Try another cable, or open it anew"
                )
            text += piece.data
        return text[: hello.describe_length]

    def _settle(self, connection: Connection) -> None:
        if not connection.measure_clock(EXCHANGES, ANSWER):
            raise DeviceRefused(f"{self.port} does not answer TIMESYNC: the age of its samples would be unknown")
        if not connection.next_state(ANSWER):
            raise DeviceRefused(f"{self.port} answers, but streams no samples")

    # arming

    def arm(self) -> None:
        """Power on, with the torque still zero; after a fault CLEAR comes first. Raises DeviceRefused in words.

        The first `write` must follow within `watchdog_limit` (or the device's own bound, if that is shorter).
        """
        connection = self._connection
        if connection is None:
            raise DeviceRefused(f"{self.port} is not open; open it before it is armed")
        try:
            self._arm(connection)
        except DeviceLost as error:
            raise DeviceRefused(str(error)) from error

    def _arm(self, connection: Connection) -> None:
        connection.pump()
        if self._woken or not connection.next_state(FRESH):
            self._greet_again(connection)
        answer = self._clear_and_arm(connection)
        try:
            handshake.check_watchdog(self.port, answer.watchdog_ms, self._watchdog_limit)
            self._confirm(connection)
        except DeviceRefused:
            self.disarm()
            raise
        self._armed = True
        connection.seen_status = connection.seen_inputs = 0  # what was latched before is cleared
        connection.send(self._idle(connection))

    def _greet_again(self, connection: Connection) -> None:
        """The stream has ended: the device restarted, or nobody spoke to it for a second. It must still be the same."""
        before, hello = self._greeted, self._greet(connection)
        assert before is not None  # open has set it
        if (hello.identity, hello.describe_crc, hello.joints) != (before.identity, before.describe_crc, before.joints):
            raise DeviceRefused(f"F10 another device is on {self.port} now ({hello.identity}); open it anew")
        self._settle(connection)
        self._woken = False

    def _wake(self, connection: Connection, now: int) -> None:
        """Nobody spoke to it for a second (a loop that was loading a plan), or it restarted: it waits for HELLO, and
        its samples are wanted before anybody arms. Not waited for; before arming it is greeted anew and looked at."""
        if now - connection.measured_ns > SILENT_NS and now >= self._hello_again_ns:
            self._hello_again_ns, self._woken = now + HELLO_AGAIN_NS, True
            connection.greet()

    def _clear_and_arm(self, connection: Connection) -> Armed:
        def say() -> bytes:
            # the idle command in the same breath keeps the device armed till its answer has come and been looked at
            return connection.encoder.arm(connection.hello.nonce) + self._idle(connection)

        answer = None
        for _ in range(ARM_ROUNDS):
            if connection.status & _FAULTED:
                self._clear(connection)
            answer = connection.ask(say, Armed, ANSWER, every=0.03)
            if answer is None:
                raise DeviceRefused(f"{self.port} did not answer ARM within {ANSWER:g} s")
            if answer.result == 0:
                return answer
            if answer.result != 2:
                break
            connection.status |= _FAULTED
        assert answer is not None
        raise handshake.not_armed(self.port, answer, connection.status, connection.inputs)

    def _clear(self, connection: Connection) -> None:
        answer = connection.ask(connection.encoder.clear, Cleared, ANSWER)
        if answer is None:
            raise DeviceRefused(f"{self.port} did not answer CLEAR within {ANSWER:g} s")
        if answer.result != 0:
            raise handshake.not_cleared(self.port, connection.status, connection.inputs)
        connection.status &= ~_LATCHED  # the next STATE will say so too

    def _confirm(self, connection: Connection) -> None:
        """The stream itself must say: armed, watchdog running."""
        wanted = _ARMED | _WATCHDOG
        confirmed = connection.until(
            lambda: (connection.status & wanted) == wanted or None,
            FRESH,
            say=lambda: self._idle(connection),
            every=0.005,
        )
        if confirmed is None:
            what = "that its watchdog runs" if connection.status & _ARMED else "that it is armed"
            raise DeviceRefused(f"{self.port} accepted ARM, but its samples do not say {what}; it was disarmed again")

    def _idle(self, connection: Connection) -> bytes:
        return connection.encoder.command(self._zeros, False, _milliseconds(self._watchdog_limit))

    # the loop's two

    def read(self) -> Sample:
        """The newest sample; with nothing new the last one, older. Raises DeviceLost."""
        connection = self._opened()
        now = connection.pump()
        connection.sync_when_due(now)
        if not self._armed and connection.status & _ARMED and now >= self._disarm_again_ns:
            self._send_disarm(connection)  # the first one was lost
        if not self._armed:
            self._wake(connection, now)
        status = connection.status | connection.seen_status
        inputs = connection.inputs | connection.seen_inputs
        connection.seen_status = connection.seen_inputs = 0
        state, measured = connection.state, connection.measured_ns
        assert state is not None  # open ends with the first one
        age = (now - measured) * 1e-9
        damaged = connection.decoder.bad_crc
        return Sample(
            measured * 1e-9, connection.sequence, age, state.q, state.qd, state.tau, (), status, inputs, damaged
        )

    def write(self, command: Command) -> None:
        """One COMMAND, never waited for. While not armed, zero torque with the power stage off, whatever is asked.

        Raises ValueError for what is not finite or has another number of joints, DeviceLost.
        """
        connection = self._opened()
        torque = command.torque
        if len(torque) != len(self._zeros):
            raise ValueError(f"{len(torque)} torques for {len(self._zeros)} joints; nothing was sent")
        for value in torque:
            if not isfinite(value):
                raise ValueError(f"torque {value} is not finite; nothing was sent")
        if not isfinite(command.valid_for):
            raise ValueError(f"valid_for {command.valid_for} is not finite; nothing was sent")
        follow = command.enable and self._armed
        frame = connection.encoder.command(torque if follow else self._zeros, follow, _milliseconds(command.valid_for))
        if connection.send(frame):
            connection.statistics.sent(connection.encoder.seq, self._clock.now_ns())
        if connection.sync_open:  # an answer seen now, not in the next tick, makes a better clock
            connection.sync_open = False
            connection.pump()

    def _opened(self) -> Connection:
        if self._connection is None:
            raise DeviceLost(f"{self.port} is not open")
        return self._connection

    # the way out

    def disarm(self) -> None:
        """DISARM now, past everything that still waits in the port; repeated by `read` while the device says armed."""
        self._armed = False
        if self._connection is None:
            return
        try:
            self._send_disarm(self._connection)
        except DeviceLost:  # then its own watchdog has done it
            return

    def _send_disarm(self, connection: Connection) -> None:
        self._disarm_again_ns = self._clock.now_ns() + DISARM_AGAIN_NS
        connection.line.discard()  # no torque that still waits in the port may come before it
        connection.send(b"\0" + connection.encoder.disarm())  # the delimiter ends what was cut by that

    def close(self) -> None:
        """Disarm and give the port back."""
        self.disarm()
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.line.close()


def _milliseconds(seconds: float) -> int:
    """As the wire carries it: 0 would mean the device's own choice."""
    return min(max(round(seconds * 1e3), 1), 0xFFFF)
