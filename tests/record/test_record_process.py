"""The recorder as a process of its own: killed, orphaned, out of room."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from rehab.realtime import shm
from rehab.realtime.ring import SIZE
from rehab.record.folder import FRAMES, MANIFEST
from rehab.record.recording import Recording
from rehab.record.verify import verify
from tests.record.record_helpers import SESSION, FakeLoop, wait_for

pytestmark = pytest.mark.e2e
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the session's shared files, in a run root of this test."""
    monkeypatch.setenv("REHAB_RUN", str(tmp_path / "run"))
    made = shm.run_root() / SESSION
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def shared(run: Path) -> FakeLoop:
    return FakeLoop(shm.create(run / "ring", SIZE))


def job(run: Path, folder: Path, **more: object) -> bytes:
    words = {"ring": str(run / "ring"), "folder": str(folder), "description": {"session": SESSION, "seed": 3}, **more}
    return json.dumps(words).encode() + b"\n"


@pytest.fixture
def start(run: Path, folder: Path) -> Iterator[Start]:
    """Start a recorder and wait for its first word."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*, expect: bytes = b"ready\n", room: int | None = None, **more: object) -> subprocess.Popen[bytes]:
        def limit() -> None:
            if room is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "rehab.record.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "REHAB_PARENT": str(os.getpid())},
            preexec_fn=limit,
        )
        started.append(process)
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(job(run, folder, **more))
        process.stdin.flush()
        assert process.stdout.readline() == expect
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def assert_whole(folder: Path, count: int) -> None:
    assert np.array_equal(Recording.open(folder).ticks["tick"], np.arange(count))
    found = verify(folder)
    assert found.ok, found.findings


def test_it_records_until_the_ring_is_closed(shared: FakeLoop, folder: Path, start: Start) -> None:
    process = start()
    assert json.loads((folder / MANIFEST).read_text())["state"] == "open"
    shared.trial(1)
    shared.put(234)
    shared.close()
    assert process.wait(30) == 0
    assert_whole(folder, 1234)
    assert Recording.open(folder).metadata["state"] == "closed"
    assert [trial.outcome for trial in Recording.open(folder).trials] == ["reached"]


def test_killed_again_and_again_it_loses_and_doubles_nothing(shared: FakeLoop, folder: Path, start: Start) -> None:
    process = start()
    for number in range(1, 6):
        shared.trial(number, rows=1300)
        at_least = 1000 * number
        wait_for(lambda rows=at_least: len(Recording.open(folder).ticks["tick"]) >= rows)  # type: ignore[misc]
        process.kill()
        process.wait()
        shared.put(77)
        assert not verify(folder).ok
        process = start(resume=True)
    shared.close()
    assert process.wait(30) == 0
    assert_whole(folder, 5 * 1377)
    recording = Recording.open(folder)
    assert [trial.number for trial in recording.trials] == [1, 2, 3, 4, 5]
    assert [event.kind for event in recording.events].count("resumed") == 5
    assert [event.kind for event in recording.events].count("trial_end") == 5


@pytest.mark.parametrize("how", ["stdin", "sigterm"])
def test_asked_to_end_it_waits_for_the_loops_last_rows(shared: FakeLoop, folder: Path, start: Start, how: str) -> None:
    process = start()
    shared.put(100)
    if how == "stdin":
        assert process.stdin is not None
        process.stdin.close()
    else:
        process.send_signal(signal.SIGTERM)
    shared.put(150)
    assert process.wait(30) == 0
    assert_whole(folder, 250)
    assert "without closing the ring" in Recording.open(folder).metadata["reason"]


def test_an_interrupt_from_the_keyboard_does_not_end_it(shared: FakeLoop, folder: Path, start: Start) -> None:
    process = start()
    process.send_signal(signal.SIGINT)
    shared.put(10)
    shared.close()
    assert process.wait(30) == 0
    assert_whole(folder, 10)


def test_more_about_the_session_reaches_the_manifest(shared: FakeLoop, folder: Path, start: Start) -> None:
    process = start()
    assert process.stdin is not None
    process.stdin.write(b'{"describe": {"protocol": "name: a\\nblocks: []"}}\n')
    process.stdin.flush()
    wait_for(lambda: "protocol" in json.loads((folder / MANIFEST).read_text()))
    shared.close()
    assert process.wait(30) == 0
    assert Recording.open(folder).metadata["protocol"] == "name: a\nblocks: []"


ORPHAN = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-P", "-m", "rehab.record.process"], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, env={**os.environ, "REHAB_PARENT": str(os.getpid())})
child.stdin.write(sys.argv[1].encode()); child.stdin.flush()
print(child.stdout.readline().decode().strip(), child.pid, flush=True)
sys.stdin.read()
"""


def test_when_the_supervisor_dies_it_closes_the_recording_and_removes_the_ring(
    shared: FakeLoop, run: Path, folder: Path
) -> None:
    words = job(run, folder, clean=str(run)).decode()
    supervisor = subprocess.Popen([sys.executable, "-c", ORPHAN, words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline().split()[0] == b"ready"
    shared.put(1500)
    supervisor.kill()
    supervisor.communicate()
    wait_for(lambda: not run.exists())
    assert_whole(folder, 1500)


def test_it_removes_nothing_outside_the_run_folder(tmp_path: Path, shared: FakeLoop, run: Path, folder: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    words = job(run, folder, clean=str(precious)).decode()
    supervisor = subprocess.Popen([sys.executable, "-c", ORPHAN, words], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert supervisor.stdout is not None
    _, pid = supervisor.stdout.readline().split()
    supervisor.kill()
    supervisor.communicate()
    wait_for(lambda: not Path(f"/proc/{int(pid)}").exists())
    assert precious.is_dir() and verify(folder).ok


def test_without_room_it_says_so_and_leaves_a_valid_recording(shared: FakeLoop, folder: Path, start: Start) -> None:
    process = start(room=450_000)
    shared.put(5000)
    assert process.wait(30) == 1
    assert process.stdout is not None
    words = json.loads(process.stdout.readlines()[-1])["error"]
    assert FRAMES in words and "cannot be written" in words
    kept = len(Recording.open(folder).ticks["tick"])
    assert kept >= 1000
    again = start(resume=True)  # there is room again
    shared.close()
    assert again.wait(30) == 0
    assert_whole(folder, 5000)


def test_a_ring_that_is_not_there_is_an_error_in_words(run: Path, folder: Path, start: Start) -> None:
    words = json.dumps({"error": f"[Errno 2] No such file or directory: '{run / 'ring'}'"}, separators=(",", ":"))
    assert start(expect=words.encode() + b"\n").wait(30) == 1
    assert list(folder.iterdir()) == []


def test_a_supervisor_that_says_nothing_leaves_nothing_behind(run: Path, folder: Path) -> None:
    process = subprocess.run([sys.executable, "-P", "-m", "rehab.record.process"], stdin=subprocess.DEVNULL, timeout=30)
    assert process.returncode == 0 and list(folder.iterdir()) == []
