"""The crash-safe stream of ticks: frames, each chained to the one before by a keyed hash.

    frame    head ‖ body ‖ MAC ‖ CRC
    head     magic "RHB1" · u32 number from 0 · u64 first row · u32 rows · u32 length of body · u32 CRC-32 of these
    body     one Arrow record batch (rehab.record.batches)
    MAC      HMAC-SHA256(key, previous MAC ‖ head ‖ body); before frame 0: HMAC(key, "rehab ticks 1" ‖ 0 ‖ session id)
    CRC      u32 CRC-32 of body ‖ MAC

All numbers are little-endian. The CRCs tell damage from forgery and let frames be found again behind a damaged one;
only the MAC proves anything. Cut anywhere, every complete frame comes back. A cut exactly between two frames does not
show in the stream; the manifest, which lies under the final MAC, tells it.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import mmap
import os
import struct
import zlib
from pathlib import Path
from typing import NamedTuple

from rehab.core.errors import RecordingError

MAGIC = b"RHB1"
HEAD = struct.Struct("<4sIQII")
CRC = struct.Struct("<I")
HEAD_SIZE = HEAD.size + CRC.size
MAC_SIZE = 32


class Frame(NamedTuple):
    """One frame that is whole in itself. `first_row` counts rows of the ring since the session began."""

    number: int
    first_row: int
    rows: int
    body: memoryview
    mac: bytes
    offset: int  # byte at which it begins
    end: int  # one past its last byte


class BadFrame(NamedTuple):
    """The first frame that breaks the chain. `why`: cut, flipped, deleted, swapped, repeated or forged."""

    number: int
    offset: int
    why: str

    def __str__(self) -> str:
        return f"chunk {self.number} (at byte {self.offset}) {_WORDS[self.why]}"


_WORDS = {
    "cut": "is cut off: the file ends in the middle of it",
    "flipped": "is damaged: its bytes do not fit its checksum",
    "deleted": "is missing: a later one stands in its place",
    "swapped": "is not in its place: it comes later in the file",
    "repeated": "is not there: an earlier one stands in its place again",
    "forged": "was rewritten, or made with another key: its checksum fits and its keyed hash does not",
}


class Stream(NamedTuple):
    """What a file of frames holds.

    frames  those that are whole and chained, from the first on
    bad     the first that is not, None when all are good
    after   frames behind it that are whole in themselves but prove nothing, in order of their number
    mac     MAC of the last good frame: what the manifest lies under
    end     byte at which the next frame belongs
    """

    frames: tuple[Frame, ...]
    bad: BadFrame | None
    after: tuple[Frame, ...]
    mac: bytes
    end: int


def first_mac(key: bytes, session: str) -> bytes:
    """What stands before frame 0: ties the stream to its session, so that streams cannot be exchanged."""
    return hmac.digest(key, b"rehab ticks 1\0" + session.encode(), "sha256")


def encode(key: bytes, previous: bytes, number: int, first_row: int, rows: int, body: bytes) -> tuple[bytes, bytes]:
    """The bytes of one frame, and its MAC."""
    fields = HEAD.pack(MAGIC, number, first_row, rows, len(body))
    head = fields + CRC.pack(zlib.crc32(fields))
    mac = _mac(key, previous, head, body)
    return b"".join((head, body, mac, CRC.pack(zlib.crc32(mac, zlib.crc32(body))))), mac


def _mac(key: bytes, previous: bytes, head: bytes | memoryview, body: bytes | memoryview) -> bytes:
    digest = hmac.new(key, previous, hashlib.sha256)
    digest.update(head)
    digest.update(body)
    return digest.digest()


def scan(buffer: bytes | mmap.mmap, key: bytes | None, session: str) -> Stream:
    """All good frames of a stream, the first bad one and why, and what can still be read behind it.

    Without the key (None) nothing is proven: only checksums and numbers are looked at.
    """
    view = memoryview(buffer)
    frames: list[Frame] = []
    at, mac = 0, first_mac(key, session) if key is not None else b""
    while at < len(view):
        frame, why = _frame_at(view, at)
        search_from = at + 1
        if frame is not None:
            if frame.number != len(frames):
                search_from = at
                why = "repeated" if frame.number < len(frames) else "deleted"
            elif key is not None:
                expected = _mac(key, mac, view[at : at + HEAD_SIZE], frame.body)
                why = "" if hmac.compare_digest(expected, frame.mac) else "forged"
                search_from = frame.end
        if why or frame is None:
            after = _frames_from(buffer, view, search_from)
            if why == "deleted" and any(later.number == len(frames) for later in after):
                why = "swapped"
            known = {good.number for good in frames}
            unproven = {later.number: later for later in reversed(after) if later.number not in known}
            ordered = tuple(unproven[number] for number in sorted(unproven))
            return Stream(tuple(frames), BadFrame(len(frames), at, why), ordered, mac, at)
        frames.append(frame)
        at, mac = frame.end, frame.mac
    return Stream(tuple(frames), None, (), mac, at)


def _frame_at(view: memoryview, at: int) -> tuple[Frame | None, str]:
    """The frame that begins there, or None and why there is none."""
    if at + HEAD_SIZE > len(view):
        return None, "cut"
    magic, number, first_row, rows, length = HEAD.unpack_from(view, at)
    if magic != MAGIC or CRC.unpack_from(view, at + HEAD.size)[0] != zlib.crc32(view[at : at + HEAD.size]):
        return None, "flipped"
    body, mac_at = at + HEAD_SIZE, at + HEAD_SIZE + length
    end = mac_at + MAC_SIZE + CRC.size
    if end > len(view):
        return None, "cut"
    if CRC.unpack_from(view, end - CRC.size)[0] != zlib.crc32(view[body : end - CRC.size]):
        return None, "flipped"
    return Frame(number, first_row, rows, view[body:mac_at], bytes(view[mac_at : end - CRC.size]), at, end), ""


def _frames_from(buffer: bytes | mmap.mmap, view: memoryview, at: int) -> list[Frame]:
    found = []
    while (at := buffer.find(MAGIC, at)) >= 0:
        frame, _ = _frame_at(view, at)
        if frame is not None:
            found.append(frame)
        at = frame.end if frame is not None else at + 1
    return found


class AppendFile:
    """A file that only grows, by whole pieces: what cannot be written wholly is taken back. One writer, locked."""

    def __init__(self, path: Path, *, new: bool) -> None:
        """Raises RecordingError when it cannot be opened, is there already (`new`), or another process writes it."""
        self.path = path
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT | os.O_EXCL if new else 0), 0o600)
        except FileExistsError:
            raise RecordingError(f"{path} is there already: a recording is never written over") from None
        except OSError as error:
            raise RecordingError(f"{path} cannot be opened for writing: {error.strerror}") from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.close()
            raise RecordingError(f"{path} is being recorded by another process") from None
        self.end = os.fstat(self._descriptor).st_size

    def cut(self, end: int) -> None:
        """Forget everything from that byte on."""
        os.ftruncate(self._descriptor, end)
        self.end = end

    def append(self, data: bytes) -> None:
        """Write all of it or none. Raises RecordingError (no room, disk gone); the file is then as it was before."""
        view, at = memoryview(data), self.end
        try:
            while view:
                done = os.pwrite(self._descriptor, view, at)
                view, at = view[done:], at + done
        except OSError as error:
            os.ftruncate(self._descriptor, self.end)
            raise cannot_write(self.path, error) from error
        self.end = at

    def sync(self) -> None:
        """Wait until it is on the disk. Raises RecordingError."""
        try:
            os.fdatasync(self._descriptor)
        except OSError as error:
            raise cannot_write(self.path, error) from error

    def close(self) -> None:
        """Let go of it; idempotent."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def cannot_write(path: Path, error: OSError) -> RecordingError:
    """The words for a failed write: what, where, why, and what helps."""
    return RecordingError(
        f"{path} cannot be written: {error.strerror}; everything written before is intact. "
        f"Make room there, or choose another folder with --out"
    )


class FrameWriter:
    """Appends frames to a stream, from its beginning or behind its last good frame."""

    def __init__(self, file: AppendFile, key: bytes, session: str, after: Stream | None = None) -> None:
        self._file, self._key = file, key
        self.mac = after.mac if after else first_mac(key, session)
        self.number = len(after.frames) if after else 0

    def append(self, body: bytes, first_row: int, rows: int) -> None:
        """One frame more, handed to the operating system. Raises RecordingError; the stream then ends as before."""
        data, mac = encode(self._key, self.mac, self.number, first_row, rows, body)
        self._file.append(data)
        self.mac, self.number = mac, self.number + 1
