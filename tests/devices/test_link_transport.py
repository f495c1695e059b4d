from __future__ import annotations

import fcntl
import os
import pty
import select
import subprocess
import sys
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.link import ports
from devices.link.transport import Transport
from rehab.core.errors import DeviceLost, DeviceRefused

NONE = list[str]


@pytest.fixture
def ends() -> Iterator[tuple[int, str]]:
    """Master end and path of a raw pseudo-terminal."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(slave)
    try:
        os.close(master)
    except OSError:
        return  # the test has closed it


@pytest.fixture
def transport(ends: tuple[int, str]) -> Iterator[Transport]:
    transport = Transport(ends[1], discovery=NONE)
    yield transport
    transport.close()


def arrive(transport: Transport) -> bytes:
    """What comes within a generous while."""
    for _ in range(500):
        data = transport.read()
        if data:
            return data
        transport.wait(0.01)
    raise AssertionError("nothing came")


def test_bytes_go_both_ways_unchanged(ends: tuple[int, str], transport: Transport) -> None:
    every = bytes(range(256))
    assert transport.write(every)
    assert received(ends[0], every) == every
    os.write(ends[0], every)
    assert arrive(transport) == every


def test_an_idle_line_gives_nothing_at_once(transport: Transport) -> None:
    assert transport.read() == b""


@pytest.mark.parametrize("act", [Transport.read, lambda t: t.write(b"x"), Transport.discard])
def test_a_hang_up_is_device_lost_whatever_was_called(ends: tuple[int, str], transport: Transport, act: object) -> None:
    os.close(ends[0])
    with pytest.raises(DeviceLost, match=f"F09 device unplugged: {ends[1]}"):
        act(transport)  # type: ignore[operator]


def test_after_a_hang_up_waiting_ends_and_closing_is_quiet(ends: tuple[int, str], transport: Transport) -> None:
    os.close(ends[0])
    transport.wait(60.0)
    transport.close()
    transport.close()


def test_closed_it_is_lost(transport: Transport) -> None:
    transport.close()
    for act in (transport.read, lambda: transport.write(b"x")):
        with pytest.raises(DeviceLost, match="closed"):
            act()


def test_a_full_buffer_drops_whole_frames_without_waiting(ends: tuple[int, str], transport: Transport) -> None:
    """What reaches the other end is whole frames, one of them at most completed later."""
    frame = bytes(range(1, 63)) + b"\0"
    taken = sum(transport.write(frame) for _ in range(5000))
    assert 0 < taken < 5000
    assert transport.dropped == 5000 - taken
    first = os.read(ends[0], 65536)  # makes room
    while not transport.write(frame):
        first += os.read(ends[0], 65536)
    whole = frame * (taken + 1)
    assert first + received(ends[0], whole[len(first) :]) == whole


def received(master: int, last: bytes) -> bytes:
    """What comes out of the other end, until it ends as wanted or nothing more comes for a generous while."""
    data = b""
    while not data.endswith(last) and select.select([master], [], [], 5.0)[0]:
        data += os.read(master, 65536)
    return data


def test_what_waits_in_the_port_can_be_discarded(ends: tuple[int, str], transport: Transport) -> None:
    taken = 0
    while transport.write(b"old" * 20):
        taken += 60
    transport.discard()
    assert transport.write(b"new")
    data = received(ends[0], b"new")
    assert data.endswith(b"new")
    assert len(data) < taken / 2


# refusals


def test_a_missing_port_names_those_that_exist_and_how_to_look() -> None:
    with pytest.raises(DeviceRefused) as refused:
        Transport("/dev/ttyGONE7", discovery=lambda: ["/dev/ttyUSB1", "/dev/ttyACM0"])
    assert "there is no port /dev/ttyGONE7; ports here: /dev/ttyACM0, /dev/ttyUSB1" in str(refused.value)
    assert "rehab list devices" in str(refused.value)


def test_a_missing_port_on_a_machine_without_ports_says_so() -> None:
    with pytest.raises(DeviceRefused, match="no serial port now"):
        Transport("/dev/ttyGONE7", discovery=NONE)


def test_a_file_is_no_serial_port(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("x")
    with pytest.raises(DeviceRefused, match="notes is not a serial port"):
        Transport(str(tmp_path / "notes"), discovery=NONE)
    assert (tmp_path / "notes").read_text() == "x"


def test_a_rate_that_cannot_be_is_refused(ends: tuple[int, str]) -> None:
    with pytest.raises(DeviceRefused, match="-1 Bd"):
        Transport(ends[1], baud=-1, discovery=NONE)


def test_a_busy_port_names_the_pid_that_holds_it(ends: tuple[int, str], transport: Transport) -> None:
    with pytest.raises(DeviceRefused, match=rf"F40 {ends[1]} is busy: this process itself \(pid {os.getpid()}\)"):
        Transport(ends[1], discovery=NONE)


HOLD = """
import fcntl, os, sys
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
fcntl.flock(fd, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_port_held_by_another_process_names_its_pid_and_is_free_when_that_ends(ends: tuple[int, str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-I", "-c", HOLD, ends[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        with pytest.raises(DeviceRefused, match=rf"is busy: pid {other.pid} \(python"):
            Transport(ends[1], discovery=NONE)
        other.communicate("")
    Transport(ends[1], discovery=NONE).close()


def test_closing_frees_the_port(ends: tuple[int, str]) -> None:
    Transport(ends[1], discovery=NONE).close()
    Transport(ends[1], discovery=NONE).close()


def test_opening_leaves_no_descriptor_behind_when_it_is_refused(ends: tuple[int, str], transport: Transport) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for path in (ends[1], "/dev/ttyGONE7", "/dev/null"):
        with pytest.raises(DeviceRefused):
            Transport(path, discovery=NONE)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


# who holds a port


def test_without_a_lock_table_the_open_files_tell_the_owner(ends: tuple[int, str], tmp_path: Path) -> None:
    assert ports.owner_of(ends[1], locks=tmp_path / "none") == os.getpid()


def test_a_locker_wins_over_one_that_has_it_open(ends: tuple[int, str], tmp_path: Path) -> None:
    node = Path(ends[1]).stat()
    place = f"{os.major(node.st_dev):02x}:{os.minor(node.st_dev):02x}:{node.st_ino}"
    table = tmp_path / "locks"
    table.write_text(f"1: POSIX  ADVISORY  WRITE 11 {place} 0 EOF\n2: FLOCK  ADVISORY  WRITE 4242 {place} 0 EOF\n")
    assert ports.owner_of(ends[1], locks=table) == 4242


def test_nobody_holds_what_is_not_there(tmp_path: Path) -> None:
    assert ports.owner_of(str(tmp_path / "gone")) is None


def test_a_lock_without_a_visible_owner_is_still_busy(ends: tuple[int, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devices.link.transport.owner_of", lambda path: None)
    with Path(ends[1]).open("rb", buffering=0) as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(DeviceRefused, match="another program holds it"):
            Transport(ends[1], discovery=NONE)
