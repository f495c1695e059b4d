"""The matrix leaves nothing out: every fault has rows, real processes, or a reason; and it says what the code says."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from rehab.core.safety.faults import FACTS, Fault
from rehab.core.values import Action
from tests.faults.benches import BODIES
from tests.faults.fates import DEFERRED, HARDWARE, NOT_YET, PARTLY, PROCESSES
from tests.faults.table import LINE, ROWS, SENSOR

ROOT = Path(__file__).parents[2]
FAULTS = [fault for fault in Fault if fault]
ROWS_OF = {fault: [row for row in ROWS if row.fault is fault] for fault in FAULTS}


def test_no_fault_of_the_table_is_missing_and_there_are_46() -> None:
    assert [int(fault) for fault in FAULTS] == list(range(1, 47))
    shown = {fault for fault in FAULTS if ROWS_OF[fault]} | set(PROCESSES)
    assert not shown & (set(DEFERRED) | set(NOT_YET)), "shown and not shown at once"
    assert shown | set(DEFERRED) | set(NOT_YET) == set(FAULTS)


def test_only_what_waits_for_the_desktop_is_deferred() -> None:
    assert set(DEFERRED) | set(PARTLY) == {
        Fault.WRONG_PATIENT, Fault.FOREIGN_LIMITS, Fault.UNAUTHORISED, Fault.ALARM_FAILED,
    }  # fmt: skip
    assert all(why.startswith("desktop: ") for why in (*DEFERRED.values(), *PARTLY.values()))
    assert set(PARTLY) <= {row.fault for row in ROWS}
    assert set(HARDWARE) <= {row.fault for row in ROWS} | set(PROCESSES)


def test_every_row_is_told_apart_by_its_words() -> None:
    assert [name for name, count in Counter(row.test for row in ROWS).items() if count > 1] == []


@pytest.mark.parametrize("fault", [f for f in FAULTS if FACTS[f].where in ("monitor", "loop")], ids=lambda f: f.name)
def test_what_is_noticed_in_the_tick_is_shown_on_every_body(fault: Fault) -> None:
    """Single rows may need a line or a sensor; no fault as a whole does. Before arming there is no body yet."""
    if fault is Fault.NO_REAL_TIME:
        assert ROWS_OF[fault]
        return
    assert {body for row in ROWS_OF[fault] for body in row.bodies} >= set(BODIES)
    assert all(set(row.bodies) == set(BODIES) or row.bodies in (LINE, SENSOR) for row in ROWS_OF[fault])


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if ROWS_OF[fault]], ids=lambda fault: fault.name)
def test_what_the_code_says_is_done_is_what_is_shown(fault: Fault) -> None:
    """At least one row shows the fault's own action (a warning before anything moves, and what is found at loading or
    connecting, is a refusal); and none shows less than that but rows in which it is a limit or nothing at all."""
    facts, shown = FACTS[fault], {row.action for row in ROWS_OF[fault]}
    refuses = facts.where in ("load", "connect") or (facts.where == "loop" and facts.action is Action.WARN)
    if refuses and "REFUSED" in shown:
        return
    assert any(Action[action] >= facts.action for action in shown if action != "REFUSED"), (facts.action.name, shown)


@pytest.mark.parametrize("test", [test for tests in PROCESSES.values() for test in tests])
def test_the_tests_of_real_processes_exist(test: str) -> None:
    file, _, name = test.partition("::")
    functions = {
        node.name for node in ast.walk(ast.parse((ROOT / file).read_text())) if isinstance(node, ast.FunctionDef)
    }
    assert name in functions
