"""The supervisor: small, no disk, above control in priority. `python -P -m rehab.session.supervisor`, stdin a socket.

It makes the shared memory, starts emulator, control and recorder, owns the session's socket, watches everybody (pidfds,
the loop's heartbeat, the window's heartbeat), and cleans up. It never starts or restarts motion.
"""

from __future__ import annotations

import fcntl
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

import msgspec

from rehab.core.address import parse
from rehab.core.limits import builtin_values
from rehab.core.safety.faults import Fault
from rehab.core.values import Action
from rehab.realtime import ring as rings
from rehab.realtime import scheduling, shm
from rehab.realtime import snapshot as snapshots
from rehab.realtime import words as user
from rehab.session import lastwords, messages, told
from rehab.session.children import (
    NEVER_STARTED,
    Inputs,
    RecorderChild,
    ended_by,
    finish,
    line_of,
    pidfd,
    spawn,
    spawn_emulator,
)
from rehab.session.deadman import Deadman, Heartbeat, Step

LOOK_ARMED, LOOK = 0.020, 0.050  # s between two looks at the loop
BEHIND = round(0.8 * rings.CAPACITY)  # rows that the recorder may be behind before somebody is told
STOPPING = 2.0  # s that the arm gets to stop before the session ends under it
CLOSING = 300.0  # s for the recorder to close: about 0.1 s a recorded minute
PRIORITY = 60
SUPERVISORS_OWN = messages.Trip | messages.Warn  # what nobody else may ask of the loop


class Supervisor:
    """One session's processes, from the first to the last."""

    def __init__(self, launcher: messages.Line, description: messages.Description) -> None:
        self.launcher, self.description = launcher, description
        self.owner: messages.Line | None = launcher  # the window or script that is in charge
        self.run = Path(description.run)
        self.clients: list[messages.Line] = [launcher]
        self.asked: dict[int, tuple[messages.Line, int]] = {}  # our id -> who asked, and their id
        self.last_id = 0
        self.control: subprocess.Popen[bytes] | None = None
        self.recorder: RecorderChild | None = None
        self.emulator: subprocess.Popen[bytes] | None = None
        self.line: messages.Line | None = None
        self.inputs: Inputs | None = None
        self.armed = False
        self.ending = False
        self.leaving: tuple[str, float] | None = None  # why the session will end, and when at the latest
        self.problem = ""
        self.saved = True  # what the ring holds is on the disk, or will be
        self.behind = False
        self.selector = selectors.DefaultSelector()

    # life ------------------------------------------------------------------------------------------------------------

    def live(self) -> int:
        self.run.mkdir(mode=0o700)
        self.lock = os.open(self.run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # free again only when control and recorder are gone too
        (self.run / "description.json").write_bytes(msgspec.json.encode(self.description))  # memory, for the next start
        try:
            self.ring = shm.create(self.run / "ring", rings.SIZE)
            self.snapshot = shm.create(self.run / "snapshot", snapshots.SIZE)
            if self.description.inputs:
                shm.create(self.run / "inputs", user.SIZE)
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
        self.control = spawn("rehab.session.control", stdin=theirs.fileno(), keep=(self.lock,))
        theirs.close()
        self.line.send(self.description)
        ready = self._await_control()
        if not isinstance(ready, messages.Ready):
            self.launcher.send(ready)
            return False
        if self.description.inputs:
            self.inputs = Inputs(self.description, (self.lock,))
            if not isinstance(self.inputs.answer, messages.Ready):
                self.launcher.send(self.inputs.answer)
                return False
        if not self._start_recorder(resume=False):
            self.launcher.send(messages.Refused("RecordingError", self.problem))
            return False
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.run / "socket"))
        (self.run / "socket").chmod(0o600)
        self.listener.listen()
        self.ready = ready
        self.launcher.send(ready)
        return True

    def _start_emulator(self, model: str) -> bool:
        """An emulator on a pty; from now on the device is that serial line."""
        description = self.description
        words = ["--seed", str(description.seed), "--eyes", str(self.run / "snapshot")]
        if description.patient:
            words += ["--patient", description.patient]
        if description.faults:
            words += ["--faults", description.faults]
        self.emulator = spawn_emulator(model, *words)
        assert self.emulator.stdout is not None and self.emulator.stderr is not None
        path = line_of(self.emulator.stdout)
        if not path:
            self.emulator.kill()
            said = self.emulator.stderr.read().decode(errors="replace").strip()
            self.launcher.send(messages.Refused("BadInput", said or "the emulator did not start"))
            return False
        self.description = msgspec.structs.replace(description, device=f"serial:{path}")
        return True

    def _await_control(self) -> messages.AnyReply:
        assert self.line is not None and self.control is not None
        until = time.monotonic() + NEVER_STARTED + self.description.self_test
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
        description = self.description
        job = {
            "ring": str(self.run / "ring"),
            "folder": description.folder,
            "description": {"session": description.session, "device": description.device,
                            "patient": description.patient_name, "seed": description.seed,
                            **description.about_person(),
                            **({"patient_source": description.patient_source} if description.patient_source else {}),
                            **told.inputs(description),
                            **({"faults": description.faults_source} if description.faults else {})},
            "resume": resume,
            "clean": str(self.run),
        }  # fmt: skip
        self.recorder = RecorderChild(job, (self.lock,))
        self.problem = self.problem or self.recorder.error
        return self.recorder.ready

    # watching --------------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Until everything has ended."""
        assert self.control is not None and self.line is not None
        signal.signal(signal.SIGTERM, lambda *_: self._end("a signal"))
        register = self.selector.register
        register(self.launcher, selectors.EVENT_READ, self.launcher)
        register(self.listener, selectors.EVENT_READ, "listener")
        register(self.line, selectors.EVENT_READ, "control")
        self._watch_recorder()
        if self.inputs is not None:
            register(self.inputs.line, selectors.EVENT_READ, self.inputs)
        inputs = self.inputs.process if self.inputs is not None else None
        for process in (self.control, self.emulator, inputs):
            descriptor = pidfd(process.pid) if process is not None else None
            if descriptor is not None:
                register(descriptor, selectors.EVENT_READ, "somebody died")
        eye, now = snapshots.SnapshotReader(self.snapshot), time.monotonic()
        self.heartbeat = Heartbeat(now, builtin_values(self.description.site_limits)[0]["overrun_stop"])
        self.deadman = Deadman(now, self.description.role)
        while self.control.poll() is None:
            for key, _ in self.selector.select(LOOK_ARMED if self.armed else LOOK):
                self._serve(key)
            if self.recorder is not None and self.recorder.process.poll() not in (None, 0):
                self._recorder_lost()
            if self.inputs is not None and self.inputs.process.poll() is not None:
                self._inputs_lost(self.inputs)
            now = time.monotonic()
            sequence, look = eye.sequence, eye.look()
            if look is not None:  # else the loop died, or was stopped, in the middle of writing it
                self.armed = look.values["enable"] != 0.0
            silent = self.heartbeat.hung(now, sequence, self.armed)
            if silent:
                self.control.kill()
                self.control.wait()
                who = lastwords.in_charge(self.ring)
                during = f", during {who}" if who else ""
                self._control_lost(Fault.CONTROL_HUNG, f"no tick for {silent * 1e3:.0f} ms{during}")
                return
            self._watch_the_window(now)
            if self.leaving is not None and (not self.armed or now > self.leaving[1]):
                self._end(self.leaving[0])
        code = self.control.returncode
        if code == -signal.SIGXCPU:
            who = lastwords.in_charge(self.ring) or "the loop"
            most = scheduling.RUNAWAY[0] * 1e3
            self._control_lost(Fault.PLUGIN_FAILED, f"{who}: ran for more than {most:.0f} ms in one tick")
        elif code != 0 or not rings.RingReader(self.ring).closed:
            self._control_lost(Fault.CONTROL_LOST, ended_by(code))

    def _watch_the_window(self, now: float) -> None:
        """Whoever could stop the arm from a screen is silent: warn, freeze, stop, and in the end close the session."""
        deadman = self.deadman
        step = deadman.due(now, self.armed)
        if self.line is None or self.ending:
            return
        if step is Step.WARN:
            self.line.send(messages.Warn(by="supervisor", fault=deadman.fault, message=deadman.words))
        elif step is Step.FREEZE:
            self.line.send(messages.Pause(by=f"supervisor: {deadman.words}"))
        elif step is Step.STOP:
            self._trip(deadman.fault, deadman.words)
        if deadman.over:
            self._end("no window came back")

    def _trip(self, fault: Fault, words: str) -> None:
        """The device's own safe stop, latched, with this reason."""
        assert self.line is not None
        stop = Action.RAMP_OFF.name
        self.line.send(messages.Trip(by="supervisor", fault=fault, message=words, action=stop))

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
                self._take(source, request)
            if not source.open:
                self._gone(source)
        elif isinstance(source, RecorderChild):
            self._hear(source)
        elif isinstance(source, Inputs):
            self._hear_inputs(source)
        else:  # a pidfd: the loop of _watch looks who it was
            self.selector.unregister(key.fileobj)

    # clients ---------------------------------------------------------------------------------------------------------

    def _accept(self) -> None:
        """Another window or `rehab stop`: same user only."""
        connection, _ = self.listener.accept()
        peer = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        if peer[1] not in (os.getuid(), 0):
            connection.close()
            return
        client = messages.Line(connection, patience=0.1)  # one that hangs must not hang us
        self.clients.append(client)
        self.selector.register(client, selectors.EVENT_READ, client)

    def _take(self, client: messages.Line, request: messages.AnyRequest) -> None:
        """A client's request: for us, or for the loop."""
        assert self.line is not None
        if client is self.owner:  # a command is a sign of life too
            self.deadman.beat(time.monotonic())
        if isinstance(request, messages.Beat):
            return
        if isinstance(request, messages.Attach):
            self._attach(client)
        elif isinstance(request, messages.Windowless):
            client.send(messages.Ack(request.id, 0, self._has_a_window()))
        elif isinstance(request, SUPERVISORS_OWN):
            client.send(messages.Ack(request.id, 0, "only the supervisor may say this"))
        else:
            self.last_id += 1
            self.asked[self.last_id] = (client, request.id)
            self.ending = self.ending or isinstance(request, messages.End)
            self.line.send(msgspec.structs.replace(request, id=self.last_id))

    def _attach(self, client: messages.Line) -> None:
        """A new window takes charge, if the old one has given up. Nothing moves by it."""
        if words := self._has_a_window():
            client.send(messages.Refused("NotNow", words))
            return
        self.owner = client
        self.deadman.attached(time.monotonic(), "gui")
        client.send(self.ready)

    def _has_a_window(self) -> str:
        """Why no window may take over, in words; "" when one may."""
        if self.owner is None or self.deadman.given_up:
            return ""
        return f"session {self.description.session} has a window that answers"

    def _gone(self, client: messages.Line) -> None:
        """A client closed its end. A script takes its session with it; one without a window waits for a new one."""
        self.selector.unregister(client)
        self.clients.remove(client)
        client.close()
        if client is self.owner:
            self.owner = None
            self.deadman.died()
            if self.deadman.role != "gui":
                self._end("the program that started it has gone")

    def _end(self, why: str) -> None:
        if not self.ending and self.line is not None:
            self.ending = True
            self.line.send(messages.End(by=why))

    # deaths ----------------------------------------------------------------------------------------------------------

    def _tell(self, message: messages.AnyReply) -> None:
        for client in self.clients:
            client.send(message)

    def _control_lost(self, fault: Fault, reason: str) -> None:
        """Device: stopped by its own watchdog. Recording: the reason goes in, then it is closed."""
        lastwords.record_death(self.ring, fault, reason)
        self._tell(messages.Lost("control", int(fault), fault.label, reason))

    def _watch_recorder(self) -> None:
        if self.recorder is not None:
            self.selector.register(self.recorder, selectors.EVENT_READ, self.recorder)
            self.behind = False

    def _hear(self, recorder: RecorderChild) -> None:
        """What the recorder says: how far it is, and that the disk is filling."""
        assert self.line is not None
        for words in recorder.hear():
            self.line.send(messages.Warn(by="supervisor", fault=Fault.DISK_FULL, message=words))
        rows = rings.RingReader(self.ring).written - recorder.taken
        if rows > BEHIND and not self.behind:
            words = f"the recorder is {rows} ticks behind; the ring holds {rings.CAPACITY}"
            self.line.send(messages.Warn(by="supervisor", fault=Fault.RECORDER_BEHIND, message=words))
        self.behind = rows > BEHIND
        if recorder.silent:
            self.selector.unregister(recorder)

    def _hear_inputs(self, inputs: Inputs) -> None:
        """What it found out about its sources goes into the record; what follows from it, control sees for itself."""
        assert self.line is not None
        for request in inputs.line.requests():
            if isinstance(request, messages.Warn):
                self.line.send(request)
        if not inputs.line.open:
            self.selector.unregister(inputs.line)

    def _inputs_lost(self, inputs: Inputs) -> None:
        """Nobody reads the user any more: a warning, since nothing is asked of the arm now; with a pedal a stop."""
        assert self.line is not None
        if inputs.line.open:
            self._hear_inputs(inputs)
        if inputs.line.open:
            self.selector.unregister(inputs.line)
        why = f"the inputs process died: {ended_by(inputs.process.returncode)}"
        inputs.close()
        self.inputs = None
        if self.description.pedal:
            self._trip(Fault.PEDAL_LOST, why)
        else:
            self.line.send(messages.Warn(by="supervisor", fault=Fault.INPUT_LOST, message=why))

    def _recorder_lost(self) -> None:
        """Stop the arm; a second recorder completes the recording from the ring."""
        assert self.recorder is not None
        first_time = not self.problem
        if not self.recorder.silent:
            self.selector.unregister(self.recorder)
        self.problem = f"the recorder died: {self.recorder.last_words()}"
        self._tell(messages.Lost("recorder", int(Fault.DISK_FULL), Fault.DISK_FULL.label, self.problem))
        finish(self.recorder.process)
        self.recorder = None
        if self.armed:
            self._trip(Fault.DISK_FULL, self.problem)
        self.leaving = self.leaving or (self.problem, time.monotonic() + STOPPING)
        self.saved = first_time and self._start_recorder(resume=True)
        if self.saved:
            self._watch_recorder()

    def _clean(self) -> None:
        """Whatever happened: no process stays, and no shared file, unless it alone holds what no disk would take."""
        finish(self.control)
        if self.inputs is not None:
            self.inputs.close()
        if self.recorder is not None:
            closed = self.recorder.close(CLOSING)
            if self.recorder.ready and not closed:
                self.saved = False
                self.problem = self.problem or self.recorder.last_words()
        finish(self.emulator)
        if self.saved:
            shutil.rmtree(self.run, ignore_errors=True)
        else:
            (self.run / "socket").unlink(missing_ok=True)
            self.problem += "; the last minute stays in memory, and the next start adds it to the recording"
        self._tell(messages.Ended(self.problem))


def main() -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    launcher = messages.Line(socket.socket(fileno=0))
    return Supervisor(launcher, messages.description_from(launcher)).live()


if __name__ == "__main__":
    sys.exit(main())
