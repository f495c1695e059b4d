"""How stiffly a protocol holds the hand, and how stiffly the device could: for `rehab check`."""

from __future__ import annotations

from rehab.cli.output import print_table
from rehab.core import registry
from rehab.core.clock import MonotonicClock
from rehab.core.device import Device, DeviceInfo
from rehab.core.stability import Delay, Held, held, ticks_of
from rehab.core.units import show
from rehab.core.values import Command
from rehab.protocol.leakage import leaks
from rehab.protocol.plan import Plan
from rehab.realtime.pacing import Pacer

EXCHANGES = 100  # commands without power from which the delay of a link is measured: 0.1 s


def exchange(device: Device) -> None:
    """Commands at the pace of a session, without power: by their acknowledgements the driver measures its link."""
    info = device.info
    pacer = Pacer(MonotonicClock(), info.period_s)
    for _ in range(EXCHANGES):
        pacer.wait()
        device.read()
        device.write(Command((0.0,) * info.n_joints, False, info.watchdog_s))


def held_by(plan: Plan, info: DeviceInfo, delay: Delay) -> dict[tuple[int, str], Held]:
    """Block number and name of a dynamics ("" for the block's own controller) -> what it asks of the device and what
    that can give; only those that hold the hand."""
    found = {}
    for block in plan.blocks:
        for name, choice in block.acting.items():
            controller = registry.find("controller", choice.controller)(info, **choice.parameters)
            asked = held(info, controller, delay.seconds)
            if asked is not None:
                found[block.number, name] = asked
    return found


def print_held(plan: Plan, info: DeviceInfo, delay: Delay) -> None:
    """The table for people; nothing when no block holds the hand."""
    asked = held_by(plan, info, delay)
    if not asked:
        return
    ticks = ticks_of(delay.seconds, info.period_s)
    print(f"\nStiffness, at {ticks} tick{'s' if ticks != 1 else ''} of delay ({delay.how}):")
    names = {block.number: block.name for block in plan.blocks}
    rows = [
        (
            names[number] + (f": {name}" if name else ""),
            show(of.stiffness, of.unit),
            show(of.bound, of.unit),
            f"{of.colgate:.2g}",
        )
        for (number, name), of in asked.items()
    ]
    print_table(("block", "asked", "at most", "Colgate margin"), rows)
    print("(the margin is for information: from 1 on, any passive limb is safe even without our bound)")


def print_leaks(plan: Plan, info: DeviceInfo, delay: Delay) -> None:
    """How far each channel is predicted to let the hand off the line; nothing without a channel or without a field."""
    found = leaks(plan.blocks, info, delay.seconds)
    if not found:
        return
    print("\nChannels: how far an adapted hand is predicted to leave the line")
    rows = [
        (
            f"{leak.block}: {leak.name or 'controller'}",
            show(leak.force, "N"),
            show(leak.stiffness, "N/m"),
            show(leak.distance, "m"),
        )
        for leak in found
    ]
    print_table(("channel", "field", "held by", "leakage"), rows)
