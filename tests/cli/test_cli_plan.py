"""`rehab plan`: the trials as they will be, before anybody sits down."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from rehab.cli.main import main
from rehab.core import registry
from tests.protocol import stand_ins

FULL = str(Path(__file__).parents[1] / "protocol" / "examples" / "full.yaml")


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(registry, "_local", {})
    monkeypatch.delenv("REHAB_SITE", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    stand_ins.add()


def rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out)))


def test_the_full_example_comes_as_csv_with_one_row_a_trial(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", FULL, "--seed", "7", "--csv"]) == 0
    found = rows(capsys.readouterr().out)
    assert len(found) == 672
    assert Counter(row["insert"] for row in found if row["block"] == "field") == {"": 160, "channel": 24, "catch": 8}


def test_a_short_protocol_has_a_list_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "reach_active", "--seed", "7", "--csv"]) == 0
    found = rows(capsys.readouterr().out)
    assert Counter(row["target"] for row in found) == {str(target): 2 for target in range(8)}


def test_the_same_seed_prints_the_same_list_and_another_another(capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for seed in ("7", "7", "8"):
        assert main(["plan", "reach_active", "--seed", seed, "--csv"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] != printed[2]


def test_participants_come_into_their_arms(capsys: pytest.CaptureFixture[str]) -> None:
    arms = []
    for number in range(1, 5):
        assert main(["plan", FULL, "--seed", "7", "--participant", f"P{number:02d}"]) == 0
        arms.append(capsys.readouterr().out.splitlines()[0].rpartition(" ")[2])
    assert Counter(arms) == {"cw": 2, "ccw": 2}


def test_people_get_a_table_with_what_is_not_empty(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "reach_active", "--seed", "7"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == '"Reaching on one\'s own": 16 trials with seed 7'
    assert lines[2].split() == ["block", "number", "target"]
    assert len(lines) == 3 + 16


def test_the_whole_plan_comes_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", FULL, "--seed", "7", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["seed"] == 7
    assert plan["blocks"][1]["trial_list"][191]["number"] == 192


def test_a_protocol_with_mistakes_is_bad_input_with_their_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "week.yaml"
    path.write_text(Path(FULL).read_text().replace("gap: 4..", "gap: 40.."))
    (tmp_path / "strategy.md").write_text("Aim beside it.")
    assert main(["plan", str(path), "--seed", "7"]) == 2
    assert 'block "field": 24 trials of "channel" with 40 others between them' in capsys.readouterr().err


def test_it_needs_a_seed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "reach_active"]) == 2
    assert "--seed" in capsys.readouterr().err


def test_an_id_that_no_arm_can_be_assigned_to_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", FULL, "--seed", "7", "--participant", "Anna"]) == 2
    assert "an arm is assigned by the number" in capsys.readouterr().err
