"""Reading a recording back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rehab.core.errors import RecordingError
from rehab.record.folder import FRAMES, MANIFEST
from rehab.record.recorder import Recorder
from rehab.record.recording import Recording
from tests.record.record_helpers import INFO, NAMES, SESSION, TARGET, FakeLoop, expected


def test_ticks_are_a_mapping_of_equal_columns(recorded: Path) -> None:
    ticks = Recording.open(recorded).ticks
    assert list(ticks) == NAMES and len(ticks) == len(NAMES) and "q_0" in ticks and "q" not in ticks
    assert {len(column) for column in ticks.values()} == {2500}
    assert ticks["tick"].dtype == np.int64 and ticks["t"].dtype == np.float64


def test_ticks_cannot_be_changed(recorded: Path) -> None:
    ticks = Recording.open(recorded).ticks
    with pytest.raises(ValueError, match="read-only"):
        ticks["t"][0] = 1.0
    with pytest.raises(TypeError):
        ticks["t"] = np.zeros(3)  # type: ignore[index]


def test_an_unknown_column_says_what_there_is(recorded: Path) -> None:
    with pytest.raises(KeyError, match=r"speed.*there are tick, t, dt"):
        Recording.open(recorded).ticks["speed"]


def test_vectors_come_as_arrays(recorded: Path) -> None:
    recording = Recording.open(recorded)
    position = recording.array("x")
    assert position.shape == (2500, 2)
    assert np.array_equal(position[:, 1], expected(2500)["x_1"])
    assert recording.array("x_ref").shape == (2500, 2)
    with pytest.raises(KeyError, match="no such vector"):
        recording.array("sample")


def test_units_and_facts_are_there(recorded: Path) -> None:
    recording = Recording.open(recorded)
    assert recording.units["q_0"] == "rad" and recording.units["tick"] == ""
    assert recording.info == INFO
    assert recording.metadata["seed"] == 1 and recording.folder == recorded


def test_trials_have_their_measures(recorded: Path) -> None:
    trials = Recording.open(recorded).trials
    assert [(t.number, t.outcome, t.first_tick, t.last_tick) for t in trials] == [
        (1, "reached", 0, 999), (2, "reached", 1000, 1999),
    ]  # fmt: skip
    measures = trials[0].measures
    assert measures["peak_speed"] == pytest.approx(1.875 * 0.1 / 0.8, rel=0.02)  # minimum jerk: 1.875 D/T
    assert measures["path_length_ratio"] == pytest.approx(1.0, abs=1e-3)
    assert tuple(trials[0].parameters["target"]) == TARGET and trials[0].parameters["exercise"] == "reach"
    assert trials[0].phases == {"go": 0.0}


def test_without_frames_the_parquet_file_is_read(recorded: Path) -> None:
    with_frames = Recording.open(recorded)
    position, trials = with_frames.array("x"), with_frames.trials
    (recorded / FRAMES).unlink()
    without = Recording.open(recorded)
    assert np.array_equal(without.array("x"), position) and without.trials == trials
    assert without.ticks["tick"].dtype == np.int64


def test_the_loops_own_timing_is_given(recorded: Path) -> None:
    assert Recording.open(recorded).timing == {"ticks": 2500, "clock": "simulated"}


def test_a_killed_session_gets_its_timing_from_the_ticks(loop: FakeLoop, folder: Path) -> None:
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    loop.event("certificate", scheduling="SCHED_FIFO 50", clock="real")
    loop.put(1000)
    recorder.drain()
    recorder.abandon()
    timing = Recording.open(folder).timing
    assert timing["ticks"] == 1000 and timing["rate_hz"] == pytest.approx(1000.0)
    assert timing["period_p50_us"] == pytest.approx(1000.0) and timing["late_share"] == 0.0
    assert timing["scheduling"] == "SCHED_FIFO 50" and timing["clock"] == "real"


def test_a_running_recording_can_be_read(loop: FakeLoop, folder: Path) -> None:
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    loop.trial(1, rows=1200)
    recorder.drain()
    assert len(Recording.open(folder).ticks["t"]) == 1000
    loop.put(1000)
    recorder.finish()
    assert len(Recording.open(folder).ticks["t"]) == 2200


@pytest.mark.parametrize("text", ["", "[]", "{", '{"session": 3}', '{"session": "s", "schema": 99}'])
def test_a_broken_manifest_is_an_error_in_words(recorded: Path, text: str) -> None:
    (recorded / MANIFEST).write_text(text)
    with pytest.raises(RecordingError, match=r"manifest\.json"):
        Recording.open(recorded)
