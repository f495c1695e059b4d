"""What the window costs: its share of a core while six curves are drawn, and what the loop notices of it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rehab.core.errors import RehabError
from rehab.realtime.layout import SESSION_STATES
from rehab.realtime.snapshot import SnapshotReader
from rehab.session import stale

RUNNING = float(SESSION_STATES.index("running"))
LEAST = 20.0  # s: shorter, and starting up would be part of it
SETTLE = 3.0  # s after the first motion, in which windows still load
BOUND = 120.0  # s for a session to begin
PROTOCOL = "reach_demo"


def run(seconds: float) -> list[dict[str, Any]]:
    """The demonstration twice, with the window (offscreen) and without it, one after the other."""
    seconds = max(LEAST, seconds)
    span = str(seconds + SETTLE + 2.0)
    with_window = ["gui", "--demo", "--seconds", span, "--seed", "1"]
    without = ["demo", "--headless", "--seconds", span]
    return [_measure("window", with_window, seconds), _measure("no window", without, seconds)]


def _measure(what: str, words: list[str], seconds: float) -> dict[str, Any]:
    before = {path.name for path in stale.running()}
    with tempfile.TemporaryDirectory(prefix="rehab-bench-") as folder:
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "REHAB_GUI_EXIT": "1"}
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "rehab", *words, "--out", folder], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            try:
                glass = _wait_for_motion(process, before)
                time.sleep(SETTLE)
                begin, cpu = time.monotonic(), _cpu(process.pid)
                while time.monotonic() - begin < seconds and process.poll() is None and _moves(glass):
                    time.sleep(0.1)
                if process.poll() is not None:
                    raise RehabError("the demonstration ended before it was measured")
                span, used = time.monotonic() - begin, _cpu(process.pid) - cpu
                process.wait(BOUND)
            finally:
                if process.poll() is None:
                    process.terminate()
        timing = _timing(Path(folder))
    return {
        "what": what, "seconds": round(span, 1), "of_a_core_percent": round(100.0 * used / span, 1), **timing,
    }  # fmt: skip


def _wait_for_motion(process: subprocess.Popen[bytes], before: set[str]) -> SnapshotReader:
    until = time.monotonic() + BOUND
    while time.monotonic() < until and process.poll() is None:
        for path in stale.running():
            if path.name not in before and (path / "snapshot").exists():
                glass = SnapshotReader.attach(path / "snapshot")
                if _moves(glass):
                    return glass
        time.sleep(0.1)
    raise RehabError("the demonstration did not begin; try it by hand: rehab gui --demo")


def _moves(glass: SnapshotReader) -> bool:
    look = glass.look()
    return look is not None and look.values["state"] == RUNNING


def _cpu(pid: int) -> float:
    """Seconds of processor that this process has used, all its threads, not its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _timing(folder: Path) -> dict[str, Any]:
    from rehab.record.recording import Recording

    timing = Recording.open(next(folder.glob("*/manifest.json")).parent).timing
    return {
        "late_percent": round(100.0 * timing["late_share"], 3), "period_p999_us": timing["period_p999_us"],
        "period_max_us": timing["period_max_us"], "skipped": timing["skipped"], "scheduling": timing["scheduling"],
    }  # fmt: skip
