"""The knee trainer in whole sessions: in process, and over a serial line with a patient behind it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rehab.record.recording import Recording
from tests.e2e.conftest import rehab, session_folder

pytestmark = pytest.mark.e2e

PROTOCOL = """\
protocol: Stretching the knee
version: 1
device: knee
blocks:
  - name: alone
    reach: {targets: 2, radius: 8 cm}
    controller: {transparent: {}}
    trials: 2
  - name: helped
    reach: {targets: 2, radius: 8 cm}
    controller: {impedance: {stiffness: 300 N/m}}
    trials: 2
"""
PATIENT = """\
like: mild_stroke
movement: 1.1 s
tremor: {frequency: 6 Hz, torque: 0.01}
"""


def run(tmp_path: Path, *words: object) -> Recording:
    (tmp_path / "knee.yaml").write_text(PROTOCOL)
    done = rehab("run", tmp_path / "knee.yaml", *words, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    return Recording.open(session_folder(tmp_path / "out"))


@pytest.mark.parametrize("words", [("sim:knee", "--fast"), ("emulator:knee",)], ids=["sim", "emulator"])
def test_reaching_with_both_controllers_ends_without_a_fault(tmp_path, words):
    recording = run(tmp_path, "--device", *words, "--patient", "healthy", "--seed", 2)
    assert [trial.outcome for trial in recording.trials] == ["reached"] * 4
    assert [trial.block for trial in recording.trials] == ["alone"] * 2 + ["helped"] * 2
    assert not (np.asarray(recording.ticks["fault"]) > 0).any()
    for trial in recording.trials:
        assert 0.2 < trial.measures["movement_time"] < 4.0 and "hand_path_deviation_max" not in trial.measures
    assert recording.info.gravity == (0.0, -9.81)
    assert np.ptp(recording.array("x")) > 0.15


def test_a_patient_from_a_file_takes_part_and_is_in_the_record(tmp_path):
    (tmp_path / "mine.yaml").write_text(PATIENT)
    words = ("--patient", tmp_path / "mine.yaml", "--seed", 2)
    recording = run(tmp_path, "--device", "sim:knee", "--fast", *words)
    assert recording.metadata["patient"] == "mine.yaml"
    assert recording.metadata["patient_source"] == PATIENT


def test_a_patient_from_a_file_sits_behind_the_emulator_too(tmp_path):
    (tmp_path / "mine.yaml").write_text(PATIENT)
    recording = run(tmp_path, "--device", "emulator:knee", "--patient", tmp_path / "mine.yaml", "--seed", 2)
    assert len(recording.trials) == 4 and recording.metadata["patient_source"] == PATIENT


def test_a_wrong_patient_file_is_refused_with_all_its_mistakes(tmp_path):
    (tmp_path / "mine.yaml").write_text("like: strok\ntremor: {frequency: 40 Hz}\n")
    done = rehab("run", "reach_demo", "--fast", "--patient", tmp_path / "mine.yaml", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert 'did you mean "stroke"' in done.stderr and "from 3 Hz to 12 Hz" in done.stderr
