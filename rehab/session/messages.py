"""Typed commands to a running session and what comes back: JSON lines over a local socket, never pickle.

Every request carries an id that its acknowledgement repeats, and who asked. STOP wins over everything else of its tick.
"""

from __future__ import annotations

import select
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from rehab.core.person import PersonLayer
from rehab.protocol.plan import Plan


class Request(Struct, frozen=True, kw_only=True, tag_field="do"):
    """Something a window or a script asks of the session."""

    id: int = 0
    by: str = ""


class Prepare(Request, frozen=True, kw_only=True, tag="prepare"):
    """Load a plan: build its controllers and exercises. A script's own plug-ins travel as cloudpickle bytes."""

    plan: Plan
    plugins: tuple[str, ...] = ()
    after: int = 0  # trials of a session that this one goes on from: numbers continue there
    follows: str = ""  # and its id


class Arm(Request, frozen=True, kw_only=True, tag="arm"):
    """Power on: the deliberate act."""


class Start(Request, frozen=True, kw_only=True, tag="start"):
    """Begin the prepared plan."""


class Pause(Request, frozen=True, kw_only=True, tag="pause"):
    """Hold the arm softly where it is; exercise time stands still."""


class Resume(Request, frozen=True, kw_only=True, tag="resume"):
    """Go on, softly."""


class Stop(Request, frozen=True, kw_only=True, tag="stop"):
    """The device's safe stop, now."""


class Reset(Request, frozen=True, kw_only=True, tag="reset"):
    """Clear a latched fault; refused while its cause stands."""


class GoOn(Request, frozen=True, kw_only=True, tag="go_on"):
    """After a fault: soft start, and on with the next trial; `share` of the force and speed limits from here on."""

    share: float = 1.0


class GetOut(Request, frozen=True, kw_only=True, tag="get_out"):
    """After a fault: lead the limb to the safe exit pose, slowly, and let go."""


class SlowStretch(Request, frozen=True, kw_only=True, tag="slow_stretch"):
    """After a spasm: lead the limb very slowly back to where it began, hold it there, and let go."""


class Set(Request, frozen=True, kw_only=True, tag="set"):
    """Change a live parameter of the running controller or exercise (SI value), at the next tick."""

    name: str
    value: float


class Switch(Request, frozen=True, kw_only=True, tag="switch"):
    """The running block's own controller is another one from the next tick on: one of those prepared for it."""

    name: str


class Answer(Request, frozen=True, kw_only=True, tag="answer"):
    """The participant's answer to a question, or what somebody says unasked ("pain": 6). "continue" goes on."""

    name: str
    value: bool | int | float | str | None = None


class Steer(Request, frozen=True, kw_only=True, tag="steer"):
    """What somebody asks for at a window's keys: −1 … 1 in each task dimension. It counts for 200 ms, then fades: who
    holds a key says so again at least every 100 ms. Not acknowledged."""

    intent: tuple[float, ...]


class Mark(Request, frozen=True, kw_only=True, tag="mark"):
    """A moment to be found again in the record."""


class Note(Request, frozen=True, kw_only=True, tag="note"):
    """What somebody has noticed: ready words ("pain"), a text, or both. Into the record, with the trial."""

    chips: tuple[str, ...] = ()
    text: str = ""


class Skip(Request, frozen=True, kw_only=True, tag="skip"):
    """Leave the running trial out: it is aborted, and the next one comes."""


class Repeat(Request, frozen=True, kw_only=True, tag="repeat"):
    """A trial once more, now: the running one is broken off for it; between trials, the one that ended last."""


class Park(Request, frozen=True, kw_only=True, tag="park"):
    """The limb is out of the straps, says somebody who has looked. Nothing can be armed until `unpark`."""


class Unpark(Request, frozen=True, kw_only=True, tag="unpark"):
    """The same person is at the arm again, says somebody who has asked who it is."""


class Windowless(Request, frozen=True, kw_only=True, tag="windowless"):
    """Has the session lost its window? The supervisor's answer has an error, in words, when it has not."""


class End(Request, frozen=True, kw_only=True, tag="end"):
    """Disarm, close the recording, end all processes."""


class Trip(Request, frozen=True, kw_only=True, tag="trip"):
    """Latch a fault that was found outside the loop (rehab.core.safety.faults.Fault). From the supervisor only.

    action  name of the least step of the stop ladder (rehab.core.values.Action); "" for the fault's own
    """

    fault: int
    message: str
    action: str = ""


class Warn(Request, frozen=True, kw_only=True, tag="warn"):
    """Record that something was found which does not stop the arm yet. From the supervisor only."""

    fault: int
    message: str


class Beat(Request, frozen=True, kw_only=True, tag="beat"):
    """The window or the script is alive: every 100 ms. Goes no further than the supervisor; not acknowledged."""


class Attach(Request, frozen=True, kw_only=True, tag="attach"):
    """A window takes over a session whose own window is gone or hangs; answered with Ready or Refused."""


class Ack(Struct, frozen=True, tag="ack", tag_field="is"):
    """The answer to one request; `error` is "" when it was done, else words for a person."""

    id: int
    tick: int
    error: str = ""


class Ready(Struct, frozen=True, tag="ready", tag_field="is"):
    """The session stands: device open, loop running, recorder writing."""

    session: str
    folder: str
    ring: str
    snapshot: str


class Refused(Struct, frozen=True, tag="refused", tag_field="is"):
    """The session could not be opened. `kind` is the name of the error class."""

    kind: str
    message: str


class Lost(Struct, frozen=True, tag="lost", tag_field="is"):
    """A process of the session has died; `fault` is the id of the fault table."""

    process: str
    fault: int
    message: str
    reason: str = ""  # what was found, where there is more to say


class Ended(Struct, frozen=True, tag="ended", tag_field="is"):
    """The recording is closed; nothing more will come."""

    problem: str = ""


AfterFault = GoOn | GetOut | SlowStretch
Usual = Prepare | Arm | Start | Pause | Resume | Stop | Reset | Set | Switch | Answer | Steer | End
Beside = Mark | Note | Skip | Repeat | Park | Unpark
AnyRequest = Usual | Beside | AfterFault | Trip | Warn | Beat | Attach | Windowless
Powering = Prepare | Arm | AfterFault  # loads, or shakes hands with the device: the loop may be late by it
AnyReply = Ack | Ready | Refused | Lost | Ended
_encode = msgspec.json.Encoder().encode
_requests = msgspec.json.Decoder(AnyRequest)
_replies = msgspec.json.Decoder(AnyReply)
MOST = 4 << 20  # bytes of one line: a plan with its source and a script's plug-ins


class Line:
    """One end of a connection that carries JSON lines. `receive` never blocks; `send` waits until the line is taken, at
    most `patience` s, and may be called from several threads."""

    def __init__(self, connection: socket.socket, patience: float = 2.0) -> None:
        self.connection = connection
        self.open = True
        self._patience = patience
        self._sending = threading.Lock()
        self._pending = bytearray()
        connection.setblocking(False)

    def fileno(self) -> int:
        return self.connection.fileno()

    def send(self, message: Struct) -> None:
        """Send one message. An end that takes nothing only sets `open` to False; that a dead one is gone is found by
        whoever reads, after its last words."""
        data = memoryview(_encode(message) + b"\n")
        until = time.monotonic() + self._patience
        with self._sending:
            try:
                while data:
                    try:
                        data = data[self.connection.send(data) :]
                    except BlockingIOError:
                        left = until - time.monotonic()
                        if left <= 0.0 or not select.select([], [self.connection], [], left)[1]:
                            raise TimeoutError from None
            except ConnectionError:
                pass
            except (OSError, ValueError):  # ValueError: closed meanwhile
                self.open = False

    def lines(self) -> list[bytes]:
        """Complete lines that have come. Without any this is one system call."""
        try:
            data = self.connection.recv(65536)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        if not data:
            self.open = False
            return []
        self._pending += data
        if len(self._pending) > MOST:
            self.open = False
            return []
        *complete, rest = bytes(self._pending).split(b"\n")
        self._pending = bytearray(rest)
        return complete

    def requests(self) -> list[AnyRequest]:
        """Requests that have come; one that is malformed is dropped (its sender gets no acknowledgement)."""
        return [message for line in self.lines() if (message := _decoded(_requests, line)) is not None]

    def replies(self) -> list[AnyReply]:
        return [message for line in self.lines() if (message := _decoded(_replies, line)) is not None]

    def close(self) -> None:
        self.open = False
        self.connection.close()


def _decoded(decoder: Any, line: bytes) -> Any:
    try:
        return decoder.decode(line)
    except msgspec.MsgspecError:
        return None


class Description(Struct, frozen=True, kw_only=True):
    """What the processes of one session are told at their start."""

    session: str
    run: str  # folder of the shared files
    folder: str  # folder of the recording
    device: str  # address
    patient: str | None = None  # preset of a virtual patient, or the path of its file
    patient_source: str = ""  # and the file's text, for the record
    seed: int = 0
    faults: str | None = None  # path of a fault script, for simulated devices and emulators only
    faults_source: str = ""  # and its text, for the record
    site_limits: dict[str, float] = {}
    self_test: float = 2.0  # s
    role: str = "script"  # script or gui: what happens when it dies
    person: PersonLayer | None = None  # whose session it is: pseudonym and limits of the clinic's file
    inputs: tuple[str, ...] = ()  # what the inputs process reads, SCHEME:WHERE,name=value
    inputs_told: tuple[str, ...] = ()  # all that the user commands with, as it is recorded: without folders
    inputs_source: str = ""  # and the text of the scripts among them
    pedal: bool = False  # people rely on one of them to stop
    allow: tuple[str, ...] = ()  # what the site allows hardware to be armed without

    def about_person(self) -> dict[str, str]:
        """For the record: the pseudonym, when it is somebody's."""
        return {"person": self.person.patient} if self.person is not None else {}

    @property
    def patient_name(self) -> str | None:
        """As it is shown and recorded: a recording names no folders."""
        return self.patient and Path(self.patient).name


def description_from(line: Line) -> Description:
    """The description is the first line; wait for it, byte by byte so that nothing behind it is taken."""
    line.connection.setblocking(True)
    text = b""
    while not text.endswith(b"\n"):
        byte = line.connection.recv(1)
        if not byte:
            sys.exit(0)
        text += byte
    line.connection.setblocking(False)
    return msgspec.json.decode(text, type=Description)
