"""Sessions whose processes were all killed: the next start saves what their ring still holds and removes it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from rehab.core.errors import RecordingError, RehabError
from rehab.realtime import shm
from rehab.realtime.layout import WIDTH
from rehab.realtime.ring import CAPACITY, RingReader
from rehab.record.folder import require_room
from rehab.record.recorder import Recorder
from rehab.session.messages import Description


def sweep() -> list[Path]:
    """Recover every dead session of this user; the folders of their recordings."""
    runs = [path for path in sorted(shm.run_root().iterdir()) if path.is_dir()]
    return [folder for run in runs if (folder := _recover(run)) is not None]


def running() -> Iterator[Path]:
    """The run folders of sessions that are alive."""
    for run in sorted(shm.run_root().iterdir()):
        if (run / "socket").exists() and not _is_dead(run):
            yield run


def _is_dead(run: Path) -> bool:
    """Nobody holds its lock: supervisor, control and recorder inherit it from each other."""
    try:
        descriptor = os.open(run / "lock", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False  # just being made
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _recover(run: Path) -> Path | None:
    if not _is_dead(run):
        return None
    folder = None
    with contextlib.suppress(OSError, msgspec.MsgspecError, RehabError):
        description = msgspec.json.decode((run / "description.json").read_bytes(), type=Description)
        folder = Path(description.folder)
        if (folder / "manifest.json").exists():
            if not _has_room(folder):
                return None  # what the ring holds stays there until there is
            Recorder(RingReader.attach(run / "ring"), folder, {}).recover()
    shutil.rmtree(run, ignore_errors=True)
    return folder


def _has_room(folder: Path) -> bool:
    """For what a ring can hold."""
    try:
        require_room(folder, CAPACITY / 1000.0, 1000.0, WIDTH, times=1.0)
    except RecordingError:
        return False
    return True
