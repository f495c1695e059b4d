"""Memory shared between processes: a file-backed mmap in /dev/shm (or the temporary folder), never on a disk if it can.

Not `multiprocessing.shared_memory`: on Python 3.11 an unrelated reader's exit unlinks it, and closing it under a live
view crashes. A file survives `kill -9` of its writer as a black box.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from pathlib import Path

from rehab.core.errors import BadInput, RehabError

SOCKET_PATH = 107  # bytes that the path of a Unix socket may have (sun_path of unix(7), less its end)


def run_root() -> Path:
    """The folder of this user's running sessions, made if absent, readable by nobody else."""
    base = Path(os.environ.get("REHAB_RUN") or ("/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()))
    root = base / f"rehab-{os.getuid()}"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root


def run_folder(session: str) -> Path:
    """Where the processes of that session will meet. Raises BadInput where their socket could not have its path."""
    folder = run_root() / session
    length = len(os.fsencode(folder / "socket"))
    if length > SOCKET_PATH:
        raise BadInput(
            f"REHAB_RUN={os.environ.get('REHAB_RUN', '')}: too deep a folder, by {length - SOCKET_PATH} characters, "
            "for the sockets of a session; name a shorter one, or none (then it is /dev/shm)"
        )
    return folder


def create(path: Path, size: int) -> mmap.mmap:
    """A new shared file of `size` bytes, really allocated: a sparse file on a full /dev/shm would be a SIGBUS later."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, size)
        else:
            os.ftruncate(descriptor, size)
        memory = mmap.mmap(descriptor, size)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise RehabError(
            f"no room for {size / 1e6:.0f} MB of shared memory in {path.parent}: {error.strerror}"
        ) from error
    finally:
        os.close(descriptor)
    for offset in range(0, size, mmap.PAGESIZE):  # touch every page before anything moves
        memory[offset] = 0
    return memory


def attach(path: Path, *, write: bool = False) -> mmap.mmap:
    """The whole of an existing shared file. Raises FileNotFoundError."""
    descriptor = os.open(path, (os.O_RDWR if write else os.O_RDONLY) | os.O_CLOEXEC)
    try:
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_WRITE if write else mmap.ACCESS_READ)
    finally:
        os.close(descriptor)


def anonymous(size: int) -> mmap.mmap:
    """The same kind of memory for a session that lives in one process."""
    return mmap.mmap(-1, size)
