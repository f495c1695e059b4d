"""Whole sessions from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rehab.record.recording import Recording
from tests.e2e.conftest import rehab, session_folder


def run(out: Path, *words: object) -> Recording:
    done = rehab("run", *words, "--out", out)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip().splitlines()[-1]) == session_folder(out)
    return Recording.open(session_folder(out))


BRIEF = """\
protocol: Two reaches
version: 1
device: planar_arm
blocks:
  - {name: reaches, reach: {targets: 4, radius: 10 cm}, mode: active, trials: 2}
"""


def test_equal_seeds_give_identical_ticks_and_another_seed_others(tmp_path):
    protocol = tmp_path / "brief.yaml"
    protocol.write_text(BRIEF)
    words = (protocol, "--patient", "stroke", "--fast", "--seed")
    first, second, other = (run(tmp_path / name, *words, seed) for name, seed in (("a", 1), ("b", 1), ("c", 2)))
    for name, column in first.ticks.items():
        if not name.startswith("host_"):
            assert column.tobytes() == second.ticks[name].tobytes(), name
    assert [t.measures for t in first.trials] == [t.measures for t in second.trials]
    assert len(first.trials) == 2
    assert first.array("q")[:5000].tobytes() != other.array("q")[:5000].tobytes()


@pytest.mark.e2e
def test_the_demo_leaves_three_trials_a_verified_recording_and_a_report(tmp_path):
    done = rehab("demo", "--headless", "--seconds", 20, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    folder = session_folder(tmp_path / "out")
    recording = Recording.open(folder)
    completed = [trial for trial in recording.trials if trial.outcome in ("reached", "timeout")]
    assert len(completed) >= 3
    assert np.ptp(recording.ticks["x_0"]) > 0.05
    assert recording.timing["clock"] == "real"
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    verified = rehab("verify", folder)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    measured = rehab("measures", folder, "--json")
    assert measured.returncode == 0
    assert "sparc" in json.dumps(json.loads(measured.stdout))


# Tolerances: the emulator adds one to two ticks of delay and a clock of its own, and the virtual patient's noise falls
# on other moments; what is compared is therefore the median over the trials of one session.
TOLERANCES = {
    "movement_time": 0.35,  # relative
    "peak_speed": 0.25,
    "path_length_ratio": 0.15,
    "sparc": 0.25,
}


@pytest.mark.e2e
def test_a_session_over_the_serial_line_measures_what_the_in_process_run_measures(tmp_path):
    words = ("reach_demo", "--patient", "healthy", "--seed", 3)
    inside = run(tmp_path / "a", *words, "--device", "sim:planar_arm", "--fast")
    outside = run(tmp_path / "b", *words, "--device", "emulator:planar_arm")
    assert len(inside.trials) == len(outside.trials) == 8
    assert [t.outcome for t in outside.trials] == [t.outcome for t in inside.trials]
    assert [t.parameters["target"] for t in outside.trials] == [t.parameters["target"] for t in inside.trials]
    for name, tolerance in TOLERANCES.items():
        a, b = (np.median([t.measures[name] for t in r.trials]) for r in (inside, outside))
        assert abs(b - a) <= tolerance * abs(a), f"{name}: {a} in process, {b} over the line"
