"""The training page's real window on real processes: killed, and taken over by another one; its cable pulled."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from gui.viewmodels.waiting import sessions_waiting
from rehab.realtime.snapshot import SnapshotReader
from rehab.record.recording import Recording
from rehab.record.verify import verify
from tests.e2e.conftest import background, pid_of, until

pytestmark = [pytest.mark.e2e, pytest.mark.window]
SCRIPT = Path(__file__).parent / "therapist.py"
ROOT = Path(__file__).parents[2]
SHORT = """\
protocol: Short reaches
version: 1
device: planar_arm
blocks:
  - name: short
    reach: {targets: 8, radius: 8 cm, movement_time: 500 ms, home_dwell: 100 ms, dwell: 100 ms, time_limit: 2 s}
    controller: {impedance: {stiffness: 400 N/m}}
    trials: 60
"""


@pytest.fixture(autouse=True)
def protocol(tmp_path, site, monkeypatch):
    path = tmp_path / "short.yaml"
    path.write_text(SHORT)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return path


def therapist(*words):
    return background(sys.executable, SCRIPT, *words)


def reach_trial(process, number: int) -> list[str]:
    """What the window says until that trial has begun."""
    said = []
    for line in process.stdout:
        said.append(line.strip())
        if line.startswith("trial ") and int(line.split()[1]) >= number:
            return said
    raise AssertionError(f"the window ended: {said} {process.stderr.read()}")


def closed(process) -> None:
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=90)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


def numbers(recording: Recording, kind: str) -> list[int]:
    return [event.data["number"] for event in recording.events if event.kind == kind]


def test_f14_a_killed_window_stops_the_arm_and_a_new_one_goes_on_at_the_next_trial(tmp_path, protocol):
    out = tmp_path / "o"
    with therapist("new", "sim:planar_arm", protocol, out, "healthy") as first:
        reach_trial(first, 3)
        assert sessions_waiting() == []  # it has a window
        first.send_signal(signal.SIGKILL)
        first.wait()
        (run,) = (tmp_path / "run").glob("*/*")
        glass = SnapshotReader.attach(run / "snapshot")
        until(lambda: (look := glass.look()) and look.values["enable"] == 0.0, "the arm was not made safe")
        (waiting,) = until(sessions_waiting, "no session waits")
        assert (waiting.session, waiting.state) == (run.name, "faulted")
    with therapist("attach") as second:
        said = reach_trial(second, 5)
        closed(second)
    assert said[0] == "offered 1"
    assert "pressed Go on" in said
    recording = Recording.open(out / run.name)
    assert verify(recording.folder).ok
    assert (np.diff(recording.ticks["tick"]) == 1).all()
    faults = [event.data["id"] for event in recording.events if event.kind == "fault"]
    assert faults == [14]
    begun = numbers(recording, "trial_start")
    assert begun == list(range(1, len(begun) + 1))
    assert [trial.outcome for trial in recording.trials].count("stopped") == 2  # at the kill, at the end
    assert [event.data.get("resumed") is not None for event in recording.events if event.kind == "block_start"] == [
        False, True,
    ]  # fmt: skip


def test_f09_a_pulled_cable_keeps_the_trials_and_a_new_session_goes_on_at_the_next_one(tmp_path, protocol):
    out = tmp_path / "o"
    with therapist("new", "emulator:planar_arm", protocol, out, "healthy") as window:
        reach_trial(window, 3)
        emulator = until(lambda: pid_of(tmp_path, "emulate"), "no emulator")
        os.kill(emulator, signal.SIGKILL)
        said = reach_trial(window, 5)
        closed(window)
    assert any(line.startswith("pressed Go on at trial") for line in said)
    first, second = sorted(
        (Recording.open(folder) for folder in out.iterdir()), key=lambda r: r.events[0].data["host_zero_s"]
    )
    assert all(verify(recording.folder).ok for recording in (first, second))
    assert [event.data["id"] for event in first.events if event.kind == "fault"] == [9]
    done, after = numbers(first, "trial_start"), numbers(second, "trial_start")
    assert done + after == list(range(1, len(done) + len(after) + 1))
    follows = next(event.data for event in second.events if event.kind == "follows")
    assert follows == {"session": first.folder.name, "trials": len(done)}
    planned = [
        event.data["planned"] for recording in (first, second) for event in recording.events
        if event.kind == "trial_start"
    ]  # fmt: skip
    assert planned == list(range(1, len(planned) + 1))
