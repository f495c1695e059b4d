"""From the ring to the disk: complete, in order, and going on after a death."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from rehab.core.clock import ManualClock
from rehab.core.errors import RecordingError
from rehab.realtime.ring import CAPACITY, RingReader
from rehab.record.closing import recover, stream_of
from rehab.record.folder import EVENTS, FRAMES, MANIFEST, PARQUET, key_of
from rehab.record.recorder import Recorder
from rehab.record.recording import Recording
from rehab.record.verify import verify
from tests.record.record_helpers import SESSION, FakeLoop, expected


class RealManualClock(ManualClock):
    """A clock in the test's hand that counts as real."""

    simulated = False


def assert_ticks(folder: Path, count: int, first: int = 0) -> None:
    ticks = Recording.open(folder).ticks
    for name, column in expected(count, first).items():
        assert np.array_equal(ticks[name], column), name
        assert ticks[name].dtype == column.dtype


def manifest_of(folder: Path) -> dict:
    return json.loads((folder / MANIFEST).read_text())


def test_every_row_is_recorded_exactly(recorded: Path) -> None:
    assert_ticks(recorded, 2500)
    assert verify(recorded).ok


def test_the_parquet_file_holds_the_same_numbers_with_their_units(recorded: Path) -> None:
    table = pq.read_table(recorded / PARQUET)
    for name, column in expected(2500).items():
        assert np.array_equal(table.column(name).to_numpy(), column), name
    assert table.schema.field("q_0").metadata[b"unit"] == b"rad"


def test_the_manifest_is_open_before_the_first_tick(folder: Path) -> None:
    loop = FakeLoop(described=False)
    recorder = Recorder(loop.reader(), folder, {"session": SESSION, "seed": 7})
    recorder.start()
    about = manifest_of(folder)
    assert about["state"] == "open" and about["seed"] == 7 and about["channels"] == []
    loop.describe()
    recorder.drain()
    assert manifest_of(folder)["info"]["model"] == "planar_arm"
    recorder.abandon()


def test_the_manifest_says_what_a_reader_needs(recorded: Path) -> None:
    about = manifest_of(recorded)
    assert about["state"] == "closed" and about["rows"] == 2500 and about["gaps"] == []
    assert about["protocol"] == "blocks: []" and about["seed"] == 1
    assert {"python", "os", "numpy", "pyarrow"} <= set(about["versions"])
    assert about["channels"][1] == {
        "name": "t", "unit": "s", "dtype": "float64", "says": "time of the tick since the session began",
    }  # fmt: skip
    assert len(about["clocks"]) == 2 and about["certificate"]["scheduling"] == "normal"
    assert set(about["files"]) == {FRAMES, EVENTS, PARQUET}


def test_a_session_cannot_say_what_the_recorder_knows(loop: FakeLoop, folder: Path) -> None:
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    recorder.describe({"protocol": "later", "state": "closed", "integrity": {}})
    about = manifest_of(folder)
    assert about["protocol"] == "later" and about["state"] == "open" and about["integrity"]["key"]
    recorder.finish()
    assert verify(folder).ok


def test_a_frame_is_written_for_every_thousand_rows(loop: FakeLoop, folder: Path) -> None:
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    loop.put(999)
    recorder.drain()
    assert (folder / FRAMES).stat().st_size == 0
    loop.put(1001)
    recorder.drain()
    key = key_of(manifest_of(folder))
    assert [frame.rows for frame in stream_of(folder / FRAMES, key, SESSION).frames] == [1000, 1000]
    recorder.abandon()


def test_with_a_real_clock_no_row_waits_longer_than_a_second(loop: FakeLoop, folder: Path) -> None:
    clock = RealManualClock(10**9)
    recorder = Recorder(loop.reader(), folder, {"session": SESSION}, clock=clock)
    recorder.start()
    loop.put(3)
    recorder.drain()
    clock.advance(0.9)
    recorder.drain()
    assert (folder / FRAMES).stat().st_size == 0
    clock.advance(0.2)
    recorder.drain()
    recorder.abandon()
    assert_ticks(folder, 3)


def test_events_are_on_the_disk_at_once(loop: FakeLoop, folder: Path) -> None:
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    loop.event("note", text="grüß")
    recorder.drain()
    assert [(e.kind, e.data) for e in Recording.open(folder).events] == [("note", {"text": "grüß"})]
    recorder.abandon()


def test_going_on_after_a_death_equals_an_uninterrupted_recording_bit_for_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_bytes(b"the key of this site, thirty-two")
    monkeypatch.setenv("REHAB_SITE_KEY", str(tmp_path / "key"))
    loop, folders = FakeLoop(), [tmp_path / "whole" / SESSION, tmp_path / "broken" / SESSION]
    recorders = []
    for folder in folders:
        folder.mkdir(parents=True)
        recorders.append(Recorder(loop.reader(), folder, {"session": SESSION}))
        recorders[-1].start()
    for number in range(1, 6):
        loop.trial(number, rows=730)
        recorders[0].drain()
        recorders[1].drain()
        recorders[1].abandon()  # what it held in memory is gone with it
        with (folders[1] / FRAMES).open("ab") as file:
            file.write(b"RHB1 half a frame"[: 3 * number])
        with (folders[1] / EVENTS).open("ab") as file:
            file.write(b'{"n": 3, "ki')
        recorders[1] = Recorder.resume(loop.reader(), folders[1])
    for recorder in recorders:
        recorder.finish()
    assert (folders[0] / FRAMES).read_bytes() == (folders[1] / FRAMES).read_bytes()
    assert (folders[0] / PARQUET).read_bytes() == (folders[1] / PARQUET).read_bytes()
    events = [[e for e in Recording.open(folder).events if e.kind != "resumed"] for folder in folders]
    assert events[0] == events[1] and len(events[0]) == 15
    assert verify(folders[1]).ok


def test_rows_that_were_overwritten_are_marked_exactly(loop: FakeLoop, folder: Path) -> None:
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    loop.put(1500)
    recorder.drain()
    loop.put(CAPACITY + 3000)
    recorder.drain()
    loop.put(10)
    recorder.finish()
    recording = Recording.open(folder)
    written = loop.writer.written
    [gap] = [event for event in recording.events if event.kind == "gap"]
    assert gap.data["first"] == 1500 and gap.tick == 1500
    kept = np.concatenate([np.arange(1500), np.arange(gap.data["end"], written)])
    assert np.array_equal(recording.ticks["tick"], kept)
    assert recording.metadata["gaps"] == [[1500, gap.data["end"]]]
    found = verify(folder)
    assert found.ok and found.gaps == gap.data["end"] - 1500


def test_a_stall_of_a_minute_loses_nothing(loop: FakeLoop, folder: Path) -> None:
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    loop.put(60_000)
    recorder.finish()
    assert np.array_equal(Recording.open(folder).ticks["tick"], np.arange(60_000))


def test_events_that_were_overwritten_are_marked(loop: FakeLoop, folder: Path) -> None:
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    for number in range(2048 + 5):
        loop.event("note", number=number)
    recorder.finish()
    found = Recording.open(folder).events
    assert (found[0].kind, found[0].data) == ("gap", {"events_first": 0, "events_end": 5})
    assert [event.data["number"] for event in found[1:]] == list(range(5, 2053))


def test_a_closed_recording_is_not_gone_on_with(recorded: Path, loop: FakeLoop) -> None:
    with pytest.raises(RecordingError, match="closed"):
        Recorder.resume(loop.reader(), recorded)


def test_a_recording_that_is_still_written_is_not_gone_on_with(loop: FakeLoop, folder: Path) -> None:
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    with pytest.raises(RecordingError, match="another process"):
        Recorder.resume(loop.reader(), folder)
    with pytest.raises(RecordingError, match="another process"):
        recover(folder)
    recorder.finish()
    assert verify(folder).ok


def test_a_ring_of_another_session_is_refused(loop: FakeLoop, tmp_path: Path) -> None:
    folder = tmp_path / "2020-01-01T000000Z-0000"
    folder.mkdir()
    recorder = Recorder(loop.reader(), folder, {})
    recorder.start()
    recorder.abandon()
    with pytest.raises(RecordingError, match="belongs to session"):
        Recorder.resume(loop.reader(), folder)


def test_damage_in_the_middle_is_kept_and_not_written_on(loop: FakeLoop, folder: Path) -> None:
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    loop.put(3000)
    recorder.drain()
    recorder.abandon()
    data = bytearray((folder / FRAMES).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / FRAMES).write_bytes(data)
    with pytest.raises(RecordingError, match="chunk 1"):
        Recorder.resume(loop.reader(), folder)
    assert (folder / FRAMES).read_bytes() == data


def killed(loop: FakeLoop, folder: Path) -> None:
    """A recording as a killed recorder leaves it: two frames and a torn one, 500 rows only in the ring."""
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    loop.trial(1)
    loop.trial(2, rows=1500, outcome=None)
    recorder.drain()
    recorder.abandon()
    with (folder / FRAMES).open("ab") as file:
        file.write((folder / FRAMES).read_bytes()[:5000])


def test_a_killed_recording_opens_up_to_its_last_chunk(loop: FakeLoop, folder: Path) -> None:
    killed(loop, folder)
    assert_ticks(folder, 2000)
    assert [trial.outcome for trial in Recording.open(folder).trials] == ["reached", "stopped"]
    found = verify(folder)
    assert not found.ok and found.rows == 2000 and "never closed" in " ".join(found.findings)


def test_recovering_without_a_ring_closes_what_there_is(loop: FakeLoop, folder: Path) -> None:
    killed(loop, folder)
    assert recover(folder)["state"] == "recovered"
    assert_ticks(folder, 2000)
    assert verify(folder).ok and "recovery" in str(verify(folder))
    assert recover(folder)["state"] == "recovered"


def test_recovering_with_the_ring_loses_nothing(loop: FakeLoop, folder: Path) -> None:
    killed(loop, folder)
    Recorder(RingReader(loop.memory), folder, {}).recover()
    assert_ticks(folder, 2500)
    assert verify(folder).ok and manifest_of(folder)["state"] == "recovered"


FULL = """
import resource, signal, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from tests.record.record_helpers import SESSION, FakeLoop
from rehab.core.errors import RecordingError
from rehab.record.recorder import Recorder
from rehab.record.verify import verify
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
loop, folder = FakeLoop(), Path(sys.argv[1])
recorder = Recorder(loop.reader(), folder, {"session": SESSION})
recorder.start()
loop.put(3000)
room = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (450_000, room))
try:
    recorder.drain()
    print("no error")
except RecordingError as error:
    print(error)
print(verify(folder).rows)
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
recorder.finish()
print(verify(folder).ok, verify(folder).rows)
"""


def test_a_full_disk_gives_clean_words_and_leaves_a_valid_recording_that_can_go_on(folder: Path) -> None:
    here = str(Path(__file__).parents[2])
    run = subprocess.run([sys.executable, "-c", FULL, str(folder), here], capture_output=True, text=True, check=True)
    words, before, after = run.stdout.splitlines()
    assert "ticks.frames cannot be written" in words and "Make room" in words
    kept = int(before)
    assert 1000 <= kept < 3000 and kept % 1000 == 0
    assert after == "True 3000"


def test_without_room_for_the_parquet_file_the_recording_still_closes(
    loop: FakeLoop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rehab.record.batches.write_parquet", no_room)
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    loop.put(10)
    recorder.finish()
    about = manifest_of(folder)
    assert about["state"] == "closed" and "No space" in about["no_parquet"] and not (folder / PARQUET).exists()
    assert verify(folder).ok
    assert_ticks(folder, 10)


def test_a_jump_of_the_wall_clock_is_noted(loop: FakeLoop, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rehab.record import manifest

    clock = RealManualClock(10**9)
    recorder = Recorder(loop.reader(), folder, {"session": SESSION}, clock=clock)
    recorder.start()
    clock.advance(1.5)
    recorder.drain()
    real = manifest.wall_offset
    monkeypatch.setattr(manifest, "wall_offset", lambda reading: real(reading) + 3600.0 * (reading["rows"] > 0))
    loop.put(5)
    clock.advance(1.5)
    recorder.drain()
    recorder.finish()
    [jump] = [event for event in Recording.open(folder).events if event.kind == "clock_jump"]
    assert jump.data["seconds"] == pytest.approx(3600.0, abs=0.05)
    assert len(manifest_of(folder)["clocks"]) == 3
