"""The data of the loop's events: plain numbers, texts and lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rehab.core.limits import PER_JOINT, Limits
from rehab.core.safety.faults import FACTS, Fault
from rehab.protocol.plan import BlockPlan, Plan
from rehab.session.messages import Description

PIECE = 400  # characters of a protocol's source in one event: at most 1600 bytes, of 2 KiB


def protocol(plan: Plan) -> Iterator[dict[str, Any]]:
    """The protocol as it was written, in pieces that fit an event."""
    pieces = [plan.source[k : k + PIECE] for k in range(0, len(plan.source), PIECE)] or [""]
    about = {"protocol": plan.protocol, "version": plan.version, "of": len(pieces)}
    for number, piece in enumerate(pieces):
        yield {**about, "piece": number + 1, "source": piece}


def limits(limits: Limits, block: str) -> dict[str, Any]:
    joints = {name: list(getattr(limits, name)) for name in PER_JOINT}
    about = {"block": block, "identity": limits.identity}
    return {**about, "values": dict(limits.values), "joints": joints, "who": dict(limits.who)}


def block(number: int, plan: BlockPlan, resumed: int | None) -> dict[str, Any]:
    """`resumed` is the number of trials that were counted before a fault, where the block goes on after one."""
    names = {"name": plan.name, "exercise": plan.exercise or "page", "controller": plan.controller}
    again = {} if resumed is None else {"resumed": resumed}
    return {"number": number + 1, **names, "trials": plan.trials, **again}


def trial(
    number: int, plan: BlockPlan, controller: str, parameters: Mapping[str, Any], asked: Mapping[str, Any]
) -> dict[str, Any]:
    """`controller` is the one that acts, `asked` what the exercise and the trial list say of this trial."""
    names = {"block": plan.name, "exercise": plan.exercise, "controller": controller}
    return {"number": number, **names, "parameters": dict(parameters), **asked}


def inputs(description: Description) -> dict[str, Any]:
    """What the user commands with, for the manifest; nothing where there is nothing."""
    if not description.inputs_told:
        return {}
    source = {"inputs_source": description.inputs_source} if description.inputs_source else {}
    return {"inputs": list(description.inputs_told), **source}


def fault(fault: Fault, message: str) -> dict[str, Any]:
    return {"id": int(fault), "name": fault.label, "message": message, "help": FACTS[fault].help}
