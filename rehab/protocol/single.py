"""One exercise under one controller, asked for from Python or the command line instead of a protocol file."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from numbers import Real
from typing import Any, NamedTuple

from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Finding, Findings
from rehab.core.limits import Limits
from rehab.core.parameters import Parameters
from rehab.protocol.fits import Chosen, built, places_of
from rehab.protocol.limits import read_parameters
from rehab.protocol.order import order_of
from rehab.protocol.plan import BlockPlan, Plan
from rehab.protocol.plugins import mode_controller
from rehab.protocol.schema import MOST_TRIALS
from rehab.protocol.taught import with_taught

DEFAULT_TRIALS = 16
DEFAULT_MODE = "active"  # the robot does no more than get out of the way


class Part(NamedTuple):
    """The exercise or the controller: its name and the parameters it has."""

    name: str
    parameters: Parameters


def one_block(
    exercise: str,
    *,
    info: DeviceInfo,
    limits: Limits,
    controller: str | None = None,
    mode: str | None = None,
    trials: int | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Plan:
    """A plan of one block. Values are SI numbers, or text with a unit.

    Parameters go to the exercise or the controller by their names. One that both have is refused unless it is given
    under the plug-in's name: one_block("reach", controller="impedance", parameters={"impedance": {"stiffness": 300}}).
    Without controller and mode the mode is `active`. `limits` is what the block will run under; it adds none itself.
    Raises UnknownName for a plug-in, Findings for everything else.
    """
    if controller is not None and mode is not None:
        raise BadInput("a mode picks its controller: give mode or controller, not both")
    exercise_class = registry.find("exercise", exercise)
    if controller is None:
        mode = mode or DEFAULT_MODE
        found = mode_controller(mode, "mode")
        if isinstance(found, Finding):
            raise Findings([found])
        controller = found
    controller_class = registry.find("controller", controller)
    count = DEFAULT_TRIALS if trials is None else trials
    findings: list[Finding] = []
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_TRIALS:
        findings.append(
            Finding("trials", f'"{count}" is not a number of trials', f"a whole number from 1 to {MOST_TRIALS}")
        )
    parts = {
        "exercise": Part(exercise, exercise_class.parameters),
        "controller": Part(controller, controller_class.parameters),
    }
    given = with_taught("exercise", exercise, parameters or {}, exercise, findings)
    sorted_out = _sort_out(given, parts, findings)
    read: dict[str, dict[str, Any]] = {}
    plugins: dict[str, Any] = {}
    for kind, (name, table) in parts.items():
        written = {key: with_unit(value, table, key) for key, value in sorted_out[kind].items()}
        read[kind], wrong = read_parameters(table, written, name)
        plugins[kind], wrong = (None, wrong) if wrong else built(Chosen(kind, name, read[kind], name), info)
        findings += wrong
    if findings:
        raise Findings(findings)
    block = BlockPlan(
        number=0,
        name=exercise,
        exercise=exercise,
        exercise_parameters=read["exercise"],
        controller=controller,
        controller_parameters=read["controller"],
        mode=mode or "",
        trials=count,
        places=places_of(plugins["exercise"]),
        order=order_of(exercise_class, read["exercise"], places_of(plugins["exercise"])),
    )
    title = f"{exercise} with {controller}"
    return Plan(protocol=title, version=1, device=info.model, blocks=(block,), identity=limits.identity)


def _sort_out(
    given: Mapping[str, Any], parts: Mapping[str, Part], findings: list[Finding]
) -> dict[str, dict[str, Any]]:
    """Which parameter belongs to the exercise, which to the controller: kind -> name -> value."""
    sorted_out: dict[str, dict[str, Any]] = {kind: {} for kind in parts}
    for key, value in given.items():
        called = [kind for kind, part in parts.items() if key == part.name] if isinstance(value, Mapping) else []
        owners = [kind for kind, part in parts.items() if key in part.parameters]
        if len(called) == 1:
            sorted_out[called[0]] |= value
        elif len(owners) == 1:
            sorted_out[owners[0]][key] = value
        elif called or owners:
            names = [part.name for part in parts.values()]
            ways = " or ".join(f"{name}={{{key!r}: ...}}" for name in names)
            findings.append(Finding(key, f"both {' and '.join(names)} have a parameter of this name", f"write {ways}"))
        else:
            findings.append(_unknown(key, parts))
    return sorted_out


def _unknown(key: str, parts: Mapping[str, Part]) -> Finding:
    near = get_close_matches(key, [name for part in parts.values() for name in part.parameters], n=1)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    known = "; ".join(f"{part.name}: {', '.join(part.parameters) or 'none'}" for part in parts.values())
    return Finding(key, f"unknown parameter{hint}", f"known: {known}")


def with_unit(value: Any, table: Parameters, key: str) -> Any:
    """A bare number is SI here: in Python the caller knows the unit, in a file nobody could tell."""
    field = table.get(key)
    if field is None or isinstance(value, bool) or not isinstance(value, Real):
        return value
    if field.kind == "quantity":
        return f"{float(value)!r} {field.unit}"
    number = float(value)
    return int(number) if field.kind == "integer" and number.is_integer() else number
