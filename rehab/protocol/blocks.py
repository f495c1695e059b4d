"""One block as it is written -> a BlockPlan, and everything that is wrong with it, before any device is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from rehab.core import registry
from rehab.core.errors import BadInput, Finding, UnknownName
from rehab.core.parameters import Parameters
from rehab.protocol.fits import Chosen
from rehab.protocol.limits import read_limits, read_parameters
from rehab.protocol.modes import MODES, available
from rehab.protocol.plan import BlockPlan
from rehab.protocol.schema import BlockFrame, frame_findings, unknown_key
from rehab.protocol.taught import with_taught


class Block(NamedTuple):
    """A block as far as it could be read: no `plan` when anything is wrong; `chosen` is what is sound by itself."""

    plan: BlockPlan | None
    chosen: tuple[Chosen, ...]
    findings: tuple[Finding, ...]


def read_block(written: Mapping[str, Any], number: int) -> Block:
    """The block with everything that is wrong with it."""
    where = f"blocks[{number}]"
    frame_keys = list(BlockFrame.model_fields)
    exercises = registry.names("exercise")
    frame = {key: value for key, value in written.items() if key in frame_keys}
    findings = frame_findings(BlockFrame, frame, where)
    named = [key for key in written if key in exercises]
    strange = [key for key in written if key not in frame_keys and key not in exercises]
    findings += [unknown_key(key, where, [*frame_keys, *exercises]) for key in strange]
    exercise = None
    if len(named) > 1:
        findings.append(Finding(f"{where}.{named[1]}", f"a second exercise beside {named[0]}", "one exercise a block"))
    elif named:
        exercise = read_plugin("exercise", named[0], written[named[0]], f"{where}.{named[0]}", findings)
    elif not strange:  # a key that is misspelt may well have been the exercise
        findings.append(Finding(where, "no exercise", "one key that is an exercise: " + ", ".join(exercises)))
    mode, controller = _controller(written, where, findings)
    limits, wrong = read_limits(written.get("limits", {}), f"{where}.limits")
    findings += wrong
    chosen = tuple(part for part in (exercise, controller) if part is not None)
    if findings or exercise is None or controller is None:
        return Block(None, chosen, tuple(findings))
    plan = BlockPlan(
        number=number,
        name=written["name"],
        exercise=exercise.name,
        exercise_parameters=exercise.parameters,
        controller=controller.name,
        controller_parameters=controller.parameters,
        mode=mode,
        trials=written["trials"],
        limits=limits,
    )
    return Block(plan, chosen, ())


def _controller(written: Mapping[str, Any], where: str, findings: list[Finding]) -> tuple[str, Chosen | None]:
    """The mode ("" when none is named) and the controller, named outright or picked by the mode."""
    if "mode" in written and "controller" in written:
        findings.append(
            Finding(f"{where}.mode", "a mode beside a controller", "one of the two: a mode picks its controller")
        )
        return "", None
    if "controller" in written:
        return "", _named_controller(written["controller"], f"{where}.controller", findings)
    mode = written.get("mode")
    if mode is None:
        allowed = f"mode: {', '.join(available())}; or controller: {', '.join(registry.names('controller'))}"
        findings.append(Finding(f"{where}.mode", "neither a mode nor a controller", allowed))
    elif isinstance(mode, str):
        found = mode_controller(mode, f"{where}.mode")
        if isinstance(found, str):
            return mode, read_plugin("controller", found, {}, f"{where}.mode", findings)
        findings.append(found)
    return "", None


def mode_controller(mode: str, where: str) -> str | Finding:
    """The controller that a mode picks, or why there is none."""
    usable = available()
    if mode in usable:
        return usable[mode]
    allowed = "available: " + (", ".join(usable) or "none, no controller of any mode is installed")
    if mode in MODES:
        return Finding(where, f'mode "{mode}" has no installed controller yet', allowed, value=mode)
    return Finding(where, f'there is no mode "{mode}"', allowed, value=mode)


def _named_controller(written: Any, where: str, findings: list[Finding]) -> Chosen | None:
    if isinstance(written, str):
        return read_plugin("controller", written, {}, where, findings)
    if isinstance(written, Mapping) and len(written) == 1:
        name, parameters = next(iter(written.items()))
        return read_plugin("controller", name, parameters, f"{where}.{name}", findings)
    allowed = BlockFrame.model_fields["controller"].description or ""
    findings.append(Finding(where, "names no controller" if not written else "must name one controller", allowed))
    return None


def read_plugin(kind: str, name: str, written: Any, where: str, findings: list[Finding]) -> Chosen | None:
    """A plug-in's parameters in SI, defaults filled in; None with findings when it is unknown or they are wrong."""
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
    written = with_taught(kind, name, written, where, findings)
    if not isinstance(written, Mapping):
        allowed = "{" + ", ".join(f"{key}: ..." for key in plugin.parameters) + "}, or {} for the defaults"
        findings.append(Finding(where, f'"{written}" is not a set of parameters', allowed, value=str(written)))
        return None
    values, wrong = read_parameters(plugin.parameters, written, where)
    findings += wrong
    return None if wrong else Chosen(kind, name, values, where)
