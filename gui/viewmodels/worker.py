"""One thread for what may take longer than a frame. Results are fetched by polling; nothing is raised into the window.

A session takes one command at a time, so there is one thread. What is urgent (STOP) overtakes and discards whatever
waits; it cannot interrupt what is under way, which the session bounds.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from gui.viewmodels.errors import told
from rehab.core.errors import RehabError


class Done(NamedTuple):
    """One job's end. `error` is "" or words for a person."""

    name: str
    value: Any
    error: str


class Worker:
    """Runs jobs in order. One that fails takes those behind it along: start must not follow a failed arm.

    chained  False: jobs have nothing to do with each other, and each is done whatever became of the others
    """

    def __init__(self, *, chained: bool = True) -> None:
        self._chained = chained
        self._jobs: deque[tuple[str, Callable[[], Any]]] = deque()
        self._done: deque[Done] = deque()
        self._change = threading.Condition()
        self._now = ""
        self._closed = False
        self._thread = threading.Thread(target=self._live, name="session commands", daemon=True)
        self._thread.start()

    def submit(self, name: str, job: Callable[[], Any], *, urgent: bool = False) -> None:
        """Have it done; an urgent job discards all that wait. `name` says to people what is under way."""
        with self._change:
            if self._closed:
                return
            if urgent:
                self._jobs.clear()
            self._jobs.append((name, job))
            self._change.notify()

    @property
    def busy(self) -> str:
        """The name of the job under way or waiting, "" when there is none."""
        with self._change:
            return self._now or (self._jobs[0][0] if self._jobs else "")

    def results(self) -> list[Done]:
        """What ended since the last call."""
        found = []
        while self._done:
            found.append(self._done.popleft())
        return found

    def close(self, seconds: float = 5.0) -> None:
        """Discard what waits and end the thread, waiting that long for what is under way. May be called again."""
        with self._change:
            self._closed = True
            self._jobs.clear()
            self._change.notify()
        self._thread.join(seconds)

    def _live(self) -> None:
        while True:
            with self._change:
                while not self._jobs and not self._closed:
                    self._change.wait()
                if not self._jobs:
                    return
                self._now, job = self._jobs.popleft()
                name = self._now
            done = _attempt(name, job)
            with self._change:
                if done.error and self._chained:
                    self._jobs = deque(waiting for waiting in self._jobs if waiting[0] in KEPT)
                self._done.append(done)
                self._now = ""


KEPT = ("stop", "end")  # these are done whatever failed before


def _attempt(name: str, job: Callable[[], Any]) -> Done:
    try:
        return Done(name, job(), "")
    except RehabError as error:
        return Done(name, None, told(error))
    except Exception as error:  # a bug of ours must reach the banner, not kill the thread that carries STOP
        return Done(name, None, f"{type(error).__name__}: {error}")
