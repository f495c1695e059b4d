"""Is a protocol sound on a device at its link's delay? All problems at once; nothing moves."""

from __future__ import annotations

from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.limits import Limits
from rehab.core.stability import Delay, stiffness_finding
from rehab.protocol.fits import Chosen, unfit
from rehab.protocol.leakage import MOST, leaks
from rehab.protocol.load import Protocol
from rehab.protocol.plan import BlockPlan, Plan


def checked(protocol: Protocol, info: DeviceInfo, limits: Limits, delay: Delay) -> Plan:
    """The plan for a device with a link of that delay. Raises Findings with all problems at once, also with what this
    device cannot hold as stiffly as it is asked for, or so firmly that a channel is one."""
    stiff = too_stiff(protocol, info, delay) + leaky(protocol, info, delay)
    try:
        plan = protocol.plan(info, limits)
    except Findings as error:
        raise protocol.written.error([*error.findings, *stiff], getattr(error, "sources", {})) from error
    if stiff:
        raise protocol.written.error(stiff)
    return plan


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


def leaky(protocol: Protocol, info: DeviceInfo, delay: Delay) -> list[Finding]:
    """A finding, with its place, for each channel that would let the hand too far off the line on this link, unless the
    protocol accepts that by name."""
    if protocol.device not in ("", info.model) or "channel_leakage" in protocol.accept:
        return []
    plans = [block.plan for blocks in protocol.drafts.values() for block in blocks if block.plan is not None]
    whole = [plan for plan in plans if not any(unfit(chosen, info) for chosen in _asked_by(plan))]
    return [
        protocol.written.placed(leak.finding()) for leak in leaks(whole, info, delay.seconds) if leak.distance > MOST
    ]


def _asked_by(plan: BlockPlan) -> list[Chosen]:
    return [Chosen("controller", choice.controller, choice.parameters, "") for choice in plan.acting.values()]
