"""Adverse events of a session: the notes that the loop fills in beforehand, each as it was completed last."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rehab.realtime.ring import RingEvent


def adverse_events(events: Iterable[RingEvent]) -> list[dict[str, Any]]:
    """One note each, in order: number, name of the fault, t (s), tick, block, trial (0 between trials), joint (from 1),
    torque of the limb there (N·m), message, limits and who set them, and `next`: what was done, "" if nothing was."""
    notes = {event.data.get("number"): event.data for event in events if event.kind == "adverse_event"}
    return list(notes.values())
