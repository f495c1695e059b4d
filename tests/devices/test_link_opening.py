from __future__ import annotations

import os

import msgspec
import pytest

from devices.link.device import LinkDevice
from rehab.core.errors import DeviceRefused
from tests.devices.link_peer import Bench, Peer, arm_info


def refusal(bench: Bench, **options: object) -> str:
    """The words with which opening is refused; afterwards the port must be free and everything still closable."""
    device = bench.device(**options)
    with pytest.raises(DeviceRefused) as refused:
        device.open()
    device.close()
    bench.connect(bench.path).close()
    return str(refused.value)


def test_opening_reads_the_description_and_leaves_the_device_disarmed(bench: Bench, device: LinkDevice) -> None:
    device.open()
    assert device.info == msgspec.structs.replace(bench.peer.info, simulated=True)
    assert not bench.peer.on
    assert device.read().q == pytest.approx((0.5, 0.5))


def test_a_description_longer_than_one_piece_is_put_together(bench: Bench, device: LinkDevice) -> None:
    assert len(bench.peer.text) > 400
    device.open()
    offsets = [int.from_bytes(body[8:], "little") for kind, _, body in bench.peer.heard if kind == 2]
    assert offsets == list(range(0, len(bench.peer.text), 40))


def test_the_scheme_may_stand_before_the_path_or_not() -> None:
    assert LinkDevice("/dev/ttyACM0").port == LinkDevice("serial:/dev/ttyACM0").port == "/dev/ttyACM0"


def test_a_device_that_starts_slowly_is_asked_again(bench: Bench, device: LinkDevice) -> None:
    bench.peer.deaf_to = {1}
    hear = bench.peer.hear

    def wake(data: bytes) -> None:
        if bench.peer.now > 1.5:
            bench.peer.deaf_to = set()
        hear(data)

    bench.peer.hear = wake  # type: ignore[method-assign]
    device.open()
    hellos = [seq for kind, seq, _ in bench.peer.heard if kind == 1]
    assert len(hellos) == 16  # every 100 ms
    device.arm()
    assert bench.peer.on


def test_late_answers_to_several_hellos_leave_the_newest_nonce(bench: Bench, device: LinkDevice) -> None:
    """As after a boot loader that kept all of them: each makes a new nonce, ARM needs the last."""
    hear, kept = bench.peer.hear, []

    def hoard(data: bytes) -> None:
        kept.append(data)
        if bench.peer.now > 0.35:
            hear(b"".join(kept))
            kept.clear()

    bench.peer.hear = hoard  # type: ignore[method-assign]
    device.open()
    assert bench.peer.nonce > 0x1002
    device.arm()
    assert bench.peer.on


def test_half_a_frame_of_a_killed_predecessor_does_no_harm(bench: Bench, device: LinkDevice) -> None:
    bench.peer.hear(b"\x05\x11\x22")
    device.open()
    assert bench.peer.damaged == 1
    assert sum(kind == 1 for kind, _, _ in bench.peer.heard) == 1


def test_an_older_stream_that_still_runs_does_not_confuse_opening(bench: Bench, device: LinkDevice) -> None:
    bench.peer.streaming, bench.peer.seq = True, 40_000
    device.open()
    assert device.link.out_of_order == 0


@pytest.mark.parametrize("piece", range(5))
def test_a_lost_answer_is_asked_for_again(bench: Bench, device: LinkDevice, piece: int) -> None:
    lost: list[bytes] = []

    def spoil(data: bytes) -> bytes:
        frames = data.split(b"\0")
        if bench.peer.heard and len(lost) <= piece and len(frames) > 2:  # an answer and a STATE
            lost.append(data)
            return b""
        return data

    bench.spoil = spoil
    device.open()
    assert len(lost) == piece + 1


# refusals


@pytest.mark.parametrize(
    ("major", "says"),
    [
        (2, "speaks link protocol 2.0, this program 1.0; this program is the older side"),
        (0, "speaks link protocol 0.0, this program 1.0; the device is the older side"),
    ],
)
def test_another_major_is_refused_and_the_older_side_named(bench: Bench, major: int, says: str) -> None:
    bench.peer.major = major
    assert says in refusal(bench)


def test_another_minor_of_ours_is_fine(bench: Bench, device: LinkDevice) -> None:
    bench.peer.minor = 9
    device.open()


def test_a_device_without_a_watchdog_is_refused(bench: Bench) -> None:
    bench.peer.watchdog_ms = 0
    assert "TEST-0001 has no watchdog" in refusal(bench)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("max_valid_ms", 0, "max_valid_ms is 0"),
        ("joints", 4, "4 joints; the link carries 1 to 3"),
        ("joints", 0, "0 joints"),
        ("joints", 1, "2 joints described, 1 in HELLO"),
        ("rate_hz", 0, "0 samples a second"),
        ("rate_hz", 100, "streams 100 samples/s, its period promises 1000"),
        ("hello_identity", b"OTHER", 'identity "TEST-0001" described, "OTHER" in HELLO'),
        ("text_crc", 1, "description came damaged"),
        ("text", b"", "description has 0 bytes"),
        ("text", b"{}", "missing required field `model`"),
        ("text", b"\xff\xfe{", "not that of a device"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(bench: Bench, name: str, value: object, says: str) -> None:
    setattr(bench.peer, name, value)
    assert says in refusal(bench)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"home": (0.0,)}, "home has 1 angles"),
        ({"links": ()}, "planar_2r with 2 joints and 0 links"),
        ({"kinematics": "single_joint"}, "single_joint with 2 joints"),
        ({"period_s": 0.0}, "a period of 0 s"),
        ({"gravity": (0.0, 0.0, -9.81)}, "gravity has 3 components"),
        (
            {"joints": tuple(msgspec.structs.replace(j, q_max=-2.0) for j in arm_info().joints)},
            "q_min -1 is not below q_max -2",
        ),
        (
            {"joints": tuple(msgspec.structs.replace(j, torque=0.0) for j in arm_info().joints)},
            "torque must be above 0",
        ),
    ],
)
def test_a_description_that_contradicts_itself_is_refused(change: dict[str, object], says: str) -> None:
    bench = Bench(Peer(msgspec.structs.replace(arm_info(), **change)))
    bench.peer.joints = 2
    assert says in refusal(bench)
    bench.close()


def test_the_capability_bit_decides_whether_it_is_a_simulation(bench: Bench, device: LinkDevice) -> None:
    bench.peer.capabilities = 0
    device.open()
    assert device.info.simulated is False


def test_the_watchdog_that_runs_is_the_one_of_hello(bench: Bench, device: LinkDevice) -> None:
    bench.peer.watchdog_ms = 15
    device.open()
    assert device.info.watchdog_s == pytest.approx(0.015)


def test_one_joint_and_three_joints_work_too() -> None:
    for joints in (1, 3):
        info = msgspec.structs.replace(arm_info(joints), kinematics="single_joint" if joints == 1 else "other")
        bench = Bench(Peer(info))
        device = bench.device()
        device.open()
        device.arm()
        bench.tick()
        assert len(device.read().q) == joints
        device.close()
        bench.close()


def test_the_gravity_that_a_device_describes_is_known_to_the_host() -> None:
    bench = Bench(Peer(msgspec.structs.replace(arm_info(), gravity=(0.0, -9.81))))
    device = bench.device()
    device.open()
    assert device.info.gravity == (0.0, -9.81)
    device.close()
    bench.close()


def test_a_silent_port_says_that_nothing_came(bench: Bench) -> None:
    bench.peer.deaf_to = {1}
    assert "did not answer HELLO within 0.5 s; nothing came at all" in refusal(bench, answer_within=0.5)


def test_a_port_that_babbles_hints_at_the_rate(bench: Bench) -> None:
    bench.peer.deaf_to = {1}
    bench.peer.streaming = True
    bench.spoil = lambda data: bytes(255 - byte for byte in data)
    assert "bytes came but no frame: another baud rate" in refusal(bench, answer_within=0.5)


def test_a_line_that_echoes_is_recognised(bench: Bench) -> None:
    bench.peer.hear = lambda data: setattr(bench.peer, "out", data)  # type: ignore[method-assign]
    assert "does the line echo" in refusal(bench, answer_within=0.5)


def test_a_device_that_streams_but_does_not_hear_is_told_apart(bench: Bench) -> None:
    bench.peer.deaf_to = {1}
    bench.peer.streaming = True
    assert "frames of the link came but no HELLO" in refusal(bench, answer_within=0.5)


@pytest.mark.parametrize(
    ("kind", "says"), [(2, "did not give its description beyond byte 0"), (6, "does not answer TIMESYNC")]
)
def test_a_device_that_leaves_a_question_open_is_refused(bench: Bench, kind: int, says: str) -> None:
    bench.peer.deaf_to = {kind}
    assert says in refusal(bench)


def test_unplugging_while_opening_is_a_refusal(bench: Bench) -> None:
    hear = bench.peer.hear

    def pull(data: bytes) -> None:
        hear(data)
        if len(bench.peer.heard) > 4:
            bench.unplug()

    bench.peer.hear = pull  # type: ignore[method-assign]
    device = bench.device()
    with pytest.raises(DeviceRefused, match="went away while it was opened: F09 device unplugged"):
        device.open()
    device.close()


def test_a_port_that_is_busy_or_missing_is_refused_by_the_real_driver(bench: Bench, device: LinkDevice) -> None:
    device.open()
    with pytest.raises(DeviceRefused, match=rf"busy: this process itself \(pid {os.getpid()}\)"):
        LinkDevice(bench.path).open()
    with pytest.raises(DeviceRefused, match="there is no port /dev/ttyGONE7"):
        LinkDevice("serial:/dev/ttyGONE7").open()


def test_the_addresses_are_those_of_the_ports_that_are_found() -> None:
    found = LinkDevice.addresses(lambda: ["/dev/ttyUSB1", "/dev/ttyACM0"])
    assert found == ["serial:/dev/ttyACM0", "serial:/dev/ttyUSB1"]


def test_looking_for_addresses_on_this_machine_works() -> None:
    assert all(address.startswith("serial:/dev/") for address in LinkDevice.addresses())
