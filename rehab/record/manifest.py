"""manifest.json: what a recording is, and that it is whole. Written as a new file and renamed, never changed in place.

Fields: schema, state (open | closed | recovered), reason, session; what the session said of itself (patient, protocol
verbatim, seed, ...); info (DeviceInfo), channels (name, unit, dtype, says), limits with who tightened, certificate and
timing, versions, started (wall), clocks (monotonic ↔ wall), rows, gaps, chain (frames, final MAC), files (bytes,
SHA-256), integrity, mac.

    mac = HMAC-SHA256(key, final MAC of the ticks ‖ the file's bytes with 64 zeros for the mac)

While it is open, the MAC before frame 0 stands for the final one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import platform
import re
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rehab.core.errors import RecordingError
from rehab.realtime.layout import Channel
from rehab.record.folder import MANIFEST
from rehab.record.frames import cannot_write

SCHEMA = 1
PACKAGES = ("rehab-loop", "numpy", "scipy", "pyarrow", "msgspec", "pybullet", "pyserial", "cloudpickle")
OURS = frozenset(  # fields that the recorder alone sets
    {"schema", "state", "reason", "session", "started", "info", "channels", "versions", "clocks", "rows", "gaps"}
    | {"chain", "files", "integrity", "damage", "no_parquet", "mac"}
)
JUMP = 0.05  # s: a change of the wall clock's offset worth noting; NTP's slewing stays below it
_MAC = re.compile(rb'"mac": "([0-9a-f]{64})"\n\}\n\Z')
_ZEROS = b"0" * 64


def write(folder: Path, manifest: dict[str, Any], key: bytes, anchor: bytes) -> None:
    """Write it under `anchor` (final MAC of the ticks): temporary file, fsync, rename, fsync of the folder.

    Raises RecordingError when it cannot be written; the former manifest is then still there.
    """
    body = {name: value for name, value in manifest.items() if name != "mac"} | {"mac": _ZEROS.decode()}
    data = json.dumps(body, indent=1, ensure_ascii=False, default=str).encode() + b"\n"
    data = data[: -len(_ZEROS) - 4] + _mac(key, anchor, data).encode() + data[-4:]
    path, draft = folder / MANIFEST, folder / f".{MANIFEST}.new"
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(folder)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise cannot_write(path, error) from error


def sync_folder(folder: Path) -> None:
    """Wait until the names in it are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(folder: Path) -> tuple[dict[str, Any], bytes]:
    """The manifest and its bytes. Raises RecordingError, in words, when there is none or it is broken."""
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
        manifest = json.loads(data)
    except (FileNotFoundError, NotADirectoryError):
        raise RecordingError(f"{folder} is no recording: there is no {MANIFEST} in it") from None
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise RecordingError(f"{path} is damaged: {error}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("session"), str):
        raise RecordingError(f"{path} is damaged: it names no session")
    if manifest.get("schema") != SCHEMA:
        raise RecordingError(f"{path} has schema {manifest.get('schema')}; this version reads {SCHEMA}")
    return manifest, data


def is_authentic(data: bytes, key: bytes, anchor: bytes) -> bool:
    """Whether the manifest's bytes lie under that final MAC."""
    found = _MAC.search(data)
    if found is None:
        return False
    at, end = found.span(1)
    return hmac.compare_digest(found[1].decode(), _mac(key, anchor, data[:at] + _ZEROS + data[end:]))


def _mac(key: bytes, anchor: bytes, data: bytes) -> str:
    return hmac.digest(key, anchor + data, "sha256").hex()


def channel_table(channels: Sequence[Channel]) -> list[dict[str, str]]:
    return [
        {"name": c.name, "unit": c.unit, "dtype": "int64" if c.integer else "float64", "says": c.says} for c in channels
    ]


def channels_of(manifest: dict[str, Any]) -> tuple[Channel, ...]:
    """The columns; none while the loop has not said what they are. Raises RecordingError for a broken table."""
    try:
        table = manifest.get("channels", ())
        return tuple(Channel(row["name"], row["unit"], row["says"], row["dtype"] == "int64") for row in table)
    except (KeyError, TypeError) as error:
        raise RecordingError(f"{MANIFEST} has a broken channel table: {error}") from error


def versions() -> dict[str, str]:
    """Python, operating system, our package and the libraries that results depend on, as far as installed."""
    found = {"python": platform.python_version(), "os": platform.platform(), "machine": platform.machine()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def clock_reading(rows: int) -> dict[str, Any]:
    """Both clocks at once, and how many rows the ring had: wall times are labels, looked up through this map."""
    monotonic, wall = time.monotonic_ns(), datetime.now(UTC)
    reading: dict[str, Any] = {"monotonic_ns": monotonic, "wall": wall.isoformat(), "rows": rows}
    if sys.platform.startswith("linux"):
        reading["boottime_ns"] = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    return reading


def wall_offset(reading: dict[str, Any]) -> float:
    """Wall time minus monotonic time, in s."""
    return datetime.fromisoformat(reading["wall"]).timestamp() - float(reading["monotonic_ns"]) * 1e-9


def describe_file(path: Path) -> dict[str, Any]:
    """Size and SHA-256. Raises OSError."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"bytes": file.tell(), "sha256": digest}
