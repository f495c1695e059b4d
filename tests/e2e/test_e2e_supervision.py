"""Everybody is stopped, killed or misbehaves in the middle of motion. Asserted by plant steps, ticks and the order of
events; times are reported (REHAB_KILLS=20 for a report's percentiles)."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rehab.realtime.ring import RingEvent, RingReader
from rehab.realtime.snapshot import SnapshotReader
from rehab.record.recording import Recording
from rehab.record.verify import verify
from sim.emulators.trace import PlantStep, read_trace
from tests.e2e.conftest import (
    KILLS,
    background,
    emulator,
    in_motion,
    pid_of,
    processes_of,
    rehab,
    scripted,
    session_folder,
    until,
)

pytestmark = pytest.mark.e2e
WATCHDOG_US = 20_000
HERE = Path(__file__).parent


def report(record_property, name: str, values: list[float], unit: str = "ms") -> None:
    ordered = sorted(values)
    words = f"median {statistics.median(ordered):.1f}, max {ordered[-1]:.1f} {unit} of {len(ordered)}"
    if len(ordered) >= 20:
        words = f"p50 {np.percentile(ordered, 50):.1f}, p95 {np.percentile(ordered, 95):.1f}, " + words
    record_property(name, words)
    print(f"{name}: {words}")


# control -------------------------------------------------------------------------------------------------------------


@pytest.mark.kill
@pytest.mark.parametrize("stopped_for", [1.0, 0.06])
def test_f13_after_a_stop_of_control_no_plant_step_ever_has_torque_again(tmp_path, site, record_property, stopped_for):
    """SIGSTOP, later SIGCONT. Of one second the supervisor hears and kills control; 60 ms pass below its notice, and
    there device and monitor alone must see to it. A session that a stall of the machine ended before is done again."""
    words = site.read_text().replace("watchdog: 500 ms", "watchdog: 20 ms")
    site.write_text(words.replace("overrun_stop: 800 ms", "overrun_stop: 100 ms"))
    times, stalls = [], 0
    while len(times) < KILLS:
        out, trace = tmp_path / f"o{len(times)}-{stalls}", tmp_path / "trace"
        with (
            emulator("--trace", trace) as (_, path),
            scripted(f"serial:{path}", tmp_path / "driven.yaml", out) as script,
        ):
            moving = in_motion(out, tmp_path, unless=lambda s=script: s.poll() is not None)
            if moving:
                control = pid_of(tmp_path, "rehab.session.control")
                os.kill(control, signal.SIGSTOP)
                time.sleep(stopped_for)  # the fault itself
                with contextlib.suppress(ProcessLookupError):
                    os.kill(control, signal.SIGCONT)
            _, errors = script.communicate(timeout=60)
            time.sleep(0.1)  # the plant goes on: that is what is looked at
        assert script.returncode == 3, errors
        assert "Traceback" not in errors
        assert verify(session_folder(out)).ok
        if moving and ("F13" in errors) == (stopped_for == 1.0):
            times.append(_silent_for_good(read_trace(trace)))
        else:
            stalls += 1
            assert stalls <= KILLS, f"the machine stalled too often to prove anything: {errors}"
        trace.unlink()
    report(record_property, f"torque_gone_after_the_last_command_before_a_stop_of_{stopped_for:g}_s", times)
    record_property(f"sessions_done_again_for_{stopped_for:g}_s", stalls)
    print(f"{stalls} sessions were done again")


def _silent_for_good(steps: list[PlantStep]) -> float:
    """Asserts that after the first expiry of a command no step has torque, whatever was received later; gives the time
    from the last command before it to the end of torque, in ms."""
    driven = [step for step in steps if any(step.torque)]
    assert driven, "the arm was never driven: nothing was proven"
    expiry = next(s for s in steps if s.begin > driven[0].begin and s.begin >= s.received + WATCHDOG_US)
    late = [step for step in driven if step.begin >= expiry.begin]
    assert not late, f"{len(late)} plant steps after the expiry have torque"
    assert steps[-1].begin > expiry.begin + 40_000, "the plant did not run long enough to prove it"
    return (driven[-1].begin - expiry.received) / 1000.0


SPIN = """\
import sys
from rehab import Session, controller
from rehab.core.errors import SafetyStop

@controller("spin")
def spin(state, reference, dt):
    while state.t > 0.0 and abs(reference.x[0]) >= 0.0 and spin_now(state):
        pass
    return [0.0, 0.0]

def spin_now(state, begun=[]):
    begun or begun.append(state.t)
    return state.t > begun[0] + 0.5

with Session("sim:planar_arm", "healthy", seed=1, out=sys.argv[1]) as session:
    try:
        list(session.run("reach", controller="spin", trials=5))
    except SafetyStop as stop:
        print(type(stop).__name__, stop, file=sys.stderr)
        sys.exit(3)
"""
WITHOUT_REAL_TIME = "import ctypes; ctypes.CDLL(None).prctl(24, 23)  # PR_CAPBSET_DROP, CAP_SYS_NICE\n"


@pytest.mark.parametrize("real_time", [True, False])
def test_f39_a_controller_that_never_returns_ends_the_session_and_is_named(tmp_path, real_time):
    script = tmp_path / "spin.py"
    script.write_text(SPIN if real_time else WITHOUT_REAL_TIME + SPIN)
    with background(sys.executable, script, tmp_path / "o") as run:
        _, errors = run.communicate(timeout=90)
    assert run.returncode == 3, errors
    assert "Traceback" not in errors
    assert "controller spin or exercise reach" in errors
    recording = Recording.open(session_folder(tmp_path / "o"))
    certificate = next(event.data for event in recording.events if event.kind == "certificate")
    if not real_time:
        assert not certificate["real_time"]
    fault = next(event.data for event in recording.events if event.kind == "fault")
    assert fault["id"] == (39 if certificate["real_time"] else 13)
    assert ("UserCodeError" in errors) == certificate["real_time"]
    assert verify(recording.folder).ok


# recorder ------------------------------------------------------------------------------------------------------------


@pytest.mark.kill
def test_f30_after_kill_9_of_the_recorder_the_arm_stops_and_no_row_is_lost(tmp_path, record_property):
    ticks_to_rest = []
    for number in range(KILLS):
        out = tmp_path / f"o{number}"
        with scripted("sim:planar_arm", tmp_path / "driven.yaml", out, "stroke") as run:
            in_motion(out, tmp_path)
            os.kill(pid_of(tmp_path, "rehab.record.process"), signal.SIGKILL)
            _, errors = run.communicate(timeout=90)
        assert run.returncode == 3, errors
        assert "the recorder died: killed by SIGKILL" in errors
        assert "Traceback" not in errors
        recording = Recording.open(session_folder(out))
        ticks = recording.ticks["tick"]
        assert ticks[0] == 0
        assert (np.diff(ticks) == 1).all()
        (fault,) = [event for event in recording.events if event.kind == "fault"]
        assert fault.data["id"] == 30
        off = np.flatnonzero((recording.ticks["enable"] == 0) & (ticks > fault.tick))
        assert len(off), "the arm was not disarmed"
        ticks_to_rest.append(float(ticks[off[0]] - fault.tick))
        assert verify(recording.folder).ok
    report(record_property, "power_off_after_a_dead_recorder", ticks_to_rest, "ticks")


@pytest.mark.kill
def test_f44_a_recorder_that_stands_still_loses_no_row(tmp_path, record_property):
    """Many short stops, then one of three seconds: the ring holds a minute."""
    with scripted("sim:planar_arm", tmp_path / "driven.yaml", tmp_path / "o", "stroke") as run:
        in_motion(tmp_path / "o", tmp_path)
        recorder = pid_of(tmp_path, "rehab.record.process")
        for seconds in [0.1] * (KILLS - 1) + [3.0]:
            os.kill(recorder, signal.SIGSTOP)
            time.sleep(seconds)
            os.kill(recorder, signal.SIGCONT)
        rehab("stop")
        _, errors = run.communicate(timeout=90)
    assert run.returncode == 3, errors
    recording = Recording.open(session_folder(tmp_path / "o"))
    assert (np.diff(recording.ticks["tick"]) == 1).all()
    assert not [event for event in recording.events if event.kind in ("gap", "fault")]
    assert verify(recording.folder).ok
    words = f"{recording.timing['skipped']} skipped of {recording.timing['ticks']} ticks"
    record_property("loop_beside_a_recorder_that_stood_still", words)
    print(words)


def test_f30_a_full_disk_stops_the_arm_and_the_rest_waits_in_memory_for_the_next_start(tmp_path):
    """The limit on the size of files gives the same error as a full disk; the second recorder inherits it."""
    with scripted("sim:planar_arm", tmp_path / "driven.yaml", tmp_path / "o", "stroke") as run:
        in_motion(tmp_path / "o", tmp_path)
        most = (session_folder(tmp_path / "o") / "ticks.frames").stat().st_size + 100_000
        for module in ("rehab.session.supervisor", "rehab.record.process"):
            pid = pid_of(tmp_path, module)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
        _, errors = run.communicate(timeout=90)
    assert run.returncode == 3, errors
    assert "F30" in errors
    assert "the recorder died" in errors
    assert "Traceback" not in errors
    folder = session_folder(tmp_path / "o")
    short = Recording.open(folder).ticks["tick"]
    assert (np.diff(short) == 1).all()
    done = rehab("run", "reach_demo", "--patient", "healthy", "--fast", "--out", tmp_path / "next")
    assert done.returncode == 0, done.stderr
    whole = Recording.open(folder)
    assert (np.diff(whole.ticks["tick"]) == 1).all()
    assert len(whole.ticks["tick"]) > len(short)
    assert whole.ticks["enable"][-1] == 0
    assert [event.data["id"] for event in whole.events if event.kind == "fault"] == [30]
    assert verify(folder).ok


# window --------------------------------------------------------------------------------------------------------------


class Witness:
    """Sees ring and snapshot of the one session that runs."""

    def __init__(self, tmp_path: Path) -> None:
        (self.run,) = (tmp_path / "run").glob("*/*")
        self._ring = RingReader.attach(self.run / "ring")
        self._snapshot = SnapshotReader.attach(self.run / "snapshot")
        self.events: list[RingEvent] = []
        self.read()
        self._zero = next(event.data["host_zero_s"] for event in self.events if event.kind == "certificate")

    def read(self) -> int:
        self.events += self._ring.events()
        return len(self.events)

    @property
    def now(self) -> float:
        """Session time."""
        return time.monotonic() - self._zero

    def __getitem__(self, column: str) -> float:
        look = until(self._snapshot.look, "no tick can be read")
        return look.values[column]

    def wait(self, since: int, what, words: str) -> RingEvent:
        """The first event from number `since` on that is so."""

        def found():
            self.read()
            return next((event for event in self.events[since:] if what(event)), None)

        return until(found, f"{words}: never came; {[e.kind for e in self.events[since:]]}")

    def ticks_pass(self, count: int) -> None:
        until_tick = self["tick"] + count
        until(lambda: self["tick"] >= until_tick, "the loop stands still")


def state(name: str):
    return lambda event: event.kind == "state" and event.data["name"] == name


def is_fault(number: int):
    return lambda event: event.kind == "fault" and event.data["id"] == number


def is_warning(number: int):
    return lambda event: event.kind == "warning" and event.data["id"] == number


@contextlib.contextmanager
def window(*words: object) -> Iterator:
    """The stand-in, once its session runs."""
    with background(sys.executable, HERE / "window.py", *words) as process:
        assert process.stdout.readline().strip(), process.stderr.read()
        yield process


@pytest.mark.kill
def test_f14_after_kill_9_of_the_window_the_arm_freezes_then_stops_and_a_new_window_goes_on(tmp_path, record_property):
    protocol, out = tmp_path / "driven.yaml", tmp_path / "o"
    frozen, stopped = [], []
    words: tuple = ("new", "sim:planar_arm", protocol, out, "stroke")
    for number in range(KILLS):
        with window(*words) as process:
            in_motion(out, tmp_path)
            if number == 0:
                witness = Witness(tmp_path)
                words = ("attach", witness.run.name, protocol)
            since, killed = witness.read(), witness.now
            process.kill()
        seen = [
            witness.wait(since, is_warning(14), "the warning"),
            witness.wait(since, state("paused"), "the freeze"),
            witness.wait(since, is_fault(14), "the stop"),
            witness.wait(since, lambda event: event.kind == "rest", "the end of torque"),
        ]
        assert [event.tick for event in seen] == sorted(event.tick for event in seen)
        assert "the window is gone" in seen[2].data["message"]
        assert witness["enable"] == 0
        frozen.append(1e3 * (seen[1].t - killed))
        stopped.append(1e3 * (seen[2].t - killed))
    with window(*words) as process:
        in_motion(out, tmp_path)
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    recording = Recording.open(session_folder(out))
    assert (np.diff(recording.ticks["tick"]) == 1).all()
    assert recording.ticks["enable"][-1] == 0
    assert verify(recording.folder).ok
    report(record_property, "frozen_after_the_death_of_the_window", frozen)
    report(record_property, "stopped_after_the_death_of_the_window", stopped)


@pytest.mark.kill
def test_f15_a_window_that_hangs_freezes_the_arm_and_its_return_never_resumes_motion(tmp_path, record_property):
    out = tmp_path / "o"
    frozen = []
    with window("new", "sim:planar_arm", tmp_path / "driven.yaml", out, "stroke") as process:
        in_motion(out, tmp_path)
        witness = Witness(tmp_path)
        for number in range(KILLS):
            since, began = witness.read(), witness.now
            last = number == KILLS - 1
            process.send_signal(signal.SIGSTOP)
            warned = witness.wait(since, is_warning(15), "the warning")
            paused = witness.wait(since, state("paused"), "the freeze")
            assert warned.tick <= paused.tick
            if last:
                stop = witness.wait(since, is_fault(15), "the stop")
                assert "does not answer" in stop.data["message"]
                witness.wait(since, lambda event: event.kind == "rest", "the end of torque")
            process.send_signal(signal.SIGCONT)
            witness.ticks_pass(300)
            witness.read()
            assert not any(state("running")(event) for event in witness.events[since:]), "it went on by itself"
            assert last or witness["state"] == 4
            process.send_signal(signal.SIGUSR1)
            witness.wait(since, state("running"), "the therapist's word to go on")
            frozen.append(1e3 * (paused.t - began))
        assert not any(is_fault(15)(event) for event in witness.events[:since])
    report(record_property, "frozen_after_the_window_hung", frozen)


def test_a_session_whose_window_lives_gives_itself_to_no_other(tmp_path):
    from rehab import Session
    from rehab.core.errors import NotNow

    with window("new", "sim:planar_arm", tmp_path / "driven.yaml", tmp_path / "o", "stroke"):
        (run,) = (tmp_path / "run").glob("*/*")
        with pytest.raises(NotNow, match="has a window that answers"):
            Session.attach(run.name)


def test_the_emergency_stop_works_while_the_window_hangs(tmp_path):
    """F15: the stop on the screen is dead, so another one must do."""
    with window("new", "sim:planar_arm", tmp_path / "driven.yaml", tmp_path / "o", "stroke") as process:
        in_motion(tmp_path / "o", tmp_path)
        witness = Witness(tmp_path)
        since = witness.read()
        process.send_signal(signal.SIGSTOP)
        assert rehab("stop").returncode == 0
        stop = witness.wait(since, lambda event: event.kind == "stop", "the stop")
        assert stop.data["by"] == "rehab stop"
        witness.wait(since, lambda event: event.kind == "rest", "the end of torque")
        process.send_signal(signal.SIGCONT)


# scripts -------------------------------------------------------------------------------------------------------------

MISBEHAVING = """\
import sys, time
from rehab import Session

with Session("sim:planar_arm", "stroke", seed=1, out=sys.argv[1]) as session:
    for trial in session.run(sys.argv[2]):
        {body}
"""
BODIES = {
    "sleeps for a second": "time.sleep(1.0); trial.number < 3 or sys.exit(0)",
    "computes for a second": "end = time.monotonic() + 1.0\n        while time.monotonic() < end: pass\n"
    "        trial.number < 3 or sys.exit(0)",
    "raises": "raise KeyError('mine')",
    "never returns": "while True: pass",
}


@pytest.mark.parametrize("how", BODIES)
def test_f38_a_script_that_misbehaves_does_not_touch_the_loop(tmp_path, record_property, how):
    """Scripts run in their own process, and their heartbeat in a thread."""
    script = tmp_path / "script.py"
    script.write_text(MISBEHAVING.format(body=BODIES[how]))
    with background(sys.executable, script, tmp_path / "o", tmp_path / "driven.yaml") as run:
        in_motion(tmp_path / "o", tmp_path)
        if how == "never returns":
            witness = Witness(tmp_path)
            witness.wait(0, lambda event: event.kind == "trial_end", "the first trial")
            witness.ticks_pass(3000)
            assert witness["state"] == 3
            assert not any(event.kind == "fault" for event in witness.events)
            run.kill()
        run.wait(90)
    until(lambda: not processes_of(tmp_path), "its processes stay")
    recording = Recording.open(session_folder(tmp_path / "o"))
    assert not [event for event in recording.events if event.kind == "fault"]
    assert recording.ticks["enable"][-1] == 0
    assert (np.diff(recording.ticks["tick"]) == 1).all()
    timing = recording.timing
    words = f"late {1e3 * timing['late_share']:.2f} per mille, {timing['skipped']} skipped of {timing['ticks']} ticks"
    record_property(f"loop_beside_a_script_that_{how.replace(' ', '_')}", words)
    print(words)
