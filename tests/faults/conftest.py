"""Plug-ins of the suite, and a plug-in of pytest that writes what became of every row into the results for
`rehab faults`: build/faults.json, or the file that REHAB_FAULTS_RESULTS names."""

from __future__ import annotations

import fcntl
import json
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehab.core import registry
from rehab.core.clock import wall_clock_iso
from tests.faults.benches import Seen
from tests.faults.fates import DEFERRED, HARDWARE, NOT_YET, PARTLY, PROCESSES
from tests.faults.plugins import Circling, Obedient
from tests.faults.table import ROWS

NOT_RUN = "not run"
SUITE = "tests/faults/test_fault_matrix.py"


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_local", {})
    registry.add_local("exercise", "circling", Circling)
    registry.add_local("controller", "obedient", Obedient)


@pytest.fixture
def seen_by_the_matrix(record_property: Callable[[str, object], None]) -> Callable[[Seen], None]:
    """What came of the fault goes into the results."""

    def keep(seen: Seen) -> None:
        record_property("seen", {"action": seen.action, "ticks": seen.ticks, "message": seen.words})

    return keep


def expected() -> dict[str, dict[str, Any]]:
    """Every row on every body by the id of its test, none of them run."""
    rows: dict[str, dict[str, Any]] = {}
    for row in ROWS:
        for body in row.bodies:
            test = f"{SUITE}::test_fault[{row.test} {body}]"
            rows[test] = {"fault": int(row.fault), "case": row.case, "body": body, "expected": row.action,
                          "within": row.within, "test": test, "outcome": NOT_RUN}  # fmt: skip
    for fault, tests in PROCESSES.items():
        for test in tests:
            case = test.partition("::test_")[2].replace("_", " ")
            rows[test] = {"fault": int(fault), "case": case, "body": "processes", "test": test, "outcome": NOT_RUN}
    return rows


class Results:
    """Listens to the whole run: tests of real processes stand in other folders."""

    def __init__(self, path: Path) -> None:
        self.path, self.rows, self.any = path, expected(), False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        row = self.rows.get(report.nodeid) or self.rows.get(report.nodeid.partition("[")[0])
        if row is None or not (report.when == "call" or report.failed):
            return
        self.any = True
        row |= dict(report.user_properties).get("seen", {})
        if row["outcome"] != "failed":  # one of several that failed decides
            row["outcome"] = report.outcome

    def pytest_sessionfinish(self) -> None:
        if not self.any:
            return
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # the workers of one run share it
            file.seek(0)
            before = _of_this_run(file.read(), run)
            for test, row in self.rows.items():
                if row["outcome"] == NOT_RUN and test in before:
                    self.rows[test] = before[test]
            file.seek(0)
            file.truncate()
            json.dump(self._document(run), file, indent=1)

    def _document(self, run: str) -> dict[str, Any]:
        fates = {"deferred": DEFERRED, "partly deferred": PARTLY, "not yet shown": NOT_YET, "hardware": HARDWARE}
        return {
            "format": 1,
            "run": run,
            "made": wall_clock_iso(),
            "rows": list(self.rows.values()),
            "fates": [
                {"fault": int(fault), "fate": fate, "why": why}
                for fate, faults in fates.items()
                for fault, why in faults.items()
            ],
        }


def _of_this_run(text: str, run: str) -> dict[str, dict[str, Any]]:
    try:
        written = json.loads(text)
    except ValueError:
        return {}
    return {row["test"]: row for row in written["rows"]} if written.get("run") == run else {}


def pytest_collection_finish(session: pytest.Session) -> None:
    where = os.environ.get("REHAB_FAULTS_RESULTS") or session.config.rootpath / "build" / "faults.json"
    session.config.pluginmanager.register(Results(Path(where)), "faults-results")
