"""What recording costs: the loop's share of a tick, the recorder's time a second of session, and the file's size."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from rehab.core.clock import ManualClock
from rehab.realtime import shm
from rehab.realtime.layout import channels
from rehab.realtime.ring import SIZE, RingHeader, RingReader, RingWriter
from rehab.record.recorder import Recorder
from rehab.session.bench.tick import description, quantiles
from rehab.session.control import open_device

RATE = 1000
DRAINS = 20  # a second


def run(seconds: float) -> list[dict[str, Any]]:
    """Rows of a planar arm through ring, recorder and closing, without waiting for real time."""
    device = open_device(description(), ManualClock())
    info = device.info
    device.close()
    table = channels(info.n_joints, 2)
    memory = shm.anonymous(SIZE)
    writer = RingWriter(memory)
    count, rng = round(seconds) * RATE, np.random.default_rng(1)
    rows = rng.normal(size=(RATE, len(table))).tolist()
    puts, drains = [0] * count, []
    with tempfile.TemporaryDirectory() as folder:
        writer.describe(RingHeader("bench", folder, info, table))
        recorder = Recorder(RingReader(memory), Path(folder), {"session": "bench"})
        recorder.start()
        for k in range(count):
            row = rows[k % RATE]
            row[0], row[1] = float(k), k / RATE
            begun = time.perf_counter_ns()
            writer.put(row)
            puts[k] = time.perf_counter_ns() - begun
            if k % (RATE // DRAINS) == RATE // DRAINS - 1:
                begun = time.perf_counter_ns()
                recorder.drain()
                drains.append(time.perf_counter_ns() - begun)
        writer.close()
        begun = time.perf_counter_ns()
        recorder.finish("bench")
        closing = (time.perf_counter_ns() - begun) / 1e9
        sizes = {path.name: path.stat().st_size / max(1, round(seconds)) for path in Path(folder).iterdir()}
    per_second = sum(drains) / 1e6 / max(1, round(seconds))
    return [
        quantiles("a row into the ring", puts),
        {
            "what": "recorder",
            "drain_ms_per_second": round(per_second, 2),
            "closing_s_per_minute": round(60 * closing / max(1, round(seconds)), 2),
            "kB_per_second": {name: round(size / 1000, 1) for name, size in sizes.items()},
        },
    ]
