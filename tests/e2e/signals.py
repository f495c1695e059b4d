"""Signals to control, recorder and window, again and again: one emulator with a patient, judged by its plant steps.

What must hold is asserted; how long it took is collected, and `rehab faults` shows it (REHAB_KILLS=20 for a report).

Three clocks tell the times. Torque: the emulator's, in plant steps of 1 ms, counted from the step during which the
signal was sent. What the loop did: the loop's, as its events carry it. What became known of a loop that is dead: this
process's, which looks into the ring every 0.2 ms, with priority where permitted. All but the first are CLOCK_MONOTONIC.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from rehab import Session
from rehab.core.errors import SafetyStop
from rehab.realtime import scheduling
from rehab.realtime.ring import RingEvent, RingReader
from rehab.realtime.snapshot import SnapshotReader
from rehab.record.recording import Recording
from rehab.record.verify import verify
from sim.emulators.device import PlantStep
from sim.emulators.trace import read_trace, steps_written
from tests.e2e.conftest import KILLS, background, driven, emulator, pid_of, processes_of, until

WATCHDOG_US = 20_000
STILL = 250  # plant steps or ticks for which nothing may move after a process has come back
WITNESS_PRIORITY = 10  # below everything that it watches
SETTLED = 150  # plant steps after which the last command has expired, though the emulator itself was late
HERE = Path(__file__).parent


class Blow(NamedTuple):
    """A signal that was sent: the plant step of that moment, and the session time (s)."""

    step: int
    at: float


class Witness:
    """Sees ring and snapshot of the one session that runs."""

    def __init__(self, tmp_path: Path) -> None:
        (self.run,) = (tmp_path / "run").glob("*/*")
        self.ring = RingReader.attach(self.run / "ring")
        self._snapshot = SnapshotReader.attach(self.run / "snapshot")
        self.events: list[RingEvent] = []
        self.read()
        self._zero = next(event.data["host_zero_s"] for event in self.events if event.kind == "certificate")

    def read(self) -> int:
        self.events += self.ring.events()
        return len(self.events)

    @property
    def now(self) -> float:
        """Session time."""
        return time.monotonic() - self._zero

    def __getitem__(self, column: str) -> float:
        look = until(self._snapshot.look, "no tick can be read")
        return look.values[column]

    @property
    def driven(self) -> bool:
        return driven(self._snapshot.look())

    def wait(self, since: int, what, words: str, every: float = 0.02) -> RingEvent:
        """The first event from number `since` on that is so."""

        def found():
            self.read()
            return next((event for event in self.events[since:] if what(event)), None)

        try:
            return until(found, words, every=every)
        except AssertionError:
            came = [(event.kind, event.data) for event in self.events[since:]]
            raise AssertionError(f"{words}: never came; {came}") from None

    def seen(self, since: int, what, words: str) -> float:
        """Session time at which such an event was there to be read, by somebody who is not held up."""
        scheduling.use_fifo(WITNESS_PRIORITY)
        try:
            self.wait(since, what, words, every=0.0002)
            return self.now
        finally:
            scheduling.use_normal()

    def ticks_pass(self, count: int) -> None:
        until_tick = self["tick"] + count
        until(lambda: self["tick"] >= until_tick, "the loop stands still")


def state(name: str):
    return lambda event: event.kind == "state" and event.data["name"] == name


def is_fault(number: int):
    return lambda event: event.kind == "fault" and event.data["id"] == number


def is_warning(*numbers: int):
    return lambda event: event.kind == "warning" and event.data["id"] in numbers


def any_fault(event: RingEvent) -> bool:
    return event.kind == "fault"


def at_rest(event: RingEvent) -> bool:
    return event.kind == "rest"


class Bench:
    """An emulated device that a patient holds, and the sessions that run on it one after another."""

    def __init__(self, tmp_path: Path, pid: int, path: str) -> None:
        self.tmp_path, self.pid, self.device = tmp_path, pid, f"serial:{path}"
        self.protocol, self.trace = tmp_path / "driven.yaml", tmp_path / "trace"
        self.left: list[str] = []
        self._sessions = 0

    def out(self) -> Path:
        self._sessions += 1
        return self.tmp_path / f"o{self._sessions}"

    def shows(self, session: str) -> None:
        """The patient sees this session from now on."""
        (run,) = (self.tmp_path / "run").glob(f"*/{session}")
        new = self.tmp_path / "eyes.new"
        new.symlink_to(run / "snapshot")
        new.replace(self.tmp_path / "eyes")

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A script's session, its loop in this process. At its end all rows are there and nobody is left."""
        with Session(self.device, seed=1, out=self.out()) as session:
            self.shows(session.folder.name)
            yield session
        self.whole(session.folder)

    def whole(self, folder: Path) -> Recording:
        """The recording of a session that is over is without a gap and intact; no process, no shared file stays."""
        others = [words for pid, words in processes_of(self.tmp_path) if pid != self.pid]
        self.left += others + [str(path) for path in (self.tmp_path / "run").glob("*/*")]
        recording = Recording.open(folder)
        ticks = recording.ticks["tick"]
        assert ticks[0] == 0
        assert (np.diff(ticks) == 1).all()
        assert not [event for event in recording.events if event.kind == "gap"]
        assert verify(folder).ok
        return recording

    def blow(self, witness: Witness, victim: int, number: signal.Signals) -> Blow:
        """Send it; to one that is gone, nothing is sent."""
        blow = Blow(self.step, witness.now)
        with suppress(ProcessLookupError):
            os.kill(victim, number)
        return blow

    def pid_of(self, module: str) -> int:
        return until(lambda: pid_of(self.tmp_path, module), f"{module} does not run")

    @property
    def step(self) -> int:
        return steps_written(self.trace)

    def still_after(self, blow: Blow) -> list[PlantStep]:
        """The plant's steps from the signal on; the last STILL of them, after it has settled, have no torque."""
        last = self.step + SETTLED + STILL
        until(lambda: self.step >= last, "the plant stands still")
        steps = read_trace(self.trace, blow.step)
        moved = [step for step in steps[-STILL:] if any(step.torque)]
        assert not moved, f"{len(moved)} of {STILL} plant steps have torque, and nobody armed"
        return steps


def torque_gone(steps: list[PlantStep]) -> float:
    """From the signal, in the first step, to the first step from which on none has torque, in s."""
    end = max(number for number, step in enumerate(steps) if any(step.torque)) + 1
    return (steps[end].begin - steps[1].begin) * 1e-6


def silent_after_the_watchdog(steps: list[PlantStep]) -> float:
    """Asserts that no step from the first expiry of a command on has torque, whatever came later; gives the time from
    the last command before it to the end of torque, in s."""
    expiry = next(step for step in steps if step.begin >= step.received + WATCHDOG_US)
    late = [step for step in steps if step.begin >= expiry.begin and any(step.torque)]
    assert not late, f"{len(late)} plant steps after the expiry have torque"
    gone = next(step for step in steps if not any(step.torque) and step.begin >= expiry.received)
    return (gone.begin - expiry.received) * 1e-6


@contextmanager
def bench_with_a_patient(tmp_path: Path) -> Iterator[Bench]:
    """The emulator, and the proof that nothing stays of all that ran on it."""
    words = ("--patient", "stroke", "--seed", 1, "--eyes", tmp_path / "eyes", "--trace", tmp_path / "trace")
    with emulator(*words) as (process, path):
        bench = Bench(tmp_path, process.pid, path)
        yield bench
    gc.collect()  # this process looked into shared memory itself
    shared = str((tmp_path / "run").resolve())
    mapped = [line for line in Path("/proc/self/maps").read_text().splitlines() if shared in line]
    terminals = [name for name in descriptors() if name == path]
    stay = bench.left + processes_of(tmp_path) + mapped + terminals
    assert not stay, f"of {KILLS} repetitions stay: {stay}"


def descriptors() -> Iterator[str]:
    """What this process has open."""
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that lists them
            yield str(link.readlink())


# scripts -------------------------------------------------------------------------------------------------------------


def comes_into_motion(session: Session, driving: Iterator) -> bool:
    """Go through the script's loop until the arm is driven; False when a stall of the machine stopped it before."""

    def moves() -> bool:
        next(driving)
        return driven(session.look())

    try:
        return until(moves, "the session never moved", every=0.0)
    except SafetyStop:
        return False


def stopped(driving: Iterator) -> SafetyStop:
    """Go through the script's loop until it is told of the stop."""
    with pytest.raises(SafetyStop) as told:
        for _ in driving:
            pass
    return told.value


# windows -------------------------------------------------------------------------------------------------------------


@contextmanager
def window(*words: object) -> Iterator:
    """The stand-in, once its session runs."""
    with background(sys.executable, HERE / "window.py", *words) as process:
        ready(process)
        yield process


def ready(process) -> None:
    assert process.stdout.readline().strip(), process.stderr.read()
