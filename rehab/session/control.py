"""The control process: device, loop and nothing else. `python -P -m rehab.session.control`, a socket as its stdin.

It opens no file and logs nothing while running. When its supervisor goes, it stops the arm and ends.
"""

from __future__ import annotations

import signal
import socket
import sys
from pathlib import Path
from typing import Any

from rehab.core import registry
from rehab.core.address import parse
from rehab.core.clock import MonotonicClock
from rehab.core.device import Device
from rehab.core.errors import RehabError
from rehab.core.limits import builtin_values
from rehab.core.safety.faults import Fault
from rehab.core.values import Action
from rehab.realtime import scheduling, shm, timing
from rehab.realtime.pacing import Pacer
from rehab.realtime.ring import RingWriter
from rehab.realtime.snapshot import SnapshotWriter
from rehab.realtime.suspend import SuspendWatch
from rehab.realtime.words import WordReader
from rehab.session import messages
from rehab.session.integrity import Installation, installation, obstacles
from rehab.session.loop import Loop

DEFAULT_PERIOD = 0.001  # s, for the self-test before the device is known


def open_device(description: messages.Description, clock: Any) -> Device:
    """The device of an address, open. A virtual patient and the seed go to devices that are simulations themselves."""
    address = parse(description.device)
    options: dict[str, Any] = {"clock": clock}
    if address.scheme == "sim":
        options |= {"patient": description.patient, "seed": description.seed}
        options |= {"faults": Path(description.faults)} if description.faults else {}
    else:
        options["watchdog_limit"] = builtin_values(description.site_limits)[0]["watchdog"]
    device: Device = registry.find("device", address.scheme)(address.rest, **options)
    device.open()
    return device


def main() -> int:
    scheduling.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked_to_end = []
    signal.signal(signal.SIGTERM, lambda *_: asked_to_end.append(True))
    line = messages.Line(socket.socket(fileno=0))
    description = messages.description_from(line)
    run = Path(description.run)
    clock = MonotonicClock()
    try:
        certificate, words = _certify(clock, description.self_test)
        device = open_device(description, clock)
    except RehabError as error:
        line.send(messages.Refused(type(error).__name__, str(error)))
        return 2
    # a simulation moves nobody: it starts without the check, which reads every file
    installed = Installation("not checked") if device.info.simulated else installation()
    certificate |= {"installation": installed.words}
    why_not = obstacles(device.info.simulated, certificate["real_time"], installed, description.allow)
    ring = RingWriter(shm.attach(run / "ring", write=True))
    snapshot = SnapshotWriter(shm.attach(run / "snapshot", write=True))
    words_of_the_user = WordReader(shm.attach(run / "inputs")) if (run / "inputs").exists() else None
    loop = Loop(device, clock, ring, snapshot, description, certificate, words_of_the_user)
    line.send(messages.Ready(description.session, description.folder, str(run / "ring"), str(run / "snapshot")))
    pacer, suspended = Pacer(clock, device.info.period_s), SuspendWatch()
    scheduling.limit_runaways()
    _real_time()
    while loop.state != "ended":
        beat = pacer.wait()
        requests = line.requests()
        if requests:
            for request in sorted(requests, key=lambda r: not isinstance(r, messages.Stop)):
                _answer(loop, line, request, why_not)
            if any(isinstance(r, messages.Powering) for r in requests):
                pacer.restart()  # loading and shaking hands were allowed to take long: nothing was moving
                beat = pacer.wait()
        asleep = suspended.woke()
        if asleep:
            loop.handle(_after_suspend(asleep))
        if (asked_to_end or not line.open) and not loop.ending:
            loop.handle(messages.End(by="supervisor"))
        loop.step(beat)
    loop.close(words)
    return 0


def _answer(loop: Loop, line: messages.Line, request: messages.AnyRequest, why_not: tuple[str, ...]) -> None:
    """`why_not` says what forbids to arm this device on this machine."""
    if isinstance(request, messages.Arm) and why_not:
        error = "; ".join(why_not)
    elif isinstance(request, messages.Prepare):
        scheduling.use_normal()
        error = loop.handle(request)
        _real_time()
    else:
        error = loop.handle(request)
    line.send(messages.Ack(request.id, loop.ticks, error))


def _after_suspend(seconds: float) -> messages.Trip:
    words = f"this machine slept for {seconds:.0f} s"
    return messages.Trip(by="control", fault=Fault.CLOCK_JUMP, message=words, action=Action.TORQUE_OFF.name)


def _real_time() -> None:
    scheduling.quiet_collector()  # may take long, so not yet under the limit of real-time scheduling
    scheduling.use_fifo(scheduling.CONTROL_PRIORITY)


def _certify(clock: MonotonicClock, seconds: float) -> tuple[dict[str, Any], str]:
    """The self-test under the scheduling that the loop will have, and that scheduling in words."""
    granted = [scheduling.use_fifo(scheduling.CONTROL_PRIORITY), scheduling.lock_memory()]
    if scheduling.stay_awake() is not None:
        granted.append("cpu_dma_latency 0")
    words = ", ".join(word for word in granted if word)
    real_time = scheduling.is_fifo()
    certificate = timing.self_test(clock, DEFAULT_PERIOD, seconds, words, spin=real_time)
    scheduling.use_normal()  # opening a device may take long
    return {**certificate, "real_time": real_time}, words


if __name__ == "__main__":
    sys.exit(main())
