"""Runaway code under real-time scheduling (F27), and the busy loop that must not be taken for it."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from rehab.core import clock

TRY = """\
import sys, time
from rehab.core.clock import MonotonicClock
from rehab.realtime import scheduling
limited = scheduling.limit_runaways()
print("limited" if limited and scheduling.use_fifo(1) != "normal" else "free", flush=True)
clock, end = MonotonicClock(), time.monotonic() + 0.4
while time.monotonic() < end:
    if sys.argv[1] == "busy":
        clock.sleep_until_ns(0)  # a deadline long past: there is no time to sleep
"""


def tried(how: str) -> tuple[bool, int]:
    done = subprocess.run(
        [sys.executable, "-P", "-c", TRY, how], capture_output=True, text=True, timeout=60, check=False
    )
    assert not done.stderr
    return done.stdout == "limited\n", done.returncode


def test_f27_code_that_never_sleeps_is_ended_by_the_system_without_a_traceback():
    limited, code = tried("runaway")
    assert code == (-signal.SIGXCPU if limited else 0)


def test_f39_a_loop_that_is_always_late_is_slow_but_no_runaway():
    assert tried("busy")[1] == 0


def test_a_loop_without_time_to_sleep_takes_a_breath_every_20_ms(monkeypatch: pytest.MonkeyPatch):
    now, slept = [0], []
    monkeypatch.setattr(clock.time, "monotonic_ns", lambda: now[0])
    monkeypatch.setattr(clock.time, "sleep", slept.append)
    busy = clock.MonotonicClock()
    for _ in range(100):
        now[0] += 1_000_000
        busy.sleep_until_ns(now[0] - 1)
    assert slept == [busy.BREATH] * 4


def test_a_loop_that_sleeps_takes_no_breath(monkeypatch: pytest.MonkeyPatch):
    now, slept = [0], []
    monkeypatch.setattr(clock.time, "monotonic_ns", lambda: now[0])

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += round(seconds * 1e9) + 1

    monkeypatch.setattr(clock.time, "sleep", sleep)
    healthy = clock.MonotonicClock()
    for k in range(1, 101):
        healthy.sleep_until_ns(k * 1_000_000)
    assert healthy.BREATH not in slept
    assert len(slept) == 100
