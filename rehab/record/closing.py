"""The end of a recording: Parquet beside the frames, hashes of every file, and the manifest under the final MAC."""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import Any

import pyarrow as pa

from rehab.core.errors import RecordingError
from rehab.record import batches, events, manifest
from rehab.record.folder import EVENTS, FRAMES, PARQUET, SITE_KEY, key_of
from rehab.record.frames import AppendFile, Stream, cannot_write, scan

NOTED = ("limits", "certificate", "timing")  # events whose newest data the manifest repeats


def close_recording(folder: Path, about: dict[str, Any], key: bytes, *, state: str, reason: str) -> None:
    """Derive the Parquet file and write the final manifest. Nothing may be appended to the files any more.

    Without room for the Parquet file the recording closes without it: the frames are what counts.
    Raises RecordingError when even the manifest cannot be written; the recording then stays open.
    """
    stream = stream_of(folder / FRAMES, key, about["session"])
    lines, _ = events.split((folder / EVENTS).read_bytes())
    about |= {line.kind: line.data for line in lines if line.kind in NOTED}
    about |= _protocol_of(lines)
    about["gaps"] = events.gaps(lines)
    readable = stream.frames + stream.after
    about |= {"state": state, "reason": reason, "rows": sum(frame.rows for frame in readable)}
    about["chain"] = {"frames": len(stream.frames), "final_mac": stream.mac.hex()}
    if stream.bad is not None:
        about["damage"] = str(stream.bad)
    parquet = folder / PARQUET
    try:
        channels = manifest.channels_of(about)
        if channels and readable:
            metadata = {"session": about["session"], "schema": str(manifest.SCHEMA)}
            batches.write_parquet(parquet, (frame.body for frame in readable), channels, metadata)
            _sync(parquet)
    except (OSError, pa.ArrowException) as error:
        parquet.unlink(missing_ok=True)
        about["no_parquet"] = f"{PARQUET} could not be written: {error}"
    try:
        present = [folder / name for name in (FRAMES, EVENTS, PARQUET) if (folder / name).exists()]
        about["files"] = {path.name: manifest.describe_file(path) for path in present}
    except OSError as error:
        raise cannot_write(folder, error) from error
    manifest.write(folder, about, key, stream.mac)


def _protocol_of(lines: list[Any]) -> dict[str, Any]:
    """The protocol that was prepared last, verbatim: its source travels in pieces that fit an event."""
    pieces = [line.data for line in lines if line.kind == "protocol"]
    if not pieces:
        return {}
    last = pieces[-pieces[-1]["of"] :]
    about = {name: last[0][name] for name in ("protocol", "version")}
    return {"protocol": {**about, "source": "".join(piece["source"] for piece in last)}}


def stream_of(path: Path, key: bytes | None, session: str) -> Stream:
    """The frames of a file, mapped rather than read. Raises RecordingError."""
    try:
        with path.open("rb") as file:
            if path.stat().st_size == 0:
                return scan(b"", key, session)
            return scan(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), key, session)
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}") from error


def key_or_refuse(folder: Path, about: dict[str, Any]) -> bytes:
    """The key of a recording that is to be written on. Raises RecordingError when it is a site's that is not here."""
    key = key_of(about)
    if key is None:
        raise RecordingError(f"{folder} was recorded with a site key that is not here: set {SITE_KEY} to its file")
    return key


def recover(folder: Path) -> dict[str, Any]:
    """Close the open recording of a session whose processes are all gone, as far as it was written; its manifest.

    A torn end is cut off; damage inside is left as it is, for `verify` to name. A closed one is left alone.
    Raises RecordingError when it is still being written, or made with a site key that is not here.
    """
    about, _ = manifest.read(folder)
    if about.get("state") != "open":
        return about
    key = key_or_refuse(folder, about)
    frames = AppendFile(folder / FRAMES, new=False)
    try:
        stream = stream_of(frames.path, key, about["session"])
        if stream.bad is not None and not stream.after:
            frames.cut(stream.end)
        lines = AppendFile(folder / EVENTS, new=False)
        try:
            lines.cut(events.split(lines.path.read_bytes())[1])
        finally:
            lines.close()
        close_recording(folder, about, key, state="recovered", reason="its recorder ended before it could close it")
    finally:
        frames.close()
    return about


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
