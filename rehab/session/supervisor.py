"""The supervisor: small, no disk, above control in priority. `python -P -m rehab.session.supervisor`, stdin a socket.

It makes the shared memory, starts emulator, control and recorder, owns the session's socket, watches everybody through
pidfds and the loop's heartbeat, and cleans up. It never restarts motion.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import msgspec

from rehab.core.address import parse
from rehab.core.safety.faults import FACTS, Fault
from rehab.realtime import ring as rings
from rehab.realtime import scheduling, shm
from rehab.realtime import snapshot as snapshots
from rehab.session import messages

HEARTBEAT = 5.0  # s without a tick until control is taken for hung
START = 30.0  # s for a child to say it is ready
PATIENCE = 20.0  # s for a child to end when asked
CLOSING = 300.0  # s for the recorder to close: about 0.1 s a recorded minute
PRIORITY = 60


class Supervisor:
    """One session's processes, from the first to the last."""

    def __init__(self, launcher: messages.Line, description: messages.Description) -> None:
        self.launcher, self.description = launcher, description
        self.run = Path(description.run)
        self.clients: list[messages.Line] = [launcher]
        self.asked: dict[int, tuple[messages.Line, int]] = {}  # our id -> who asked, and their id
        self.last_id = 0
        self.control: subprocess.Popen[bytes] | None = None
        self.recorder: subprocess.Popen[bytes] | None = None
        self.emulator: subprocess.Popen[bytes] | None = None
        self.line: messages.Line | None = None
        self.ending = False
        self.problem = ""
        self.selector = selectors.DefaultSelector()
        self.environment = {**os.environ, "REHAB_PARENT": str(os.getpid())}

    # life ------------------------------------------------------------------------------------------------------------

    def live(self) -> int:
        self.run.mkdir(mode=0o700)
        self.lock = os.open(self.run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # free again only when control and recorder are gone too
        (self.run / "description.json").write_bytes(msgspec.json.encode(self.description))  # memory, for the next start
        try:
            self.ring = shm.create(self.run / "ring", rings.SIZE)
            self.snapshot = shm.create(self.run / "snapshot", snapshots.SIZE)
            if not self._start():
                return 2
            scheduling.use_fifo(PRIORITY)
            self._watch()
        finally:
            self._clean()
        return 0

    def _start(self) -> bool:
        """Emulator, control, recorder, in this order; False, and the launcher told, when one cannot."""
        address = parse(self.description.device)
        if address.scheme == "emulator" and not self._start_emulator(address.rest):
            return False
        ours, theirs = socket.socketpair()
        self.line = messages.Line(ours)
        self.control = self._spawn("rehab.session.control", stdin=theirs.fileno(), keep=(self.lock,))
        theirs.close()
        self.line.send(self.description)
        ready = self._await_control()
        if not isinstance(ready, messages.Ready):
            self.launcher.send(ready)
            return False
        if not self._start_recorder(resume=False):
            self.launcher.send(messages.Refused("RecordingError", self.problem))
            return False
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.run / "socket"))
        (self.run / "socket").chmod(0o600)
        self.listener.listen()
        self.launcher.send(ready)
        return True

    def _spawn(self, module: str, *, stdin: int, keep: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            stdin=stdin,
            stdout=subprocess.PIPE if stdin is subprocess.PIPE else subprocess.DEVNULL,
            env=self.environment,
            pass_fds=keep,
        )

    def _start_emulator(self, model: str) -> bool:
        """An emulator on a pty; from now on the device is that serial line."""
        description = self.description
        command = [sys.executable, "-P", "-m", "rehab", "emulate", model, "--seed", str(description.seed)]
        command += ["--eyes", str(self.run / "snapshot")]
        if description.patient:
            command += ["--patient", description.patient]
        self.emulator = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment
        )
        assert self.emulator.stdout is not None and self.emulator.stderr is not None
        path = _line_of(self.emulator.stdout, START)
        if not path:
            self.emulator.kill()
            words = self.emulator.stderr.read().decode(errors="replace").strip()
            self.launcher.send(messages.Refused("BadInput", words or "the emulator did not start"))
            return False
        self.description = msgspec.structs.replace(description, device=f"serial:{path}")
        return True

    def _await_control(self) -> messages.AnyReply:
        assert self.line is not None and self.control is not None
        until = time.monotonic() + START + self.description.self_test
        while time.monotonic() < until:
            for reply in self.line.replies():
                return reply
            if not self.line.open or not self.launcher.open:
                break
            selector = selectors.DefaultSelector()
            selector.register(self.line, selectors.EVENT_READ)
            selector.select(0.2)
            selector.close()
        return messages.Refused("RehabError", "the control process did not start")

    def _start_recorder(self, *, resume: bool) -> bool:
        self.recorder = self._spawn("rehab.record.process", stdin=subprocess.PIPE, keep=(self.lock,))
        assert self.recorder.stdin is not None and self.recorder.stdout is not None
        description = self.description
        words = {
            "ring": str(self.run / "ring"),
            "folder": description.folder,
            "description": {"session": description.session, "device": description.device,
                            "patient": description.patient, "seed": description.seed},
            "resume": resume,
            "clean": str(self.run),
        }  # fmt: skip
        with contextlib.suppress(BrokenPipeError):
            self.recorder.stdin.write(json.dumps(words).encode() + b"\n")
            self.recorder.stdin.flush()
        answer = _line_of(self.recorder.stdout, START)
        if answer == "ready":
            return True
        self.problem = _error_of(answer) or "the recorder did not start"
        return False

    # watching --------------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Until everything has ended."""
        assert self.control is not None and self.line is not None
        register = self.selector.register
        register(self.launcher, selectors.EVENT_READ, self.launcher)
        register(self.listener, selectors.EVENT_READ, "listener")
        register(self.line, selectors.EVENT_READ, "control")
        eye = snapshots.SnapshotReader(self.snapshot)
        seen, seen_at = eye.sequence, time.monotonic()
        signal.signal(signal.SIGTERM, lambda *_: self._end("a signal"))
        watched = {"died": _pidfd(self.control.pid)}
        for name, process in (("recorder died", self.recorder), ("emulator died", self.emulator)):
            if process is not None:
                watched[name] = _pidfd(process.pid)
        for name, descriptor in watched.items():
            if descriptor is not None:
                register(descriptor, selectors.EVENT_READ, name)
        while self.control.poll() is None:
            for key, _ in self.selector.select(0.5):
                self._serve(key)
            if self.recorder is not None and self.recorder.poll() is not None:
                self._recorder_lost()
            now = time.monotonic()
            if eye.sequence != seen:
                seen, seen_at = eye.sequence, now
            elif now - seen_at > HEARTBEAT:
                self.control.kill()
                self.control.wait()
                self._control_lost(Fault.CONTROL_HUNG)
                return
        if self.control.returncode != 0 or not self._ring_closed():
            self._control_lost(Fault.CONTROL_LOST)

    def _serve(self, key: selectors.SelectorKey) -> None:
        source = key.data
        if source == "listener":
            self._accept()
        elif source == "control":
            assert self.line is not None
            for reply in self.line.replies():
                if isinstance(reply, messages.Ack) and reply.id in self.asked:
                    client, theirs = self.asked.pop(reply.id)
                    client.send(messages.Ack(theirs, reply.tick, reply.error))
            if not self.line.open:
                self.selector.unregister(self.line)
        elif isinstance(source, messages.Line):
            for request in source.requests():
                self._forward(source, request)
            if not source.open:
                self._gone(source)
        else:  # a pidfd: the loop of _watch looks who it was
            self.selector.unregister(key.fileobj)

    def _accept(self) -> None:
        """Another window or `rehab stop`: same user only."""
        connection, _ = self.listener.accept()
        peer = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        if peer[1] not in (os.getuid(), 0):
            connection.close()
            return
        client = messages.Line(connection)
        self.clients.append(client)
        self.selector.register(client, selectors.EVENT_READ, client)

    def _forward(self, client: messages.Line, request: messages.AnyRequest) -> None:
        assert self.line is not None
        self.last_id += 1
        self.asked[self.last_id] = (client, request.id)
        self.ending = self.ending or isinstance(request, messages.End)
        self.line.send(msgspec.structs.replace(request, id=self.last_id))

    def _gone(self, client: messages.Line) -> None:
        """A client closed its end. With the launcher goes the session: its script has died or is done."""
        self.selector.unregister(client)
        self.clients.remove(client)
        client.close()
        if client is self.launcher:
            self._end("the program that started it has gone")

    def _end(self, why: str) -> None:
        if not self.ending and self.line is not None:
            self.ending = True
            self.line.send(messages.End(by=why))

    # deaths ----------------------------------------------------------------------------------------------------------

    def _tell(self, message: messages.AnyReply) -> None:
        for client in self.clients:
            client.send(message)

    def _ring_closed(self) -> bool:
        return rings.RingReader(self.ring).closed

    def _control_lost(self, fault: Fault) -> None:
        """Device: stopped by its own watchdog. Recording: the reason goes in, then it is closed."""
        facts = FACTS[fault]
        reader = rings.RingReader(self.ring)
        last = reader.between(reader.written - 1, reader.written) if reader.written else None
        tick, t = (int(last[0, 0]), float(last[0, 1])) if last is not None and len(last) else (0, 0.0)
        writer = rings.RingWriter.take_over(self.ring)
        message = "torque is zero by the device's own watchdog"
        data = {"id": int(fault), "name": fault.label, "message": message}
        data |= {"action": facts.action.name, "help": facts.help}
        writer.event(rings.RingEvent("fault", tick, t, data))
        writer.event(rings.RingEvent("state", tick, t, {"name": "faulted"}))
        writer.close()
        self._tell(messages.Lost("control", int(fault), fault.label))

    def _recorder_lost(self) -> None:
        """Stop the arm; a second recorder completes the recording from the ring."""
        assert self.recorder is not None
        first_time = not self.problem
        self.problem = self._recorder_words() or "the recorder died"
        self._tell(messages.Lost("recorder", int(Fault.RECORDER_LOST), f"{Fault.RECORDER_LOST.label}: {self.problem}"))
        self.recorder = None
        self._end(self.problem)
        if first_time:
            self._start_recorder(resume=True)

    def _recorder_words(self) -> str:
        assert self.recorder is not None and self.recorder.stdout is not None
        return _error_of(self.recorder.stdout.read().decode(errors="replace"))

    def _clean(self) -> None:
        """Whatever happened: no process, no shared file stays."""
        _finish(self.control, signal.SIGTERM)
        if self.recorder is not None:
            if self.recorder.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    self.recorder.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                if self.recorder.wait(CLOSING) and not self.problem:
                    self.problem = self._recorder_words()
            _finish(self.recorder, signal.SIGTERM)
        _finish(self.emulator, signal.SIGTERM)
        shutil.rmtree(self.run, ignore_errors=True)
        self._tell(messages.Ended(self.problem))


def _finish(process: subprocess.Popen[bytes] | None, how: signal.Signals) -> None:
    if process is None:
        return
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _pidfd(pid: int) -> int | None:
    """A descriptor that becomes readable the moment the process dies, where the kernel has them."""
    return os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None


def _line_of(stream: IO[bytes], seconds: float) -> str:
    """The first line a child prints, or "" when it ends or takes too long."""
    selector = selectors.DefaultSelector()
    selector.register(stream, selectors.EVENT_READ)
    ready = selector.select(seconds)
    selector.close()
    return stream.readline().decode(errors="replace").strip() if ready else ""


def _error_of(text: str) -> str:
    try:
        return str(json.loads(text.strip().splitlines()[-1])["error"])
    except (ValueError, KeyError, IndexError, TypeError):
        return ""


def main() -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    launcher = messages.Line(socket.socket(fileno=0))
    return Supervisor(launcher, messages.description_from(launcher)).live()


if __name__ == "__main__":
    sys.exit(main())
