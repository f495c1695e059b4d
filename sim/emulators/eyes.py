"""What the virtual patient behind an emulator sees: the scene of a running session, from its snapshot file.

The file may come later, vanish, or be another session's next time: the patient then sees nothing until there is one.
"""

from __future__ import annotations

from pathlib import Path

from rehab.core.types import NO_SCENE, Scene
from rehab.realtime.snapshot import SnapshotReader

LOOK_FOR_FILE = 100  # glances between two looks at the file system


class Eyes:
    """`glance` once a step; it costs a comparison while nothing changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader: SnapshotReader | None = None
        self._inode = 0
        self._glances = 0
        self._seen = NO_SCENE

    def glance(self) -> Scene | None:
        """The scene if it is another than at the last glance, else None."""
        if self._glances % LOOK_FOR_FILE == 0:
            self._find()
        self._glances += 1
        scene = (self._reader.scene() if self._reader else None) or NO_SCENE
        if scene is self._seen:
            return None
        self._seen = scene
        return scene

    def _find(self) -> None:
        try:
            inode = self._path.stat().st_ino
            if self._reader is None or inode != self._inode:
                self._reader, self._inode = SnapshotReader.attach(self._path), inode
        except (OSError, ValueError):  # not there; or there, but empty yet
            self._reader = None
