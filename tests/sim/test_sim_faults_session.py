"""Fault scripts in sessions: `Session(faults=...)` and `rehab run --faults`; what the recording says of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rehab import Recording, Session
from rehab.core.errors import BadInput, Findings, SafetyStop, UnknownName
from sim.faults import ready_faults

REHAB = [sys.executable, "-P", "-m", "rehab"]
PRESSED = "faults:\n  - {at: 1500 ms, for: 1 s, field: inputs, how: wrong, value: estop}\n"
TOLERANT = "limits: {stale_fade: 150 ms, stale_stop: 800 ms, overrun_stop: 800 ms, rate_stop: 0.1, watchdog: 500 ms}\n"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "pressed.yaml"
    path.write_text(PRESSED)
    return path


def test_a_session_in_simulation_meets_the_fault_and_its_recording_says_that_it_was_injected(
    tmp_path: Path, script: Path
) -> None:
    session = Session(patient="stroke", seed=1, clock="simulated", out=tmp_path, faults=script)
    with session, pytest.raises(SafetyStop, match="F16"):
        list(session.run("reach", controller="impedance", trials=4))
    recording = Recording.open(session.folder)
    assert recording.metadata["faults"] == PRESSED
    (injected,) = [event for event in recording.events if event.kind == "injected"]
    assert injected.data == {"field": "inputs", "how": "wrong", "at": 1.5, "for": 1.0, "chance": 1.0, "mask": 3}
    (fault,) = [event for event in recording.events if event.kind == "fault"]
    armed = next(event for event in recording.events if event.kind == "state" and event.data["name"] == "armed")
    assert injected.t - armed.t == pytest.approx(1.5, abs=0.0025)
    assert fault.tick == injected.tick


def test_a_session_without_faults_says_nothing_of_them(tmp_path: Path) -> None:
    with Session(patient="stroke", seed=1, clock="simulated", out=tmp_path) as session:
        list(session.run("reach", controller="impedance", trials=1))
    recording = Recording.open(session.folder)
    assert "faults" not in recording.metadata
    assert not [event for event in recording.events if event.kind == "injected"]


def test_equal_seeds_give_equal_sessions_with_faults_too(tmp_path: Path) -> None:
    ticks = []
    for _ in range(2):
        with Session(patient="stroke", seed=3, clock="simulated", out=tmp_path, faults="noisy_line") as session:
            list(session.run("reach", controller="impedance", trials=1))
        ticks.append(Recording.open(session.folder).ticks)
    for name in ticks[0]:
        if not name.startswith("host_"):
            assert ticks[0][name].tobytes() == ticks[1][name].tobytes(), name


def test_real_hardware_gets_no_faults(script: Path) -> None:
    with pytest.raises(BadInput, match="injected at a sim: or emulator: device only, never at serial:"):
        Session("serial:/dev/ttyACM0", faults=script)


def test_a_broken_script_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("faults:\n  - {field: q_0, how: stuk}\n  - {field: q_5, how: stuck}\n")
    with pytest.raises(Findings, match=r"broken.yaml:2:23"):
        Session(faults=path)
    path.write_text("faults:\n  - {field: age, how: stuck}\n")
    Session(faults=path)
    with pytest.raises(Findings, match="no age travels"):
        Session("emulator:planar_arm", faults=path)
    with pytest.raises(Findings, match="nobody holds the arm"):
        Session(faults="spasm")
    with pytest.raises(UnknownName, match='did you mean "spasm"'):
        Session(patient="stroke", faults="spams")


def rehab(tmp_path: Path, *words: object) -> subprocess.CompletedProcess[str]:
    (tmp_path / "site.yaml").write_text(TOLERANT)
    environment = {
        **os.environ, "REHAB_SITE": str(tmp_path / "site.yaml"), "REHAB_SELF_TEST": "0.1",
    }  # fmt: skip
    command = [*REHAB, *map(str, words), "--out", str(tmp_path / "out")]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)


@pytest.mark.usefixtures("runs")
def test_the_command_takes_a_script_by_name_and_exits_3(tmp_path: Path) -> None:
    done = rehab(tmp_path, "run", "reach_demo", "--patient", "stroke", "--fast", "--faults", "estop_pressed")
    assert done.returncode == 3, done.stderr
    assert "F16" in done.stderr
    recording = Recording.open(Path(done.stdout.splitlines()[-1]))
    assert recording.metadata["faults"] == ready_faults()["estop_pressed"].read_text()


@pytest.mark.usefixtures("runs")
def test_the_command_refuses_a_broken_script_with_exit_2_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("faults:\n  - {field: q_0, how: stuk}\n")
    done = rehab(tmp_path, "run", "reach_demo", "--fast", "--faults", path)
    assert done.returncode == 2
    assert 'broken.yaml:2:23: faults[0].how: "stuk" cannot happen to q; did you mean "stuck"?' in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "out").glob("*"))


@pytest.mark.e2e
@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("device", ["sim:planar_arm", "emulator:planar_arm"])
def test_in_real_time_and_over_the_emulators_line_too(tmp_path: Path, script: Path, device: str) -> None:
    done = rehab(tmp_path, "run", "reach_demo", "--device", device, "--patient", "stroke", "--faults", script)
    assert done.returncode == 3, done.stderr
    assert "F16" in done.stderr
    recording = Recording.open(Path(done.stdout.splitlines()[-1]))
    assert recording.metadata["faults"] == PRESSED
    assert [event.data["how"] for event in recording.events if event.kind == "injected"] == (
        ["wrong"] if device.startswith("sim:") else []  # the line does not carry it
    )
