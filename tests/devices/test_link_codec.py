from __future__ import annotations

import re
import struct
import zlib
from math import inf, nan
from pathlib import Path

import pytest
from cobs import cobs
from hypothesis import given
from hypothesis import strategies as st

from devices.link.codec import LONGEST, Decoder, Encoder
from devices.link.messages import Armed, Cleared, Disarmed, Fault, Hello, Message, Piece, State, TimeSync
from tests.devices.link_peer import unwire, wire

DOCUMENT = Path(__file__).parents[2] / "docs" / "link.md"
u16 = st.integers(0, 0xFFFF)
u32 = st.integers(0, 0xFFFFFFFF)
f32 = st.floats(width=32, allow_nan=False)


def golden() -> dict[str, bytes]:
    """The table of docs/link.md, section 6: words -> bytes."""
    table = DOCUMENT.read_text(encoding="utf-8").split("## 6.")[1]
    return {
        words: bytes.fromhex(data) for words, data in re.findall(r"^\| (.+?) \| .+? \| `([0-9a-f]+)` \|$", table, re.M)
    }


def frame(kind: int, payload: bytes, seq: int = 1, t_dev: int = 0) -> bytes:
    return wire(struct.pack("<BBHI", kind, 0, seq, t_dev) + payload)


def state_frame(seq: int, q: float = 0.0) -> bytes:
    return frame(0x90, struct.pack("<HHH6f", 0, 0, 0, q, 0, 0, 0, 0, 0), seq)


def hello_payload(major: int = 1, joints: int = 2, identity: bytes = b"ARM-1") -> bytes:
    return struct.pack("<BBI3HBBII12s", major, 0, 9, 20, 500, 1000, joints, 1, 700, 0xCAFE, identity)


# golden frames


def test_the_document_has_golden_frames_for_both_directions() -> None:
    assert len(golden()) >= 6
    assert any(words.startswith("STATE") for words in golden())


@pytest.mark.parametrize("words", [w for w in golden() if not w.startswith("STATE")])
def test_the_encoder_gives_the_golden_bytes(words: str) -> None:
    encoder = Encoder()
    number = {name: int(value) for name, value in re.findall(r"(seq|last_rx|valid) (\d+)", words)}
    encoder.seq, encoder.last_rx = number["seq"] - 1, number["last_rx"]
    made = {
        "HELLO": lambda: encoder.hello(),
        "ARM": lambda: encoder.arm(0x12345678),
        "COMMAND enable": lambda: encoder.command((1.5, -0.25), True, number["valid"]),
        "COMMAND disabled": lambda: encoder.command((0.0, 0.0), False, number["valid"]),
        "TIMESYNC": lambda: encoder.timesync(1_000_000_000),
    }
    (make,) = [make for start, make in made.items() if words.startswith(start)]
    assert make() == golden()[words]


def test_the_decoder_reads_the_golden_state() -> None:
    (data,) = [data for words, data in golden().items() if words.startswith("STATE")]
    assert Decoder().feed(data) == [
        State(300, 123456, 258, 0b101, 0, q=(0.5, 1.25), qd=(0.0, -0.5), tau=(1.5, -0.25)),
    ]


# every message there and back


@given(
    seq=u16, t=u32, ack=u16, status=u16, inputs=u16,
    joints=st.lists(st.tuples(f32, f32, f32), min_size=1, max_size=3),
)  # fmt: skip
def test_any_state_comes_through(seq: int, t: int, ack: int, status: int, inputs: int, joints: list[tuple]) -> None:
    values = [value for joint in joints for value in joint]
    data = frame(0x90, struct.pack(f"<HHH{len(values)}f", ack, status, inputs, *values), seq, t)
    assert len(data) <= LONGEST
    q, qd, tau = zip(*joints, strict=True)
    assert Decoder().feed(data) == [State(seq, t, ack, status, inputs, q, qd, tau)]


@given(
    torque=st.lists(f32.filter(lambda v: abs(v) < 1e38), min_size=1, max_size=3),
    enable=st.booleans(),
    valid=u16,
    seq=u16,
)
def test_any_command_comes_through(torque: list[float], enable: bool, valid: int, seq: int) -> None:
    encoder = Encoder()
    encoder.seq, encoder.last_rx = seq, 77
    data = encoder.command(torque, enable, valid)
    assert len(data) <= LONGEST and data.count(0) == 1 and data[-1] == 0
    kind, flags, sent, last_rx, valid_ms, on, *values = struct.unpack(f"<BBHHHB{len(torque)}f", unwire(data[:-1]))
    assert (kind, flags, sent, last_rx, valid_ms, on) == (0x10, 0, (seq + 1) % 65536, 77, valid, enable)
    assert values == torque


@pytest.mark.parametrize(
    ("kind", "payload", "message"),
    [
        (0x81, hello_payload(), Hello(1, 0, 9, 20, 500, 1000, 2, 1, 700, 0xCAFE, "ARM-1")),
        (0x82, struct.pack("<I", 40) + b"x" * 40, Piece(40, b"x" * 40)),
        (0x82, struct.pack("<I", 80), Piece(80, b"")),
        (0x83, struct.pack("<BH", 2, 20), Armed(2, 20)),
        (0x84, b"\1", Cleared(1)),
        (0x85, b"", Disarmed()),
        (0x86, struct.pack("<QII", 1 << 60, 5, 6), TimeSync(1 << 60, 5, 6)),
        (0x9F, struct.pack("<HB", 10, 1), Fault(10, 1)),
    ],
)
def test_every_answer_is_understood(kind: int, payload: bytes, message: Message) -> None:
    data = frame(kind, payload)
    assert len(data) <= LONGEST
    assert Decoder().feed(data) == [message]


@given(offset=u32, nonce=u32, t1=st.integers(0, 2**64 - 1))
def test_the_small_host_messages_carry_their_numbers(offset: int, nonce: int, t1: int) -> None:
    encoder = Encoder()
    payloads = [unwire(data[:-1])[8:] for data in (encoder.describe(offset), encoder.arm(nonce), encoder.timesync(t1))]
    assert [int.from_bytes(payload, "little") for payload in payloads] == [offset, nonce, t1]
    assert unwire(encoder.clear()[:-1])[:1] + unwire(encoder.disarm()[:-1])[:1] == b"\x04\x05"


def test_the_host_counter_rises_with_every_frame_and_wraps() -> None:
    encoder = Encoder()
    encoder.seq = 65534
    frames = [encoder.hello(), encoder.command((0.0,), False, 1), encoder.clear()]
    assert [struct.unpack_from("<H", unwire(data[:-1]), 2)[0] for data in frames] == [65535, 0, 1]


@pytest.mark.parametrize("bad", [nan, inf, -inf, 1e39])
def test_a_torque_that_cannot_be_sent_is_refused_and_not_counted(bad: float) -> None:
    encoder = Encoder()
    with pytest.raises(ValueError, match="nothing was sent"):
        encoder.command((0.0, bad), True, 20)
    assert encoder.seq == 0


@pytest.mark.parametrize("joints", [0, 4])
def test_a_command_for_no_or_too_many_joints_is_refused(joints: int) -> None:
    with pytest.raises(ValueError, match="1 to 3"):
        Encoder().command((0.0,) * joints, True, 20)


# splits, garbage, damage


@given(cuts=st.lists(st.integers(0, 400), max_size=12))
def test_any_split_gives_the_same_messages(cuts: list[int]) -> None:
    stream = b"".join([frame(0x81, hello_payload()), *(state_frame(k, q=k) for k in range(2, 8)), frame(0x85, b"", 8)])
    decoder, messages, at = Decoder(), [], 0
    for cut in [*sorted(min(cut, len(stream)) for cut in cuts), len(stream)]:
        messages += decoder.feed(stream[at:cut])
        at = cut
    assert messages == Decoder().feed(stream)
    assert len(messages) == 8


def test_byte_by_byte_is_enough() -> None:
    decoder = Decoder()
    messages = [message for byte in state_frame(1) for message in decoder.feed(bytes((byte,)))]
    assert len(messages) == 1


@given(garbage=st.lists(st.binary(max_size=200), max_size=8))
def test_garbage_gives_nothing_never_raises_and_the_next_frame_is_read(garbage: list[bytes]) -> None:
    decoder = Decoder()
    assert all(decoder.feed(data) == [] for data in garbage)
    assert [type(m) for m in decoder.feed(b"\0" + state_frame(5, q=1.0))] == [State]


def test_an_endless_frame_is_dropped_without_being_kept() -> None:
    decoder = Decoder()
    for _ in range(1000):
        decoder.feed(b"\1" * 1000)
    assert len(decoder._rest) <= LONGEST
    assert len(decoder.feed(b"\0" + state_frame(1))) == 1
    assert decoder.bad_length == 1


@given(flips=st.sets(st.integers(0, 44 * 8 - 1), min_size=1, max_size=6))
def test_flipped_bits_never_give_a_wrong_message(flips: set[int]) -> None:
    true = state_frame(1, q=0.5)
    damaged = bytearray(true)
    for bit in flips:
        damaged[bit // 8] ^= 1 << bit % 8
    decoder = Decoder()
    assert decoder.feed(bytes(damaged) + b"\0") == []


def test_a_stream_under_fire_yields_only_true_values_and_recovers() -> None:
    """Every 7th byte position is hit in turn, with a delimiter, with 255 and with a flip."""
    true = {q: state_frame(q, q=q) for q in range(1, 200)}
    stream = bytearray(b"".join(true.values()))
    for k, at in enumerate(range(3, len(stream), 97)):
        stream[at] = (0, 255, stream[at] ^ 4)[k % 3]
    messages = Decoder().feed(bytes(stream))
    assert 60 < len(messages) < 199
    assert all(type(m) is State and m.q[0] == m.seq for m in messages)


def test_each_kind_of_damage_is_counted_for_itself() -> None:
    decoder = Decoder()
    body = struct.pack("<BBHI", 0x85, 0, 1, 0)
    decoder.feed(cobs.encode(body + struct.pack("<I", zlib.crc32(body) ^ 1)) + b"\0")  # CRC
    decoder.feed(b"\x05\1\1\0")  # COBS
    assert (decoder.bad_crc, decoder.bad_length, decoder.unknown, decoder.frames) == (2, 0, 0, 0)
    decoder.feed(frame(0x83, b"12345678", seq=1))  # length for its type
    decoder.feed(wire(b"abc"))  # no header
    decoder.feed(b"\1" * 63 + b"\0")  # too long
    assert (decoder.bad_crc, decoder.bad_length, decoder.unknown, decoder.frames) == (2, 3, 0, 0)
    decoder.feed(frame(0x99, b"", seq=2))
    decoder.feed(frame(0x01, b"\1\0", seq=3))  # our own bytes, echoed
    assert (decoder.bad_crc, decoder.bad_length, decoder.unknown, decoder.frames) == (2, 3, 2, 0)


def test_nothing_between_two_delimiters_is_no_error() -> None:
    decoder = Decoder()
    assert decoder.feed(b"\0\0\0") == []
    assert (decoder.bad_crc, decoder.bad_length) == (0, 0)


def test_once_the_joints_are_known_a_state_of_another_length_is_dropped() -> None:
    decoder = Decoder()
    decoder.feed(frame(0x81, hello_payload(joints=1), seq=1))
    assert decoder.feed(state_frame(2)) == []
    assert decoder.bad_length == 1


# order


def sequences(decoder: Decoder, *numbers: int) -> list[int]:
    return [m.seq for n in numbers for m in decoder.feed(state_frame(n)) if isinstance(m, State)]


def test_the_counter_wraps_without_a_gap() -> None:
    decoder = Decoder()
    assert sequences(decoder, 65534, 65535, 0, 1) == [65534, 65535, 0, 1]
    assert decoder.gaps == 0


def test_a_duplicate_is_dropped_and_counted() -> None:
    decoder = Decoder()
    assert sequences(decoder, 5, 5, 6) == [5, 6]
    assert decoder.duplicates == 1


def test_an_older_frame_is_dropped_and_counted_also_across_the_wrap() -> None:
    decoder = Decoder()
    assert sequences(decoder, 65535, 1, 65534, 0, 2) == [65535, 1, 2]
    assert (decoder.out_of_order, decoder.gaps) == (2, 1)


@pytest.mark.parametrize(("ahead", "taken"), [(32768, True), (32769, False)])
def test_older_means_by_up_to_32767(ahead: int, taken: bool) -> None:
    decoder = Decoder()
    assert sequences(decoder, 0, ahead) == ([0, ahead] if taken else [0])


def test_missing_frames_are_counted_exactly() -> None:
    decoder = Decoder()
    sequences(decoder, 10, 11, 15, 16, 20)
    assert (decoder.gaps, decoder.frames) == (6, 5)


def test_a_hello_begins_a_new_count() -> None:
    decoder = Decoder()
    sequences(decoder, 500)
    assert decoder.feed(frame(0x81, hello_payload(), seq=1)) != []
    assert sequences(decoder, 2) == [2]
    assert (decoder.out_of_order, decoder.gaps) == (0, 0)


@given(order=st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_whatever_the_order_states_never_go_back(order: list[int]) -> None:
    taken = sequences(Decoder(), *order)
    assert taken == sorted(set(taken))


# versions


@pytest.mark.parametrize("payload", [b"\2\3", hello_payload(major=2), hello_payload(major=2) + b"more"])
def test_the_version_of_another_major_is_read_whatever_follows_it(payload: bytes) -> None:
    (hello,) = Decoder().feed(frame(0x81, payload))
    assert isinstance(hello, Hello)
    assert hello == Hello(2, payload[1])


def test_a_hello_of_our_major_must_have_its_length() -> None:
    assert Decoder().feed(frame(0x81, b"\1\0")) == []
