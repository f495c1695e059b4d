"""A whole session with three spasms on a simulated clock: what a script sees, and what recording and report say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from rehab import Recording, Session
from rehab.core.errors import NotNow, SafetyStop
from rehab.core.safety.faults import Fault
from rehab.core.types import Outcome, Trial
from rehab.record.adverse import adverse_events
from rehab.report import recorded

SPASM = "field: patient, how: spasm, for: 120 ms, value: 20 N*m"
THREE = f"faults:\n  - {{at: 3 s, {SPASM}}}\n  - {{at: 15 s, {SPASM}}}\n  - {{at: 27 s, {SPASM}}}\n"
TRIALS = 8


class Told(NamedTuple):
    """What the script saw."""

    recording: Recording
    trials: list[Trial]
    stops: list[str]
    refused: str
    advice: list[str]  # after each spasm
    spasms: list[bool]
    pose: np.ndarray  # rad, at the end


def collect(trials: Iterator[Trial], found: list[Trial], stops: list[str]) -> None:
    try:
        found += trials
    except SafetyStop as stop:
        stops.append(stop.fault)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("spasms")
    (folder / "three.yaml").write_text(THREE)
    found: list[Trial] = []
    stops: list[str] = []
    advice, spasms = [], []
    session = Session(patient="passive", seed=1, clock="simulated", out=folder, faults=folder / "three.yaml", by="anna")
    with session:
        collect(session.run("reach", controller="impedance", trials=TRIALS), found, stops)
        with pytest.raises(NotNow) as refusal:
            session.resume_gentler()
        assert session.fault is Fault.SPASM
        for act in (session.resume_gentler, session.resume_after_fault, session.get_out):
            advice.append(session.advice)
            spasms.append(session.spasm)
            act(within=30.0)
            assert session.fault is Fault.NONE
            collect(session.run_on(), found, stops)
        look = session.look()
        assert look is not None
        pose = np.array([look.values["q_0"], look.values["q_1"]])
        assert session.state == "idle"
    return Told(Recording.open(session.folder), found, stops, str(refusal.value), advice, spasms, pose)


def test_an_act_is_refused_in_words_at_once_and_done_when_the_limb_is_quiet(told: Told) -> None:
    assert "still pulls" in told.refused


def test_the_trials_come_once_each_in_order_also_over_the_stops(told: Told) -> None:
    assert [trial.number for trial in told.trials] == list(range(1, len(told.trials) + 1))
    assert len(told.trials) < TRIALS
    assert Outcome.REACHED in {trial.outcome for trial in told.trials[-2:]}
    assert told.trials == told.recording.trials


def test_every_spasm_raises_a_safety_stop_again(told: Told) -> None:
    assert told.stops == ["F24 spasm"] * 3
    assert told.spasms == [True, True, True]


def test_after_three_spasms_the_session_advises_to_end(told: Told) -> None:
    assert told.advice == ["", "", "three spasms: end the session"]


def test_the_way_out_ends_at_home_with_the_power_off(told: Told) -> None:
    assert told.pose == pytest.approx(told.recording.info.home, abs=0.05)
    assert told.recording.ticks["enable"][-1] == 0


def test_the_commands_are_in_the_record_with_their_ticks(told: Told) -> None:
    commands = [e for e in told.recording.events if e.kind == "command" and e.data["name"] in ("go_on", "get_out")]
    assert [event.data.get("share") for event in commands] == [0.7, 1.0, None]
    state = told.recording.ticks["state"]
    assert [(int(state[e.tick - 1]), int(state[e.tick])) for e in commands] == [(5, 3)] * 3  # faulted, then running


def test_the_recording_has_a_note_of_each_spasm_with_what_came_next(told: Told) -> None:
    notes = adverse_events(told.recording.events)
    assert [note["number"] for note in notes] == [1, 2, 3]
    assert [note["id"] for note in notes] == [24, 24, 24]
    assert [note["limits"]["force"] for note in notes] == [40.0, 28.0, 28.0]
    assert notes[1]["who"]["force"] == "after spasm"
    assert notes[0]["next"] == "went on with 70% of force and speed (by anna)"
    assert notes[1]["next"] == "went on as before (by anna)"
    assert "the exit pose (by anna), then it arrived and was let go" in notes[2]["next"]
    fault = next(event for event in told.recording.events if event.kind == "fault")
    assert (notes[0]["tick"], notes[0]["t"]) == (fault.tick, pytest.approx(fault.t))
    assert notes[0]["torque"] != 0.0


def test_the_report_shows_the_notes_and_counts_the_planned_trials_once(told: Told) -> None:
    notices = dict(recorded.notices(told.recording))
    words = notices["Adverse event 1: F24 spasm"]
    assert "40 N (built-in)" in words
    assert words.endswith("Then: went on with 70% of force and speed (by anna).")
    assert recorded.planned(told.recording) == TRIALS


def test_without_an_act_running_on_raises_the_same_stop_again(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(f"faults:\n  - {{at: 1 s, {SPASM}}}\n")
    session = Session(patient="passive", seed=1, clock="simulated", out=tmp_path, faults=tmp_path / "one.yaml")
    with session:
        with pytest.raises(SafetyStop, match="F24"):
            list(session.run("reach", controller="impedance", trials=2))
        with pytest.raises(SafetyStop, match="F24"):
            list(session.run_on())
        with pytest.raises(NotNow, match="may only be tightened"):
            session.resume_gentler(1.5)
        assert session.fault is Fault.SPASM
        session.slow_stretch(within=30.0)
        session.stop()
        with pytest.raises(SafetyStop, match="stopped"):
            list(session.run_on())


def test_gentler_slows_what_was_led_at_the_speed_limit(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(f"faults:\n  - {{at: 2 s, {SPASM}}}\n")
    session = Session(patient="passive", seed=1, clock="simulated", out=tmp_path, faults=tmp_path / "one.yaml")
    with session:
        protocol = tmp_path / "fast.yaml"
        protocol.write_text(
            "protocol: Fast\nversion: 1\ndevice: planar_arm\nlimits: {speed: 30 cm/s}\nblocks:\n  - name: fast\n"
            "    reach: {radius: 10 cm, movement_time: 300 ms}\n    controller: {impedance: {}}\n    trials: 3\n"
        )
        with pytest.raises(SafetyStop, match="F19"):  # the hand is drawn away faster than that
            list(session.run(protocol))
        session.resume_gentler(0.5, within=30.0)
        list(session.run_on())
    recording = Recording.open(session.folder)
    led = np.linalg.norm(recording.array("v_ref"), axis=1)
    resumed = next(event.tick for event in recording.events if event.data.get("resumed") is not None)
    assert led[resumed:].max() == pytest.approx(0.8 * 0.15, rel=0.02)
    assert led[:resumed].max() > 1.5 * led[resumed:].max()
