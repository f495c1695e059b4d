"""What blocks share, and may each have otherwise: the phases of a trial, order, repetitions, rests."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from msgspec import Struct

from rehab.core.errors import Finding
from rehab.core.trials import Break, Choice, Phase, Redo
from rehab.protocol.fits import Chosen
from rehab.protocol.frames import PHASES, OrderFrame, PauseFrame, RedoFrame
from rehab.protocol.parts import Order
from rehab.protocol.plugins import named_controller
from rehab.protocol.schema import Frame, read_part, unknown_key

AFTER_MOVE = ("dwell", "feedback")  # mean nothing before it


class Trial(NamedTuple):
    """The phases of a trial, where they are written, and the controllers that they bring."""

    phases: tuple[Phase, ...] = ()
    where: str = "trial"
    dynamics: Mapping[str, Choice] = MappingProxyType({})
    chosen: tuple[Chosen, ...] = ()
    sound: bool = True  # False: what was written is wrong, so that nobody knows the phases


class Common(NamedTuple):
    """Of the protocol as a whole, or of one block. `order_at` and `redo_at` say where those two are written."""

    trial: Trial = Trial()
    order: Order | None = None
    redo: Redo | None = None
    pause: Break | None = None
    order_at: str = ""
    redo_at: str = ""


def read_common(written: Mapping[str, Any], where: str, above: Common, findings: list[Finding]) -> Common:
    """What is written here, else what stands above."""
    prefix = f"{where}." if where else ""
    parts: dict[str, Any] = {}
    if written.get("trial") is not None:
        parts["trial"] = read_trial(written["trial"], f"{prefix}trial", findings)
    found: dict[str, type[Struct]] = {"order": Order, "redo": Redo, "pause": Break}
    frames: dict[str, type[Frame]] = {"order": OrderFrame, "redo": RedoFrame, "pause": PauseFrame}
    for key, kind in found.items():
        if written.get(key) is not None:
            part = read_part(frames[key], written[key], f"{prefix}{key}", findings)
            if part is not None:
                parts[key] = kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in part.items()})
            if key in ("order", "redo"):
                parts[f"{key}_at"] = f"{prefix}{key}"
    return above._replace(**parts)


def read_trial(written: Any, where: str, findings: list[Finding]) -> Trial:
    """The phases in order, with everything that is wrong with them and with their order."""
    if not isinstance(written, list) or not written:
        findings.append(
            Finding(where, "is not a list of phases", f"a list; each begins with one of {', '.join(PHASES)}")
        )
        return Trial(where=where, sound=False)
    phases: list[Phase] = []
    dynamics: dict[str, Choice] = {}
    chosen: list[Chosen] = []
    begun = len(findings)
    seen: dict[str, int] = {}
    for index, entry in enumerate(written):
        at = f"{where}[{index}]"
        if not isinstance(entry, Mapping) or len(entry) != 1:
            findings.append(Finding(at, "is not one phase", "{hold: {for: 500 ms}}, one phase an entry"))
            continue
        kind, keys = next(iter(entry.items()))
        if kind not in PHASES:
            findings.append(unknown_key(str(kind), at, list(PHASES)))
            continue
        name = keys["name"] if isinstance(keys, Mapping) and isinstance(keys.get("name"), str) else kind
        _order(kind, name, f"{at}.{kind}", seen, findings)
        seen |= {kind: index, name: index}
        values = read_part(PHASES[kind], keys, f"{at}.{kind}", findings)
        if values is not None:
            phases.append(Phase(kind, _with(values, f"{at}.{kind}", dynamics, chosen, findings)))
    if len(findings) > begun:
        return Trial(where=where, chosen=tuple(chosen), sound=False)
    return Trial(tuple(phases), where, dynamics, tuple(chosen))


def _order(kind: str, name: str, at: str, seen: Mapping[str, int], findings: list[Finding]) -> None:
    if name in seen:
        findings.append(
            Finding(at, f"{name} stands here twice", "each phase once; or name: another, to tell them apart")
        )
    elif "return" in seen:
        findings.append(Finding(at, f"{kind} comes after return", "return is the last phase"))
    elif kind in AFTER_MOVE and "move" not in seen:
        findings.append(Finding(at, f"{kind} comes before move", "move, then dwell and feedback"))
    elif kind == "go" and "move" in seen:
        findings.append(Finding(at, "go comes after move", "go, then move"))


def _with(
    values: dict[str, Any], at: str, dynamics: dict[str, Choice], chosen: list[Chosen], findings: list[Finding]
) -> dict[str, Any]:
    """The phase's values with `with:` as the name of a dynamics, which is noted in `dynamics`."""
    if "with" not in values:
        return values
    if values.get("by") == "self":
        findings.append(Finding(f"{at}.with", "a controller beside by: self", "by: robot, or no with"))
        return values
    controller = named_controller(values["with"], f"{at}.with", findings)
    if controller is None:
        return values
    chosen.append(controller)
    dynamics[controller.name] = Choice(controller.name, controller.parameters)
    return values | {"with": controller.name}


def redo_findings(trial: Trial, redo: Redo | None, redo_at: str, where: str) -> list[Finding]:
    """A phase that wants its trial redone although nobody said how; none where `redo` is written, but wrong."""
    found: list[Finding] = []
    if redo is None and redo_at:
        return found
    for index, phase in enumerate(trial.phases):
        for mistake in ("early", "late"):
            if phase.values.get(mistake) == "redo" and (redo is None or mistake not in redo.when):
                problem = f"{mistake} is to be redone, but " + (
                    "redo.when does not say so" if redo else "there is no redo"
                )
                allowed = f"redo: {{when: [{mistake}]}}"
                at = f"{trial.where}[{index}].{phase.kind}.{mistake}"
                found.append(
                    Finding(at, problem, allowed + (f" at {redo_at or where}" if redo_at else ""), value="redo")
                )
    return found
