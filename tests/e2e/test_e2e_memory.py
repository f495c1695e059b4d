"""An hour at the arm: no process may grow. Left out unless asked for: pytest tests/e2e/test_e2e_memory.py -m long.

REHAB_LONG_SECONDS shortens the hour; what was sampled is printed with -s.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.e2e.conftest import background, pid_of

pytestmark = [pytest.mark.e2e, pytest.mark.window, pytest.mark.long]
SECONDS = float(os.environ.get("REHAB_LONG_SECONDS", "3600"))
EVERY = 10.0  # s between two samples
WARM_UP = 300.0  # s: the ring (60 s deep) has been round, every page has been seen, caches are full
SOAK = Path(__file__).parent / "soak.py"
PROCESSES = {"control": "rehab.session.control", "recorder": "rehab.record.process",
             "supervisor": "rehab.session.supervisor"}  # fmt: skip
MOST = {"window": 16.0, "control": 4.0, "recorder": 4.0, "supervisor": 4.0}  # MB an hour; the window keeps the trials


def resident(pid: int) -> float:
    """MB of its own that a process has in memory; the ring, which all share, is not counted."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024.0
    raise AssertionError("no RssAnon: not a Linux of this century")


def test_no_process_grows_in_an_hour_of_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    warm_up = min(WARM_UP, SECONDS / 3.0)
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in MOST}
    with background(sys.executable, SOAK, tmp_path / "clinic.db", tmp_path / "out", SECONDS) as window:
        assert window.stdout.readline().strip() == "moving", window.stderr.read()
        pids = {"window": window.pid, **{name: pid_of(tmp_path, module) for name, module in PROCESSES.items()}}
        begun = time.monotonic()
        while (passed := time.monotonic() - begun) < SECONDS - EVERY:
            for name, pid in pids.items():
                samples[name].append((passed, resident(pid)))
            time.sleep(EVERY)
        said, errors = window.communicate(timeout=300)
    assert "Traceback" not in errors, errors
    assert window.returncode == 0
    trials = int(said.split()[1])
    slopes = {}
    for name, points in samples.items():
        t, mb = np.array([point for point in points if point[0] >= warm_up]).T
        slopes[name] = float(np.polyfit(t, mb, 1)[0]) * 3600.0
        print(f"{name}: {mb[0]:.1f} MB after {t[0]:.0f} s, {mb[-1]:.1f} MB after {t[-1]:.0f} s, "
              f"most {mb.max():.1f} MB, {slopes[name]:+.2f} MB/h")  # fmt: skip
    print(f"{trials} trials; {said.strip()}")
    assert trials > SECONDS / 10.0, "the arm hardly moved"
    assert {name: slope for name, slope in slopes.items() if slope > MOST[name]} == {}
