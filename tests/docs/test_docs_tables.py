"""Tables and lists of names in the guides say what the code says."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehab.cli import main as command
from rehab.cli.faults import signals as read_signals
from rehab.core.errors import SafetyStop
from rehab.core.limits import BUILTIN
from rehab.core.safety.faults import FACTS, Fault
from rehab.core.values import Action
from rehab.measures.trial import DESCRIPTIONS
from rehab.protocol.load import ready_protocols
from rehab.record import folder as names
from tests.docs.documents import DEVELOPER, HAZARDS, PATIENTS, README, ROOT, SIGNALS, USER

RENEW = 'out of date: run "python docs/make_tables.py"'


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "docs/make_tables.py"), run_name="make_tables")


@pytest.mark.parametrize("guide", [USER, DEVELOPER, HAZARDS, SIGNALS, PATIENTS], ids=lambda path: path.name)
def test_the_tables_are_those_of_the_code(guide: Path, script: dict[str, Any]) -> None:
    renewed: Callable[[str], str] = script["renewed"]
    text = guide.read_text("utf-8")
    assert renewed(text) == text, RENEW


def test_every_table_that_the_script_makes_is_in_a_guide(script: dict[str, Any]) -> None:
    text = "".join(guide.read_text("utf-8") for guide in (USER, HAZARDS, SIGNALS, PATIENTS))
    assert set(re.findall(r"<!-- table: (\w+) -->", text)) == set(script["TABLES"])


def table(name: str) -> list[list[str]]:
    """The rows of a table in the user guide, without its titles."""
    found = re.search(rf"<!-- table: {name} -->\n(.*?)<!-- /table -->", USER.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()[2:]]


def test_every_fault_stands_in_the_user_guide_with_its_number_and_what_to_do() -> None:
    rows = {row[0]: row for row in table("faults")}
    assert len(rows) == len(Fault) - 1  # all but "none"
    for fault in Fault:
        if fault:
            assert rows[fault.label][2] == FACTS[fault].help
            assert fault.label.startswith(f"F{int(fault):02d} ")


def test_a_fault_that_takes_the_power_away_is_not_called_a_soft_one() -> None:
    does = {row[0]: row[1] for row in table("faults")}
    for fault in Fault:
        if fault and FACTS[fault].action is Action.TORQUE_OFF:
            assert "power" in does[fault.label]
        if fault and FACTS[fault].action is Action.YIELD:
            assert "soft" in does[fault.label]


def test_the_exit_codes_are_those_of_the_command() -> None:
    constants = (
        command.DONE, command.FAILED, command.BAD_INPUT, command.STOPPED, command.INTERRUPTED, command.BROKEN_PIPE,
    )  # fmt: skip
    assert [int(row[0]) for row in table("exit_codes")] == sorted(constants)
    assert "safety stop" in table("exit_codes")[command.exit_code(SafetyStop("F06"))][1]


def test_every_limit_and_every_measure_is_in_the_user_guide() -> None:
    assert [row[0].strip("`") for row in table("limits")] == list(BUILTIN)
    assert [row[0].strip("`") for row in table("measures")] == list(DESCRIPTIONS)


def test_the_files_of_a_session_are_those_that_the_recorder_writes() -> None:
    text = USER.read_text("utf-8")
    for name in (names.MANIFEST, names.FRAMES, names.EVENTS, names.PARQUET):
        assert f"| `{name}` |" in text


def test_every_setting_in_the_user_guide_is_read_somewhere_in_the_code() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "rehab").rglob("*.py"))
    settings = re.findall(r"^\| `([A-Z_]+)` \|", USER.read_text("utf-8"), re.MULTILINE)
    assert len(settings) >= 5
    for name in settings:
        assert f'"{name}"' in code, name


def test_the_readme_counts_what_ships_correctly() -> None:
    """Third parties' plug-ins do not count: what our own pyproject declares does."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    points = project["entry-points"]
    words = (
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
            "twenty-one", "twenty-two", "twenty-three", "twenty-four", "twenty-five", "twenty-six",
    )  # fmt: skip
    controllers, exercises = points["rehab.controllers"], points["rehab.exercises"]
    plural = "s" * (len(exercises) != 1)
    counted = (
        f"{words[len(controllers)]} controllers, {words[len(exercises)]} exercise{plural} and "
        f"{words[len(ready_protocols())]} ready protocols"
    )
    assert counted in README.read_text("utf-8")
    for name in (*controllers, *exercises):
        assert f"`{name}`" in README.read_text("utf-8")


def test_the_figures_of_killed_processes_are_of_twenty_times_each_and_all_passed() -> None:
    rows = read_signals(ROOT / "docs/signals.json")
    assert {row["process"] for row in rows} == {"control", "recorder", "gui"}
    assert {row["signal"].split()[0].strip(",") for row in rows} == {"SIGKILL", "SIGSTOP"}
    assert all(row["repetitions"] >= 20 and row["result"] == "passed" for row in rows)
