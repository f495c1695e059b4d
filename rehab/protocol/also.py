"""Controllers that a therapist may switch to while a block runs: named beside a protocol, built when it is prepared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.parameters import Parameters
from rehab.core.trials import Choice
from rehab.protocol.fits import unfit
from rehab.protocol.plan import Plan
from rehab.protocol.plugins import read_plugin
from rehab.protocol.single import with_unit

Also = Sequence[str | Mapping[str, Mapping[str, Any]]]  # "impedance", or {"impedance": {"stiffness": "300 N/m"}}


def with_alternatives(plan: Plan, also: Also, info: DeviceInfo) -> Plan:
    """The plan with these in every block that has a controller. Values are SI numbers, or text with a unit. Raises
    Findings for everything that is wrong with them."""
    findings: list[Finding] = []
    choices = []
    for item in [also] if isinstance(also, str) else also:
        name, given = (item, {}) if isinstance(item, str) else next(iter(item.items()))
        table = registry.find("controller", name).parameters if name in registry.names("controller") else Parameters()
        written = {key: with_unit(value, table, key) for key, value in given.items()}
        chosen = read_plugin("controller", name, written, f"also.{name}", findings)
        if chosen is not None:
            findings += unfit(chosen, info)
            choices.append(Choice(name, chosen.parameters))
    if findings:
        raise Findings(findings)
    blocks = tuple(
        block if block.page is not None else replace(block, alternatives=(*block.alternatives, *choices))
        for block in plan.blocks
    )
    return replace(plan, blocks=blocks)
