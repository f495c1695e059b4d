"""The suites find what breaks a contract, in anybody's package: each is run on one that is wrong in one way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """\
import pytest
from rehab.contract.controller import ControllerContract
from rehab.contract.device import DeviceContract
from rehab.contract.exercise import ExerciseContract

{code}
"""
KEEPS = """\
from controllers.impedance import Impedance

class {broken}(Impedance):
    {body}

class TestIt(ControllerContract):
    @pytest.fixture
    def make(self):
        return {broken}
"""
WRONG = {
    "test_torque_is_one_finite_number_a_joint_anywhere_in_the_range_of_motion":
        "update = lambda self, state, reference, dt: [float('nan')] * len(state.q)",
    "test_only_the_arms_own_weight_is_held_at_rest_on_the_reference":
        "update = lambda self, state, reference, dt: super(Broken, self).update(state, reference, dt) + 1.0",
    "test_it_leaves_what_it_is_given_unchanged":
        "def update(self, state, reference, dt):\n        state.q[0] += 1e-3\n        return 0.0 * state.q",
    "test_a_live_parameter_reaches_both_ends_of_its_range_without_a_step":
        "def set(self, name, value):\n        super().set(name, value)\n        self._live.finish()",
    "test_a_declared_stiffness_is_the_force_per_metre_that_it_makes":
        "update = lambda self, state, reference, dt: 2.0 * super(Broken, self).update(state, reference, dt)",
}  # fmt: skip


def run(folder: Path, code: str, *words: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(SUITE.format(code=code))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", folder, *words,
         folder / "test_it.py"],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("check", WRONG)
def test_what_is_wrong_with_a_controller_is_found_by_the_check_that_is_for_it(tmp_path: Path, check: str) -> None:
    done = run(tmp_path, KEEPS.format(broken="Broken", body=WRONG[check]), "-k", f"{check} and two")
    assert done.returncode == 1, done.stdout
    assert f"FAILED test_it.py::TestIt::{check}" in done.stdout


def test_a_check_that_fails_shows_the_values(tmp_path: Path) -> None:
    check = "test_only_the_arms_own_weight_is_held_at_rest_on_the_reference"
    done = run(tmp_path, KEEPS.format(broken="Broken", body=WRONG[check]), "-k", f"{check} and two")
    assert "assert array([1., 1.]) == " in done.stdout


@pytest.mark.parametrize(
    ("suite", "fixture"), [("ControllerContract", "make"), ("ExerciseContract", "make"), ("DeviceContract", "device")]
)
def test_a_fixture_that_is_forgotten_is_asked_for(tmp_path: Path, suite: str, fixture: str) -> None:
    done = run(tmp_path, f"class TestIt({suite}): pass", "-k", "test_it_is_a")
    assert f"a subclass of {suite} gives the fixture `{fixture}`" in done.stdout


def test_without_pytest_the_words_say_what_is_missing(tmp_path: Path) -> None:
    script = "import sys; sys.modules['pytest'] = None\nimport rehab.contract.device"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1].endswith("they need pytest (pip install pytest)")
