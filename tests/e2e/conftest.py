"""Real processes, real ptys, real files. Everything a test starts is checked to be gone after it.

A shared machine stalls for 10–100 ms now and then, which the defaults rightly take for a fault. These tests therefore
widen the timing limits through the site configuration, here and nowhere else; the defaults are proven with injected
clocks. The soft start is the shortest that there may be: nobody sits at these arms.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

SITE = """\
limits:
  stale_fade: 150 ms
  stale_stop: 800 ms
  overrun_stop: 800 ms
  rate_stop: 0.1
  watchdog: 500 ms
  soft_start: 300 ms
"""
DRIVEN = """\
protocol: Driven from the first trial on
version: 1
device: planar_arm
blocks:
  - name: driven
    reach: {targets: 8, radius: 10 cm}
    controller: {impedance: {stiffness: 400 N/m}}
    trials: 200
"""
REHAB = [sys.executable, "-P", "-m", "rehab"]
KILLS = int(os.environ.get("REHAB_KILLS", "3"))  # how often each signal is sent; 20 for the figures of a report
BOUND = 120.0  # s: far beyond what anything here takes


@pytest.fixture(autouse=True)
def site(tmp_path, runs, monkeypatch):
    path = tmp_path / "site.yaml"
    path.write_text(SITE)
    (tmp_path / "driven.yaml").write_text(DRIVEN)
    (tmp_path / "run").symlink_to(runs)
    monkeypatch.setenv("REHAB_SITE", str(path))
    monkeypatch.setenv("REHAB_SELF_TEST", "0.1")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return path


@pytest.fixture(autouse=True)
def nothing_stays(tmp_path, site):
    """No process of ours, no ring file, after any test."""
    yield
    until(lambda: not processes_of(tmp_path), f"processes stay: {processes_of(tmp_path)}", seconds=30.0)
    left = [str(path) for path in (tmp_path / "run").glob("*/*")]
    assert not left, f"shared files stay: {left}"


def processes_of(tmp_path: Path) -> list[tuple[int, str]]:
    """Processes that inherited this test's run folder: supervisors, controls, recorders, emulators."""
    found, mark = [], f"REHAB_RUN={(tmp_path / 'run').resolve()}".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append((int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()))
            except OSError:
                continue
    return found


def pid_of(tmp_path: Path, module: str) -> int | None:
    """The process of this test that runs that module."""
    return next((pid for pid, words in processes_of(tmp_path) if module in words), None)


def until(condition, words: str, seconds: float = BOUND, every: float = 0.02):
    """Poll, every so many seconds, until the condition gives something true; it is returned."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(every)
    raise AssertionError(words)


def rehab(*words: object, timeout: float = BOUND) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*REHAB, *map(str, words)], capture_output=True, text=True, timeout=timeout, check=False)


def started(*words: object):
    """A `rehab` command in the background; terminated at the end."""
    return background(*REHAB, *words)


def scripted(*words: object):
    """The script drive.py in the background: a session without a report."""
    return background(sys.executable, Path(__file__).parent / "drive.py", *words)


@contextmanager
def background(*words: object, **more):
    command = [str(word) for word in words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()


@contextmanager
def emulator(*words: object):
    """An emulator on a pty and its address."""
    with started("emulate", "planar_arm", *words) as process:
        yield process, process.stdout.readline().strip()


def session_folder(out: Path) -> Path:
    """The one session that was recorded in this folder."""
    return until(lambda: next(iter(out.glob("*/manifest.json")), None), f"no session in {out}").parent


def in_motion(out: Path, tmp_path: Path, unless=lambda: False):
    """Wait until the session that writes to `out` drives the arm; False when `unless` came true before."""
    from rehab.realtime.snapshot import SnapshotReader

    def look():
        for path in (tmp_path / "run").glob("*/*/snapshot"):
            try:
                if driven(SnapshotReader.attach(path).look()):
                    return True
            except (OSError, ValueError):
                return None
        return None

    return until(lambda: look() or (unless() and "over"), "the session never moved") != "over"


def driven(look) -> bool:
    """The arm gets torque, all that is wished, and the exercise runs."""
    at = look.values if look else {}
    return bool(at) and at["state"] == 3 and abs(at["sent_0"]) > 0.05 and at["scale"] == 1.0
