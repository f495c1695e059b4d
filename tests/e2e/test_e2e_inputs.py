"""The inputs process among the others: a joystick over a pipe steers, a pedal stops, and what follows from a death."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rehab.realtime.snapshot import Look, SnapshotReader
from rehab.record.recording import Recording
from tests.e2e.conftest import background, pid_of, processes_of, rehab, session_folder, until
from tests.inputs.conftest import Pipe

STEERED = """\
protocol: Steered for as long as it takes
version: 1
device: planar_arm
blocks:
  - name: steered
    reach: {targets: 4, radius: 10 cm, time_limit: 60 s}
    controller: shared_control
    trials: 50
"""


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Pipe]:
    made = Pipe(tmp_path / "js0")
    yield made
    made.unplug()


@pytest.fixture
def pedal(tmp_path: Path) -> Iterator[Pipe]:
    made = Pipe(tmp_path / "event5")
    yield made
    made.unplug()


def steered(tmp_path: Path, *inputs: str, device: str = "sim:planar_arm"):
    protocol = tmp_path / "steered.yaml"
    protocol.write_text(STEERED)
    script = Path(__file__).parent / "steer.py"
    return background(sys.executable, script, device, protocol, tmp_path / "o", "passive", *inputs)


def look(tmp_path: Path) -> Look | None:
    for path in (tmp_path / "run").glob("*/*/snapshot"):
        try:
            return SnapshotReader.attach(path).look()
        except (OSError, ValueError):
            return None
    return None


def when(tmp_path: Path, condition, words: str) -> dict[str, float]:
    def seen():
        at = look(tmp_path)
        return at.values if at is not None and condition(at.values) else None

    return until(seen, words)


def running(tmp_path: Path) -> dict[str, float]:
    return when(tmp_path, lambda at: at["state"] == 3 and at["scale"] == 1.0 and at["trial"] == 1, "it never ran")


def ahead(tmp_path: Path, stick: Pipe) -> dict[str, float]:
    """The stick is pushed away, and the arm follows."""
    stick.stick(1, -32767)
    return when(tmp_path, lambda at: at["x_1"] > 0.44, "the arm did not follow the stick")


def recorded(tmp_path: Path) -> Recording:
    """The session's recording, once it is closed."""
    manifest = session_folder(tmp_path / "o") / "manifest.json"
    until(lambda: json.loads(manifest.read_text())["state"] == "closed", "the recording stayed open")
    return Recording.open(manifest.parent)


def warnings(recording: Recording) -> list[str]:
    return [f"{e.data['name']}: {e.data['message']}" for e in recording.events if e.kind == "warning"]


@pytest.mark.e2e
@pytest.mark.parametrize("device", ["sim:planar_arm", "emulator:planar_arm"])
def test_a_stick_moves_the_arm_and_a_pedal_stops_it(tmp_path, stick, pedal, device):
    inputs = (f"joystick:{stick.path}", f"pedal:{pedal.path}")
    with steered(tmp_path, *inputs, device=device) as run:
        running(tmp_path)
        at = ahead(tmp_path, stick)
        assert at["intent_1"] == pytest.approx(1.0)
        pedal.key(True)
        _, errors = run.communicate(timeout=90)
    assert run.returncode == 3
    assert "stop pedal" in errors
    assert "Traceback" not in errors
    recording = recorded(tmp_path)
    assert recording.ticks["enable"][-1] == 0
    assert np.abs(recording.ticks["intent_1"]).max() == pytest.approx(1.0)
    assert rehab("verify", recording.folder).returncode == 0


@pytest.mark.e2e
def test_f45_kill_9_of_the_inputs_process_is_told_and_nothing_stays_asked(tmp_path, stick):
    with steered(tmp_path, f"joystick:{stick.path}") as run:
        running(tmp_path)
        ahead(tmp_path, stick)
        os.kill(pid_of(tmp_path, "rehab.session.inputs"), signal.SIGKILL)
        at = when(tmp_path, lambda at: at["intent_1"] == 0.0, "the command stands")
        assert at["state"] == 3, "the session goes on"
        when(tmp_path, lambda at: abs(at["v_1"]) < 0.002, "the arm never came to rest")
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=90)
    recording = recorded(tmp_path)
    told = warnings(recording)
    assert any("F45 an input does not answer: the inputs process died: killed by SIGKILL" in words for words in told)
    ticks = recording.ticks
    died = int(np.flatnonzero(ticks["host_intent_age"] > 0.15)[0])
    asked = ticks["intent_1"][died:]
    assert asked[-1] == 0.0
    age = ticks["host_intent_age"]
    assert not np.any(ticks["intent_1"][age >= 0.3]), "nothing counts that is older than 300 ms"


@pytest.mark.e2e
def test_f46_kill_9_of_the_process_that_reads_a_pedal_stops_the_arm(tmp_path, stick, pedal):
    with steered(tmp_path, f"joystick:{stick.path}", f"pedal:{pedal.path}") as run:
        running(tmp_path)
        ahead(tmp_path, stick)
        os.kill(pid_of(tmp_path, "rehab.session.inputs"), signal.SIGKILL)
        _, errors = run.communicate(timeout=90)
    assert run.returncode == 3
    assert "F46 the pedal does not answer" in errors
    recording = recorded(tmp_path)
    assert recording.ticks["enable"][-1] == 0
    assert rehab("verify", recording.folder).returncode == 0


@pytest.mark.e2e
def test_an_inputs_process_that_hangs_leaves_no_command_standing(tmp_path, stick):
    with steered(tmp_path, f"joystick:{stick.path}") as run:
        running(tmp_path)
        ahead(tmp_path, stick)
        pid = pid_of(tmp_path, "rehab.session.inputs")
        os.kill(pid, signal.SIGSTOP)
        when(tmp_path, lambda at: at["intent_1"] == 0.0, "the command stands")
        os.kill(pid, signal.SIGCONT)
        when(tmp_path, lambda at: 0.0 <= at["host_intent_age"] < 0.1, "it never came back")
        assert look(tmp_path).values["intent_1"] == 0.0, "a stick that is still pushed counts after a rest only"
        stick.stick(1, 0)
        rested = look(tmp_path).values["t"] + 0.2
        when(tmp_path, lambda at: at["t"] > rested, "the loop stands still")  # so that the rest is seen
        stick.stick(1, 32767)
        when(tmp_path, lambda at: at["intent_1"] < -0.9, "it never counted again")
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=90)
    told = warnings(recorded(tmp_path))
    assert any("the inputs have not spoken for" in words for words in told)


@pytest.mark.e2e
def test_a_joystick_that_is_unplugged_is_named_and_the_session_goes_on(tmp_path, stick):
    with steered(tmp_path, f"joystick:{stick.path}") as run:
        running(tmp_path)
        ahead(tmp_path, stick)
        stick.unplug()
        at = when(tmp_path, lambda at: at["intent_1"] == 0.0, "the command stands")
        assert at["state"] == 3
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=90)
    told = warnings(recorded(tmp_path))
    assert any("js0 is gone" in words for words in told)


@pytest.mark.e2e
def test_the_arm_moves_only_while_the_hold_to_run_pedal_is_held(tmp_path, pedal):
    with steered(tmp_path, f"pedal:{pedal.path},does=hold", "pilot:steady") as run:
        when(tmp_path, lambda at: at["state"] == 4, "it did not wait for the pedal")
        pedal.key(True)
        when(tmp_path, lambda at: at["state"] == 3 and at["trial"] == 1, "it did not go on")
        pedal.key(False)
        when(tmp_path, lambda at: at["state"] == 4, "letting go did not pause it")
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=90)


@pytest.mark.e2e
def test_a_joystick_that_is_not_there_refuses_the_session_and_leaves_nothing(tmp_path):
    stick = f"joystick:{tmp_path / 'js3'}"
    done = rehab("run", "steering", "--patient", "passive", "--input", stick, "--out", tmp_path)
    assert done.returncode == 2
    assert "js3: there is no such device" in done.stderr
    assert "Traceback" not in done.stderr
    assert processes_of(tmp_path) == []


@pytest.mark.e2e
def test_a_virtual_user_steers_in_real_time(tmp_path):
    with steered(tmp_path, "pilot:steady") as run:
        when(tmp_path, lambda at: at["trial"] == 2, "no target was reached")
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=90)
    recording = recorded(tmp_path)
    assert recording.trials[0].outcome == "reached"
