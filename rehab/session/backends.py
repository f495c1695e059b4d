"""Where a session runs: in processes of its own (real time), or in the calling process (simulated clock)."""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Protocol

import msgspec

from rehab.core import errors
from rehab.core.clock import ManualClock
from rehab.core.device import DeviceInfo
from rehab.core.errors import DeviceLost, NotNow, RehabError
from rehab.core.intent import Word
from rehab.core.kinematics import kinematics_of
from rehab.protocol.plan import Plan
from rehab.realtime import shm
from rehab.realtime import snapshot as snapshots
from rehab.realtime.pacing import Pacer
from rehab.realtime.ring import SIZE, RingReader, RingWriter
from rehab.realtime.snapshot import SnapshotReader, SnapshotWriter
from rehab.record.recorder import Recorder
from rehab.session import messages
from rehab.session.control import open_device
from rehab.session.loop import Loop
from rehab.session.sources import Sources

ANSWER = 10.0  # s within which a request is acknowledged
CLOSING = 360.0  # s for everything to end: more than the supervisor gives the recorder
LOOK = 0.005  # s between looks at the ring
PLAN = "plan.json"


class Backend(Protocol):
    """What a Session needs of the place where it runs."""

    ring: RingReader
    snapshot: SnapshotReader
    lost: messages.Lost | None
    plan: Plan | None  # the one that was prepared last; outlives the window that prepared it

    def ask(self, request: messages.AnyRequest) -> None:
        """Have it done. Raises NotNow with the reason when it was refused."""
        ...

    def stop(self, request: messages.Stop) -> None:
        """The safe stop, without waiting for anything that is under way. From any thread."""
        ...

    def listen(self) -> None:
        """Take note of what the session's processes have said, without waiting."""
        ...

    def advance(self) -> None:
        """Let a little time pass: until something happened, or a few milliseconds."""
        ...

    def beat(self) -> None:
        """Say that whoever is in charge is alive. From any thread."""
        ...

    def steer(self, request: messages.Steer) -> None:
        """What somebody asks for at the keys, without waiting."""
        ...

    def close(self) -> str:
        """End everything; "" or what went wrong with the recording. May be called again."""
        ...


class InProcess:
    """The same loop, stepped by the caller with a simulated clock: deterministic, faster than real time.

    Simulated time stands still while the caller works; the recorder is drained here, so nothing is ever dropped.
    """

    DRAIN = 1000  # ticks

    def __init__(self, description: messages.Description, about: dict[str, Any]) -> None:
        clock = ManualClock()
        device = open_device(description, clock)
        memory = shm.anonymous(SIZE)
        writer, glass = RingWriter(memory), shm.anonymous(snapshots.SIZE)
        certificate = {"clock": "simulated"}
        self._sources = _opened(description, device.info)
        listen = self._listen if self._sources is not None else None
        self._loop = Loop(device, clock, writer, SnapshotWriter(glass), description, certificate, listen)
        self._pacer = Pacer(clock, device.info.period_s)
        self._writer = writer
        self._recorder = Recorder(RingReader(memory), Path(description.folder), about)
        self._recorder.start()
        self._id = 0
        self.lost: messages.Lost | None = None
        self.plan: Plan | None = None
        self.ring, self.snapshot = RingReader(memory), SnapshotReader(glass)
        self._loop.step(self._pacer.wait())  # the first sample

    def _listen(self, now: float, run: float) -> Word:
        """What the user says at this very tick, having seen the one before."""
        assert self._sources is not None
        last = self._loop.last
        if last is not None:
            self._sources.see(last.scene, last.x)
        return self._sources.word(now, run)

    def ask(self, request: messages.AnyRequest) -> None:
        error = self._loop.handle(request)
        if error:
            raise NotNow(error)

    def stop(self, request: messages.Stop) -> None:
        self.ask(request)

    def listen(self) -> None:
        pass

    def beat(self) -> None:
        pass  # nothing runs while its caller does not

    def steer(self, request: messages.Steer) -> None:
        self.ask(request)

    def advance(self) -> None:
        events = self._writer.events
        for _ in range(100):
            self._loop.step(self._pacer.wait())
            if self._loop.ticks % self.DRAIN == 0:
                self._recorder.drain()
            if self._writer.events != events:
                return

    def close(self) -> str:
        if self._loop.state != "ended":
            self._loop.handle(messages.End(by="session"))
            while self._loop.state != "ended":
                self.advance()
            self._loop.close("simulated")
            if self._sources is not None:
                self._sources.close()
            self._recorder.finish("closed")
        return ""


def _opened(description: messages.Description, info: DeviceInfo) -> Sources | None:
    """What commands at exact ticks. Raises BadInput for what needs a real clock."""
    if not description.inputs:
        return None
    sources = Sources(description.inputs, kinematics_of(info).n_task, simulated_clock=True)
    sources.open()
    return sources


class Attached:
    """A session whose processes run already, seen through its socket: a window that comes after another one."""

    def __init__(self, run: Path) -> None:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(run / "socket"))
        except OSError as error:
            connection.close()
            raise NotNow(f"session {run.name} is not running: {error.strerror}") from error
        self._connect(connection, messages.Attach(by="window"), ANSWER)

    def _connect(self, connection: socket.socket, first: msgspec.Struct, seconds: float) -> None:
        """Say the first word, wait for Ready. Raises the error that Refused names."""
        self._line = messages.Line(connection)
        self._id = 0
        self._answers: dict[int, messages.Ack] = {}
        self._ended: messages.Ended | None = None
        self.lost: messages.Lost | None = None
        self._line.send(first)
        ready = self._await_ready(seconds)
        self._run = Path(ready.ring).parent
        self.ring = RingReader.attach(Path(ready.ring))
        self.snapshot = SnapshotReader.attach(Path(ready.snapshot))

    def _await_ready(self, seconds: float) -> messages.Ready:
        until = time.monotonic() + seconds
        while time.monotonic() < until and self._line.open:
            for reply in self._wait(0.2):
                if isinstance(reply, messages.Ready):
                    return reply
                if isinstance(reply, messages.Refused):
                    self._refused()
                    raise getattr(errors, reply.kind, RehabError)(reply.message)
        self._refused()
        raise RehabError("the session's processes did not start")

    def _refused(self) -> None:
        self._line.close()

    def _wait(self, seconds: float) -> list[messages.AnyReply]:
        if not self._line.open:
            time.sleep(min(seconds, LOOK))
            return []
        with selectors.DefaultSelector() as selector:
            selector.register(self._line, selectors.EVENT_READ)
            selector.select(seconds)
        replies = self._line.replies()
        for reply in replies:
            if isinstance(reply, messages.Ack):
                self._answers[reply.id] = reply
            elif isinstance(reply, messages.Lost):
                self.lost = reply
            elif isinstance(reply, messages.Ended):
                self._ended = reply
        return replies

    @property
    def plan(self) -> Plan | None:
        try:
            return msgspec.json.decode((self._run / PLAN).read_bytes(), type=Plan)
        except (OSError, msgspec.MsgspecError):
            return None

    @plan.setter
    def plan(self, plan: Plan | None) -> None:
        """Into the memory that the session's processes share; it goes with them."""
        new = self._run / f"{PLAN}.new"
        try:
            new.write_bytes(msgspec.json.encode(plan))
            new.replace(self._run / PLAN)
        except OSError:  # the session has just ended, or /dev/shm is full: only another window would miss it
            new.unlink(missing_ok=True)

    def ask(self, request: messages.AnyRequest) -> None:
        self._id += 1
        self._line.send(msgspec.structs.replace(request, id=self._id))
        until = time.monotonic() + ANSWER
        while self._id not in self._answers:
            if self._ended is not None or not self._line.open or time.monotonic() > until:
                raise DeviceLost("the session's processes do not answer any more")
            self._wait(0.1)
        answer = self._answers.pop(self._id)
        if answer.error:
            raise NotNow(answer.error)

    def stop(self, request: messages.Stop) -> None:
        """Over a connection of its own, so that no command under way can delay it."""
        with socket.socket(socket.AF_UNIX) as connection:
            try:
                connection.connect(str(self._run / "socket"))
            except OSError as error:
                raise DeviceLost("the session's processes are gone; the device stops by its own watchdog") from error
            line = messages.Line(connection)
            line.send(request)
            with selectors.DefaultSelector() as selector:
                selector.register(line, selectors.EVENT_READ)
                selector.select(ANSWER)

    def beat(self) -> None:
        self._line.send(messages.Beat())

    def steer(self, request: messages.Steer) -> None:
        self._line.send(request)

    def listen(self) -> None:
        self._wait(0.0)
        self._notice_the_supervisor()

    def advance(self) -> None:
        self._wait(LOOK)
        self._notice_the_supervisor()

    def _notice_the_supervisor(self) -> None:
        if not self._line.open and self._ended is None and self.lost is None:
            message = "the supervisor died; the arm was stopped and the recording closed"
            self.lost = messages.Lost("supervisor", 12, message)

    def close(self) -> str:
        if self._line.open:
            self._line.send(messages.End(by="session"))
        until = time.monotonic() + CLOSING
        while self._ended is None and self._line.open and time.monotonic() < until:
            self._wait(0.2)
        self._line.close()
        return self._ended.problem if self._ended else "the supervisor died; see rehab verify for what was recorded"


class InProcesses(Attached):
    """Supervisor, control, recorder and, if asked for, an emulator, each a fresh interpreter, started here."""

    def __init__(self, description: messages.Description) -> None:
        ours, theirs = socket.socketpair()
        environment = {key: value for key, value in os.environ.items() if key != "REHAB_PARENT"}
        self._supervisor = subprocess.Popen(
            [sys.executable, "-P", "-m", "rehab.session.supervisor"],
            stdin=theirs.fileno(),
            env=environment,
            start_new_session=True,  # Ctrl-C in the terminal is for us: we stop the arm, then end
        )
        theirs.close()
        self._connect(ours, description, 60.0 + description.self_test)

    def _refused(self) -> None:
        super()._refused()
        self._supervisor.wait()

    def close(self) -> str:
        problem = super().close()
        try:
            self._supervisor.wait(10.0)
        except subprocess.TimeoutExpired:
            self._supervisor.kill()
            self._supervisor.wait()
        return problem
