"""Room on the disk (F30): before a session, during it, and for what a dead session's ring still holds."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from pathlib import Path

import msgspec
import pytest

from rehab.cli import main as command
from rehab.core.errors import BadInput
from rehab.realtime import ring, shm
from rehab.realtime.ring import RingReader
from rehab.record.recorder import Recorder
from rehab.session import messages, stale
from rehab.session.session import Session

Usage = namedtuple("Usage", "total used free")


pytestmark = pytest.mark.usefixtures("runs")


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch):
    """Gives the disk so many free bytes."""

    def fill(free: float) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, int(free)))

    return fill


def test_f30_without_room_for_ten_sessions_nothing_is_started(full, tmp_path):
    full(1e9)
    with pytest.raises(BadInput, match=r"has 1\.0 GB left.*--out"):
        Session(out=tmp_path / "out").open()
    assert list((tmp_path / "out").iterdir()) == []


def test_where_sockets_cannot_be_nothing_is_started_either(tmp_path, monkeypatch):
    monkeypatch.setenv("REHAB_RUN", str(tmp_path / ("deep" * 20)))
    with pytest.raises(BadInput, match="too deep a folder"):
        Session(out=tmp_path / "out").open()
    assert list((tmp_path / "out").iterdir()) == []


def test_f30_the_command_says_so_in_one_line_with_exit_code_2(full, tmp_path, capsys):
    full(1e9)
    code = command.main(["run", "reach_demo", "--patient", "healthy", "--out", str(tmp_path / "out")])
    assert code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_recorder_notices_when_the_disk_is_nearly_full(full, tmp_path):
    recorder = Recorder(RingReader(shm.anonymous(ring.SIZE)), tmp_path, {})
    full(1e12)
    assert recorder.low_on_room(600.0) == ""
    full(1e6)
    assert "Make room" in recorder.low_on_room(600.0)


@pytest.fixture
def dead_session(tmp_path) -> tuple[Path, Path]:
    """The run folder of a session whose processes are gone, and the folder of its open recording."""
    run, folder = shm.run_root() / "s", tmp_path / "recording"
    run.mkdir()
    folder.mkdir()
    os.close(os.open(run / "lock", os.O_CREAT | os.O_RDWR))
    description = messages.Description(session="s", run=str(run), folder=str(folder), device="sim:planar_arm")
    (run / "description.json").write_bytes(msgspec.json.encode(description))
    reader = RingReader(shm.create(run / "ring", ring.SIZE))
    recorder = Recorder(reader, folder, {"session": "s"})
    recorder.start()
    recorder.abandon()
    return run, folder


def test_f30_what_a_dead_sessions_ring_holds_waits_in_memory_until_there_is_room(full, dead_session):
    run, folder = dead_session
    full(1e6)
    assert stale.sweep() == []
    assert (run / "ring").exists()
    full(1e12)
    assert stale.sweep() == [folder]
    assert not run.exists()
    assert msgspec.json.decode((folder / "manifest.json").read_bytes())["state"] == "recovered"
