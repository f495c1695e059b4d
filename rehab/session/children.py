"""The supervisor's hands: starting processes, hearing what they say, ending them."""

from __future__ import annotations

import contextlib
import json
import os
import select
import selectors
import signal
import socket
import subprocess
import sys
import time
from typing import IO, Any

from rehab.session import messages

PATIENCE = 20.0  # s for a child to end when asked
NEVER_STARTED = 30.0  # s for a child to say it is ready


def spawn(module: str, *, stdin: int, keep: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """A fresh interpreter running that module; it goes when we go (rehab.realtime.scheduling.die_with_parent)."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module],
        stdin=stdin,
        stdout=subprocess.PIPE if stdin is subprocess.PIPE else subprocess.DEVNULL,
        env=environment(),
        pass_fds=keep,
    )


def spawn_emulator(model: str, *words: str) -> subprocess.Popen[bytes]:
    """`rehab emulate MODEL ...`; its first line is its address."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "rehab", "emulate", model, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )


def environment() -> dict[str, str]:
    """Ours, and one thread each. A product of small matrices gains nothing by more; a loop with priority would wait for
    threads that have none, and reaping it once it is dead held the supervisor up for a second."""
    return {**os.environ, "REHAB_PARENT": str(os.getpid()), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def line_of(stream: IO[bytes], seconds: float = NEVER_STARTED) -> str:
    """The first line a child prints, or "" when it ends or takes too long."""
    selector = selectors.DefaultSelector()
    selector.register(stream, selectors.EVENT_READ)
    ready = selector.select(seconds)
    selector.close()
    return stream.readline().decode(errors="replace").strip() if ready else ""


def error_of(text: str) -> str:
    """The words of {"error": words}, or "" when it is something else."""
    try:
        return str(json.loads(text.strip().splitlines()[-1])["error"])
    except (ValueError, KeyError, IndexError, TypeError):
        return ""


def finish(process: subprocess.Popen[bytes] | None, how: signal.Signals = signal.SIGTERM) -> None:
    """Ask it to end, wait, and end it if it does not."""
    if process is None:
        return
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def pidfd(pid: int) -> int | None:
    """A descriptor that becomes readable the moment the process dies, where the kernel has them."""
    return os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None


class RecorderChild:
    """The recorder process: its job on its stdin, and the lines of JSON that it says."""

    def __init__(self, job: dict[str, Any], keep: tuple[int, ...]) -> None:
        self.process = spawn("rehab.record.process", stdin=subprocess.PIPE, keep=keep)
        self._pending = b""
        self.error = ""  # what it said of its own end
        self.taken = 0  # rows of the ring, a second ago or less
        self.silent = False  # its end of the pipe is closed
        assert self.process.stdin is not None and self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(job).encode() + b"\n")
            self.process.stdin.flush()
        answer = line_of(self.process.stdout)
        self.ready = answer == "ready"
        if not self.ready:
            self.error = error_of(answer) or "the recorder did not start"

    def fileno(self) -> int:
        assert self.process.stdout is not None
        return self.process.stdout.fileno()

    def hear(self) -> list[str]:
        """Take what it has said since the last call; its warnings. Called when there is something, or after its end."""
        data = b"" if self.silent else os.read(self.fileno(), 65536)
        self.silent = not data
        *lines, self._pending = (self._pending + data).split(b"\n")
        warnings = []
        for line in lines:
            with contextlib.suppress(ValueError):
                said = json.loads(line)
                self.error = said.get("error", self.error)
                self.taken = said.get("taken", self.taken)
                warnings += [said["low"]] if "low" in said else []
        return warnings

    def last_words(self) -> str:
        """After its end: what it said about it, or what ended it."""
        if not self.silent:
            self.hear()
        return self.error or ended_by(self.process.returncode)

    def close(self, seconds: float) -> bool:
        """The end: it closes the recording, which may take long; True if it could."""
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
            self.last_words()
        closed = self.process.returncode == 0
        finish(self.process)
        self.silent = True
        return closed


class Inputs:
    """The inputs process, and the line on which it says what it found; `answer` is its first word: Ready or Refused."""

    def __init__(self, description: messages.Description, keep: tuple[int, ...]) -> None:
        ours, theirs = socket.socketpair()
        self.line = messages.Line(ours)
        self.process = spawn("rehab.session.inputs", stdin=theirs.fileno(), keep=keep)
        theirs.close()
        self.line.send(description)
        self.answer = self._first()

    def _first(self) -> messages.AnyReply:
        until = time.monotonic() + NEVER_STARTED
        while time.monotonic() < until and self.line.open:
            for reply in self.line.replies():
                return reply
            select.select([self.line], [], [], 0.2)
        return messages.Refused("RehabError", "the inputs process did not start")

    def close(self) -> None:
        finish(self.process)
        self.line.close()


def ended_by(code: int | None) -> str:
    """How a process ended, in words."""
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
