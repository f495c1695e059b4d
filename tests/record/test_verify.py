"""Verification names what is wrong, and never calls wrong what is right."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

from rehab.core.errors import RecordingError
from rehab.record.folder import EVENTS, FRAMES, MANIFEST, PARQUET
from rehab.record.frames import scan
from rehab.record.recorder import Recorder
from rehab.record.recording import Recording
from rehab.record.verify import verify
from tests.record.record_helpers import SESSION, FakeLoop


def small(folder: Path, frames: int = 3, rows: int = 4) -> Path:
    """A closed recording of a few small chunks: a gap of none, each chunk forced by hand."""
    loop = FakeLoop()
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    for _ in range(frames):
        loop.put(rows)
        recorder.drain()
        recorder._flush()
    loop.event("note", text="end")
    recorder.finish()
    return folder


def offsets(folder: Path) -> list[tuple[int, int]]:
    data = (folder / FRAMES).read_bytes()
    return [(frame.offset, frame.end) for frame in scan(data, None, SESSION).frames]


def words(folder: Path) -> str:
    found = verify(folder)
    assert not found.ok
    return " | ".join(found.findings)


def test_an_untouched_recording_is_intact(recorded: Path) -> None:
    found = verify(recorded)
    assert found.ok and found.findings == ()
    assert (found.chunks, found.rows, found.state) == (3, 2500, "closed")
    assert str(found) == "intact: 3 chunks, 2 500 ticks, authorship unproven (no site key)"


def test_with_a_site_key_authorship_is_proven(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_bytes(b"0123456789abcdef")
    monkeypatch.setenv("REHAB_SITE_KEY", str(tmp_path / "key"))
    small(folder)
    assert verify(folder).ok and verify(folder).authorship.startswith("proven (site key ")
    assert "0123456789abcdef" not in (folder / MANIFEST).read_text()
    monkeypatch.delenv("REHAB_SITE_KEY")
    assert "set REHAB_SITE_KEY" in words(folder)
    assert len(Recording.open(folder).ticks["tick"]) == 12
    (tmp_path / "key").write_bytes(b"another key of a site")
    monkeypatch.setenv("REHAB_SITE_KEY", str(tmp_path / "key"))
    assert not verify(folder).ok


def test_a_key_that_cannot_be_used_is_an_error_in_words(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REHAB_SITE_KEY", str(tmp_path / "absent"))
    with pytest.raises(RecordingError, match="cannot be read"):
        Recorder(FakeLoop().reader(), folder, {})
    (tmp_path / "absent").write_bytes(b"short")
    with pytest.raises(RecordingError, match="has 5 bytes"):
        Recorder(FakeLoop().reader(), folder, {})


def test_a_changed_byte_in_any_file_is_found(folder: Path) -> None:
    small(folder, frames=2, rows=2)
    draw = random.Random(1)
    for name in (MANIFEST, EVENTS, FRAMES, PARQUET):
        path = folder / name
        data = path.read_bytes()
        for at in draw.sample(range(len(data)), 60):
            changed = bytearray(data)
            changed[at] ^= 1 << draw.randrange(8)
            path.write_bytes(changed)
            try:
                assert not verify(folder).ok, (name, at)
            except RecordingError:  # the manifest is no longer readable at all
                assert name == MANIFEST
        path.write_bytes(data)
    assert verify(folder).ok


def test_every_byte_of_the_ticks_counts(folder: Path) -> None:
    small(folder)
    data = (folder / FRAMES).read_bytes()
    key = bytes.fromhex(json.loads((folder / MANIFEST).read_text())["integrity"]["key"]["value"])
    ends = [end for _, end in offsets(folder)]
    for at in range(0, len(data), 7):
        changed = bytearray(data)
        changed[at] ^= 0x10
        bad = scan(bytes(changed), key, SESSION).bad
        assert bad is not None and bad.why == "flipped" and bad.number == sum(at >= end for end in ends)


def test_ticks_cut_anywhere_give_all_complete_chunks(folder: Path) -> None:
    small(folder)
    data, ends = (folder / FRAMES).read_bytes(), [end for _, end in offsets(folder)]
    key = bytes.fromhex(json.loads((folder / MANIFEST).read_text())["integrity"]["key"]["value"])
    for cut in range(len(data)):
        assert len(scan(data[:cut], key, SESSION).frames) == sum(cut >= end for end in ends)
    for cut in (0, 1, ends[0] - 1, ends[0], ends[1] + 20):
        (folder / FRAMES).write_bytes(data[:cut])
        assert len(Recording.open(folder).ticks["tick"]) == 4 * sum(cut >= end for end in ends)
        assert not verify(folder).ok


def test_the_first_bad_chunk_is_named_and_the_rest_is_readable(folder: Path) -> None:
    small(folder)
    data = bytearray((folder / FRAMES).read_bytes())
    data[offsets(folder)[1][0] + 100] ^= 1
    (folder / FRAMES).write_bytes(data)
    assert "chunk 1" in words(folder) and "1 chunk behind it can be read" in words(folder)
    recording = Recording.open(folder)
    assert recording.ticks["tick"].tolist() == [0, 1, 2, 3, 8, 9, 10, 11]
    assert "chunk 1" in recording.damage


def test_a_deleted_chunk_is_named(folder: Path) -> None:
    small(folder)
    data, (_, (start, end), _) = (folder / FRAMES).read_bytes(), offsets(folder)
    (folder / FRAMES).write_bytes(data[:start] + data[end:])
    assert "chunk 1" in words(folder) and "is missing" in words(folder)


def test_swapped_chunks_are_named(folder: Path) -> None:
    small(folder)
    data, ((_, a), (_, b), (_, c)) = (folder / FRAMES).read_bytes(), offsets(folder)
    (folder / FRAMES).write_bytes(data[:a] + data[b:c] + data[a:b])
    assert "chunk 1" in words(folder) and "not in its place" in words(folder)
    assert Recording.open(folder).ticks["tick"].tolist() == list(range(12))


def test_a_cut_exactly_between_two_chunks_is_found_through_the_manifest(folder: Path) -> None:
    small(folder)
    data, (_, (_, end), _) = (folder / FRAMES).read_bytes(), offsets(folder)
    (folder / FRAMES).write_bytes(data[:end])
    assert "chunks 2 to 2 are cut off" in words(folder)


def test_a_manifest_put_back_from_another_state_is_found(folder: Path, tmp_path: Path) -> None:
    loop = FakeLoop()
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    shutil.copy(folder / MANIFEST, tmp_path / "open.json")
    loop.put(2000)
    recorder.finish()
    shutil.copy(tmp_path / "open.json", folder / MANIFEST)
    assert "never closed" in words(folder)


def test_a_manifest_rewritten_without_the_key_is_found(folder: Path) -> None:
    small(folder)
    text = (folder / MANIFEST).read_text()
    (folder / MANIFEST).write_text(text.replace(SESSION, SESSION))
    assert verify(folder).ok
    (folder / MANIFEST).write_text(text.replace('"reason": "ended"', '"reason": "fine"'))
    assert "manifest.json was changed" in words(folder)


@pytest.mark.parametrize("name", [FRAMES, EVENTS, PARQUET])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    small(folder)
    (folder / name).unlink()
    assert f"{name} is missing" in words(folder)


def test_ticks_that_jump_without_a_gap_are_found(folder: Path) -> None:
    loop = FakeLoop()
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    loop.put(10)
    row = [0.0] * 39
    row[0] = 12.0
    loop.writer.put(row)
    recorder.finish()
    assert "tick 9 is followed by tick 12" in words(folder)


def test_a_path_without_a_manifest_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no recording"):
        verify(tmp_path)
    with pytest.raises(RecordingError, match="no recording"):
        verify(tmp_path / "absent")


def test_a_session_that_never_ticked_is_intact(folder: Path) -> None:
    loop = FakeLoop(described=False)
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    recorder.finish("the device was not there")
    assert verify(folder).ok and verify(folder).rows == 0
    recording = Recording.open(folder)
    assert len(recording.ticks) == 0 and recording.trials == [] and recording.timing["ticks"] == 0
