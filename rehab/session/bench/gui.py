"""What the window costs: its share of a core while six curves are drawn, and what the loop notices of it.

The same session twice, one after the other: in the demonstration's window (offscreen), and from a terminal with none.
Both are measured over equally long spans of motion, and ended alike; the loop's figures are those of the span alone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rehab.core.errors import RehabError
from rehab.core.safety.faults import Fault
from rehab.realtime.layout import SESSION_STATES
from rehab.realtime.snapshot import SnapshotReader
from rehab.realtime.timing import TimingStatistics
from rehab.session import stale

RUNNING = float(SESSION_STATES.index("running"))
LEAST = 20.0  # s: shorter, and starting up would be part of it
SETTLE = 3.0  # s after the first motion, in which windows still load
BOUND = 120.0  # s for a session to begin, and to end
PROTOCOL = """\
protocol: What a window costs
version: 1
device: planar_arm
limits: {speed: 0.8 m/s, force: 30 N}
blocks:
  - name: reaching
    reach: {targets: 4, radius: 8 cm}
    controller: {impedance: {stiffness: 200 N/m}}
    trials: 2000
"""
SESSION = ("--device", "sim:planar_arm", "--patient", "stroke", "--seed", "1")


def run(seconds: float) -> list[dict[str, Any]]:
    """One row with the window, one without; only the first has a share of a core, the window's."""
    seconds = max(LEAST, seconds)
    window, alone = _measure("window", True, seconds), _measure("no window", False, seconds)
    alone.pop("of_a_core_percent", None)  # of a terminal: nobody asks
    return [window, alone]


def _words(protocol: Path, window: bool) -> list[str]:
    if window:
        return ["gui", "--demo", "--protocol", str(protocol), *SESSION]
    return ["run", str(protocol), *SESSION, "--yes"]


def _measure(what: str, window: bool, seconds: float) -> dict[str, Any]:
    before = {path.name for path in stale.running()}
    with tempfile.TemporaryDirectory(prefix="rehab-bench-") as folder:
        protocol = Path(folder) / "window.yaml"
        protocol.write_text(PROTOCOL, encoding="utf-8")
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "rehab", *_words(protocol, window), "--out", folder],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            try:
                glass = _wait_for_motion(process, before)
                time.sleep(SETTLE)
                begin, cpu, first = time.monotonic(), _cpu(process.pid), _tick(glass)
                while time.monotonic() - begin < seconds and process.poll() is None and _moves(glass):
                    time.sleep(0.1)
                span = time.monotonic() - begin
                if span < seconds:
                    raise RehabError(f"with {what} it moved for {span:.1f} of {seconds:g} s only: {_why(glass)}")
                used, last = _cpu(process.pid) - cpu, _tick(glass)
                process.send_signal(signal.SIGTERM)  # the arm comes to rest, the recording is closed
                process.wait(BOUND)
            finally:
                if process.poll() is None:
                    process.terminate()
        timing = _timing(Path(folder), first, last)
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


def _why(glass: SnapshotReader) -> str:
    look = glass.look()
    fault = int(look.values["fault"]) if look is not None else 0
    return f"{Fault(fault).label}; measure while nothing else runs" if fault else "it was ended"


def _tick(glass: SnapshotReader) -> float:
    look = glass.look()
    return look.values["tick"] if look is not None else 0.0


def _cpu(pid: int) -> float:
    """Seconds of processor that this process has used, all its threads, not its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _timing(folder: Path, first: float, last: float) -> dict[str, Any]:
    """Of the ticks from `first` to `last`, from the recording."""
    from rehab.record.recording import Recording

    recording = Recording.open(next(folder.glob("*/manifest.json")).parent)
    ticks = recording.ticks
    within = (ticks["tick"] >= first) & (ticks["tick"] <= last)
    found = TimingStatistics(recording.info.period_s)
    for dt, skipped in zip(ticks["dt"][within].tolist(), ticks["skipped"][within].tolist(), strict=True):
        found.add(dt, int(skipped))
    report = found.report(recording.timing["scheduling"], "real")
    return {
        "ticks": report["ticks"], "late_percent": round(100.0 * report["late_share"], 3),
        "period_p999_us": report["period_p999_us"], "period_max_us": report["period_max_us"],
        "skipped": report["skipped"], "scheduling": report["scheduling"],
    }  # fmt: skip
