"""What the ring of a loop that died still tells, and the reason of its death written into it."""

from __future__ import annotations

import mmap

from rehab.core.safety.faults import FACTS, Fault
from rehab.realtime.ring import RingEvent, RingReader, RingWriter

RUNNING = {"block_start": True, "way_start": True, "run_end": False, "way_end": False, "fault": False}


def in_charge(ring: mmap.mmap) -> str:
    """The plug-ins that were running, in words; "" between blocks."""
    events = [event for event in RingReader(ring).events() if event.kind in RUNNING]
    if not events or not RUNNING[events[-1].kind]:
        return ""
    return f"controller {events[-1].data['controller']} or exercise {events[-1].data['exercise']}"


def record_death(ring: mmap.mmap, fault: Fault, reason: str) -> None:
    """In place of the loop: the fault at its last tick, the session's state, and the end of the ring."""
    facts = FACTS[fault]
    reader = RingReader(ring)
    last = reader.between(reader.written - 1, reader.written) if reader.written else None
    tick, t = (int(last[0, 0]), float(last[0, 1])) if last is not None and len(last) else (0, 0.0)
    writer = RingWriter.take_over(ring)
    data = {"id": int(fault), "name": fault.label, "action": facts.action.name, "help": facts.help}
    data["message"] = f"{reason}; torque is zero by the device's own watchdog"
    writer.event(RingEvent("fault", tick, t, data))
    writer.event(RingEvent("state", tick, t, {"name": "faulted"}))
    writer.close()
