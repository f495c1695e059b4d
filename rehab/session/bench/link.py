"""What the serial link costs the loop: read and write of one tick against an emulator, beside bare system calls."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
import tty
from typing import Any

from rehab.core import registry
from rehab.core.clock import MonotonicClock
from rehab.core.values import Command
from rehab.realtime import scheduling
from rehab.realtime.pacing import Pacer
from rehab.session.bench.tick import quantiles

MODEL = "planar_arm"
STATE_BYTES, COMMAND_BYTES = 44, 23  # of a device with two joints (docs/link.md)


def run(seconds: float) -> list[dict[str, Any]]:
    """An armed exchange at 1 kHz with an emulator in its own process; then as many bytes by bare system calls."""
    count = round(seconds * 1000)
    return [*_driver(count), quantiles("bare os.write and os.read on a pty", _bare(count))]


def _driver(count: int) -> list[dict[str, Any]]:
    environment = {**os.environ, "REHAB_PARENT": str(os.getpid())}
    command = [sys.executable, "-P", "-m", "rehab", "emulate", MODEL]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as emulator:
        assert emulator.stdout is not None
        device = registry.find("device", "serial")(emulator.stdout.readline().strip(), watchdog_limit=1.0)
        spent, ages = [0] * count, [0] * count
        try:
            device.open()
            device.arm()
            command_ = Command((0.0,) * device.info.n_joints, True, 1.0)
            scheduling.use_fifo(scheduling.CONTROL_PRIORITY)
            pacer = Pacer(MonotonicClock(), device.info.period_s)
            for k in range(count):
                pacer.wait()
                begun = time.perf_counter_ns()
                ages[k] = round(device.read().age * 1e9)
                device.write(command_)
                spent[k] = time.perf_counter_ns() - begun
        finally:
            scheduling.use_normal()
            summary = device.link.summary()
            device.close()
            emulator.terminate()
    return [{**quantiles("read and write of the driver", spent), **summary}, quantiles("age of a sample", ages)]


def _bare(count: int) -> list[int]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    state, command, spent = bytes(STATE_BYTES), bytes(COMMAND_BYTES), [0] * count
    try:
        for k in range(count):
            os.write(master, state)
            begun = time.perf_counter_ns()
            os.read(slave, 4096)
            os.write(slave, command)
            spent[k] = time.perf_counter_ns() - begun
            os.read(master, 4096)
    finally:
        os.close(master)
        os.close(slave)
    return spent
