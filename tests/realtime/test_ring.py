"""The ring and the snapshot: nothing torn, nothing lost but by age, gaps counted exactly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rehab.core.device import DeviceInfo, JointInfo, LinkInfo, SafeStop
from rehab.core.errors import BadInput, RehabError
from rehab.core.types import CursorMap, Scene, Target
from rehab.realtime import ring, shm, snapshot
from rehab.realtime.layout import WIDTH, channels
from rehab.realtime.ring import Missed, RingEvent, RingHeader, RingReader, RingWriter
from rehab.realtime.snapshot import SnapshotReader, SnapshotWriter


def header() -> RingHeader:
    joint = JointInfo(name="j", q_min=-1, q_max=1, speed=6, torque=20, growth=800, damping=0.5, yield_damping=1)
    info = DeviceInfo(
        model="arm", identity="1", firmware="1", kinematics="single_joint",
        links=(LinkInfo(length=0.3, mass=1, centre=0.15, inertia=0.01),), joints=(joint,), base=(0.0, 0.0),
        home=(0.0,), safe_stop=SafeStop.RAMP_OFF, holds_without_power=False, watchdog_s=0.02, period_s=0.001,
    )  # fmt: skip
    return RingHeader("s", "/nowhere", info, channels(1, 1))


@pytest.fixture
def pair():
    memory = shm.anonymous(ring.SIZE)
    return RingWriter(memory), RingReader(memory)


def test_rows_come_out_as_they_went_in(pair):
    writer, reader = pair
    writer.put([1.0, 2.0, np.pi])
    writer.put([4.0])
    rows = reader.rows()
    assert rows.shape == (2, WIDTH)
    assert rows[0, :3].tolist() == [1.0, 2.0, np.pi]
    assert rows[1, 0] == 4.0


def test_each_row_is_read_once(pair):
    writer, reader = pair
    writer.put([1.0])
    assert len(reader.rows()) == 1
    assert len(reader.rows()) == 0


def test_two_readers_do_not_disturb_each_other():
    memory = shm.anonymous(ring.SIZE)
    writer, first, second = RingWriter(memory), RingReader(memory), RingReader(memory)
    writer.put([7.0])
    assert first.rows()[0, 0] == second.rows()[0, 0] == 7.0


def test_the_ring_holds_more_than_sixty_seconds_at_one_kilohertz():
    assert ring.CAPACITY / 1000 > 60


def test_overwritten_rows_are_counted_exactly(pair, monkeypatch):
    writer, reader = pair
    for k in range(ring.CAPACITY + 5000):
        writer.put([float(k)])
    rows = reader.rows()
    gap = reader.missed[0]
    assert gap.first == 0
    assert rows[0, 0] == gap.end
    assert gap.end + len(rows) == ring.CAPACITY + 5000
    assert isinstance(gap, Missed)


def test_a_row_half_written_is_not_read(pair):
    writer, reader = pair
    writer.put([1.0])
    writer.put([2.0])
    at = ring.HEADER // 8 + ring.SLOT
    writer._words[at] = 0  # as `put` leaves it while it writes
    assert len(reader.rows()) == 1


def test_a_writer_killed_in_mid_flight_leaves_a_readable_ring(tmp_path):
    path = tmp_path / "ring"
    shm.create(path, ring.SIZE).close()
    script = (
        "import sys, os, signal\n"
        "from rehab.realtime import shm, ring\n"
        f"writer = ring.RingWriter(shm.attach(__import__('pathlib').Path({str(path)!r}), write=True))\n"
        "k = 0\n"
        "while True:\n"
        "    writer.put([float(k)] * 60); k += 1\n"
        "    if k == 3000: print('go', flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-P", "-c", script], stdout=subprocess.PIPE) as writer:
        writer.stdout.readline()
        writer.kill()
    reader = RingReader.attach(path)
    rows = reader.rows()
    assert len(rows) + sum(m.end - m.first for m in reader.missed) >= 3000
    assert (rows[:, :60] == rows[:, :1]).all()
    assert (np.diff(rows[:, 0]) == 1).all()


def test_events_come_in_order_with_their_data(pair):
    writer, reader = pair
    writer.event(RingEvent("trial_start", 5, 0.005, {"target": [0.1, 0.2]}))
    writer.event(RingEvent("trial_end", 9, 0.009, {"outcome": "reached"}))
    assert [(e.kind, e.tick) for e in reader.events()] == [("trial_start", 5), ("trial_end", 9)]
    assert reader.events() == []


def test_an_event_too_long_for_its_slot_keeps_its_kind(pair):
    writer, reader = pair
    writer.event(RingEvent("note", 1, 0.0, {"text": "x" * 10_000}))
    event = reader.events()[0]
    assert event.kind == "note"
    assert event.data["too_long"] > 10_000


def test_an_event_with_data_that_is_not_plain_keeps_its_kind_and_says_so(pair):
    writer, reader = pair
    writer.event(RingEvent("note", 1, 0.0, {"thing": object()}))
    event = reader.events()[0]
    assert event.kind == "note"
    assert "object" in event.data["not_plain"]


def test_the_header_is_none_until_published(pair):
    writer, reader = pair
    assert reader.header() is None
    writer.describe(header())
    assert reader.header() == header()


def test_closing_is_seen_by_readers(pair):
    writer, reader = pair
    assert not reader.closed
    writer.close()
    assert reader.closed


def test_a_writer_that_takes_over_goes_on_where_the_dead_one_stopped(pair):
    writer, reader = pair
    writer.put([1.0])
    writer.event(RingEvent("state", 0, 0.0))
    heir = RingWriter.take_over(writer._memory)
    heir.put([2.0])
    heir.event(RingEvent("fault", 1, 0.0))
    assert reader.rows()[:, 0].tolist() == [1.0, 2.0]
    assert [e.kind for e in reader.events()] == ["state", "fault"]


def test_a_shared_file_that_does_not_fit_is_refused_in_words(tmp_path):
    with pytest.raises(RehabError, match="no room"):
        shm.create(tmp_path / "huge", 1 << 60)
    assert not (tmp_path / "huge").exists()


def test_a_shared_file_is_never_sparse(tmp_path):
    shm.create(tmp_path / "file", 1 << 20)
    assert (tmp_path / "file").stat().st_blocks * 512 >= 1 << 20


def test_run_folders_are_private(tmp_path, monkeypatch):
    monkeypatch.setenv("REHAB_RUN", str(tmp_path))
    assert shm.run_root().stat().st_mode & 0o077 == 0
    assert Path(tmp_path) in shm.run_root().parents


def test_a_run_folder_whose_socket_would_have_too_long_a_path_is_refused_in_words(tmp_path, monkeypatch):
    deep = tmp_path / ("d" * 100)
    monkeypatch.setenv("REHAB_RUN", str(deep))
    with pytest.raises(BadInput, match=r"too deep a folder, by \d+ characters.*name a shorter one"):
        shm.run_folder("2026-11-26T074620Z-097f")
    monkeypatch.setenv("REHAB_RUN", "/tmp")
    assert shm.run_folder("2026-11-26T074620Z-097f").name == "2026-11-26T074620Z-097f"


@pytest.fixture
def glass():
    memory = shm.anonymous(snapshot.SIZE)
    writer = SnapshotWriter(memory)
    writer.describe(header())
    return writer, SnapshotReader(memory)


def test_before_the_first_tick_there_is_nothing_to_see(glass):
    assert glass[1].look() is None


def test_a_look_names_the_values_and_carries_the_scene(glass):
    writer, reader = glass
    scene = Scene(targets=(Target((0.1, 0.4), 0.01),), text="Go", cursor=CursorMap(rotation=0.5))
    writer.put([3.0, 0.003], scene)
    look = reader.look()
    assert look.values["tick"] == 3.0
    assert look.values["t"] == 0.003
    assert look.scene == scene


def test_a_new_scene_replaces_the_old(glass):
    writer, reader = glass
    writer.put([0.0], Scene(text="a"))
    assert reader.scene().text == "a"
    writer.put([1.0], Scene(text="b"))
    assert reader.scene().text == "b"


def test_a_writer_that_died_while_writing_gives_no_look_instead_of_a_wrong_one(glass):
    writer, reader = glass
    writer.put([0.0], Scene())
    writer._words[0] += 1
    assert reader.look() is None


def test_the_sequence_beats_with_every_tick(glass):
    writer, reader = glass
    before = reader.sequence
    writer.put([0.0], Scene())
    assert reader.sequence == before + 2


def test_the_cursor_map_turns_the_hand_about_its_centre():
    place = CursorMap(rotation=np.pi / 2, scale=2.0, centre=(1.0, 1.0)).place((2.0, 1.0))
    assert place == pytest.approx((1.0, 3.0))
