"""The emulator's codec against docs/link.md: its golden frames, and whatever the line may do to them."""

from __future__ import annotations

import re
from pathlib import Path
from zlib import crc32

import pytest
from cobs import cobs
from hypothesis import given
from hypothesis import strategies as st

from sim.emulators.codec import LONGEST, Codec, Counts, Deframer, Kind, unwire, wire

LINK = Path(__file__).parents[2] / "docs" / "link.md"
ARMED_AND_WATCHDOG = 0b101
HOST_GOLDEN = {
    "HELLO 1.0": (Kind.HELLO, (1, 0), {"seq": 1, "last_rx": 0}),
    "ARM nonce": (Kind.ARM, (0x12345678,), {"seq": 7, "last_rx": 9}),
    "COMMAND enable": (Kind.COMMAND, (1, 1.5, -0.25), {"seq": 258, "last_rx": 257, "valid_ms": 20}),
    "COMMAND disabled": (Kind.COMMAND, (0, 0.0, 0.0), {"seq": 259, "last_rx": 258, "valid_ms": 20}),
    "TIMESYNC t1": (Kind.TIMESYNC, (1_000_000_000,), {"seq": 3, "last_rx": 2}),
}
STATE = (258, ARMED_AND_WATCHDOG, 0, 0.5, 0.0, 1.5, 1.25, -0.5, -0.25)

seqs = st.integers(0, 0xFFFF)
singles = st.floats(width=32, allow_nan=False)


def golden() -> dict[str, bytes]:
    """The frames of the specification's last table by the beginning of their names."""
    rows = re.findall(r"^\| (.+?) \| (?:host|device) → (?:host|device) \| `([0-9a-f]+)` \|$", LINK.read_text(), re.M)
    assert len(rows) == 6
    return {name: bytes.fromhex(hexed) for name, hexed in rows}


def find(name: str) -> bytes:
    (found,) = [frame for key, frame in golden().items() if key.startswith(name)]
    return found


def bodies(data: bytes, counts: Counts | None = None) -> list[bytes]:
    return list(Deframer(counts or Counts()).feed(data))


@pytest.mark.parametrize("name", HOST_GOLDEN)
def test_a_hosts_frame_has_the_bytes_of_the_specification(name: str) -> None:
    kind, fields, header = HOST_GOLDEN[name]
    assert Codec(2).host_frame(kind, *fields, **header) == find(name)


@pytest.mark.parametrize("name", HOST_GOLDEN)
def test_a_hosts_golden_frame_reads_as_what_it_says(name: str) -> None:
    kind, fields, header = HOST_GOLDEN[name]
    frame = Codec(2).from_host(bodies(find(name))[0])
    assert frame is not None
    assert (frame.kind, frame.fields) == (kind, fields)
    assert (frame.seq, frame.last_rx, frame.valid_ms) == (header["seq"], header["last_rx"], header.get("valid_ms", 0))


def test_the_state_has_the_bytes_of_the_specification_and_reads_back() -> None:
    frame = Codec(2).device_frame(Kind.STATE, *STATE, seq=300, t_us=123456)
    assert frame == find("STATE")
    read = Codec(2).from_device(bodies(frame)[0])
    assert read is not None
    assert (read.kind, read.seq, read.t_dev, read.fields) == (Kind.STATE, 300, 123456, STATE)


def test_the_longest_messages_fit_into_one_usb_packet() -> None:
    state = Codec(3).device_frame(Kind.STATE, 1, 1, 1, *([1.0] * 9), seq=1, t_us=1)
    describe = Codec(3).device_frame(Kind.DESCRIBE, 0, seq=1, t_us=1, piece=b"x" * 40)
    assert len(state) == 56  # as the specification says
    assert max(len(state), len(describe)) <= LONGEST


def test_device_time_is_cut_to_32_bits() -> None:
    read = Codec(2).from_device(bodies(Codec(2).device_frame(Kind.DISARM, seq=1, t_us=2**32 + 5))[0])
    assert read is not None
    assert read.t_dev == 5


@given(enable=st.integers(0, 255), torque=st.tuples(singles, singles), seq=seqs, last_rx=seqs, valid_ms=seqs)
def test_any_command_survives_the_line(
    enable: int, torque: tuple[float, float], seq: int, last_rx: int, valid_ms: int
) -> None:
    sent = Codec(2).host_frame(Kind.COMMAND, enable, *torque, seq=seq, last_rx=last_rx, valid_ms=valid_ms)
    assert sent.index(0) == len(sent) - 1 <= LONGEST
    read = Codec(2).from_host(bodies(sent)[0])
    assert read == (Kind.COMMAND, seq, last_rx, valid_ms, (enable, *torque))


@given(st.binary(max_size=300))
def test_garbage_never_raises_and_never_reads_as_a_frame(garbage: bytes) -> None:
    for body in bodies(garbage):  # a CRC of 32 bits stands between
        assert Codec(2).from_host(body) is None


@given(body=st.binary(min_size=8, max_size=56))
def test_bodies_that_are_well_framed_but_nonsense_never_raise(body: bytes) -> None:
    assert bodies(wire(body)) == ([body] if len(wire(body)) <= LONGEST else [])
    Codec(2).from_host(body)
    Codec(2).from_device(body)


@given(garbage=st.binary(max_size=200), cuts=st.lists(st.integers(1, 20), max_size=30))
def test_after_any_damage_the_next_delimiter_is_a_new_start(garbage: bytes, cuts: list[int]) -> None:
    frame = find("COMMAND enable")
    data, deframer, found = garbage + b"\0" + frame, Deframer(Counts()), []
    for cut in cuts:
        found += list(deframer.feed(data[:cut]))
        data = data[cut:]
    found += list(deframer.feed(data))
    assert found[-1:] == bodies(frame)


@given(position=st.integers(0, 21), flip=st.integers(1, 255))
def test_one_damaged_byte_is_always_noticed(position: int, flip: int) -> None:
    frame, counts = bytearray(find("COMMAND enable")), Counts()
    good = bodies(bytes(frame))
    frame[position] ^= flip
    found = bodies(bytes(frame), counts)
    assert found != good
    assert [Codec(2).from_host(body) for body in found] == []
    assert counts.dropped >= 1


def test_a_frame_longer_than_a_packet_is_dropped_even_if_its_crc_is_right() -> None:
    body = b"\x10" + bytes(59)
    framed, counts = cobs.encode(body + crc32(body).to_bytes(4, "little")) + b"\0", Counts()
    assert len(framed) == LONGEST + 3
    assert bodies(framed, counts) == []
    assert counts.dropped == 1


def test_a_flood_without_a_delimiter_is_one_dropped_frame_and_keeps_no_memory() -> None:
    counts = Counts()
    deframer = Deframer(counts)
    for _ in range(1000):
        assert list(deframer.feed(b"\x55" * 1000)) == []
    assert len(deframer._part) <= LONGEST
    assert list(deframer.feed(b"\0" + find("ARM nonce"))) == bodies(find("ARM nonce"))
    assert counts.dropped == 1


@pytest.mark.parametrize("size", [0, 8, 10])
def test_a_command_of_the_wrong_length_is_no_command(size: int) -> None:
    body = bytes.fromhex("1000010000001400") + b"\1" + bytes(size - 1 if size else 0)
    assert Codec(2).from_host(body) is None


def test_an_unknown_type_and_the_devices_own_types_are_no_frames_of_a_host() -> None:
    for number in {*range(256)} - {kind.value for kind in Kind if kind is not Kind.FAULT}:
        for size in range(50):
            assert Codec(2).from_host(bytes([number]) + bytes(7 + size)) is None


def test_a_body_without_room_for_its_crc_is_dropped() -> None:
    assert unwire(cobs.encode(crc32(b"").to_bytes(4, "little"))) is None


def test_a_device_of_four_joints_cannot_speak_this_link() -> None:
    with pytest.raises(ValueError, match="1 to 3 joints"):
        Codec(4)
