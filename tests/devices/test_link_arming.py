from __future__ import annotations

import pytest

from devices.link.device import LinkDevice
from rehab.core.errors import DeviceRefused
from rehab.core.values import Command, Status
from tests.devices.link_peer import FAULTED, Bench

IDLE = Command((0.0, 0.0), False, 0.02)


def refusal(device: LinkDevice) -> str:
    with pytest.raises(DeviceRefused) as refused:
        device.arm()
    return str(refused.value)


def kinds(bench: Bench) -> list[int]:
    return [kind for kind, _, _ in bench.peer.heard]


def test_arming_sends_the_nonce_of_hello_and_no_clear(bench: Bench, opened: LinkDevice) -> None:
    opened.arm()
    (arm,) = [body for kind, _, body in bench.peer.heard if kind == 3]
    assert int.from_bytes(arm[8:], "little") == bench.peer.nonce
    assert 4 not in kinds(bench)
    assert bench.peer.on


def test_after_arming_the_torque_is_zero_and_the_watchdog_already_fed(bench: Bench, armed: LinkDevice) -> None:
    """The session has one whole watchdog time for its first command."""
    for _ in range(18):
        bench.tick()
    assert bench.peer.on and bench.peer.torque == [0.0, 0.0]
    assert all(not enable and torque == (0.0, 0.0) for enable, torque, _ in bench.peer.commands)


def test_after_a_fault_clear_comes_before_arm(bench: Bench, armed: LinkDevice) -> None:
    for _ in range(40):
        bench.tick()
    assert armed.read().status & Status.WATCHDOG_TRIPPED
    armed.arm()
    assert [kind for kind in kinds(bench) if kind in (3, 4)] == [3, 4, 3]
    bench.tick()
    assert not armed.read().status & Status.FAULTED


def test_a_fault_that_only_arm_tells_of_is_cleared_too(bench: Bench, opened: LinkDevice) -> None:
    send_state = bench.peer.send_state

    def hide() -> None:
        bench.peer.status_fault, real = 0, bench.peer.status_fault
        send_state()
        bench.peer.status_fault = real

    bench.peer.send_state = hide  # type: ignore[method-assign]
    bench.peer.status_fault = FAULTED
    opened.arm()
    assert bench.peer.on


@pytest.mark.parametrize(
    ("result", "says"),
    [
        (1, "nonce is stale"),
        (2, "latched again right after CLEAR"),
        (3, "e-stop is pressed"),
        (4, "watchdog does not run"),
        (9, "result 9"),
    ],
)
def test_every_result_of_arm_has_its_words(bench: Bench, opened: LinkDevice, result: int, says: str) -> None:
    bench.peer.arm_result = result
    assert says in refusal(opened)
    assert not bench.peer.on


def test_a_pressed_e_stop_refuses_and_says_so(bench: Bench, opened: LinkDevice) -> None:
    bench.peer.inputs = 1
    assert "e-stop" in refusal(opened)


def test_a_fault_whose_cause_stands_is_not_cleared_and_the_cause_named(bench: Bench, opened: LinkDevice) -> None:
    bench.peer.status_fault, bench.peer.clear_result = FAULTED | Status.OVER_TEMPERATURE, 1
    bench.peer.inputs = 2
    says = refusal(opened)
    assert "cannot be cleared while its cause stands: the e-stop is pressed or its line is open, it is too hot" in says
    assert 3 not in kinds(bench)


@pytest.mark.parametrize(("limit", "accepted"), [(0.019, False), (0.020, True), (0.5, True)])
def test_the_watchdog_in_force_must_keep_the_limit(bench: Bench, limit: float, accepted: bool) -> None:
    device = bench.device(watchdog_limit=limit)
    device.open()
    if accepted:
        device.arm()
    else:
        assert "its watchdog takes 20 ms, the limit is 19 ms" in refusal(device)
    bench.tick()
    assert bench.peer.on is accepted
    device.close()


def test_samples_that_deny_the_watchdog_undo_arming(bench: Bench, opened: LinkDevice) -> None:
    bench.peer.watchdog_bit = 0
    assert "do not say that its watchdog runs" in refusal(opened)
    bench.tick()
    assert not bench.peer.on


def test_samples_that_deny_being_armed_undo_arming(bench: Bench, opened: LinkDevice) -> None:
    bench.peer.arm_result = 0
    status = type(bench.peer).status.fget
    type(bench.peer).status = property(lambda peer: status(peer) & ~1)  # type: ignore[assignment]
    try:
        assert "do not say that it is armed" in refusal(opened)
    finally:
        type(bench.peer).status = property(status)  # type: ignore[assignment]


@pytest.mark.parametrize(("kind", "says"), [(3, "did not answer ARM"), (4, "did not answer CLEAR")])
def test_a_device_that_does_not_answer_is_refused(bench: Bench, opened: LinkDevice, kind: int, says: str) -> None:
    bench.peer.status_fault = FAULTED
    bench.peer.deaf_to = {kind}
    assert says in refusal(opened)


def test_a_lost_answer_to_arm_is_recovered_from(bench: Bench, opened: LinkDevice) -> None:
    """The device is armed, nobody knows: its watchdog trips, CLEAR and ARM follow."""
    lost = []

    def spoil(data: bytes) -> bytes:
        if 3 in kinds(bench) and not lost:
            lost.append(data)
            return b""
        return data

    bench.spoil = spoil
    opened.arm()
    assert lost and bench.peer.on


def test_another_program_that_says_hello_makes_our_nonce_stale(bench: Bench, opened: LinkDevice) -> None:
    """What it was told is not ours to use."""
    bench.peer._answer(1, 0, 0, b"\1\0")
    bench.tick()
    opened.read()
    assert opened.link.foreign_hellos == 1
    assert "another program said HELLO" in refusal(opened)


def test_hellos_that_were_lost_at_opening_excuse_no_foreign_one(bench: Bench, device: LinkDevice) -> None:
    bench.spoil = lambda data: b"" if bench.peer.now < 0.25 else data
    device.open()
    assert kinds(bench).count(1) > 1
    bench.peer._answer(1, 0, 0, b"\1\0")
    bench.tick()
    assert "another program said HELLO" in refusal(device)


def test_a_line_slower_than_the_watchdog_can_still_be_armed(bench: Bench) -> None:
    """The idle command that goes with ARM is valid as long as the session's limit allows."""
    device = bench.device(watchdog_limit=0.2)
    device.open()
    late = [b""] * 25
    bench.spoil = lambda data: (late.append(data), late.pop(0))[1]
    device.arm()
    assert bench.peer.on and not bench.peer.status_fault
    assert 4 not in kinds(bench)
    device.close()


def test_after_a_second_of_silence_arming_says_hello_again(bench: Bench, opened: LinkDevice) -> None:
    before = opened.read()
    for _ in range(1500):
        bench.tick()
    assert not bench.peer.streaming
    opened.arm()
    assert bench.peer.on and kinds(bench).count(1) == 2
    sample = opened.read()
    assert sample.sequence > before.sequence and sample.time > before.time


def test_a_device_that_nobody_spoke_to_for_a_second_gives_samples_again_before_it_is_armed(
    bench: Bench, opened: LinkDevice
) -> None:
    """A loop that loads a plan for longer than that must not leave the arm dead until somebody arms."""
    before = opened.read()
    for _ in range(1600):
        bench.tick()
    assert not bench.peer.streaming
    for _ in range(5):
        sample = opened.read()
        bench.tick()
    assert bench.peer.streaming and sample.sequence > before.sequence and sample.age < 0.01
    assert kinds(bench).count(1) == 2
    opened.arm()
    assert bench.peer.on and kinds(bench).count(1) == 3  # looked at once more: it must still be the same


def test_a_device_that_is_gone_hears_hello_twice_a_second_and_no_more(bench: Bench, opened: LinkDevice) -> None:
    bench.peer.deaf_to = {1}
    opened.read()
    before = kinds(bench).count(1)
    bench.peer.streaming = False
    for _ in range(4000):
        opened.read()
        bench.tick()
    assert kinds(bench).count(1) - before == 5  # at 1.5, 2, 2.5, 3, 3.5 s


def test_an_armed_device_that_falls_silent_hears_no_hello(bench: Bench, armed: LinkDevice) -> None:
    """HELLO would disarm it, and take its nonce: what follows a silence then is the monitor's to say."""
    before = kinds(bench).count(1)
    bench.peer.streaming = False
    for _ in range(3000):
        armed.read()
        bench.tick()
    assert kinds(bench).count(1) == before


def test_another_device_that_answered_in_between_is_not_armed(bench: Bench, opened: LinkDevice) -> None:
    for _ in range(1600):
        bench.tick()
    bench.peer.hello_identity = b"OTHER"
    for _ in range(5):
        opened.read()
        bench.tick()
    assert bench.peer.streaming
    assert "another device is on" in refusal(opened)
    assert not bench.peer.on


def test_another_device_on_the_same_port_is_not_armed(bench: Bench, opened: LinkDevice) -> None:
    for _ in range(1500):
        bench.tick()
    bench.peer.hello_identity = b"OTHER"
    assert "another device is on" in refusal(opened)
    assert not bench.peer.on


def test_unplugged_it_cannot_be_armed(bench: Bench, opened: LinkDevice) -> None:
    bench.unplug()
    assert "F09 device unplugged" in refusal(opened)


def test_a_lost_disarm_is_sent_again_while_the_device_says_armed(bench: Bench, armed: LinkDevice) -> None:
    bench.peer.deaf_to = {5}
    armed.disarm()
    for tick in range(50):
        if tick == 35:
            bench.peer.deaf_to = set()
        armed.write(Command((1.0, 1.0), True, 0.1))
        bench.tick()
        armed.read()
    assert not bench.peer.on
    assert kinds(bench).count(5) == 5  # one every 10 ms


def test_after_disarm_what_is_written_is_zero_and_disabled(bench: Bench, armed: LinkDevice) -> None:
    armed.disarm()
    armed.write(Command((3.0, 3.0), True, 0.02))
    bench.tick()
    assert bench.peer.commands[-1] == (False, (0.0, 0.0), 20)


def test_closing_disarms(bench: Bench, armed: LinkDevice) -> None:
    armed.close()
    bench.tick()
    assert not bench.peer.on
    assert kinds(bench)[-1] == 5
