"""Exercises and controllers as a protocol names them -> their parameters in SI, and everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rehab.core import registry
from rehab.core.errors import BadInput, Finding, UnknownName
from rehab.core.parameters import Parameters
from rehab.protocol.fits import Chosen
from rehab.protocol.limits import read_parameters
from rehab.protocol.modes import MODES, available
from rehab.protocol.taught import HERE, with_taught

CONTROLLER = "the name of a controller, or {name: {parameters}}"


def mode_controller(mode: str, where: str) -> str | Finding:
    """The controller that a mode picks, or why there is none."""
    usable = available()
    if mode in usable:
        return usable[mode]
    allowed = "available: " + (", ".join(usable) or "none, no controller of any mode is installed")
    if mode in MODES:
        needs = f'needs the controller "{MODES[mode]}", which is not installed'
        return Finding(
            where, f'mode "{mode}" {needs if MODES[mode] else "has no installed controller yet"}', allowed, value=mode
        )
    return Finding(where, f'there is no mode "{mode}"', allowed, value=mode)


def named_controller(written: Any, where: str, findings: list[Finding]) -> Chosen | None:
    """A controller that is named outright: its name, or {name: {parameters}}."""
    if isinstance(written, str):
        return read_plugin("controller", written, {}, where, findings)
    if isinstance(written, Mapping) and len(written) == 1:
        name, parameters = next(iter(written.items()))
        return read_plugin("controller", name, parameters, f"{where}.{name}", findings)
    findings.append(Finding(where, "names no controller" if not written else "must name one controller", CONTROLLER))
    return None


def read_plugin(
    kind: str, name: str, written: Any, where: str, findings: list[Finding], folder: Path = HERE
) -> Chosen | None:
    """A plug-in's parameters in SI, defaults filled in; None with findings when it is unknown or they are wrong. Files
    that they name are seen from `folder`."""
    try:
        plugin = registry.find(kind, name)
    except UnknownName as error:
        findings.append(Finding(where, str(error).split(" (known")[0], "known: " + ", ".join(error.known), value=name))
        return None
    except BadInput as error:
        findings.append(Finding(where, str(error), value=name))
        return None
    if not isinstance(getattr(plugin, "parameters", None), Parameters):
        findings.append(Finding(where, f'{kind} "{name}" does not declare its parameters', value=name))
        return None
    written = with_taught(kind, name, written, where, findings, folder)
    if not isinstance(written, Mapping):
        allowed = "{" + ", ".join(f"{key}: ..." for key in plugin.parameters) + "}, or {} for the defaults"
        findings.append(Finding(where, f'"{written}" is not a set of parameters', allowed, value=str(written)))
        return None
    values, wrong = read_parameters(plugin.parameters, written, where)
    findings += wrong
    return None if wrong else Chosen(kind, name, values, where)
