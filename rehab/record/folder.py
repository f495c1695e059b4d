"""The folder of one session: its name, what lies in it, room for it, and the key its recording is chained with."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rehab.core.clock import wall_clock_iso
from rehab.core.errors import BadInput, RecordingError

MANIFEST, FRAMES, EVENTS, PARQUET = "manifest.json", "ticks.frames", "events.jsonl", "ticks.parquet"
SITE_KEY = "REHAB_SITE_KEY"  # environment: path of a file with the site's key
LEAST_KEY = 16  # bytes
BYTES_PER_VALUE = 8.0  # of one column in one tick, before compression: never less room than is needed


def sessions_root() -> Path:
    """Where sessions are kept when nobody says otherwise: $XDG_DATA_HOME/rehab/sessions, else ~/.local/share/…"""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "rehab" / "sessions"


def new_folder(out: Path | None = None) -> Path:
    """A new folder inside `out`, for this user only; its name, as 2026-11-23T101500Z-7f3a, is the session's id.

    Raises BadInput when `out` is not a place where folders can be made.
    """
    root = out if out is not None else sessions_root()
    moment = wall_clock_iso()[:19].replace(":", "") + "Z"
    for _ in range(100):
        folder = root / f"{moment}-{secrets.token_hex(2)}"
        try:
            root.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
        except FileExistsError:
            if not root.is_dir():
                raise BadInput(f"{root} is a file; recordings need a folder (--out DIR)") from None
            continue
        except OSError as error:
            raise BadInput(f"no recording can be made in {root}: {error.strerror}; choose another --out DIR") from error
        return folder
    raise BadInput(f"no free name for a session in {root}")


def require_room(folder: Path, seconds: float, rate: float, columns: int, *, times: float = 10.0) -> None:
    """Raises RecordingError unless the disk has room for that many such sessions (F30: ten, before arming)."""
    needed = times * seconds * rate * columns * BYTES_PER_VALUE
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise RecordingError(
            f"{folder} has {free / 1e9:.1f} GB left; recording {seconds / 60:.0f} min safely needs "
            f"{needed / 1e9:.1f} GB ({times:.0f} times its size). Make room there, or choose another folder with --out"
        )


def site_key() -> bytes | None:
    """The site's key, or None when it has none. Raises RecordingError when it is named but cannot be used."""
    named = os.environ.get(SITE_KEY)
    if not named:
        return None
    try:
        key = Path(named).read_bytes()
    except OSError as error:
        raise RecordingError(f"the site's key {named} (from {SITE_KEY}) cannot be read: {error.strerror}") from error
    if len(key) < LEAST_KEY:
        raise RecordingError(
            f"the site's key {named} (from {SITE_KEY}) has {len(key)} bytes; {LEAST_KEY} or more are needed"
        )
    return key


def key_id(key: bytes) -> str:
    """Tells keys apart without giving them away."""
    return hashlib.sha256(b"rehab key id\0" + key).hexdigest()[:16]


def new_key() -> tuple[bytes, dict[str, str]]:
    """The key for a new recording, and what the manifest says of it."""
    key = site_key()
    if key is not None:
        return key, {"kind": "site", "id": key_id(key)}
    key = secrets.token_bytes(32)
    return key, {"kind": "random", "value": key.hex()}


def key_of(manifest: Mapping[str, Any]) -> bytes | None:
    """The key of a recording; None when it is a site's that is not here. Raises RecordingError for a broken entry."""
    try:
        about = manifest["integrity"]["key"]
        if about["kind"] == "random":
            return bytes.fromhex(about["value"])
        if about["kind"] != "site":
            raise ValueError(f'a key of kind "{about["kind"]}"')
        wanted, key = str(about["id"]), site_key()
        return key if key is not None and key_id(key) == wanted else None
    except (KeyError, TypeError, ValueError) as error:
        raise RecordingError(f"{MANIFEST} does not say how the recording is keyed: {error}") from error
