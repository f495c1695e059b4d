"""The recorder process: `python -P -m rehab.record.process`.

stdin   one line of JSON: {"ring": path, "folder": path, "description": {...}, "resume": bool, "clean": path or ""};
        later lines {"describe": {...}} go into the manifest; its end means: finish
stdout  "ready" when the open manifest is on the disk; {"taken": rows} once a second; {"low": words} once, when the disk
        is nearly full; {"error": words} when it does not take more (exit 1)

It ends when the ring is closed and read, or when its stdin ends or SIGTERM comes (the supervisor asks, or has died):
then it waits for the loop's last words and closes the recording. If the supervisor is dead, it removes `clean`.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from rehab.core.clock import MonotonicClock
from rehab.core.errors import RehabError
from rehab.realtime import shm
from rehab.realtime.ring import RingReader
from rehab.realtime.scheduling import die_with_parent
from rehab.record.recorder import Recorder

BEAT = 0.050  # s between two looks into the ring
QUIET = 0.5  # s without a new row after which the loop, asked to end, is taken for gone
TELL = 1.0  # s between two words to the supervisor
LOW = 600.0  # s of recording for which there should be room
LONGEST = 10.0  # s that a loop may take to stop the arm after the end was asked for


class Job(Struct, frozen=True):
    """What the supervisor asks for."""

    ring: str
    folder: str
    description: dict[str, Any] = {}
    resume: bool = False
    clean: str = ""


class More(Struct, frozen=True):
    """Something to add to the manifest."""

    describe: dict[str, Any]


class Asks:
    """The supervisor's end of stdin: lines, and whether it has ended."""

    def __init__(self) -> None:
        self.ended = False
        self._pending = b""

    def lines(self, wait: float) -> list[bytes]:
        """Complete lines; waits for input no longer than `wait` s."""
        if self.ended:
            time.sleep(wait)
            return []
        if not select.select([0], [], [], wait)[0]:
            return []
        data = os.read(0, 65536)
        self.ended = not data
        *lines, self._pending = (self._pending + data).split(b"\n")
        return lines


def main() -> int:
    """Run until the session is over; the exit code."""
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    os.set_blocking(1, False)
    parent, asks, recorder = os.getppid(), Asks(), None
    lines: list[bytes] = []
    while not lines and not asks.ended and not stopping:
        lines = asks.lines(BEAT)
    if not lines:
        return 0
    try:
        job = msgspec.json.decode(lines.pop(0), type=Job)
        reader = RingReader.attach(Path(job.ring))
        recorder = _begin(reader, job)
        _say_line("ready")
        reason = _record(recorder, reader, asks, lines, stopping)
        recorder.finish(reason)
    except (RehabError, OSError, msgspec.MsgspecError) as error:
        if recorder is not None:
            recorder.abandon()
        _say({"error": str(error)})
        return 1
    if job.clean and os.getppid() != parent:
        _remove(Path(job.clean))
    return 0


def _begin(reader: RingReader, job: Job) -> Recorder:
    clock, folder = MonotonicClock(), Path(job.folder)
    if job.resume:
        return Recorder.resume(reader, folder, job.description, clock=clock)
    recorder = Recorder(reader, folder, job.description, clock=clock)
    recorder.start()
    return recorder


def _record(recorder: Recorder, reader: RingReader, asks: Asks, lines: list[bytes], stopping: list[int]) -> str:
    """Drain until there is nothing more to come; why it ended."""
    asked_at = quiet_since = told_at = 0.0
    low = False
    while True:
        for line in lines:
            recorder.describe(msgspec.json.decode(line, type=More).describe)
        over = reader.closed  # looked at before the rows: what comes after it was there
        taken = recorder.drain()
        if over:
            return "the session ended"
        now = time.monotonic()
        if now - told_at > TELL:
            told_at = now
            _say({"taken": recorder.rows})
            if not low and (words := recorder.low_on_room(LOW)):
                low = True
                _say({"low": words})
        if taken or not asked_at:
            quiet_since = now
        if (stopping or asks.ended) and not asked_at:
            asked_at = now
        if asked_at and (now - quiet_since > QUIET or now - asked_at > LONGEST):
            return "the loop ended without closing the ring"
        lines = asks.lines(BEAT)


def _say(what: dict[str, Any]) -> None:
    _say_line(msgspec.json.encode(what).decode())


def _say_line(line: str) -> None:
    """Never waits: a supervisor that is stopped must not stop the recorder."""
    with contextlib.suppress(OSError):  # nobody listens any more, or nobody reads
        os.write(1, line.encode() + b"\n")


def _remove(run: Path) -> None:
    """The dead session's shared files; nothing outside this user's own run folder."""
    if run.resolve().parent == shm.run_root().resolve():
        shutil.rmtree(run, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
