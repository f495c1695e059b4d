"""The chained stream: what is complete comes back, what is changed is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.core.errors import RecordingError
from rehab.record.frames import AppendFile, FrameWriter, encode, first_mac, scan

KEY = b"k" * 32
SESSION = "s"


def pieces(bodies: list[bytes], key: bytes = KEY) -> list[bytes]:
    """The frames of these bodies, one row each, chained."""
    mac, made = first_mac(key, SESSION), []
    for number, body in enumerate(bodies):
        data, mac = encode(key, mac, number, number, 1, body)
        made.append(data)
    return made


FOUR = pieces([bytes([65 + k]) * (40 + 7 * k) for k in range(4)])


def bodies_of(data: bytes) -> list[bytes]:
    return [bytes(frame.body) for frame in scan(data, KEY, SESSION).frames]


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_what_was_written_comes_back(bodies: list[bytes]) -> None:
    data = b"".join(pieces(bodies))
    stream = scan(data, KEY, SESSION)
    assert [bytes(frame.body) for frame in stream.frames] == bodies
    assert stream.bad is None and stream.end == len(data)


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=4), st.data())
def test_a_stream_cut_anywhere_gives_every_complete_frame(bodies: list[bytes], data: st.DataObject) -> None:
    made = pieces(bodies)
    whole = b"".join(made)
    cut = data.draw(st.integers(0, len(whole)))
    complete = sum(1 for k in range(1, len(made) + 1) if len(b"".join(made[:k])) <= cut)
    stream = scan(whole[:cut], KEY, SESSION)
    assert [bytes(frame.body) for frame in stream.frames] == bodies[:complete]
    assert stream.end == len(b"".join(made[:complete]))
    assert (stream.bad is None) == (cut == stream.end)
    assert stream.bad is None or stream.bad.why == "cut"


def test_every_single_bit_that_flips_is_found_in_its_frame() -> None:
    whole = b"".join(FOUR)
    ends = [len(b"".join(FOUR[: k + 1])) for k in range(4)]
    for bit in range(8 * len(whole)):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        stream = scan(bytes(damaged), KEY, SESSION)
        frame = next(k for k, end in enumerate(ends) if bit // 8 < end)
        assert stream.bad is not None and stream.bad.number == frame and len(stream.frames) == frame, bit
        assert stream.bad.why == "flipped", bit


def test_frames_behind_a_damaged_one_can_still_be_read() -> None:
    damaged = bytearray(b"".join(FOUR))
    damaged[len(FOUR[0]) + 40] ^= 1
    stream = scan(bytes(damaged), KEY, SESSION)
    assert [frame.number for frame in stream.frames] == [0]
    assert [frame.number for frame in stream.after] == [2, 3]


def test_a_deleted_frame_is_named() -> None:
    stream = scan(FOUR[0] + FOUR[2] + FOUR[3], KEY, SESSION)
    assert stream.bad is not None and (stream.bad.number, stream.bad.why) == (1, "deleted")
    assert [frame.number for frame in stream.after] == [2, 3]


def test_swapped_frames_are_named_and_still_read_in_order() -> None:
    stream = scan(FOUR[0] + FOUR[2] + FOUR[1] + FOUR[3], KEY, SESSION)
    assert stream.bad is not None and (stream.bad.number, stream.bad.why) == (1, "swapped")
    assert [frame.number for frame in stream.after] == [1, 2, 3]


def test_a_repeated_frame_is_named() -> None:
    stream = scan(FOUR[0] + FOUR[0] + FOUR[1], KEY, SESSION)
    assert stream.bad is not None and (stream.bad.number, stream.bad.why) == (1, "repeated")


def test_a_frame_rewritten_with_a_fitting_checksum_is_still_found() -> None:
    forged, _ = encode(b"x" * 32, first_mac(KEY, SESSION), 1, 1, 1, b"better results")
    stream = scan(FOUR[0] + forged + FOUR[2], KEY, SESSION)
    assert stream.bad is not None and (stream.bad.number, stream.bad.why) == (1, "forged")


def test_a_stream_of_another_session_is_not_taken() -> None:
    stream = scan(b"".join(FOUR), KEY, "another")
    assert stream.frames == () and stream.bad is not None and stream.bad.why == "forged"


def test_without_the_key_checksums_and_order_are_still_looked_at() -> None:
    assert len(scan(b"".join(FOUR), None, SESSION).frames) == 4
    assert scan(FOUR[1], None, SESSION).bad is not None


def test_writing_goes_on_behind_the_last_good_frame(tmp_path: Path) -> None:
    path = tmp_path / "ticks.frames"
    path.write_bytes(FOUR[0] + FOUR[1] + FOUR[2][:-1])
    stream = scan(path.read_bytes(), KEY, SESSION)
    file = AppendFile(path, new=False)
    file.cut(stream.end)
    writer = FrameWriter(file, KEY, SESSION, stream)
    for number in (2, 3):
        writer.append(bytes([65 + number]) * (40 + 7 * number), number, 1)
    file.close()
    assert path.read_bytes() == b"".join(FOUR)


def test_two_writers_of_one_file_are_refused(tmp_path: Path) -> None:
    file = AppendFile(tmp_path / "ticks.frames", new=True)
    with pytest.raises(RecordingError, match="another process"):
        AppendFile(tmp_path / "ticks.frames", new=False)
    file.close()


def test_a_recording_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "ticks.frames").write_bytes(FOUR[0])
    with pytest.raises(RecordingError, match="never written over"):
        AppendFile(tmp_path / "ticks.frames", new=True)
    assert (tmp_path / "ticks.frames").read_bytes() == FOUR[0]
