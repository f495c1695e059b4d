"""The emulator's own process: a device, a pty and a loop at the device's rate, with a clock of its own.

Each wake-up: drain all input, move the plant by every whole period that has passed, each judged against the watchdog,
send the newest STATE. A late wake-up catches up the plant, never the stream; beyond MOST_STEPS the plant stands still.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import msgspec

from rehab.core.clock import Clock, MonotonicClock
from rehab.core.device import DeviceInfo
from rehab.core.types import Scene
from rehab.realtime import scheduling
from sim.body import make_body
from sim.emulators.device import ESTOP, PROTOCOL, EmulatedDevice
from sim.emulators.eyes import Eyes
from sim.emulators.faulty import FaultyLine
from sim.emulators.line import Line
from sim.emulators.trace import TraceWriter
from sim.faults import FaultScript
from sim.injection import Injection

MOST_STEPS = 100  # plant steps in one wake-up
POWER_UP_US = 2**32 - 5_000_000  # device time at power-up: t_dev wraps after 5 s, so that every host meets it


class Emulator:
    """A device on a line, in step with a clock."""

    def __init__(
        self,
        device: EmulatedDevice,
        line: Line | FaultyLine,
        clock: Clock,
        *,
        see: Callable[[Scene], None] | None = None,
        eyes: Eyes | None = None,
        trace: TraceWriter | None = None,
    ) -> None:
        self.device, self.line, self.clock = device, line, clock
        self._see, self._eyes, self._trace = see, eyes, trace
        self._period_us = round(device.info.period_s * 1e6)
        self._start_ns, self._start_us = clock.now_ns(), device.time_us
        self._done = 0  # periods
        self._inputs = device.pressed

    def set_inputs(self, inputs: int) -> None:
        """Safe from a signal handler: acts at the next period."""
        self._inputs = inputs

    def wait(self) -> None:
        self.clock.sleep_until_ns(self._start_ns + (self._done + 1) * self._period_us * 1000)

    def work(self) -> None:
        """One wake-up. Does nothing but drain when no period has passed."""
        device, line = self.device, self.line
        now_us = (self.clock.now_ns() - self._start_ns) // 1000
        listening = device.streaming
        answers = device.receive(line.read(), self._start_us + now_us)
        if self._inputs != device.pressed:
            answers += device.set_inputs(self._inputs, self._start_us + now_us)
        due = now_us // self._period_us
        if due - self._done > MOST_STEPS:
            self._done = due - MOST_STEPS
            device.judge(self._start_us + self._done * self._period_us)
        moved = due > self._done
        while self._done < due:
            self._look()
            if self._trace is not None:
                self._trace.put(device.step_now())
            self._done += 1
            answers += device.advance(self._start_us + self._done * self._period_us)
        if listening and not device.streaming:
            line.forget()
        if answers:
            line.answer(answers)
        if moved and device.streaming:
            line.stream(device.state())

    def _look(self) -> None:
        if self._eyes is not None and self._see is not None:
            scene = self._eyes.glance()
            if scene is not None:
                self._see(scene)


def emulate(
    info: DeviceInfo,
    *,
    patient: str | None = None,
    seed: int = 0,
    engine: str = "auto",
    identity: str | None = None,
    protocol_major: int = PROTOCOL[0],
    eyes: Path | None = None,
    trace: Path | None = None,
    faults: FaultScript | None = None,
) -> int:
    """Be that device on a pty until SIGTERM, SIGINT or the end of REHAB_PARENT. Prints the address first. Exit code.

    SIGUSR1 presses the e-stop, SIGUSR2 releases it. Raises BadInput (UnknownName, Findings) before anything is opened.
    """
    stop = _Signals()
    if faults is not None:
        faults.fit(info, patient=patient is not None, wire=True)
    body = make_body(info, patient, seed, engine)
    injection = None if faults is None else Injection(faults, seed, body.patient)
    info = msgspec.structs.replace(info, identity=info.identity if identity is None else identity)
    device = EmulatedDevice(info, body, protocol=(protocol_major, PROTOCOL[1]), time_us=POWER_UP_US, faults=injection)
    black_box = None if trace is None else TraceWriter(trace, info.n_joints, round(info.period_s * 1e6))
    pty = Line()
    line = pty if injection is None else FaultyLine(pty, injection, device)
    try:
        print(pty.address, flush=True)
        scheduling.use_fifo(scheduling.EMULATOR_PRIORITY)
        scheduling.lock_memory()
        scheduling.quiet_collector()
        emulator = Emulator(
            device, line, MonotonicClock(), see=body.see, eyes=Eyes(eyes) if eyes else None, trace=black_box
        )
        while not stop.asked():
            emulator.wait()
            emulator.set_inputs(stop.inputs)
            emulator.work()
    finally:
        line.close()
        body.close()
    return 0


class _Signals:
    """What was asked of the process from outside; caught from here on."""

    CHECK = 1000  # questions between two looks at the parent

    def __init__(self) -> None:
        self.inputs = 0
        self._asked = False
        self._questions = 0
        self._parent = os.getppid() if "REHAB_PARENT" in os.environ else None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        for number, inputs in ((signal.SIGUSR1, ESTOP), (signal.SIGUSR2, 0)):
            signal.signal(number, lambda *_, inputs=inputs: self._set(inputs))
        scheduling.die_with_parent()

    def asked(self) -> bool:
        self._questions += 1
        if self._parent is not None and self._questions % self.CHECK == 0 and os.getppid() != self._parent:
            self._asked = True
        return self._asked

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._asked = True

    def _set(self, inputs: int) -> None:
        self.inputs = inputs
