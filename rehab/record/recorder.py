"""Ring to disk: every row and event of a session, from the first tick to the last, whatever happens.

The same object serves a session with a simulated clock, in its process, and the recorder process of a real one.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from rehab.core.clock import Clock, wall_clock_iso
from rehab.core.errors import RecordingError
from rehab.realtime.layout import WIDTH, Channel
from rehab.realtime.ring import Missed, RingEvent, RingReader
from rehab.record import batches, events, manifest
from rehab.record.closing import close_recording, key_or_refuse, stream_of
from rehab.record.folder import EVENTS, FRAMES, new_key, require_room
from rehab.record.frames import AppendFile, FrameWriter, first_mac

FRAME_ROWS = 1000  # a frame is full: a second at 1 kHz
FRAME_NS = 1_000_000_000  # and with a real clock it never waits longer


class Recorder:
    """Call `start`, then `drain` often (every 60 s at the least: so much the ring holds), then `finish`.

    description  what the session says of itself: session, patient, protocol (verbatim), seed, device, ... plain data
    clock        with a real one, a frame is written at least once a second and forced onto the disk (power loss);
                 without one, or with a simulated one, a frame holds 1000 rows and equal sessions give equal frames

    All methods raise RecordingError, in words, when the disk does not take what is written; what was written before
    stays valid, and `resume` goes on from there.
    """

    def __init__(
        self, reader: RingReader, folder: Path, description: dict[str, Any], *, clock: Clock | None = None
    ) -> None:
        self.reader, self.folder = reader, folder
        self._clock = None if clock is None or clock.simulated else clock
        self._key, about_key = new_key()
        self._manifest: dict[str, Any] = {
            "schema": manifest.SCHEMA,
            "state": "open",
            "reason": "",
            "session": description.get("session", folder.name),
            "started": wall_clock_iso(),
            **_free(description),
            "info": None,
            "channels": [],
            "versions": manifest.versions(),
            "clocks": [],
            "integrity": {"algorithm": "HMAC-SHA256", "key": about_key},
        }
        self._know(())
        self._buffer = np.zeros((FRAME_ROWS, WIDTH))
        self._held = 0  # rows in the buffer
        self._changed = False  # the manifest knows more than the one on disk
        self._flushed_ns = self._now_ns()
        self._checked_ns = self._flushed_ns
        self._t = 0.0  # s, of the newest row
        self._files: tuple[AppendFile, ...] = ()

    @property
    def session(self) -> str:
        return str(self._manifest["session"])

    @property
    def rows(self) -> int:
        """Rows of the ring that were taken or are known to be lost: the number of the next one."""
        return self.reader.cursor

    # beginning --------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Write the open manifest and the empty files. Waits for nothing: the loop may describe itself later."""
        self._open(new=True)
        self._frames = FrameWriter(self._files[0], self._key, self.session)
        self._manifest["clocks"].append(manifest.clock_reading(self.reader.written))
        self._learn_header()
        self._write_manifest()

    @classmethod
    def resume(
        cls, reader: RingReader, folder: Path, description: dict[str, Any] | None = None, *, clock: Clock | None = None
    ) -> Recorder:
        """Go on with the open recording of a recorder that died, from its last good frame. It is started.

        No row is lost or doubled that the ring still holds; what it does not is marked as a gap.
        Raises RecordingError when the recording is closed, damaged inside, another session's, or still being written.
        """
        found, _ = manifest.read(folder)
        if found.get("state") != "open":
            raise RecordingError(f"{folder} is {found.get('state')}: only an open recording can be gone on with")
        header = reader.header()
        if header is not None and header.session != found["session"]:
            raise RecordingError(f"the ring belongs to session {header.session}, {folder} to {found['session']}")
        recorder = cls(reader, folder, {}, clock=clock)
        recorder._key, recorder._manifest = key_or_refuse(folder, found), found | _free(description or {})
        recorder._open(new=False)
        recorder._take_up()
        return recorder

    def _open(self, *, new: bool) -> None:
        frames = AppendFile(self.folder / FRAMES, new=new)
        try:
            self._files = (frames, AppendFile(self.folder / EVENTS, new=new))
        except RecordingError:
            frames.close()
            raise

    def _take_up(self) -> None:
        """Cut torn ends off and set the cursors behind what is on the disk."""
        frames, lines = self._files
        stream = stream_of(frames.path, self._key, self.session)
        if stream.bad is not None and stream.after:
            self.abandon()
            raise RecordingError(f"{self.folder}: {stream.bad}. It is kept as it is and not written on")
        frames.cut(stream.end)
        known, end = events.split(lines.path.read_bytes())
        lines.cut(end)
        ends = [frame.first_row + frame.rows for frame in stream.frames[-1:]]
        row = max([0, *ends, *(end for _, end in events.gaps(known))])
        self.reader.cursor = row
        self.reader.event_cursor = max((line.n for line in known if line.n is not None), default=0)
        self._frames = FrameWriter(frames, self._key, self.session, stream)
        self._manifest["clocks"].append(manifest.clock_reading(self.reader.written))
        self._know(manifest.channels_of(self._manifest))
        self._note("resumed", {"row": row})
        self._write_manifest()

    # while it runs ----------------------------------------------------------------------------------------------------

    def describe(self, more: dict[str, Any]) -> None:
        """What the session knows only now (its protocol, its patient): into the manifest, at once."""
        self._manifest |= _free(more)
        self._write_manifest()

    def drain(self) -> int:
        """Take what is new in the ring; the number of rows taken. Cheap when there is nothing."""
        taken, now = 0, self._now_ns()
        if not self._held:
            self._flushed_ns = now  # what comes now waits from now on
        self._take_events()
        if self._channels or self._learn_header():
            while count := self._take_rows():
                taken += count
        if self._clock is not None:
            if self._held and now - self._flushed_ns >= FRAME_NS:
                self._flush()
            if now - self._checked_ns >= FRAME_NS:
                self._checked_ns = now
                self._check_wall_clock()
        if self._changed:
            self._write_manifest()
        return taken

    def low_on_room(self, seconds: float) -> str:
        """Words when the disk has not room for that many more seconds (at 1 kHz), else ""."""
        try:
            require_room(self.folder, seconds, 1000.0, len(self._channels) or WIDTH, times=1.0)
        except RecordingError as error:
            return str(error)
        return ""

    def _take_events(self) -> None:
        expected = self.reader.event_cursor
        found = self.reader.events()
        first = self.reader.event_cursor - len(found)
        lines = []
        if first > expected:  # the loop made 2048 events while we slept
            lost = RingEvent("gap", self.reader.cursor, self._t, {"events_first": expected, "events_end": first})
            lines.append(events.encode(None, lost))
        for number, event in enumerate(found, first + 1):
            lines.append(events.encode(number, event))
        if lines:
            try:
                self._files[1].append(b"".join(lines))
            except RecordingError:
                self.reader.event_cursor = expected
                raise

    def _take_rows(self) -> int:
        if self._held == FRAME_ROWS:  # the disk refused it the last time
            self._flush()
        seen = len(self.reader.missed)
        rows = self.reader.rows(FRAME_ROWS - self._held)
        for missed in self.reader.missed[seen:]:
            self._gap(missed)
        count = len(rows)
        if count:
            self._buffer[self._held : self._held + count] = rows
            self._held += count
            self._t = float(rows[-1, self._time_column])
            if self._held == FRAME_ROWS:
                self._flush()
        return count

    def _gap(self, missed: Missed) -> None:
        """Rows were overwritten before we came: end the frame in front of the gap and say exactly which are lost."""
        try:
            if self._held:
                self._write_frame(missed.first - self._held)
            self._note("gap", {"first": missed.first, "end": missed.end}, tick=missed.first)
        except RecordingError:
            self.reader.cursor = missed.first  # to be found again when there is room
            raise

    def _flush(self) -> None:
        if self._held:
            self._write_frame(self.reader.cursor - self._held)
        self._flushed_ns = self._now_ns()

    def _write_frame(self, first_row: int) -> None:
        body = batches.encode(self._buffer[: self._held], self._channels, self._schema)
        self._frames.append(body, first_row, self._held)
        self._held = 0
        if self._clock is not None:
            for file in self._files:
                file.sync()

    def _note(self, kind: str, data: dict[str, Any], tick: int | None = None) -> None:
        event = RingEvent(kind, self.reader.cursor if tick is None else tick, self._t, data)
        self._files[1].append(events.encode(None, event))

    def _learn_header(self) -> bool:
        """Take columns and device facts from the ring once the loop has published them."""
        header = self.reader.header()
        if header is None:
            return False
        self._know(header.channels)
        self._manifest["channels"] = manifest.channel_table(header.channels)
        self._manifest["info"] = msgspec.to_builtins(header.info)
        self._changed = True
        return True

    def _know(self, channels: tuple[Channel, ...]) -> None:
        self._channels, self._schema = channels, batches.schema_of(channels)
        self._time_column = next((k for k, channel in enumerate(channels) if channel.name == "t"), 0)

    def _check_wall_clock(self) -> None:
        reading = manifest.clock_reading(self.reader.written)
        change = manifest.wall_offset(reading) - manifest.wall_offset(self._manifest["clocks"][-1])
        if abs(change) > manifest.JUMP:
            self._manifest["clocks"].append(reading)
            self._note("clock_jump", {"seconds": round(change, 6)})
            self._changed = True

    def _write_manifest(self) -> None:
        manifest.write(self.folder, self._manifest, self._key, first_mac(self._key, self.session))
        self._changed = False

    def _now_ns(self) -> int:
        return 0 if self._clock is None else self._clock.now_ns()

    # ending -----------------------------------------------------------------------------------------------------------

    def finish(self, reason: str = "ended", *, state: str = "closed") -> None:
        """Take the rest of the ring, write the last frame, make the Parquet file, close the manifest."""
        self.drain()
        self._flush()
        for file in self._files:
            file.sync()
        self._manifest["clocks"].append(manifest.clock_reading(self.reader.written))
        close_recording(self.folder, self._manifest, self._key, state=state, reason=reason)
        self.abandon()

    def recover(self) -> None:
        """Instead of `start`: close the recording of a session whose processes are all dead, with what its ring holds.

        One that is closed already is left alone. Raises RecordingError as `resume` and `finish` do.
        """
        about, _ = manifest.read(self.folder)
        if about.get("state") == "open":
            Recorder.resume(self.reader, self.folder).finish("all its processes had died", state="recovered")

    def abandon(self) -> None:
        """Let go of the files and leave the recording open, valid up to its last frame; idempotent."""
        for file in self._files:
            with contextlib.suppress(OSError):
                file.close()


def _free(description: dict[str, Any]) -> dict[str, Any]:
    """What a session may say of itself; the rest is the recorder's to know."""
    return {name: value for name, value in description.items() if name not in manifest.OURS}
