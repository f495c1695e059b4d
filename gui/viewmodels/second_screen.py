"""The patient's screen as the therapist's window has it: start it, hear it, speak to it, close it. No widgets.

It is another process; nothing in this one waits for it. It goes with its session, and when this process goes.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections import deque
from typing import Any

import msgspec
from msgspec.structs import asdict

from gui.viewmodels.screen_settings import Said, ScreenSettings
from rehab.core.trials import Question

CLOSING = 3.0  # s for it to go by itself


class SecondScreen:
    """
    shown     it is to be seen: opening takes a second or two
    chosen    somebody has chosen settings
    session   whose screen is shown; "" for none
    answered  name and value of what the patient has answered to this window's questions
    problem   its last words, when it went without being asked
    """

    def __init__(self, settings: ScreenSettings | None = None) -> None:
        self.settings, self.chosen = settings or ScreenSettings(), settings is not None
        self.session, self.problem = "", ""
        self.shown = False
        self.answered: deque[tuple[str, Any]] = deque()
        self._process: subprocess.Popen[bytes] | None = None
        self._pending = b""

    def start(self, session: str) -> None:
        """Show that session; another one is closed first. Nothing happens while it is shown already."""
        if self.alive and self.session == session:
            return
        self.stop()
        settings = msgspec.json.encode(self.settings).decode()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gui.patient", session, "--settings", settings, "--from-window"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        os.set_blocking(self._process.stdout.fileno(), False)
        self.session, self.problem, self._pending = session, "", b""
        self.answered.clear()
        self.shown = False

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def refresh(self) -> None:
        """Once a frame: what has been answered, and whether it is still there."""
        process = self._process
        if process is None:
            return
        self._hear(process)
        code = process.poll()
        if code is not None:
            self._let_go()
            if code != 0:
                self.problem = f"the patient's screen has ended ({code}); the arm goes on as before"

    def _hear(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        try:
            data = os.read(process.stdout.fileno(), 65536)
        except BlockingIOError:
            return
        *lines, self._pending = (self._pending + data).split(b"\n")
        for line in lines:
            try:
                said = msgspec.json.decode(line, type=Said)
            except msgspec.MsgspecError:
                continue
            self.shown = self.shown or bool(said.shown)
            if said.answered is not None:
                self.answered.append(said.answered)

    def say(self, said: Said) -> None:
        """Tell it something; one that is gone is told nothing."""
        if self._process is None or self._process.stdin is None:
            return
        with contextlib.suppress(OSError):  # it has just died: `refresh` finds out
            self._process.stdin.write(msgspec.json.encode(said) + b"\n")
            self._process.stdin.flush()

    def choose(self, **settings: Any) -> None:
        """Other settings, at once."""
        self.chosen = True
        self.settings = ScreenSettings(**{**asdict(self.settings), **settings})
        self.say(Said(settings=self.settings))

    def ask(self, question: Question) -> None:
        """Have the patient answer; it comes in `answered`."""
        self.say(Said(ask=question))

    def stop(self) -> None:
        """Close it. Takes a moment only if it hangs."""
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        process.terminate()
        try:
            process.wait(CLOSING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._let_go()

    def _let_go(self) -> None:
        process, self._process, self.session = self._process, None, ""
        self.shown = False
        if process is not None:
            for end in (process.stdin, process.stdout):
                if end is not None:
                    with contextlib.suppress(OSError):
                        end.close()
