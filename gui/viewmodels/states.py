"""What a session's states are called."""

from __future__ import annotations

from gui.i18n import mark

STATES = {
    "idle": mark("Not prepared"),
    "prepared": mark("Ready to start"),
    "armed": mark("Armed"),
    "running": mark("Running"),
    "paused": mark("Paused"),
    "faulted": mark("Fault"),
    "ended": mark("Ended"),
    "lost": mark("No connection"),
    "stopped": mark("Stopped"),
    "parked": mark("Parked"),
}
