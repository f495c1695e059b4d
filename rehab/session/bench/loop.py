"""How well this machine keeps a 1 kHz loop: ours beside cyclictest, in turns within one run."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

from rehab.core.clock import MonotonicClock
from rehab.realtime import scheduling
from rehab.realtime.pacing import Pacer
from rehab.realtime.timing import TimingStatistics, self_test

PERIOD = 0.001
SLICES = 3


def run(seconds: float) -> list[dict[str, Any]]:
    """An empty body under FIFO (where permitted), and cyclictest at the same priority, slice by slice in turns."""
    granted = [scheduling.use_fifo(scheduling.CONTROL_PRIORITY), scheduling.lock_memory()]
    awake = scheduling.stay_awake()
    words = ", ".join(word for word in [*granted, "" if awake is None else "cpu_dma_latency 0"] if word)
    scheduling.quiet_collector()
    clock = MonotonicClock()
    certificate = self_test(clock, PERIOD, 2.0, words, spin=scheduling.is_fifo())
    ours, late = TimingStatistics(PERIOD), TimingStatistics(PERIOD)
    peer = _Cyclictest() if shutil.which("cyclictest") else None
    for _ in range(SLICES):
        pacer = Pacer(clock, PERIOD)
        for _ in range(round(seconds / SLICES / PERIOD)):
            beat = pacer.wait()
            ours.add(beat.dt, beat.skipped)
            late.add(beat.late + beat.skipped * PERIOD, 0)
        if peer is not None:
            peer.slice(round(seconds / SLICES / PERIOD))
    report = ours.report(words, "real")
    drift = ours.time - (ours.ticks + ours.skipped) * PERIOD
    lateness = {
        "late_p50_us": late.quantile(0.5),
        "late_p99_us": late.quantile(0.99),
        "late_p999_us": late.quantile(0.999),
        "late_max_us": round(late.worst * 1e6, 1),
    }
    ours_row = {
        "what": "loop",
        **report,
        **lateness,
        "drift_us": round(drift * 1e6, 1),
        "spin_us": certificate["spin_us"],
    }
    rows: list[dict[str, Any]] = [ours_row]
    if peer is not None:
        rows.append(peer.report())
    return rows


class _Cyclictest:
    """Wake-up lateness by the kernel developers' own tool; its histogram in µs, summed over slices."""

    MOST = 50_000

    def __init__(self) -> None:
        self.late = TimingStatistics(PERIOD)

    def slice(self, loops: int) -> None:
        done = subprocess.run(
            ["cyclictest", "-q", "-m", "-t1", "-p", str(scheduling.CONTROL_PRIORITY), "-i", "1000", "-l", str(loops),
             "-h", str(self.MOST)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        for row in done.stdout.splitlines():
            words = row.split()
            if len(words) == 2 and not row.startswith("#"):
                for _ in range(int(words[1])):
                    self.late.add(int(words[0]) * 1e-6, 0)
            if row.startswith("# Max Latencies:"):
                self.late.worst = max(self.late.worst, int(words[-1]) * 1e-6)

    def report(self) -> dict[str, Any]:
        late = self.late
        return {
            "what": "cyclictest", "ticks": late.ticks, "late_p50_us": late.quantile(0.5),
            "late_p99_us": late.quantile(0.99), "late_p999_us": late.quantile(0.999),
            "late_max_us": round(late.worst * 1e6, 1),
        }  # fmt: skip
