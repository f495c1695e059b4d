"""`rehab emulate --faults` as a process of its own on a real pty. Nothing here depends on how fast the machine is."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rehab.core.values import Status
from sim.emulators.codec import Kind
from sim.emulators.trace import read_trace
from tests.emulators.test_emulator_process import PATIENT, START, Emulated

pytestmark = pytest.mark.e2e


@pytest.fixture
def start(tmp_path: Path, wait_until: Callable) -> Iterator[Callable[..., Emulated]]:
    running: list[Emulated] = []

    def begin(script: str, *options: str) -> Emulated:
        path = tmp_path / "script.yaml"
        path.write_text(f"faults: [{script}]")
        running.append(Emulated(tmp_path / "run", wait_until, "--faults", str(path), *options))
        return running[-1]

    yield begin
    for emulated in running:
        emulated.close()


def test_unplugging_hangs_the_port_up_and_the_device_stops_by_its_own_watchdog(
    start, tmp_path: Path, wait_until
) -> None:
    trace = tmp_path / "trace"
    emulated = start("{at: 1 s, field: link, how: unplug}", "--trace", str(trace))
    emulated.arm()

    def hung_up() -> bool:
        try:
            emulated.send(Kind.COMMAND, 1, 0.5, 0.5, valid_ms=PATIENT)
            return os.read(emulated.port, 65536) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    wait_until(hung_up)
    wait_until(lambda: read_trace(trace)[-1].expires == 0)  # the power stage is off
    assert emulated.end()[0] == 0  # it was still there, and ends as it is told
    steps = read_trace(trace)
    expiry = max(step.expires for step in steps)
    moved = [step for step in steps if any(step.torque)]
    assert moved
    assert all(step.begin < expiry for step in moved)
    assert steps[-1].begin > expiry


def test_a_fault_of_the_script_is_told_over_the_line(start) -> None:
    emulated = start("{at: 50 ms, for: 50 ms, field: power, how: 'off'}")
    emulated.arm()
    emulated.send(Kind.COMMAND, 1, 0.5, 0.5, valid_ms=PATIENT)
    assert emulated.wait_for(lambda frame: frame.kind is Kind.FAULT).fields[0] & Status.BROWN_OUT
    emulated.wait_for(lambda frame: frame.kind is Kind.STATE and not frame.fields[1] & Status.BROWN_OUT)
    assert emulated.ask(Kind.CLEAR).fields == (0,)


def test_a_damaged_line_still_answers(start) -> None:
    emulated = start("{field: link, how: corrupt, chance: 10 %}, {field: link, how: split, chance: 20 %}")
    emulated.arm()
    for _ in range(100):
        emulated.send(Kind.COMMAND, 1, 0.5, 0.5, valid_ms=PATIENT)
        state = emulated.wait_for(lambda frame: frame.kind is Kind.STATE)
        assert state.fields[1] == Status.ARMED | Status.WATCHDOG_ON


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (
            "{field: q_0, how: stuk}",
            'script.yaml:1:28: faults[0].how: "stuk" cannot happen to q; did you mean "stuck"?',
        ),
        ("{field: q_2, how: stuck}", 'there is no "q_2" at this planar_arm'),
        ("{field: patient, how: limp}", "nobody holds the arm"),
    ],
)
def test_a_script_that_is_wrong_is_refused_at_its_line_with_exit_2(tmp_path: Path, script: str, says: str) -> None:
    path = tmp_path / "script.yaml"
    path.write_text(f"faults: [{script}]")
    words = [*START, "planar_arm", "--faults", str(path)]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr
