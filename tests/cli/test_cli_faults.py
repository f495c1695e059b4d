"""`rehab faults`: what the last test run has shown, and what it has not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rehab.cli.main import main
from rehab.core.safety.faults import Fault


def results(**outcomes: str) -> dict[str, Any]:
    """Every fault shown once but F35, which is deferred; some with another outcome."""
    rows = [
        {"fault": int(fault), "case": "it is provoked", "body": "emulator", "expected": "RAMP_OFF", "within": 3,
         "action": "RAMP_OFF", "ticks": 2, "test": f"t::{fault.name}", "outcome": outcomes.get(fault.name, "passed")}
        for fault in Fault if fault and fault is not Fault.WRONG_PATIENT
    ]  # fmt: skip
    fates = [
        {"fault": 35, "fate": "deferred", "why": "desktop: later"},
        {"fault": 16, "fate": "hardware", "why": "the stop circuit"},
    ]
    return {"format": 1, "run": "r", "made": "2026-11-23T10:15:00Z", "rows": rows, "fates": fates}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "faults.json"
    monkeypatch.setenv("REHAB_FAULTS_RESULTS", str(path))
    return path


def test_without_a_run_it_says_how_to_make_one(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults"]) == 1
    out = capsys.readouterr().out
    assert "there is no test run yet" in out and str(file) in out and "./run test" in out


def test_a_run_in_which_all_passed_exits_with_0_and_is_a_table(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(json.dumps(results()))
    assert main(["faults"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].split()[:3] == ["id", "fault", "how"]
    words = "F06 no fresh samples it is provoked emulator ramp off 2 passed t::LINK_STALE"
    assert " ".join(out[6].split()) == words
    assert "45 of 45 rows passed; deferred: F35; run of 2026-11-23T10:15:00Z" in out


@pytest.mark.parametrize("outcome", ["failed", "not run", "skipped"])
def test_a_row_that_did_not_pass_exits_with_1_and_is_named(
    file: Path, capsys: pytest.CaptureFixture[str], outcome: str
) -> None:
    file.write_text(json.dumps(results(ESTOP=outcome)))
    assert main(["faults"]) == 1
    assert f"{outcome}: F16" in capsys.readouterr().out


def test_a_fault_that_the_run_does_not_know_is_missing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = results()
    said["rows"] = [row for row in said["rows"] if row["fault"] != 26]
    file.write_text(json.dumps(said))
    assert main(["faults"]) == 1
    assert "missing: F26" in capsys.readouterr().out


def test_what_is_not_yet_shown_exits_with_1(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = results()
    said["fates"][0]["fate"] = "not yet shown"
    file.write_text(json.dumps(said))
    assert main(["faults"]) == 1
    assert "not yet shown: F35" in capsys.readouterr().out


def test_as_json_it_gives_the_same_rows(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(json.dumps(results()))
    assert main(["faults", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert len(said["rows"]) == 46
    assert said["rows"][15]["id"] == "F16"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "rows": [{"fault": 99}]}'])
def test_results_that_are_none_are_bad_input(file: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    file.write_text(text)
    assert main(["faults"]) == 2
    assert str(file) in capsys.readouterr().err


def sent(outcome: str = "passed", **times: list[float]) -> dict[str, Any]:
    """What the tests write of one process and signal."""
    most = max([0, *map(len, times.values())])
    row = {"process": "control", "signal": "SIGKILL", "outcome": outcome, "repetitions": most, "again": 1}
    return {"format": 1, "rows": [{**row, "times": times}]}


def test_times_after_signals_are_shown_as_percentiles_that_were_seen(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of 0.5, 1.5, ... 19.5 ms: the nearest ranks of 20 values are the 10th and the 19th."""
    file.write_text(json.dumps(results()))
    written = sent(gone=[(19.5 - k) * 1e-3 for k in range(20)])
    file.with_name("signals.json").write_text(json.dumps(written))
    assert main(["faults"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert " ".join(out[-2].split()) == "process signal time from … to n min ms p50 ms p95 ms max ms result"
    assert " ".join(out[-1].split()) == "control SIGKILL gone 20 0.5 9.5 18.5 19.5 passed"


def test_times_are_seconds_in_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(json.dumps(results()))
    file.with_name("signals.json").write_text(json.dumps(sent(gone=[0.02, 0.01, 0.03])))
    assert main(["faults", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["signals"]
    assert (row["repetitions"], row["again"], row["result"]) == (3, 1, "passed")
    assert (row["min"], row["p50"], row["p95"], row["max"]) == (0.01, 0.02, 0.03, 0.03)


def test_without_times_it_says_how_to_take_them(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(json.dumps(results()))
    assert main(["faults"]) == 0
    assert "REHAB_KILLS=20 ./run test tests/e2e -m kill" in capsys.readouterr().out


def test_times_alone_are_shown_but_are_no_run_of_the_matrix(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.with_name("signals.json").write_text(json.dumps(sent(gone=[0.02])))
    assert main(["faults"]) == 1
    out = capsys.readouterr().out
    assert "there is no test run yet" in out
    assert "SIGKILL" in out


def test_a_signal_after_which_something_failed_exits_with_1(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(json.dumps(results()))
    file.with_name("signals.json").write_text(json.dumps(sent("failed")))
    assert main(["faults"]) == 1
    assert capsys.readouterr().out.splitlines()[-1].split() == ["control", "SIGKILL", *"–0––––", "failed"]


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2}', '{"format": 1, "rows": [{"process": "control"}]}'])
def test_times_that_are_none_are_bad_input(file: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    file.write_text(json.dumps(results()))
    file.with_name("signals.json").write_text(text)
    assert main(["faults"]) == 2
    assert "signals.json" in capsys.readouterr().err
