"""Somebody dies in the middle of motion: the device is safe, the recording readable, nothing stays behind."""

from __future__ import annotations

import json
import os
import signal
import statistics
import time

import numpy as np
import pytest

from rehab.record.recording import Recording
from rehab.record.verify import verify
from tests.e2e.conftest import KILLS, emulator, in_motion, pid_of, rehab, scripted, session_folder, started, until

WATCHDOG_US = 20_000


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
@pytest.mark.kill
def test_after_kill_9_of_control_no_plant_step_beyond_the_watchdog_has_torque(tmp_path, site, record_property):
    """With the device's default watchdog of 20 ms. A session that a stall of the machine ended before the kill is done
    again: it proves nothing about the kill."""
    site.write_text(site.read_text().replace("watchdog: 500 ms", "watchdog: 20 ms"))
    times, stalls = [], 0
    while len(times) < KILLS:
        out, trace = tmp_path / f"o{len(times)}-{stalls}", tmp_path / "trace"
        with (
            emulator("--trace", trace) as (_, path),
            scripted(f"serial:{path}", tmp_path / "driven.yaml", out) as script,
        ):
            moving = in_motion(out, tmp_path, unless=lambda s=script: s.poll() is not None)
            if moving:
                os.kill(pid_of(tmp_path, "rehab.session.control"), signal.SIGKILL)
            _, errors = script.communicate(timeout=60)
            time.sleep(0.1)  # the plant goes on beyond the watchdog: that is what is looked at
        assert script.returncode == 3
        assert "Traceback" not in errors
        recording = Recording.open(session_folder(out))
        assert (np.diff(recording.ticks["tick"]) == 1).all()
        assert verify(session_folder(out)).ok
        if "F12 the control process died" in errors:
            times.append(_silence(trace))
        else:
            stalls += 1
            assert stalls <= KILLS, f"the machine stalled too often to prove anything: {errors}"
        trace.unlink()
    words = (
        f"median {statistics.median(times):.1f}, max {max(times):.1f} of {len(times)}; {stalls} stalls of the machine"
    )
    record_property("torque_gone_ms_after_the_last_valid_command", words)
    print(f"torque gone after the last valid command, ms: {words}")


def _silence(trace) -> float:
    """Asserts by the plant's own steps; gives the time from the last valid command to the end of torque, in ms."""
    from sim.emulators.trace import read_trace

    steps = read_trace(trace)
    last = max(step.received for step in steps)
    expires = last + WATCHDOG_US
    assert any(any(step.torque) for step in steps), "the arm was never driven: nothing was proven"
    late = [step for step in steps if step.begin >= expires and any(step.torque)]
    assert not late, f"{len(late)} plant steps at or after expiry have torque"
    assert any(step.begin >= expires for step in steps), "the plant did not run long enough to prove it"
    return (max(step.begin for step in steps if any(step.torque)) - last) / 1000.0


@pytest.mark.e2e
def test_kill_9_of_the_recorder_stops_the_arm_and_loses_no_row(tmp_path):
    with scripted("sim:planar_arm", tmp_path / "driven.yaml", tmp_path / "o", "stroke") as run:
        in_motion(tmp_path / "o", tmp_path)
        os.kill(pid_of(tmp_path, "rehab.record.process"), signal.SIGKILL)
        _, errors = run.communicate(timeout=90)
    assert run.returncode == 3
    assert "F30" in errors
    assert "the recorder died: killed by SIGKILL" in errors
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
