"""The emulator as a process of its own on a real pty. Nothing here depends on how fast the machine is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import dist
from pathlib import Path

import pytest

from rehab.core.kinematics import kinematics_of
from rehab.core.types import Scene, Target
from rehab.core.values import Inputs, Status
from rehab.realtime import shm, snapshot
from rehab.realtime.snapshot import SnapshotWriter
from sim import models
from sim.emulators.codec import Codec, Counts, Deframer, DeviceFrame, Kind
from sim.emulators.trace import read_trace

pytestmark = pytest.mark.e2e
START = (sys.executable, "-P", "-m", "sim.emulators")
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen(sys.argv[1:], env={**os.environ, "REHAB_PARENT": str(os.getpid())})
print(child.pid, flush=True)
time.sleep(600)
"""
PATIENT = 1000  # ms a command is valid: machines that run tests stall


class Emulated:
    """A running emulator and a host's end of its pty."""

    def __init__(self, run: Path, wait_until: Callable, *options: str) -> None:
        self.run, self._wait = run, wait_until
        self.process = subprocess.Popen(
            [*START, "planar_arm", "--engine", "closed_form", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "REHAB_RUN": str(run)},
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().rstrip("\n")
        self.port = os.open(self.address, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.codec, self._deframer, self.seq = Codec(2), Deframer(Counts()), 0

    def send(self, kind: Kind, *fields, **header: int) -> None:
        self.seq += 1
        os.write(self.port, self.codec.host_frame(kind, *fields, seq=self.seq, **header))

    def read(self) -> list[DeviceFrame]:
        try:
            bodies = self._deframer.feed(os.read(self.port, 65536))
        except BlockingIOError:
            return []
        return [frame for frame in map(self.codec.from_device, bodies) if frame is not None]

    def wait_for(self, wanted: Callable[[DeviceFrame], bool]) -> DeviceFrame:
        """The next frame of that kind; everything before it is thrown away."""
        found: list[DeviceFrame] = []

        def came() -> bool:
            found.extend(frame for frame in self.read() if wanted(frame))
            return bool(found)

        self._wait(came)
        return found[0]

    def ask(self, kind: Kind, *fields, **header: int) -> DeviceFrame:
        self.send(kind, *fields, **header)
        return self.wait_for(lambda frame: frame.kind is kind)

    def arm(self) -> None:
        nonce = self.ask(Kind.HELLO, 1, 0).fields[2]
        assert self.ask(Kind.ARM, nonce).fields[0] == 0

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Exit code and what was written on stderr."""
        self.process.send_signal(number)
        stdout, stderr = self.process.communicate(timeout=60)
        assert stdout == ""  # nothing but the address
        return self.process.returncode, stderr

    def close(self) -> None:
        os.close(self.port)
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@pytest.fixture
def start(tmp_path: Path, wait_until) -> Iterator[Callable[..., Emulated]]:
    running: list[Emulated] = []

    def begin(*options: str) -> Emulated:
        running.append(Emulated(tmp_path / "run", wait_until, *options))
        return running[-1]

    yield begin
    for emulated in running:
        emulated.close()


def test_the_first_line_is_the_address_and_hello_is_answered_there(start) -> None:
    emulated = start("--identity", "ARM-7")
    assert os.ttyname(emulated.port) == emulated.address
    assert emulated.ask(Kind.HELLO, 1, 0).fields[-1] == b"ARM-7".ljust(12, b"\0")
    states = [emulated.wait_for(lambda frame: frame.kind is Kind.STATE) for _ in range(2)]
    assert (states[1].t_dev - states[0].t_dev) & 0xFFFFFFFF > 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_quietly_when_told_and_leaves_nothing_behind(start, wait_until, number: int) -> None:
    emulated = start()
    emulated.ask(Kind.HELLO, 1, 0)
    assert emulated.end(number) == (0, "")
    assert [path for path in emulated.run.rglob("*") if path.is_file()] == []

    def hung_up() -> bool:
        try:
            return os.read(emulated.port, 65536) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    wait_until(hung_up)


def test_it_ends_when_its_parent_is_killed(wait_until, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *START, "planar_arm", "--engine", "closed_form", "--trace", str(trace)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    try:
        wait_until(lambda: trace.exists() and trace.read_bytes()[8:16].count(0) < 8)  # it counts steps
        parent.kill()
        parent.wait()
        wait_until(lambda: gone(child))
    finally:
        parent.kill()
        parent.communicate()
        if not gone(child):
            os.kill(child, signal.SIGKILL)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"  # ended, nobody asked yet
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_when_commands_end_no_plant_step_has_torque_at_or_after_expiry(start, tmp_path: Path) -> None:
    emulated = start("--trace", str(tmp_path / "trace"))
    emulated.arm()
    for _ in range(200):
        emulated.send(Kind.COMMAND, 1, 0.5, 0.5, valid_ms=PATIENT)
        emulated.wait_for(lambda frame: frame.kind is Kind.STATE)
    emulated.send(Kind.COMMAND, 1, 0.5, 0.5, valid_ms=20)
    fault = emulated.wait_for(lambda frame: frame.kind is Kind.FAULT)
    assert fault.fields == (Status.FAULTED | Status.WATCHDOG_TRIPPED | Status.WATCHDOG_ON, 1)
    for _ in range(20):  # late commands do not bring it back
        emulated.send(Kind.COMMAND, 1, 0.5, 0.5, valid_ms=PATIENT)
        emulated.wait_for(lambda frame: frame.kind is Kind.STATE)
    assert emulated.end()[0] == 0
    steps = read_trace(tmp_path / "trace")
    last = max(step.received for step in steps)
    moved = [step for step in steps if any(step.torque)]
    assert max(step.command for step in steps) == 201
    assert moved
    assert all(step.begin < last + 20_000 for step in moved)
    assert steps[-1].begin > last + 20_000


def test_the_plants_time_goes_on_without_gaps_on_a_grid_of_its_period(start, tmp_path: Path, wait_until) -> None:
    trace = tmp_path / "trace"
    emulated = start("--trace", str(trace))
    wait_until(lambda: len(read_trace(trace)) > 500)
    emulated.end()
    begins = [step.begin for step in read_trace(trace)]
    jumps = {b - a for a, b in pairwise(begins)}
    assert all(jump % 1000 == 0 and jump > 0 for jump in jumps)
    assert 1000 in jumps


def test_a_host_that_does_not_read_cannot_block_it(start, tmp_path: Path, wait_until) -> None:
    trace = tmp_path / "trace"
    emulated = start("--trace", str(trace))
    emulated.send(Kind.HELLO, 1, 0)

    def stepped_on() -> bool:
        emulated.send(Kind.DISARM)  # keeps the session, and adds answers
        return len(read_trace(trace)) > 3000  # 130 kB of STATE, of which 20 kB fit into the line

    wait_until(stepped_on)
    emulated.wait_for(lambda frame: frame.kind is Kind.HELLO)  # what fitted is still whole

    def answers_again() -> bool:
        emulated.send(Kind.TIMESYNC, 77)  # the first ones may find no room yet
        return any(frame.kind is Kind.TIMESYNC for frame in emulated.read())

    wait_until(answers_again)
    assert emulated.end() == (0, "")


def test_sigusr1_presses_the_e_stop_and_sigusr2_releases_it(start) -> None:
    emulated = start()
    emulated.ask(Kind.HELLO, 1, 0)
    emulated.process.send_signal(signal.SIGUSR1)
    assert emulated.wait_for(lambda frame: frame.kind is Kind.FAULT).fields[1] == 2
    pressed = emulated.wait_for(lambda frame: frame.kind is Kind.STATE)
    assert pressed.fields[2] == Inputs.ESTOP_A | Inputs.ESTOP_B
    emulated.process.send_signal(signal.SIGUSR2)
    emulated.wait_for(lambda frame: frame.kind is Kind.STATE and frame.fields[2] == 0)
    assert emulated.ask(Kind.CLEAR).fields == (0,)


def test_the_patient_behind_it_reaches_for_the_target_that_the_session_shows(start, tmp_path: Path) -> None:
    emulated = start("--patient", "healthy", "--seed", "1", "--eyes", str(tmp_path / "snapshot"))
    emulated.ask(Kind.HELLO, 1, 0)
    arm = kinematics_of(models.load("planar_arm"))

    def hand(frame: DeviceFrame) -> tuple[float, ...]:
        return arm.forward((frame.fields[3], frame.fields[6]))[0]

    x, y = hand(emulated.wait_for(lambda frame: frame.kind is Kind.STATE))
    target = (x + 0.06, y + 0.06)  # the session comes later than the emulator
    writer = SnapshotWriter(shm.create(tmp_path / "snapshot", snapshot.SIZE))
    writer.put([0.0], Scene(targets=(Target(x=target, radius=0.01),), phase="go"))

    def there(frame: DeviceFrame) -> bool:
        emulated.send(Kind.TIMESYNC, 1)
        return frame.kind is Kind.STATE and dist(hand(frame), target) < 0.02

    emulated.wait_for(there)


def test_it_claims_another_protocol_major_when_asked_to(start) -> None:
    assert start("--protocol-major", "2").ask(Kind.HELLO, 1, 0).fields[:2] == (2, 0)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["planar_am"], 'did you mean "planar_arm"?'),
        (["planar_arm", "--patient", "strok"], '"stroke"'),
        (["planar_arm", "--engine", "magic"], "closed_form"),
        (["planar_arm", "--protocol-major", "300"], "0 to 255"),
        (["planar_arm", "--identity", "thirteen long"], "12 ASCII"),
    ],
)
def test_a_wrong_name_is_one_clear_line_and_exit_2(options: list[str], says: str) -> None:
    ended = subprocess.run([*START, *options], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert says in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_help_loads_neither_numpy_nor_an_engine() -> None:
    script = "import sys, sim.emulators.command; print(*{'numpy', 'pybullet', 'cobs', 'msgspec'} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True).stdout == "\n"
