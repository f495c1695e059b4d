"""The emulator's loop with a manual clock; its pty, its black box, its patient's eyes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehab.core.clock import ManualClock
from rehab.core.errors import BadInput
from rehab.core.types import NO_SCENE, Scene
from rehab.core.values import Inputs
from rehab.realtime import shm, snapshot
from rehab.realtime.snapshot import SnapshotWriter
from sim.emulators import eyes as eyes_module
from sim.emulators.codec import Kind
from sim.emulators.device import PlantStep
from sim.emulators.eyes import Eyes
from sim.emulators.line import MOST_PENDING, Line
from sim.emulators.process import MOST_STEPS, Emulator
from sim.emulators.trace import CAPACITY, TraceWriter, read_trace, steps_written

ZERO = (0.0, 0.0)


class Wire:
    """A line without a terminal: what is written is there at once, nothing is lost."""

    def __init__(self) -> None:
        self.to_device, self.to_host, self.forgotten = b"", b"", 0

    def read(self) -> bytes:
        data, self.to_device = self.to_device, b""
        return data

    def answer(self, data: bytes) -> None:
        self.to_host += data

    def stream(self, data: bytes) -> bool:
        self.to_host += data
        return True

    def forget(self) -> None:
        self.to_host = b""
        self.forgotten += 1


class Bench:
    """The loop, a manual clock, and the host's end of its line."""

    def __init__(self, host, trace: Path) -> None:
        self.host, self.clock, self.line, self.trace = host, ManualClock(), Wire(), trace
        self.emulator = Emulator(host.device, self.line, self.clock, trace=TraceWriter(trace, 2, 1000))

    def write(self, kind: Kind, *fields, **header: int) -> None:
        self.line.to_device += self.host.frame(kind, *fields, **header)

    def run(self, periods: int = 1) -> list:
        """That many wake-ups; the frames the device sent."""
        for _ in range(periods):
            self.emulator.wait()
            self.emulator.work()
        frames = self.host.parse(self.line.to_host)
        self.line.to_host = b""
        return frames

    def arm(self) -> None:
        self.write(Kind.HELLO, 1, 0)
        nonce = self.run()[0].fields[2]
        self.write(Kind.ARM, nonce)
        assert self.run()[0].fields[0] == 0


@pytest.fixture
def bench(host, tmp_path: Path) -> Bench:
    return Bench(host, tmp_path / "trace")


def test_each_period_is_one_plant_step_and_one_state(bench: Bench) -> None:
    bench.write(Kind.HELLO, 1, 0)
    frames = bench.run(5)
    assert [frame.kind for frame in frames] == [Kind.HELLO, *[Kind.STATE] * 5]
    assert [frame.t_dev for frame in frames[1:]] == [1000, 2000, 3000, 4000, 5000]
    assert len(bench.host.body.torques) == 5


def test_waking_up_early_moves_nothing(bench: Bench) -> None:
    bench.write(Kind.HELLO, 1, 0)
    bench.run()
    bench.emulator.work()
    assert bench.line.to_host == b""
    assert len(bench.host.body.torques) == 1


def test_a_late_wake_up_steps_the_plant_for_what_was_missed_and_sends_one_state(bench: Bench) -> None:
    bench.write(Kind.HELLO, 1, 0)
    bench.run()
    bench.clock.advance(0.0407)
    frames = bench.run()
    assert [(frame.kind, frame.t_dev) for frame in frames] == [(Kind.STATE, 41_000)]
    assert len(bench.host.body.torques) == 41
    assert bench.run()[0].t_dev == 42_000  # on the same grid


def test_torque_ends_at_expiry_even_if_the_emulator_itself_was_late(bench: Bench) -> None:
    bench.arm()
    bench.write(Kind.COMMAND, 1, 1.0, 1.0, valid_ms=20)
    bench.run(2)
    bench.clock.advance(0.060)
    assert Kind.FAULT in [frame.kind for frame in bench.run()]
    steps = read_trace(bench.trace)
    last = max(step.received for step in steps) + 20_000
    with_torque = [step.begin for step in steps if step.torque != ZERO]
    assert with_torque == list(range(3000, last, 1000))
    assert steps[-1].begin == 63_000


def test_a_stall_beyond_the_bound_is_lost_to_the_plant_but_not_to_the_watchdog(bench: Bench) -> None:
    bench.arm()
    bench.write(Kind.COMMAND, 1, 1.0, 1.0, valid_ms=20)
    bench.run(2)
    before = len(bench.host.body.torques)
    bench.clock.advance(2.0)
    bench.run()
    assert bench.host.body.torques[before:] == [ZERO] * MOST_STEPS
    assert read_trace(bench.trace)[-1].begin == 2_003_000


def test_commands_that_came_during_the_emulators_own_stall_are_drained_first(bench: Bench) -> None:
    bench.arm()
    bench.write(Kind.COMMAND, 1, 1.0, 1.0, valid_ms=20)
    bench.run(2)
    bench.clock.advance(0.060)
    bench.write(Kind.COMMAND, 1, 2.0, 2.0, valid_ms=20)
    bench.run()
    assert bench.host.body.torques[-1] == (2.0, 2.0)


def test_an_input_pressed_from_outside_acts_at_the_next_period(bench: Bench) -> None:
    bench.arm()
    bench.write(Kind.COMMAND, 1, 1.0, 1.0, valid_ms=20)
    bench.run(3)
    bench.emulator.set_inputs(Inputs.ESTOP_A)
    kinds = [frame.kind for frame in bench.run()]
    assert kinds == [Kind.FAULT, Kind.STATE]
    assert bench.host.body.torques[-1] == ZERO


def test_a_host_that_falls_silent_is_forgotten_once_and_the_next_one_is_answered(bench: Bench) -> None:
    bench.write(Kind.HELLO, 1, 0)
    assert bench.run(1000)[-1].t_dev == 1_000_000
    assert bench.line.forgotten == 0
    assert bench.run(10) == []
    assert bench.line.forgotten == 1
    bench.write(Kind.HELLO, 1, 0)
    assert [frame.kind for frame in bench.run()] == [Kind.HELLO, Kind.STATE]


def test_a_host_of_another_major_during_a_session_still_gets_its_answer(bench: Bench) -> None:
    bench.write(Kind.HELLO, 1, 0)
    bench.run(3)
    bench.write(Kind.HELLO, 2, 0)
    assert [frame.kind for frame in bench.run(3)] == [Kind.HELLO]


def test_the_patient_is_shown_the_sessions_scene_before_each_step(host, tmp_path: Path) -> None:
    seen: list[tuple[Scene, int]] = []
    clock = ManualClock()
    looking = Eyes(tmp_path / "snapshot")
    emulator = Emulator(
        host.device, Wire(), clock, see=lambda scene: seen.append((scene, len(host.body.torques))), eyes=looking
    )
    writer = show(tmp_path / "snapshot", Scene(text="one"))
    for scene in (Scene(text="one"), Scene(text="two")):
        writer.put([0.0], scene)
        emulator.wait()
        emulator.work()
    assert seen == [(Scene(text="one"), 0), (Scene(text="two"), 1)]


# --- the pty ----------------------------------------------------------------------------------------------------


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.close()


@pytest.fixture
def port(line: Line) -> Iterator[int]:
    """The host's end."""
    descriptor = os.open(line.address, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    yield descriptor
    os.close(descriptor)


def read_now(port: int) -> bytes:
    try:
        return os.read(port, 65536)
    except BlockingIOError:
        return b""


def test_the_terminal_passes_every_byte_and_echoes_none(line: Line, port: int, wait_until) -> None:
    sent, arrived = bytes(range(256)), b""
    os.write(port, sent)

    def all_arrived() -> bool:
        nonlocal arrived
        arrived += line.read()
        return len(arrived) >= len(sent)

    wait_until(all_arrived)
    assert arrived == sent
    line.answer(b"only this")
    back = b""

    def answered() -> bool:
        nonlocal back
        back += read_now(port)
        return len(back) >= 9

    wait_until(answered)
    assert back == b"only this"


def test_a_host_that_does_not_read_blocks_nothing_and_later_finds_whole_frames_only(
    line: Line, port: int, wait_until
) -> None:
    frames = [number.to_bytes(44, "little") for number in range(1, 3001)]
    went = b"".join(frame for frame in frames if line.stream(frame))
    assert 0 < len(went) < 3000 * 44
    found = b""

    def all_found() -> bool:
        nonlocal found
        line.answer(b"")
        found += read_now(port)
        return len(found) >= len(went)

    wait_until(all_found)
    assert found == went


def test_answers_to_a_host_that_does_not_read_are_bounded(line: Line) -> None:
    for _ in range(10_000):
        line.answer(b"x" * 50)
    assert len(line._pending) <= MOST_PENDING


def test_what_nobody_read_is_not_there_for_the_next_host(line: Line, wait_until) -> None:
    while line.stream(b"old" * 20):
        pass
    line.forget()
    line.answer(b"new")
    descriptor, found = os.open(line.address, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK), b""

    def something() -> bool:
        nonlocal found
        found += read_now(descriptor)
        return found.endswith(b"new")

    wait_until(something)
    os.close(descriptor)
    assert b"old" * 20 not in found


# --- black box --------------------------------------------------------------------------------------------------


def step_number(number: int) -> PlantStep:
    return PlantStep(number * 1000, number, number * 1000 + 7, number * 1000 + 20_007, bool(number % 2), (0.5, -number))


def test_the_black_box_gives_back_what_was_put_in(tmp_path: Path) -> None:
    trace = TraceWriter(tmp_path / "trace", 2, 1000)
    for number in range(10):
        trace.put(step_number(number))
    assert read_trace(tmp_path / "trace") == [step_number(number) for number in range(10)]


def test_a_full_black_box_keeps_the_newest_steps(tmp_path: Path) -> None:
    trace = TraceWriter(tmp_path / "trace", 2, 1000)
    for number in range(CAPACITY + 100):
        trace.put(step_number(number))
    steps = read_trace(tmp_path / "trace")
    assert (len(steps), steps[0], steps[-1]) == (CAPACITY, step_number(100), step_number(CAPACITY + 99))


def test_the_black_box_can_be_read_from_a_step_on_that_was_noted_before(tmp_path: Path) -> None:
    trace = TraceWriter(tmp_path / "trace", 2, 1000)
    for number in range(10):
        trace.put(step_number(number))
    noted = steps_written(tmp_path / "trace")
    trace.put(step_number(10))
    assert read_trace(tmp_path / "trace", noted) == [step_number(9), step_number(10)]


def test_a_trace_never_overwrites_a_file(tmp_path: Path) -> None:
    (tmp_path / "trace").write_text("mine")
    with pytest.raises(BadInput, match="exists already"):
        TraceWriter(tmp_path / "trace", 2, 1000)
    with pytest.raises(BadInput, match="not the trace"):
        read_trace(tmp_path / "trace")
    with pytest.raises(BadInput, match="cannot be written"):
        TraceWriter(tmp_path / "no folder" / "trace", 2, 1000)


# --- eyes -------------------------------------------------------------------------------------------------------


def glances(eyes: Eyes) -> list[Scene]:
    """What is seen while the file system is looked at once more."""
    seen = [eyes.glance() for _ in range(eyes_module.LOOK_FOR_FILE)]
    return [scene for scene in seen if scene is not None]


def show(path: Path, *scenes: Scene) -> SnapshotWriter:
    writer = SnapshotWriter(shm.create(path, snapshot.SIZE))
    for scene in scenes:
        writer.put([0.0], scene)
    return writer


def test_the_patient_sees_each_new_scene_of_a_session_once(tmp_path: Path) -> None:
    eyes = Eyes(tmp_path / "snapshot")
    assert glances(eyes) == []
    writer = show(tmp_path / "snapshot", Scene(text="one"))
    assert glances(eyes) == [Scene(text="one")]
    writer.put([1.0], Scene(text="two"))
    assert glances(eyes) == [Scene(text="two")]
    writer.put([2.0], Scene(text="two"))
    assert [scene.text for scene in glances(eyes)] in ([], ["two"])


def test_a_session_that_vanishes_leaves_nothing_to_see_and_the_next_one_is_found(tmp_path: Path) -> None:
    path, eyes = tmp_path / "snapshot", Eyes(tmp_path / "snapshot")
    first = show(path, Scene(text="first"))
    assert glances(eyes) == [Scene(text="first")]
    path.unlink()
    assert glances(eyes) == [NO_SCENE]
    second = show(path, Scene(text="second"))
    assert glances(eyes) == [Scene(text="second")]
    assert first is not second


def test_a_file_that_is_no_snapshot_yet_is_waited_for(tmp_path: Path) -> None:
    path, eyes = tmp_path / "snapshot", Eyes(tmp_path / "snapshot")
    path.touch()
    assert glances(eyes) == []
    path.write_bytes(bytes(snapshot.SIZE))
    assert glances(eyes) == []
