"""Whole sessions on a simulated clock: somebody steers, it is recorded, and the recording steers the same way again."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from math import dist
from pathlib import Path

import numpy as np
import pytest

from rehab import Recording, Session
from rehab.cli.main import main
from rehab.core.errors import BadInput
from rehab.core.types import Trial

STEERED = """\
protocol: Steered
version: 1
device: planar_arm
limits: {speed: 0.5 m/s, force: 30 N}
blocks:
  - name: steered
    reach: {targets: 4, radius: 8 cm, time_limit: 10 s}
    controller: {shared_control: {help: HELP}}
    trials: TRIALS
"""


def run(folder: Path, inputs: str, *, share: float = 0.7, trials: int = 2) -> tuple[list[Trial], Recording]:
    protocol = folder / "steered.yaml"
    protocol.write_text(STEERED.replace("HELP", str(share)).replace("TRIALS", str(trials)))
    session = Session("sim:planar_arm", "passive", seed=1, clock="simulated", out=folder, inputs=[inputs])
    with session:
        done = list(session.run(protocol))
    return done, Recording.open(session.folder)


def test_a_limp_arm_is_steered_to_every_target_and_the_same_commands_give_the_same_bits(tmp_path: Path) -> None:
    """A virtual user steers; then the recorded columns do, as a script: every column but the host's own is equal."""
    trials, first = run(tmp_path, "pilot:unsteady")
    assert [trial.outcome for trial in trials] == ["reached"] * 2
    ticks = first.ticks
    names = ("t", "intent_0", "intent_1", "state")
    with (tmp_path / "again.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(names)
        rows.writerows(zip(*(map(repr, ticks[name].tolist()) for name in names), strict=True))
    _, second = run(tmp_path, f"script:{tmp_path / 'again.csv'}")
    assert np.abs(ticks["intent_1"]).max() == pytest.approx(1.0, abs=0.1)
    for name in ticks:
        if not name.startswith("host_") and not name.startswith("offer_"):
            assert np.array_equal(ticks[name], second.ticks[name], equal_nan=True), name
    assert first.units["intent_0"] == ""
    assert "-1 to 1" in json.dumps(json.loads((first.folder / "manifest.json").read_text())["channels"])


def length(recording: Recording, trial: Trial) -> float:
    hand = recording.array("x")[trial.first_tick : trial.last_tick]
    return sum(dist(a, b) for a, b in pairwise(hand))


def test_help_makes_the_way_of_an_unsteady_user_shorter(tmp_path: Path) -> None:
    ways = []
    for share in (0.0, 0.7):
        trials, recording = run(tmp_path, "pilot:very_unsteady,seed=3", share=share, trials=4)
        ways.append(sum(length(recording, trial) for trial in trials))
    assert ways[1] < 0.95 * ways[0]


def test_a_script_that_presses_stop_ends_the_session_with_that_reason(tmp_path: Path) -> None:
    (tmp_path / "user.yaml").write_text("commands:\n  - {at: 1.5 s, press: stop}\n")
    from rehab.core.errors import SafetyStop

    with pytest.raises(SafetyStop, match="stop pedal"):
        run(tmp_path, f"script:{tmp_path / 'user.yaml'}")
    (folder,) = tmp_path.glob("*/manifest.json")
    recording = Recording.open(folder.parent)
    (stop,) = [event for event in recording.events if event.kind == "stop"]
    began = next(event.t for event in recording.events if event.kind == "state" and event.data["name"] == "running")
    assert stop.t - began == pytest.approx(1.5, abs=0.002)
    manifest = (folder.parent / "manifest.json").read_text()
    assert "press: stop" in manifest and "script:user.yaml" in manifest
    assert str(tmp_path) not in manifest


def test_a_session_says_before_anything_moves_what_it_cannot_be_steered_by(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="simulated clock"):
        Session("sim:planar_arm", clock="simulated", inputs=["joystick:/dev/input/js0"])
    with pytest.raises(BadInput, match="simulated devices only"):
        Session("serial:/dev/ttyACM0", inputs=["script:square"])
    with pytest.raises(BadInput, match="cannot be read"):
        Session("sim:planar_arm", clock="simulated", out=tmp_path, inputs=["script:/nowhere/a.yaml"]).open()


def test_keys_steer_a_simulated_session_too(tmp_path: Path) -> None:
    session = Session("sim:planar_arm", "passive", seed=1, clock="simulated", out=tmp_path)
    with session:
        session.prepare("reach", controller="shared_control", trials=1)
        session.arm()
        session.start()
        for _ in range(30):
            session.steer(0.0, 1.0)
            session.advance()
        look = session.look()
        assert look is not None
        assert look.values["intent_1"] == 1.0
        assert look.values["x_1"] > 0.43


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--input", "pedal:/dev/input/event5", "--fast"], "simulated clock"),
     (["--input", "joistick:x"], 'did you mean "joystick"'), (["--input", "script:squares"], 'did you mean "square"')],
)  # fmt: skip
def test_a_wrong_input_is_one_clear_line(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "steering", "--fast", "--out", str(tmp_path), *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", ["joystick", "switch", "pedal", "emg", "keyboard", "script", "pilot"])
def test_explain_shows_each_source_and_list_names_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", name]) == 0
    assert f"{name} (sensor)" in capsys.readouterr().out
    assert main(["list", "sensors"]) == 0
    assert any(line.startswith(f"{name} ") and len(line.split()) > 3 for line in capsys.readouterr().out.splitlines())


def test_explain_shows_what_can_be_adjusted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "switch"]) == 0
    out = capsys.readouterr().out
    (line,) = [line for line in out.splitlines() if line.startswith("dwell")]
    assert "1 s" in line and "from 200 ms to 10 s" in line
