"""`rehab check PROTOCOL`: is it sound, and can this device do it? Nothing moves. `--schema`: what an editor is told."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from rehab.cli.output import STDOUT, add_json, print_table, write_json

if TYPE_CHECKING:
    from rehab.core.device import DeviceInfo
    from rehab.core.limits import Limits
    from rehab.core.stability import Delay
    from rehab.protocol.load import Protocol
    from rehab.protocol.plan import Plan

ANY = "planar_arm"  # what a protocol for any device is checked on
HELP = "check a protocol against a device; nothing moves"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "protocol", metavar="PROTOCOL", nargs="?", help="a file, or the name of one that ships (rehab list protocols)"
    )
    parser.add_argument(
        "--device",
        metavar="ADDRESS",
        help='for example "serial:/dev/ttyACM0"; without it, a simulation of the protocol\'s device',
    )
    parser.add_argument(
        "--schema",
        nargs="?",
        const=STDOUT,
        metavar="FILE",
        help="write the JSON Schema of protocols for editors, into FILE or (without one) to the screen",
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """0 when all is well, 1 with findings."""
    from rehab.core.errors import BadInput, Findings
    from rehab.protocol.load import read_protocol
    from rehab.protocol.site import site_limits
    from rehab.protocol.soundness import checked

    if args.schema:
        from rehab.protocol.editors import protocol_schema

        write_json(protocol_schema(), args.schema)
        if args.protocol is None:
            return 0
    if args.protocol is None:
        raise BadInput('which protocol? a file, or the name of one that ships ("rehab list protocols")')
    protocol = read_protocol(args.protocol)
    site = site_limits()
    try:
        info, delay = device_of(protocol, args.device)
        limits = info.limits(site)
        plan = checked(protocol, info, limits, delay)
    except Findings as error:
        if args.json:
            write_json({"ok": False, "findings": [finding._asdict() for finding in error.findings]}, args.json)
        if args.json != "-":
            count = len(error.findings)
            print(error)
            print(f"{count} problem{'s' if count != 1 else ''}; nothing was started")
        return 1
    if args.json:
        write_json(_result(plan, info, limits, delay), args.json)
    if args.json != "-":
        _print(protocol, plan, info, limits, delay)
    return 0


def device_of(protocol: Protocol, device: str | None) -> tuple[DeviceInfo, Delay]:
    """Facts and delay of the device that is named, else of a simulation of the protocol's own, or of planar_arm for one
    that is written for any device."""
    from rehab.core.address import Address, parse
    from rehab.core.errors import BadInput, Finding

    if device is not None:
        return look(parse(device))
    if not protocol.device and protocol.profile != "research":
        raise protocol.written.error(protocol.findings)  # what it is for is itself what is wrong
    try:
        return look(Address("sim", protocol.device or ANY))
    except BadInput as error:
        found = protocol.written.placed(Finding("device", str(error), "or name the device itself with --device"))
        raise protocol.written.error([*protocol.findings, found]) from error


def device_info(address: Any) -> DeviceInfo:
    """Connect, read the facts, disconnect. Of an emulator they are those of the simulation it runs."""
    return look(address)[0]


def look(address: Any) -> tuple[DeviceInfo, Delay]:
    """Connect, read the facts, measure the link's delay, disconnect. An emulator is not started for it: its facts are
    those of the simulation it runs, its delay is assumed."""
    from rehab.cli.stiffness import exchange
    from rehab.core import registry
    from rehab.core.address import EMULATOR
    from rehab.core.clock import MonotonicClock
    from rehab.core.stability import assumed_delay, delay_of

    emulated = address.scheme == EMULATOR
    device = registry.find("device", "sim" if emulated else address.scheme)(address.rest, clock=MonotonicClock())
    try:
        device.open()
        link = getattr(device, "link", None)
        if link is not None:
            exchange(device)
        delay = assumed_delay(device.info) if emulated else delay_of(device.info, link)
        return device.info, delay
    finally:
        device.close()


def _result(plan: Plan, info: DeviceInfo, limits: Limits, delay: Delay) -> dict[str, Any]:
    from rehab.cli.stiffness import held_by
    from rehab.protocol.leakage import leaks

    held = held_by(plan, info, delay)
    blocks = [
        {
            "name": block.name,
            "exercise": block.exercise,
            "controller": block.controller,
            "mode": block.mode,
            "trials": block.trials,
            "limits": dict(effective.values),
            "who": {name: effective.who[name] for name in effective.values},
            "held": held[block.number, ""]._asdict() if (block.number, "") in held else None,
            "dynamics": {
                name: held[block.number, name]._asdict() if (block.number, name) in held else None
                for name in block.dynamics
            },
        }
        for block in plan.blocks
        for effective in [plan.limits_of(block, limits)]
    ]
    about = {"protocol": plan.protocol, "version": plan.version, "device": info.model, "identity": info.identity}
    late = {"delay_s": delay.seconds, "delay_how": delay.how}
    channels = [leak._asdict() | {"leakage_m": leak.distance} for leak in leaks(plan.blocks, info, delay.seconds)]
    trials = {"trials": plan.trials, "arms": list(plan.arms)}
    return {"ok": True, **about, **late, **trials, "blocks": blocks, "channels": channels, "findings": []}


def _print(protocol: Protocol, plan: Plan, info: DeviceInfo, limits: Limits, delay: Delay) -> None:
    from rehab.cli.stiffness import print_held, print_leaks

    print(
        f'"{plan.protocol}" (version {plan.version}, {protocol.path.name}) is sound on {info.model} {info.identity}\n'
    )
    rows = [
        (b.name, b.exercise or "(page)", b.controller, b.mode or "-", ", ".join(b.dynamics) or "-", str(b.trials))
        for b in plan.blocks
    ]
    print_table(("block", "exercise", "controller", "mode", "dynamics", "trials"), rows)
    if plan.design is not None:
        print(f"(of arm {plan.design.arms[0]}; the others are {', '.join(plan.design.arms[1:]) or 'none'})")
    print_held(plan, info, delay)
    print_leaks(plan, info, delay)
    print(f"\n{plan.trials} trials. Limits in force, and who set them:")
    print_table(("limit", "value", "set by", ""), _limit_rows(plan, limits))


def _limit_rows(plan: Plan, limits: Limits) -> list[tuple[str, str, str, str]]:
    """Every limit as it stands for the whole protocol, and under it each block that says something about it."""
    from rehab.core.limits import BUILTIN
    from rehab.core.units import show

    def row(title: str, effective: Limits, asked: dict[str, float], name: str) -> tuple[str, str, str, str]:
        value = show(effective.values[name], BUILTIN[name].unit)
        return (title, value, effective.who[name], _looser(asked, effective, name))

    rows = []
    everywhere = limits.tighten("protocol", plan.limits)
    for name in BUILTIN:
        rows.append(row(name, everywhere, plan.limits, name))
        for block in plan.blocks:
            if name in block.limits:
                rows.append(row(f"  in {block.name}", plan.limits_of(block, limits), block.limits, name))
    return rows


def _looser(asked: dict[str, float], effective: Limits, name: str) -> str:
    """A note when a layer asked for more than is allowed: it changes nothing, and whoever wrote it should know."""
    from rehab.core.limits import BUILTIN
    from rehab.core.units import show

    if name not in asked or asked[name] == effective.values[name]:
        return ""
    return f"({show(asked[name], BUILTIN[name].unit)} was asked for: looser, so it does not act)"
