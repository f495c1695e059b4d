"""The inputs process: reads joysticks, switches, pedals, muscles. `python -P -m rehab.session.inputs`, stdin a socket.

It writes one word into shared memory whenever something changes, and at least every BEAT: control reads it every tick
and judges it by its age, so that nothing this process does, or dies of, can hold up the loop or leave a command
standing. It says over its line what it found out; it never speaks to the device.
"""

from __future__ import annotations

import select
import signal
import socket
import sys
from pathlib import Path

from rehab.core.clock import MonotonicClock
from rehab.core.errors import RehabError
from rehab.core.kinematics import kinematics_of
from rehab.core.safety.faults import Fault
from rehab.realtime import scheduling, shm
from rehab.realtime.layout import SESSION_STATES
from rehab.realtime.snapshot import SnapshotReader
from rehab.realtime.words import WordWriter
from rehab.session import messages
from rehab.session.sources import Sources

BEAT = 0.01  # s: the age limit of 200 ms is far away even on a busy machine
PRIORITY = 45  # below control; a stop pedal must not wait behind a window
RUNS = tuple(float(SESSION_STATES.index(name)) for name in ("running", "paused"))


def main() -> int:
    scheduling.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked_to_end = []
    signal.signal(signal.SIGTERM, lambda *_: asked_to_end.append(True))
    line = messages.Line(socket.socket(fileno=0))
    description = messages.description_from(line)
    run = Path(description.run)
    eye = SnapshotReader.attach(run / "snapshot")
    header = eye.header()
    assert header is not None  # control is ready before we are started
    kinematics = kinematics_of(header.info)
    try:
        sources = Sources(description.inputs, kinematics.n_task, hardware=not header.info.simulated)
        sources.open()
    except RehabError as error:
        line.send(messages.Refused("BadInput", str(error)))
        return 2
    writer, clock = WordWriter(shm.attach(run / "inputs", write=True)), MonotonicClock()
    scheduling.use_fifo(PRIORITY)
    began, ready = None, False
    while line.open and not asked_to_end:
        now = clock.now_ns() * 1e-9
        look = eye.look()
        if look is not None:
            sources.see(look.scene, tuple([look.values[f"x_{k}"] for k in range(kinematics.n_task)]))
        runs = look is not None and look.values["state"] in RUNS
        began = (now if began is None else began) if runs else None
        writer.put(sources.word(now, now - began if began is not None else -1.0))
        _tell(line, sources)
        if not ready:
            ready = True
            line.send(messages.Ready(description.session, description.folder, "", ""))
        listening: list[int] = [line.fileno(), *sources.descriptors()]
        wake = select.select(listening, [], [], BEAT)[0]
        if line.fileno() in wake:
            line.lines()  # nothing is asked of us; that the supervisor has gone is noticed here
    sources.close()
    return 0


def _tell(line: messages.Line, sources: Sources) -> None:
    fault = Fault.PEDAL_LOST if sources.pedal_lost else Fault.INPUT_LOST
    while sources.news:
        line.send(messages.Warn(by="inputs", fault=fault, message=sources.news.pop(0)))


if __name__ == "__main__":
    sys.exit(main())
