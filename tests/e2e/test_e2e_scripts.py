"""`rehab run script.py` in real time, in processes of its own: somebody's code misbehaves in the middle of motion.

The same on a simulated clock is in tests/cli/test_cli_script.py.
"""

from __future__ import annotations

import signal
from pathlib import Path

import numpy as np
import pytest

from rehab.record.recording import Recording
from rehab.record.verify import verify
from tests.e2e.conftest import in_motion, rehab, session_folder, started

pytestmark = pytest.mark.e2e

# once the arm is led to a target
LAW = """\
from time import sleep, thread_time

from rehab import Session, controller


@controller("bad", stiffness="300 N/m")
def bad(state, reference, dt, *, stiffness, begun=[]):
    if begun or abs(reference.v).max() > 0.1:
        begun.append(state.t)
        {body}
    return state.jacobian.T @ (stiffness * (reference.x - state.x) - 10.0 * state.v)


with Session() as session:
    for trial in session.run("reach", controller="bad", trials=50):
        print(trial.number, trial.outcome, flush=True)
"""
PATH = """\
from time import sleep, thread_time

from rehab import Session, exercise


@exercise("bad", duration="10 s")
def bad(t):
    if {when}:  # between the points that are looked at before anything moves
        {body}
    return 0.0, 0.0


with Session() as session:
    list(session.run("bad", controller="impedance", trials=1))
"""
NEVER = "while True: pass"
COMPUTES = "end = thread_time() + 0.02\n        while thread_time() < end: pass"


def stopped(tmp_path: Path, source: str) -> tuple[str, Recording]:
    """Run it; what was said, and the recording, whole and with the arm at rest in the end."""
    script = tmp_path / "mine.py"
    script.write_text(source)
    done = rehab("run", script, "--patient", "healthy", "--seed", 1, "--out", tmp_path / "o")
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    folder = session_folder(tmp_path / "o")
    assert Path(done.stdout.splitlines()[-1]) == folder
    assert (folder / "report.pdf").exists()
    recording = Recording.open(folder)
    assert verify(folder).ok
    assert (np.diff(recording.ticks["tick"]) == 1).all()
    return done.stderr, recording


@pytest.mark.parametrize(
    ("body", "fault", "words"),
    [
        ("raise ValueError('ouch')", 39, "controller bad: ValueError: ouch (mine.py:10)"),
        ("return [float('nan')] * 2", 2, "controller bad: wished a torque that is not finite"),
        ("sleep(0.02)", 39, "controller bad: took"),
        (COMPUTES, 39, "controller bad: took"),
    ],
    ids=["raises", "not a number", "waits", "computes too long"],
)
def test_a_bad_controller_is_named_with_its_tick_and_the_arm_comes_to_rest(tmp_path, body, fault, words):
    source = LAW.format(body=body)
    said, recording = stopped(tmp_path, source)
    assert words in said
    event = next(event for event in recording.events if event.kind == "fault")
    assert event.data["id"] == fault
    assert f"(tick {event.tick})" in said
    line = source[: source.index("    for trial")].count("\n") + 1
    assert f"{tmp_path / 'mine.py'}:{line}: F{fault:02d} " in said
    assert recording.ticks["enable"][-1] == 0
    assert abs(recording.array("sent")).max() > 0.05, "it has driven the arm before"


def test_a_controller_that_never_returns_is_ended_and_named(tmp_path):
    said, recording = stopped(tmp_path, LAW.format(body=NEVER))
    assert "controller bad or exercise reach" in said
    real_time = next(event.data["real_time"] for event in recording.events if event.kind == "certificate")
    fault = next(event.data["id"] for event in recording.events if event.kind == "fault")
    assert fault == (39 if real_time else 13), "without real-time scheduling it is the supervisor that ends it"


@pytest.mark.parametrize(
    ("body", "when", "words"),
    [
        ("raise ValueError('ouch')", "1.003 < t < 1.047", "exercise bad: ValueError: ouch (mine.py:9)"),
        ("return float('nan'), 0.0", "1.003 < t < 1.047", "exercise bad: ValueError: the reference is not finite"),
        ("sleep(0.02)", "t > 1.003 and abs(t % 0.05 - 0.025) < 0.0249", "exercise bad: took"),
    ],
    ids=["raises", "not a number", "waits"],
)
def test_a_bad_exercise_is_named_and_the_arm_comes_to_rest(tmp_path, body, when, words):
    said, recording = stopped(tmp_path, PATH.format(body=body, when=when))
    assert "F38 the exercise failed: " in said
    assert words in said
    assert recording.ticks["enable"][-1] == 0


def test_an_exercise_that_never_returns_is_ended_and_named(tmp_path):
    said, _ = stopped(tmp_path, PATH.format(body=NEVER, when="1.003 < t < 1.047"))
    assert "controller impedance or exercise bad" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupting_a_script_stops_the_arm_and_keeps_the_recording(tmp_path, number):
    script = tmp_path / "mine.py"
    script.write_text(LAW.format(body="pass"))
    with started("run", script, "--patient", "stroke", "--out", tmp_path / "o") as run:
        in_motion(tmp_path / "o", tmp_path)
        run.send_signal(number)
        out, errors = run.communicate(timeout=90)
    assert run.returncode == 130, errors
    assert "interrupted; the arm was stopped" in errors and "Traceback" not in errors
    recording = Recording.open(Path(out.splitlines()[-1]))
    assert recording.ticks["enable"][-1] == 0
    assert verify(recording.folder).ok


def test_a_script_over_a_serial_line_is_the_same_script(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text(LAW.format(body="pass").replace("trials=50", "trials=1"))
    done = rehab("run", script, "--device", "emulator:planar_arm", "--patient", "healthy", "--out", tmp_path / "o")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 reached")
