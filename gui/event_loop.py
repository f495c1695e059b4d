"""The event loop: what a signal asks for is done between two events, and garbage is collected in the window's thread.

Signals. Python calls a handler between any two of its lines, so also within a `paintEvent`: a window that closed there
would be gone when Qt brings to the screen what was painted. The handler therefore only asks the loop to do it next.

Garbage. Collection begins in whatever thread happens to allocate. In a worker's it would destroy widgets that are held
in cycles from there, which Qt forbids: the window dies some time later, of a bus error in its event loop. So it is
switched off, and done by a timer of the window's thread, by Python's own thresholds.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable

from gui.qt import QtCore, QtWidgets

EVERY = 200  # ms; Python sees a signal when it is called next, at the latest then


def collect() -> None:
    """The oldest generation that is due, as Python would."""
    due = [k for k, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > most]
    if due:
        gc.collect(due[-1])


def run(application: QtWidgets.QApplication, leave: Callable[[], object]) -> None:
    """To its end. SIGINT and SIGTERM `leave`: stop, save, close."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QtCore.QTimer.singleShot(0, leave))
    gc.freeze()  # what was loaded stays
    gc.disable()
    timer = QtCore.QTimer(application)
    timer.timeout.connect(collect)
    timer.start(EVERY)
    try:
        application.exec()
    finally:
        timer.stop()
        gc.enable()
