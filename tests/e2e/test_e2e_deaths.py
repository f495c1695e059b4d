"""Somebody dies in the middle of motion: the device is safe, the recording readable, nothing stays behind."""

from __future__ import annotations

import json
import os
import signal

import numpy as np
import pytest

from rehab.record.recording import Recording
from tests.e2e.conftest import emulator, in_motion, pid_of, rehab, scripted, session_folder, started, until


@pytest.mark.e2e
def test_unplugging_is_a_named_fault_with_the_files_intact(tmp_path):
    with (
        emulator() as (device, path),
        started("run", tmp_path / "driven.yaml", "--device", f"serial:{path}", "--out", tmp_path / "o") as run,
    ):
        in_motion(tmp_path / "o", tmp_path)
        device.kill()  # closes the pty
        _, errors = run.communicate(timeout=60)
    assert run.returncode == 3
    assert "F09 device unplugged" in errors
    assert "Traceback" not in errors
    folder = session_folder(tmp_path / "o")
    assert rehab("verify", folder).returncode == 0
    recording = Recording.open(folder)
    assert "F09" in [e.data["name"][:3] for e in recording.events if e.kind == "fault"]
    assert recording.trials[-1].outcome in ("stopped", "reached", "timeout")
    assert (folder / "report.pdf").exists()


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("rehab.session.control", "F12 the control process died"),
        ("rehab.record.process", "the recorder died: killed by SIGKILL"),
    ],
    ids=["control", "recorder"],
)
def test_kill_9_of_a_process_ends_the_script_in_words_with_every_row_kept(tmp_path, module, words):
    with scripted("sim:planar_arm", tmp_path / "driven.yaml", tmp_path / "o", "stroke") as run:
        in_motion(tmp_path / "o", tmp_path)
        os.kill(pid_of(tmp_path, module), signal.SIGKILL)
        _, errors = run.communicate(timeout=90)
    assert run.returncode == 3
    assert words in errors
    assert "Traceback" not in errors
    folder = session_folder(tmp_path / "o")
    ticks = Recording.open(folder).ticks["tick"]
    assert (np.diff(ticks) == 1).all()
    assert ticks[0] == 0
    assert rehab("verify", folder).returncode == 0


@pytest.mark.e2e
def test_kill_9_of_the_supervisor_stops_the_arm_and_closes_the_recording(tmp_path):
    with scripted("sim:planar_arm", tmp_path / "driven.yaml", tmp_path / "o", "stroke") as run:
        in_motion(tmp_path / "o", tmp_path)
        os.kill(pid_of(tmp_path, "rehab.session.supervisor"), signal.SIGKILL)
        _, errors = run.communicate(timeout=90)
    assert run.returncode == 3
    assert "Traceback" not in errors
    folder = session_folder(tmp_path / "o")
    until(lambda: json.loads((folder / "manifest.json").read_text())["state"] != "open", "the recording stayed open")
    assert rehab("verify", folder).returncode == 0


@pytest.mark.e2e
def test_kill_9_of_the_script_ends_the_session(tmp_path):
    with scripted("sim:planar_arm", tmp_path / "driven.yaml", tmp_path / "o", "stroke") as run:
        in_motion(tmp_path / "o", tmp_path)
        run.kill()
    folder = session_folder(tmp_path / "o")
    until(lambda: json.loads((folder / "manifest.json").read_text())["state"] == "closed", "the recording stayed open")
    recording = Recording.open(folder)
    assert recording.ticks["enable"][-1] == 0
    assert rehab("verify", folder).returncode == 0


@pytest.mark.e2e
def test_kill_9_of_everybody_is_cleaned_up_by_the_next_start(tmp_path):
    with scripted("sim:planar_arm", tmp_path / "driven.yaml", tmp_path / "o", "stroke") as run:
        in_motion(tmp_path / "o", tmp_path)
        modules = ("rehab.session.supervisor", "rehab.session.control", "rehab.record.process")
        for pid in [pid_of(tmp_path, module) for module in modules]:
            os.kill(pid, signal.SIGKILL)
        run.kill()
    folder = session_folder(tmp_path / "o")
    assert list((tmp_path / "run").glob("*/*/ring"))
    done = rehab("run", "reach_demo", "--patient", "healthy", "--fast", "--out", tmp_path / "next")
    assert done.returncode == 0, done.stderr
    assert not list((tmp_path / "run").glob("*/*"))
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["state"] == "recovered"
    ticks = Recording.open(folder).ticks["tick"]
    assert (np.diff(ticks) == 1).all()
    assert rehab("verify", folder).returncode == 0


@pytest.mark.e2e
def test_ctrl_c_stops_the_arm_writes_the_report_and_exits_with_130(tmp_path):
    with started(
        "run", tmp_path / "driven.yaml", "--device", "sim:planar_arm", "--patient", "stroke", "--out", tmp_path / "o"
    ) as run:
        in_motion(tmp_path / "o", tmp_path)
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in errors
    assert (session_folder(tmp_path / "o") / "report.pdf").exists()


@pytest.mark.e2e
def test_rehab_stop_from_another_terminal_stops_the_session(tmp_path):
    with started(
        "run", tmp_path / "driven.yaml", "--device", "sim:planar_arm", "--patient", "stroke", "--out", tmp_path / "o"
    ) as run:
        in_motion(tmp_path / "o", tmp_path)
        stopped = rehab("stop")
        _, errors = run.communicate(timeout=60)
    assert stopped.returncode == 0, stopped.stderr
    assert run.returncode == 3
    assert "stopped" in errors
    assert "rehab stop" in errors


@pytest.mark.e2e
def test_rehab_stop_without_a_session_says_so():
    done = rehab("stop")
    assert done.returncode == 1
    assert "none is running" in done.stderr
