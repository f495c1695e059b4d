"""The page for risk managers leaves no fault and no package of others out."""

from __future__ import annotations

import re
import runpy

import pytest
from ruamel.yaml import YAML

from rehab.core.safety.faults import FACTS, Fault
from tests.docs.documents import HAZARDS, ROOT
from tests.faults.fates import DEFERRED, PROCESSES
from tests.faults.table import ROWS

ABOUT = YAML(typ="safe").load((ROOT / "docs/hazards.yaml").read_text("utf-8"))
FAULTS = [fault for fault in Fault if fault]


def line_of(fault: Fault) -> list[str]:
    found = re.search(rf"^\| F{fault:02d} .*$", HAZARDS.read_text("utf-8"), re.MULTILINE)
    assert found is not None
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", found[0])[1:-1]]


def test_every_fault_has_its_hazard_cause_severity_and_rest() -> None:
    assert list(ABOUT) == [f"F{fault:02d}" for fault in FAULTS]
    for said in ABOUT.values():
        assert set(said) == {"hazard", "cause", "severity", "residual"}
        assert said["severity"] in ("serious", "minor", "data")
        assert all(isinstance(text, str) and text for text in said.values())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_line_has_the_words_detector_alarm_and_tests_of_the_code(fault: Fault) -> None:
    label, hazard, cause, control, alarm, shown, left = line_of(fault)
    said, facts = ABOUT[f"F{fault:02d}"], FACTS[fault]
    assert label == fault.label
    assert (hazard, cause, left) == (f"{said['hazard']} ({said['severity']})", said["cause"], said["residual"])
    assert control.replace("\\|", "|").startswith(f"{facts.where}: {facts.detector} → ")
    assert alarm == facts.priority
    ways = sum(row.fault is fault for row in ROWS)
    assert (f"`-k F{fault:02d}`: {ways} way" in shown) == (ways > 0)
    assert all(test.rpartition("::")[2] in shown for test in PROCESSES.get(fault, ()))
    assert ("not built yet" in control) == shown.startswith("deferred") == (fault in DEFERRED)


def test_every_package_that_is_pinned_is_listed_with_its_version_and_a_licence() -> None:
    script = runpy.run_path(str(ROOT / "docs/make_third_party.py"), run_name="make_third_party")
    rows = re.findall(
        r"^\| ([\w.-]+) \| ([\w.+!-]+) \| ([^|]+) \|", (ROOT / "docs/third-party.md").read_text(), re.MULTILINE
    )
    listed = {name: version for name, version, _ in rows if name not in ("package", "---")}
    assert listed == script["constraints"](), 'out of date: run "python docs/make_third_party.py"'
    assert all(licence.strip() not in ("", "see the package", "UNKNOWN") for _, _, licence in rows)


def test_what_sessions_load_is_told_from_what_only_developers_need() -> None:
    text = (ROOT / "docs/third-party.md").read_text("utf-8")
    assert re.search(r"^\| numpy \|.*\| yes \|", text, re.MULTILINE)
    assert re.search(r"^\| pytest \|.*\| development \|", text, re.MULTILINE)
