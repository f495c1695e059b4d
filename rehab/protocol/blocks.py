"""One block as it is written -> a BlockPlan, and everything that is wrong with it, before any device is known."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from rehab.core import registry
from rehab.core.errors import Finding
from rehab.core.trials import Page
from rehab.protocol.fits import Chosen
from rehab.protocol.limits import read_block_limits
from rehab.protocol.modes import available
from rehab.protocol.parts import Insert
from rehab.protocol.phases import Common, read_common, redo_findings
from rehab.protocol.plan import BlockPlan
from rehab.protocol.plugins import mode_controller, named_controller, read_plugin
from rehab.protocol.schema import MOST_TRIALS, BlockFrame, frame_findings, unknown_key
from rehab.protocol.special import Dynamics, at_finding, read_ask, read_cross, read_cursor, read_inserts, read_perturb

COUNTS = ("trials", "each_target", "each_cell")
PAGE = ("name", "show", "until", "ask")  # all that a page can have
HOW_MANY = f"trials: a whole number from 1 to {MOST_TRIALS}; or each_target, or each_cell with cross"
PLAIN = "active"  # the mode of a researcher's block that names none: the robot gets out of the way


class Block(NamedTuple):
    """A block as far as it could be read.

    plan      None where its trials cannot be counted; what is wrong elsewhere in the block is left out of it, so that
              then it is of use only to find more. Its number of trials may depend on the exercise's places
    chosen    the plug-ins that are sound by themselves
    show      as it is written; "" without it
    asked     questions when the block is over
    order_at  where its order is written; "" when nobody did
    pulses    path -> perturbation, of those that are sound by themselves; cross: the crossed factors likewise
    """

    number: int
    plan: BlockPlan | None
    chosen: tuple[Chosen, ...]
    findings: tuple[Finding, ...]
    show: str
    until: str
    asked: tuple[str, ...]
    order_at: str
    pulses: dict[str, dict[str, Any]]
    cross: dict[str, list[Any]]


def read_block(
    written: Mapping[str, Any], number: int, above: Common, profile: str, rest_every: float, folder: Path
) -> Block:
    """The block with everything that is wrong with it. `above`, `rest_every` (s, 0 for never): what the protocol says
    for all its blocks; `folder`: where it lies."""
    where = f"blocks[{number}]"
    frame_keys = list(BlockFrame.model_fields)
    exercises = registry.names("exercise")
    frame = {key: value for key, value in written.items() if key in frame_keys}
    findings = frame_findings(BlockFrame, frame, where)
    named = [key for key in written if key in exercises]
    strange = [key for key in written if key not in frame_keys and key not in exercises]
    findings += [unknown_key(key, where, [*frame_keys, *exercises]) for key in strange]
    page = "show" in written and not named and not strange
    exercise = None
    if len(named) > 1:
        findings.append(Finding(f"{where}.{named[1]}", f"a second exercise beside {named[0]}", "one exercise a block"))
    elif named:
        exercise = read_plugin("exercise", named[0], written[named[0]], f"{where}.{named[0]}", findings, folder)
    elif not strange and not page:  # a key that is misspelt may well have been the exercise
        findings.append(Finding(where, "no exercise", "one key that is an exercise: " + ", ".join(exercises)))
    otherwise = PLAIN if profile == "research" else ""
    mode, controller = ("", None) if page else _controller(written, where, findings, otherwise)
    limits, rest, wrong = read_block_limits(written.get("limits", {}), f"{where}.limits")
    findings += wrong
    chosen = [part for part in (exercise, controller) if part is not None]
    common = read_common(written, where, above, findings)
    if page:
        strays = [key for key in written if key not in PAGE]
        allowed = "an exercise beside it, or a page without it"
        findings += [Finding(f"{where}.{key}", f"{key} means nothing on a page", allowed) for key in strays]
        common = Common()
    elif not any(get_close_matches(key, COUNTS, n=1) for key in strange if not any(c in written for c in COUNTS)):
        findings += _counts(written, where)
    if "until" in written and "show" not in written:
        findings.append(Finding(f"{where}.until", "ends a page, and there is none", "show: the page"))
    details = _details(written, where, common, chosen, findings)
    pulses = details.pop("pulses")
    counted = [f"{where}.{key}" for key in (*named, *COUNTS, "insert", "cross", "order")]
    show = written["show"] if isinstance(written.get("show"), str) else ""
    asked: tuple[str, ...] = details.pop("ask")
    rest_of = (show, written.get("until", "key"), asked, common.order_at, pulses, details["cross"])
    uncounted = any(finding.field.startswith(tuple(counted)) or finding.field == where for finding in findings)
    if uncounted or (exercise is None and not page):
        return Block(number, None, tuple(chosen), tuple(findings), *rest_of)
    trials = written.get("trials", 0)
    plan = BlockPlan(
        number=number,
        name=str(written.get("name", "")),
        exercise="" if exercise is None else exercise.name,
        exercise_parameters={} if exercise is None else exercise.parameters,
        controller="" if controller is None else controller.name,
        controller_parameters={} if controller is None else controller.parameters,
        mode=mode,
        trials=trials if isinstance(trials, int) else 0,
        table=trials["table"] if isinstance(trials, Mapping) else "",
        limits=limits,
        rest_every=min(filter(None, (rest, rest_every)), default=0.0),  # the shorter of the two
        page=Page(text=show) if page else None,
        **details,
    )
    return Block(number, plan, tuple(chosen), tuple(findings), *rest_of)


def _details(
    written: Mapping[str, Any], where: str, common: Common, chosen: list[Chosen], findings: list[Finding]
) -> dict[str, Any]:
    """The fields of a BlockPlan beyond its exercise and its controller."""
    chosen += common.trial.chosen
    dynamics = Dynamics(common.trial.dynamics, chosen, findings)
    ordinary = dynamics.read(written["dynamics"], f"{where}.dynamics") if "dynamics" in written else ""
    perturb: dict[str, Any] | None = None
    cross: dict[str, list[Any]] = {}
    if "cross" in written:
        given = (written["perturb"] or {}) if "perturb" in written else None
        cross = read_cross(written["cross"], f"{where}.cross", given, findings)
    if "perturb" in written:
        crossed = tuple(written["cross"]) if isinstance(written.get("cross"), Mapping) else ()
        perturb = read_perturb(written["perturb"], f"{where}.perturb", findings, crossed)
        sizes = dict.fromkeys(crossed) | perturb if perturb is not None else None
        ordinary = dynamics.perturbing(sizes, f"{where}.perturb", ordinary)
    inserts: tuple[Insert, ...] = ()
    if "insert" in written:
        inserts = read_inserts(written["insert"], f"{where}.insert", ordinary, dynamics)
    cursor = read_cursor(written["cursor"], f"{where}.cursor", findings) if "cursor" in written else {}
    ask: tuple[str, ...] = ()
    phases = common.trial.phases
    if "ask" in written:
        ask, phases = read_ask(written["ask"], f"{where}.ask", common.trial, findings)
    pulses = {f"{where}.perturb": perturb or {}} | {
        f"{where}.insert.{insert.name}.perturb": insert.perturb or {} for insert in inserts
    }
    findings += [finding for path, pulse in pulses.items() for finding in at_finding(pulse, phases, path)]
    findings += redo_findings(common.trial, common.redo, common.redo_at, where)
    return {
        "each_target": written.get("each_target", 0), "each_cell": written.get("each_cell", 0), "phases": phases,
        "dynamics": dynamics.named, "ordinary": ordinary or "", "inserts": inserts, "cross": cross,
        "perturb": perturb or {}, "cursor": cursor, "order": common.order, "redo": common.redo, "pause": common.pause,
        "say": str(written.get("say", "")), "ask": ask, "pulses": pulses,
    }  # fmt: skip


def _counts(written: Mapping[str, Any], where: str) -> list[Finding]:
    """How many trials: said once, and in a way that the block can have."""
    counts = [key for key in COUNTS if key in written]
    if not counts:
        return [Finding(f"{where}.trials", "is missing", HOW_MANY)]
    if len(counts) > 1:
        return [Finding(f"{where}.{counts[1]}", f"a second number beside {counts[0]}", HOW_MANY)]
    if counts[0] == "each_cell" and "cross" not in written:
        return [Finding(f"{where}.each_cell", "there are no cells", "cross: {factor: [levels]}")]
    if counts[0] != "each_cell" and "cross" in written:
        return [
            Finding(f"{where}.{counts[0]}", f"{counts[0]} beside crossed factors", "each_cell: how often each comes")
        ]
    if isinstance(written[counts[0]], Mapping):
        settled = [key for key in ("insert", "order") if key in written]
        return [Finding(f"{where}.{key}", f"{key} beside a table of all trials", "one of the two") for key in settled]
    return []


def _controller(
    written: Mapping[str, Any], where: str, findings: list[Finding], otherwise: str
) -> tuple[str, Chosen | None]:
    """The mode ("" when none is named) and the controller, named outright or picked by the mode."""
    if "mode" in written and "controller" in written:
        findings.append(
            Finding(f"{where}.mode", "a mode beside a controller", "one of the two: a mode picks its controller")
        )
        return "", None
    if "controller" in written:
        return "", named_controller(written["controller"], f"{where}.controller", findings)
    mode = written.get("mode", otherwise or None)
    if mode is None:
        allowed = f"mode: {', '.join(available())}; or controller: {', '.join(registry.names('controller'))}"
        findings.append(Finding(f"{where}.mode", "neither a mode nor a controller", allowed))
    elif isinstance(mode, str):
        found = mode_controller(mode, f"{where}.mode")
        if isinstance(found, str):
            return mode, read_plugin("controller", found, {}, f"{where}.mode", findings)
        findings.append(found)
    return "", None
