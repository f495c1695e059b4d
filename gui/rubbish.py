"""Python's garbage is collected in the window's own thread only.

Collection begins in whatever thread happens to allocate. In a worker's it would destroy widgets that are held in cycles
from there, which Qt forbids: the window dies some time later, of a bus error in its event loop. So it is switched off,
and done by a timer of the window's thread, by Python's own thresholds.
"""

from __future__ import annotations

import gc

from gui.qt import QtCore, QtWidgets

EVERY = 300  # ms


def collect() -> None:
    """The oldest generation that is due, as Python would."""
    due = [k for k, (count, most) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > most]
    if due:
        gc.collect(due[-1])


def run(application: QtWidgets.QApplication) -> None:
    """The event loop, to its end."""
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
