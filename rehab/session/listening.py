"""A running session's snapshot -> sound, piece by piece."""

from __future__ import annotations

import time
from pathlib import Path
from typing import IO

from rehab.core.errors import BadInput
from rehab.core.sound import Ear
from rehab.realtime.layout import SESSION_STATES
from rehab.realtime.snapshot import SnapshotReader
from rehab.session import stale
from rehab.session.voice import RATE, Voice

ENDED, RUNNING = float(SESSION_STATES.index("ended")), float(SESSION_STATES.index("running"))
SILENT = 2.0  # s without a new tick: the loop is gone


def the_session(session: str | None) -> Path:
    """The run folder of the running session of that id; without an id there must be just one."""
    found = {folder.name: folder for folder in stale.running()}
    if session is not None and session in found:
        return found[session]
    if session is None and len(found) == 1:
        return next(iter(found.values()))
    if not found:
        raise BadInput('no session is running; start one, for example with "rehab run reach_active"')
    raise BadInput(f"running: {', '.join(found)}; say which with --session")


def follow(folder: Path, to: IO[bytes], piece: float) -> None:
    """Write sound in real time until the session ends. Raises BrokenPipeError when nobody takes it."""
    glass = SnapshotReader.attach(folder / "snapshot")
    ear, voice, cue = Ear(), Voice(), None
    count = round(piece * RATE)
    last, since, due = -1, time.monotonic(), time.monotonic()
    while True:
        now = time.monotonic()
        if glass.sequence != last:
            last, since = glass.sequence, now
        look = glass.look()
        if now - since > SILENT or (look is not None and look.values["state"] == ENDED):
            return
        tone = None
        if look is not None:
            values, scene = look
            if (scene.cue, scene.phase) != cue:
                cue = (scene.cue, scene.phase)
                voice.cue(scene.cue)
            hand = tuple(values[name] for name in ("x_0", "x_1") if name in values)
            tone = ear.hear(scene, hand) if values["state"] == RUNNING else None
        to.write(voice.next(tone, count).tobytes())
        to.flush()
        due += piece
        time.sleep(max(0.0, due - time.monotonic()))
