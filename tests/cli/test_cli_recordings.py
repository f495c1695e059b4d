"""`rehab verify` and `rehab measures`: words, figures, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rehab.cli.main import main
from rehab.realtime.ring import RingReader
from rehab.record.folder import FRAMES
from rehab.record.recorder import Recorder
from tests.record.record_helpers import SESSION, FakeLoop


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A closed recording of two reached trials."""
    monkeypatch.delenv("REHAB_SITE_KEY", raising=False)
    return record(tmp_path, close=True)


def record(place: Path, *, close: bool) -> Path:
    folder = place / SESSION
    folder.mkdir()
    loop = FakeLoop()
    recorder = Recorder(RingReader(loop.memory), folder, {"session": SESSION})
    recorder.start()
    for number in (1, 2):
        loop.trial(number)
    loop.put(1)
    if close:
        recorder.finish()
    else:
        recorder.drain()
        recorder.abandon()
    return folder


def test_an_intact_recording_exits_with_0(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(recorded)]) == 0
    assert capsys.readouterr().out == "intact: 3 chunks, 2 001 ticks, authorship unproven (no site key)\n"


def test_a_tampered_recording_exits_with_1_and_names_the_chunk(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = bytearray((recorded / FRAMES).read_bytes())
    data[len(data) // 2 + 4000] ^= 1
    (recorded / FRAMES).write_bytes(data)
    assert main(["verify", str(recorded)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("NOT INTACT") and "chunk 1 (at byte" in out


def test_verification_as_json(recorded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(recorded), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is True and found["chunks"] == 3 and found["rows"] == 2001
    assert main(["verify", str(recorded), "--json", str(tmp_path / "found.json")]) == 0
    assert capsys.readouterr().out.startswith("intact") and json.loads((tmp_path / "found.json").read_text()) == found


@pytest.mark.parametrize("command", ["verify", "measures"])
def test_a_path_that_is_no_recording_exits_with_2(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (tmp_path, tmp_path / "absent", Path(__file__)):
        assert main([command, str(path)]) == 2
        said = capsys.readouterr()
        assert said.out == "" and said.err.count("\n") == 1 and "is no recording" in said.err


def test_measures_are_a_table_with_units_and_medians(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measures", str(recorded)]) == 0
    head, first, second, medians = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["trial", "block", "outcome"] and "peak speed" in head and "sparc" in head
    assert first.split()[:3] == ["1", "a", "reached"] and "23.44 cm/s" in first and second.split()[0] == "2"
    assert "median of 2" in medians and "23.44 cm/s" in medians


def test_measures_as_json_are_si_with_their_units(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measures", str(recorded), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["units"]["peak_speed"] == "m/s" and found["completed"] == 2
    assert [trial["number"] for trial in found["trials"]] == [1, 2]
    assert found["median"]["peak_speed"] == pytest.approx(0.2344, rel=0.01)
    assert found["method"]["threshold"] == 0.05


def test_measures_of_a_killed_recording_are_shown_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = record(tmp_path, close=False)
    assert main(["measures", str(folder)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("this recording is open") and "23.44 cm/s" in out
    assert main(["verify", str(folder)]) == 1
    assert "never closed" in capsys.readouterr().out


def test_a_recording_without_trials_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / SESSION
    folder.mkdir()
    loop = FakeLoop()
    recorder = Recorder(RingReader(loop.memory), folder, {"session": SESSION})
    recorder.start()
    loop.put(10)
    recorder.finish()
    assert main(["measures", str(folder)]) == 0
    assert capsys.readouterr().out == "no trial was begun\n"


def assisted(place: Path, trials: int) -> Path:
    """A recording of that many trials in which the robot assisted."""
    folder = place / SESSION
    folder.mkdir()
    loop = FakeLoop()
    recorder = Recorder(RingReader(loop.memory), folder, {"session": SESSION})
    recorder.start()
    for number in range(1, trials + 1):
        start, target = (0.3, 0.3), (0.3, 0.4)
        asked = {"start": start, "target": target, "parameters": {"assistance": 100.0}}
        loop.event("trial_start", number=number, block="helped", **asked)
        loop.put(1000)
        loop.event("trial_end", number=number, outcome="reached")
    loop.put(1)
    recorder.finish()
    return folder


def test_from_eight_assisted_trials_on_it_is_said_whether_the_patient_slacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = assisted(tmp_path, 8)
    assert main(["measures", str(folder)]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("helped: ") and "% a trial over 8 trials" in last and "hand path deviation" in last
    assert main(["measures", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["slacking"]["helped"]
    assert found["verdict"] in ("slacking", "tiring", "engaged", "steady")
    assert last.startswith(f"helped: {found['verdict']}")
    assert found["trials"] == 8 and 0.5 <= found["share"]["confidence"] <= 1.0


def test_of_seven_assisted_trials_nothing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measures", str(assisted(tmp_path, 7))]) == 0
    assert "helped: " not in capsys.readouterr().out
