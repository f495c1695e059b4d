"""Waiting for the worker, without a window."""

from __future__ import annotations

import threading
from collections.abc import Callable

from gui.viewmodels.training import TrainingModel

BOUND = 20.0  # s; for a hanging test, not a deadline


def wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(BOUND / 0.002)):
        if condition():
            return
        pause.wait(0.002)
    raise AssertionError("what was waited for did not happen")


def settle(model: TrainingModel) -> None:
    """All commands done and taken in, and a tick after them looked at."""
    wait_until(lambda: not model.worker.busy)
    model.session.advance(0.002)  # type: ignore[attr-defined]
    model.refresh()
