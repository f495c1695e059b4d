"""How stiffly a protocol holds the hand, and how stiffly the device could: for `rehab check`."""

from __future__ import annotations

from rehab.cli.output import print_table
from rehab.core import registry
from rehab.core.clock import MonotonicClock
from rehab.core.device import Device, DeviceInfo
from rehab.core.errors import Finding
from rehab.core.stability import Delay, Held, held, stiffness_finding, ticks_of
from rehab.core.units import show
from rehab.core.values import Command
from rehab.protocol.fits import unfit
from rehab.protocol.load import Protocol
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


def too_stiff(protocol: Protocol, info: DeviceInfo, delay: Delay) -> list[Finding]:
    """A finding, with its place, for each controller that is stiffer than the device holds at that delay."""
    if protocol.device not in ("", info.model):
        return []  # it is for another device: that is the finding
    found = []
    for chosen in protocol.chosen:
        if chosen.kind == "controller" and not unfit(chosen, info):  # what does not fit is a finding of its own
            controller = registry.find("controller", chosen.name)(info, **chosen.parameters)
            finding = stiffness_finding(info, controller, delay.seconds)
            if finding is not None:
                found.append(protocol.written.placed(finding._replace(field=f"{chosen.where}.{finding.field}")))
    return found


def held_by(plan: Plan, info: DeviceInfo, delay: Delay) -> dict[int, Held]:
    """Block number -> what its controller asks of the device and what that can give; only those that hold the hand."""
    found = {}
    for block in plan.blocks:
        controller = registry.find("controller", block.controller)(info, **block.controller_parameters)
        asked = held(info, controller, delay.seconds)
        if asked is not None:
            found[block.number] = asked
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
        (names[number], show(of.stiffness, of.unit), show(of.bound, of.unit), f"{of.colgate:.2g}")
        for number, of in asked.items()
    ]
    print_table(("block", "asked", "at most", "Colgate margin"), rows)
    print("(the margin is for information: from 1 on, any passive limb is safe even without our bound)")
