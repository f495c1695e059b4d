"""Serial ports of this machine: which there are, and who holds one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

Discovery = Callable[[], Iterable[str]]


def serial_ports() -> list[str]:
    """Paths of the serial ports that the system knows. Pseudo-terminals are never among them."""
    from serial.tools.list_ports import comports

    return sorted(port.device for port in comports())


def known_ports(discovery: Discovery = serial_ports) -> str:
    """The ports there are, as words for a message."""
    ports = sorted(discovery())
    return "ports here: " + ", ".join(ports) if ports else "this machine has no serial port now"


def owner_of(path: str, *, locks: Path = Path("/proc/locks"), processes: Path = Path("/proc")) -> int | None:
    """Pid of the process that holds the port: who locked it, else who has it open; None when that cannot be seen.

    Locks come first, since an emulator has both ends of its own pseudo-terminal open without being in the way.
    """
    return _locker(path, locks) or _opener(path, processes)


def _locker(path: str, locks: Path) -> int | None:
    """From lines such as `1: FLOCK  ADVISORY  WRITE 1234 00:17:5 0 EOF` (pid, major:minor:inode)."""
    try:
        node = Path(path).stat()
        lines = locks.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    mark = f"{os.major(node.st_dev):02x}:{os.minor(node.st_dev):02x}:{node.st_ino}"
    for line in lines:
        words = line.split()
        if len(words) > 5 and words[1] == "FLOCK" and words[5] == mark and words[4].isdigit() and words[4] != "0":
            return int(words[4])
    return None


def _opener(path: str, processes: Path) -> int | None:
    real = str(Path(path).resolve())
    for folder in sorted(processes.glob("[0-9]*"), key=lambda p: int(p.name), reverse=True):
        try:
            if any(_target(link) == real for link in (folder / "fd").iterdir()):
                return int(folder.name)
        except OSError:  # gone meanwhile, or another user's
            continue
    return None


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


def name_of(pid: int) -> str:
    """What runs under that pid, in one word; empty when that cannot be seen."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
