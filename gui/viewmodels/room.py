"""Is there room for the recording? Said before a session begins; while it runs the recorder says so itself (F30)."""

from __future__ import annotations

from pathlib import Path

from gui.i18n import shown_number, tr
from rehab.core.errors import RecordingError
from rehab.realtime.layout import WIDTH
from rehab.record.folder import require_room

TYPICAL = 600.0  # s of a session
SESSIONS = 30.0  # that there should be room for; a session is refused when there is not room for ten


def room_words(folder: Path) -> str:
    """Words when the disk of that folder will soon be too full for sessions, else ""."""
    try:
        require_room(folder, TYPICAL, 1000.0, WIDTH, times=SESSIONS)
    except RecordingError:
        left = _sessions(folder)
        return tr("Room is left for about {n} sessions: have old recordings moved elsewhere", n=shown_number(left))
    except OSError:
        pass  # the folder has gone: the recorder says so
    return ""


def _sessions(folder: Path) -> int:
    import shutil

    return int(shutil.disk_usage(folder).free / (TYPICAL * 1000.0 * WIDTH * 8.0))
