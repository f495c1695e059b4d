"""What is done to the loop, its plug-ins, files and ports in single rows of the table."""

from __future__ import annotations

import contextlib
import json
import os
import pty
from math import pi, sin
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import structs

from devices.link.transport import Transport
from rehab.core.errors import RehabError
from rehab.core.limits import identity_of
from rehab.core.safety.faults import Fault
from rehab.protocol.load import load_protocol
from rehab.realtime.ring import CAPACITY
from rehab.realtime.suspend import SuspendWatch
from rehab.record.folder import FRAMES, MANIFEST
from rehab.record.frames import scan
from rehab.record.recorder import Recorder
from rehab.record.recording import Recording
from rehab.record.verify import verify
from rehab.session import messages
from rehab.session.integrity import Installation, obstacles
from tests.faults.benches import MODEL, Bench, Seen
from tests.record.record_helpers import SESSION, FakeLoop


def wishes(*torque: float) -> Any:
    def do(bench: Bench) -> None:
        bench.loop.rig.controller.wish = lambda state: np.array(torque)

    return do


def controller_raises(bench: Bench) -> None:
    bench.loop.rig.controller.wish = lambda state: 1 / 0


def controller_is_slow(seconds: float) -> Any:
    """The controller takes that long, once."""

    def do(bench: Bench) -> None:
        def slow(state: Any) -> Any:
            bench.loop.rig.controller.wish = lambda state: np.zeros(2)
            bench.clock.advance(seconds)
            bench.begun = bench.clock.now_ns() * 1e-9
            return np.zeros(2)

        bench.loop.rig.controller.wish = slow

    return do


def exercise_raises(bench: Bench) -> None:
    bench.loop.rig.exercise.misbehave = lambda: 1 / 0


def every_other_tick_is_lost(bench: Bench) -> None:
    step = bench.step

    def losing(ticks: int = 1) -> None:
        for _ in range(ticks):
            bench.clock.advance(0.002)
            step()

    bench.step = losing  # type: ignore[method-assign]


def a_tick_of_ten_is_lost(bench: Bench) -> None:
    step = bench.step

    def losing(ticks: int = 1) -> None:
        for _ in range(ticks):
            bench.count += 1
            if bench.count % 9 == 0:
                bench.clock.advance(0.002)
            step()

    bench.step = losing  # type: ignore[method-assign]


def range_ends_before(angle: float) -> Any:
    """Joint 1 finds itself that far (rad) beyond the end of its range."""

    def do(bench: Bench) -> None:
        monitor = bench.loop.rig.monitor
        monitor.limits = monitor.limits.tighten_joint("test", "q_max", [bench["q_0"] - angle, None])

    return do


def slower_than_it_moves(bench: Bench) -> None:
    monitor = bench.loop.rig.monitor
    monitor.limits = monitor.limits.tighten("test", {"speed": 0.05})


def no_step_of_torque(bench: Bench) -> None:
    """|τ| grows by no more than the device's own rate."""
    sent = list(bench.named("sent").values())
    before = bench.sent or [0.0] * len(sent)
    for joint, value, last in zip(bench.device.info.joints, sent, before, strict=True):
        assert abs(value) - abs(last) <= 1.001 * joint.growth * bench.device.info.period_s
    bench.sent = sent


def near_its_limit(bench: Bench) -> None:
    """Joint 1 is half a degree beyond its range; the controller pushes on."""
    range_ends_before(0.009)(bench)
    wishes(5.0, 0.0)(bench)


def a_little_too_fast(bench: Bench) -> None:
    monitor = bench.loop.rig.monitor
    monitor.limits = monitor.limits.tighten("test", {"speed": 0.12})


def little_power_is_allowed(bench: Bench) -> None:
    monitor = bench.loop.rig.monitor
    monitor.limits = monitor.limits.tighten("test", {"power": 1.0})
    wishes(15.0, 0.0)(bench)


def limb_pulls(torque: float) -> Any:
    def do(bench: Bench) -> None:
        limb: Any = bench.body.patient
        limb.spasm = torque

    return do


def strong_limb(torque: float, force: float) -> Any:
    """The limb pulls steadily, with more force than is allowed between hand and robot."""

    def do(bench: Bench) -> None:
        monitor = bench.loop.rig.monitor
        monitor.limits = monitor.limits.tighten("test", {"force": force})
        limb_pulls(torque)(bench)

    return do


def limb_goes_limp(bench: Bench) -> None:
    """The limb pulls harder and harder, and lets go at once."""
    for tick in range(600):
        limb_pulls(9.0 * tick / 600.0)(bench)
        bench.step()
    limb_pulls(0.0)(bench)
    bench.begun = bench.now + bench.device.info.period_s


def shakes(bench: Bench) -> None:
    """A controller that has become unstable: 15 N·m at 35 Hz."""
    bench.loop.rig.controller.wish = lambda state: np.array([15.0 * sin(2.0 * pi * 35.0 * state.t), 0.0])


def far_more_force_than_allowed(bench: Bench) -> None:
    """A force sensor: the limb has pulled for a while when its limit of force becomes a fifth of that."""
    bench.device.info = structs.replace(bench.device.info, force_sensor=True)
    limb_pulls(4.0)(bench)
    bench.step(300)
    strong_limb(4.0, 3.0)(bench)
    bench.begun = bench.now + bench.device.info.period_s


def machine_slept(bench: Bench) -> None:
    clock = iter((0, 3_000_000_000))
    watch = SuspendWatch(lambda: next(clock))
    words = f"this machine slept for {watch.woke():.0f} s"
    told = messages.Trip(fault=int(Fault.CLOCK_JUMP), message=words, action="TORQUE_OFF")
    assert not bench.ask(told)


def channels_disagree(body: type[Bench], folder: Path) -> Seen:
    """One channel alone stops at once, as a press; after 10 ms it is named what it is."""
    bench = body("for: 30 ms, field: inputs, how: wrong, value: estop_a")
    bench.start()
    first = bench.latched(5)
    monitor = bench.loop.rig.monitor
    while monitor.fault is not Fault.ESTOP_CHANNELS and bench.ticks < 100:
        bench.step()
    assert first.action == monitor.fault_action.name == "TORQUE_OFF"
    return Seen(int(monitor.fault), monitor.fault_action.name, bench.ticks, monitor.reason)


def another_protocol(body: type[Bench], folder: Path) -> Seen:
    """The device speaks another major version of the link."""
    other: Any = type("Other", (body,), {"protocol": (2, 0)})
    try:
        other()
    except RehabError as error:
        return Seen(0, "REFUSED", 0, str(error))
    return Seen(0, "NONE", 0, "it was opened")


def on_hardware(real_time: bool, installed: Installation) -> Any:
    """What would be said when a real device is armed on this machine."""

    def show(body: Any, folder: Path) -> Seen:
        words = "; ".join(obstacles(False, real_time, installed, ()))
        assert not obstacles(True, real_time, installed, ()), "a simulation may be armed anywhere"
        return Seen(0, "REFUSED" if words else "NONE", 0, words)

    return show


def honest(bench: Bench) -> None:
    """What the controller sees is what was measured, and time never goes back."""
    told, truth = bench.named("q").values(), bench.body.q
    assert all(abs(a - b) < 0.05 for a, b in zip(told, truth, strict=True)), (told, truth)
    good = bench.loop.rig.monitor.good
    assert good is not None
    assert good.time >= bench.latest, "time went back"
    bench.latest = good.time


def prepared_for(device: str, patient: str = "") -> Any:
    def ask(bench: Bench) -> str:
        return bench.ask(messages.Prepare(plan=bench.plan(identity=identity_of(device, patient))))

    return ask


def another_model(bench: Bench) -> str:
    plan = bench.plan()
    return bench.ask(messages.Prepare(plan=type(plan)(protocol="x", version=1, device="other_arm", blocks=plan.blocks)))


def far_away(bench: Bench) -> str:
    plan = bench.plan(circle={"offset": 0.25})
    error = bench.ask(messages.Prepare(plan=plan), messages.Arm(), messages.Start())
    bench.step(5)
    assert bench.faults_seen()[0]["id"] == Fault.START_TOO_FAR
    return error


# files --------------------------------------------------------------------------------------------------------------

GOOD = {
    "limits": "{speed: 50 cm/s, force: 30 N, stale_stop: 20 ms, start_distance: 10 deg}",
    "exercise": "{radius: 10 cm}",
    "trials": "4",
}


def protocol(**changes: str) -> Any:
    """A protocol that is sound but for these lines."""

    def call(folder: Path) -> Any:
        said = {**GOOD, **changes}
        path = folder / "spoilt.yaml"
        path.write_text(
            f"protocol: Spoilt\nversion: 1\ndevice: {MODEL}\nlimits: {said['limits']}\nblocks:\n"
            f"  - {{name: a, reach: {said['exercise']}, mode: active, trials: {said['trials']}}}\n"
        )
        return load_protocol(path)

    return call


def two_programs(folder: Path) -> None:
    """A port that somebody holds is opened again."""
    master, slave = pty.openpty()
    first = Transport(os.ttyname(slave))
    try:
        with contextlib.closing(Transport(os.ttyname(slave))):
            return
    finally:
        first.close()
        os.close(master)
        os.close(slave)


# recordings ---------------------------------------------------------------------------------------------------------


def _recorded(folder: Path) -> Path:
    loop = FakeLoop()
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    for number in (1, 2, 3):
        loop.trial(number, rows=1000)
        recorder.drain()
    recorder.finish()
    return folder


def cut_short(body: Any, folder: Path) -> Seen:
    """The power goes at any of 40 places: every complete chunk can be read, and it is said that the end is missing."""
    data = (_recorded(folder) / FRAMES).read_bytes()
    key = bytes.fromhex(json.loads((folder / MANIFEST).read_text())["integrity"]["key"]["value"])
    ends = [frame.end for frame in scan(data, key, SESSION).frames]
    for cut in range(0, len(data), len(data) // 40):
        assert len(scan(data[:cut], key, SESSION).frames) == sum(cut >= end for end in ends)
    (folder / FRAMES).write_bytes(data[: ends[1] + 7])
    found = verify(folder)
    assert not found.ok
    assert len(Recording.open(folder).ticks["tick"]) == found.rows == 2000
    return Seen(int(Fault.POWER_LOSS), "WARN", 0, str(found))


def altered(body: Any, folder: Path) -> Seen:
    """One bit is changed: the first bad chunk is named, what can be read stays readable."""
    data = bytearray((_recorded(folder) / FRAMES).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / FRAMES).write_bytes(data)
    found = verify(folder)
    assert len(Recording.open(folder).ticks["tick"]) >= 1000
    return Seen(int(Fault.RECORD_TAMPERED), "NONE" if found.ok else "WARN", 0, " ".join(found.findings))


def falls_behind(body: Any, folder: Path) -> Seen:
    """The recorder sleeps for longer than the ring holds: the loop never waits, the gap is marked exactly."""
    loop = FakeLoop()
    recorder = Recorder(loop.reader(), folder, {"session": SESSION})
    recorder.start()
    row = [0.0] * 40
    for tick in range(CAPACITY + 3000):
        row[0], row[1] = float(tick), tick * 0.001
        loop.writer.put(row)
    recorder.drain()
    recorder.finish()
    recording, found = Recording.open(folder), verify(folder)
    [gap] = [event.data for event in recording.events if event.kind == "gap"]
    assert gap["first"] == 0
    assert recording.ticks["tick"].tolist() == list(range(gap["end"], CAPACITY + 3000))
    assert found.ok
    return Seen(int(Fault.RECORDER_BEHIND), "WARN", 0, str(found))
