"""Full disks, hanging windows and scripts that misbehave in the middle of motion. Asserted by ticks and the order of
events. Processes that are killed or stopped again and again are in test_e2e_signals.py."""

from __future__ import annotations

import resource
import signal
import sys

import numpy as np
import pytest

from rehab.record.recording import Recording
from rehab.record.verify import verify
from tests.e2e.conftest import (
    background,
    in_motion,
    pid_of,
    processes_of,
    rehab,
    scripted,
    session_folder,
    until,
)
from tests.e2e.signals import Witness, window

pytestmark = pytest.mark.e2e


# controllers ---------------------------------------------------------------------------------------------------------

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
