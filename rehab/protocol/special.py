"""What makes trials special: dynamics, inserts, crossed factors, perturbations, the cursor, questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehab.core.errors import Finding
from rehab.core.parameters import choice, text
from rehab.core.trials import Choice, Phase, Question
from rehab.protocol.fits import Chosen
from rehab.protocol.frames import LANDMARKS, QUESTIONS, AskFrame, CursorFrame, HandPulse, InsertFrame, JointPulse, Pulse
from rehab.protocol.parts import Insert
from rehab.protocol.phases import Trial
from rehab.protocol.plugins import named_controller
from rehab.protocol.schema import kinds_of, read_part, unknown_key

NONE = "none"  # dynamics: no more than the block's own controller
PERTURBATION = "perturbation"  # the controller that gives pulses when it is told
MOST_LEVELS = 20
SIZES = ("step", "displace")  # one of them makes a perturbation
CROSSED = ("preload", "step", "displace", "rise", "hold", "direction")


class Dynamics:
    """What may act on the hand in a block, by name; a name that is taken by something else gets a number."""

    def __init__(self, named: Mapping[str, Choice], chosen: list[Chosen], findings: list[Finding]) -> None:
        self.named, self.chosen, self.findings = dict(named), chosen, findings

    def read(self, written: Any, where: str, name: str = "") -> str | None:
        """The name of what is written: `name`, else that of its controller; "" for none. None with findings."""
        if written == NONE:
            return ""
        controller = named_controller(written, where, self.findings)
        if controller is None:
            return None
        self.chosen.append(controller)
        wanted, choice_ = name or controller.name, Choice(controller.name, controller.parameters)
        free = wanted
        number = 2
        while self.named.get(free, choice_) != choice_:
            free, number = f"{wanted}_{number}", number + 1
        self.named[free] = choice_
        return free

    def perturbing(self, perturb: Mapping[str, Any] | None, where: str, acts: str | None) -> str | None:
        """The name of what gives a block's pulses: what is written for it (`acts`, "" where nothing is), or else the
        controller for it, told by the trial. None with findings when that gives none."""
        if perturb is None or acts is None:
            return acts
        if not acts:
            kind = "position" if "displacement" in perturb or "displace" in perturb else "force"
            written = {PERTURBATION: {"trigger": "event", "kind": kind}}
            return self.read(written, where, PERTURBATION)
        if self.named[acts].controller != PERTURBATION:
            problem = f"{self.named[acts].controller} gives no pulses"
            self.findings.append(Finding(where, problem, f"dynamics: {{{PERTURBATION}: {{trigger: event}}}}, or none"))
            return None
        return acts


def read_inserts(written: Any, where: str, ordinary: str | None, dynamics: Dynamics) -> tuple[Insert, ...]:
    """The inserts of a block, in the order in which they are written; findings go to `dynamics.findings`. `ordinary`:
    the dynamics of ordinary trials, None where that is itself wrong."""
    findings = dynamics.findings
    if not isinstance(written, Mapping) or not written:
        findings.append(Finding(where, "names no insert", "{catch: {per_target: 1, dynamics: none}}"))
        return ()
    return tuple(
        insert
        for name, keys in written.items()
        for insert in [_insert(str(name), keys, f"{where}.{name}", ordinary, dynamics)]
        if insert is not None
    )


def _insert(name: str, written: Any, where: str, ordinary: str | None, dynamics: Dynamics) -> Insert | None:
    findings = dynamics.findings
    begun = len(findings)
    part = read_part(InsertFrame, written, where, findings)
    if not isinstance(written, Mapping):
        return None
    counts = [key for key in ("per_target", "count") if key in written]
    if len(counts) > 1:
        findings.append(Finding(f"{where}.count", "a second number beside per_target", "one of the two"))
    elif part is not None and not counts:
        findings.append(Finding(where, "says not how many", "per_target, or count"))
    acts = dynamics.read(written["dynamics"], f"{where}.dynamics", name) if "dynamics" in written else None
    cursor = read_cursor(written["cursor"], f"{where}.cursor", findings) if "cursor" in written else None
    perturb = read_perturb(written["perturb"], f"{where}.perturb", findings) if "perturb" in written else None
    if perturb is not None and (acts is not None or "dynamics" not in written):
        acts = dynamics.perturbing(perturb, f"{where}.perturb", acts or "")
    changes = [key for key in ("dynamics", "cursor", "perturb", "say") if key in written]
    if part is not None and not changes:
        findings.append(Finding(where, "differs in nothing from an ordinary trial", "dynamics, cursor, perturb or say"))
    elif changes == ["dynamics"] and acts == ordinary and acts is not None:
        why = "" if ordinary else ": the block has no dynamics of its own"
        problem = f"is what ordinary trials have{why}"
        findings.append(Finding(f"{where}.dynamics", problem, "dynamics: in the block, or another one here"))
    if part is None or len(findings) > begun:
        return None
    least, most = part.get("gap", [0, None])
    return Insert(
        name=name, per_target=part.get("per_target", 0), count=part.get("count", 0), least=least,
        most=-1 if most is None else most, not_first=part["not_first"], dynamics=acts, cursor=cursor, perturb=perturb,
        say=part["say"],
    )  # fmt: skip


def read_cursor(written: Any, where: str, findings: list[Finding]) -> dict[str, Any]:
    """Rotation, scale, clamp, over and shown, flat; {} with findings when anything is wrong."""
    part = read_part(CursorFrame, written, where, findings)
    if part is None:
        return {}
    found = part.pop("map", {}) | part
    if "clamp" in found and "rotate" in found:
        problem = "a rotation beside a clamp: a clamped cursor does not turn with the hand"
        findings.append(Finding(f"{where}.map.rotate", problem, "one of the two"))
    return found if found.get("over") else {key: value for key, value in found.items() if key != "over"}


def read_perturb(
    written: Any, where: str, findings: list[Finding], crossed: tuple[str, ...] = ()
) -> dict[str, Any] | None:
    """A perturbation in SI; `crossed` are the keys whose values the crossed factors give."""
    frame = pulse_frame(written)
    if isinstance(written, Mapping) and ("joint" in written) == ("direction" in written) and "direction" not in crossed:
        problem = "acts on a joint and on the hand" if "joint" in written else "says not where it acts"
        findings.append(Finding(where, problem, "one of joint: NAME and direction: ANGLE"))
        return None
    given = written
    if isinstance(written, Mapping) and "direction" in crossed and frame is HandPulse:
        given = {"direction": "0 deg", **written}
    part = read_part(frame, given, where, findings)
    if part is None:
        return None
    sizes = [key for key in SIZES if key in part or key in crossed]
    if len(sizes) != 1:
        problem = "has two sizes" if sizes else "has no size"
        allowed = "one of step and displace" if frame is HandPulse else "step: a torque, here or as a crossed factor"
        findings.append(Finding(where, problem, allowed))
        return None
    return {pulse_name(key, "joint" in part): value for key, value in part.items()}


def pulse_name(key: str, at_joint: bool) -> str:
    """What a trial calls what a protocol calls `key`: a step is a torque at a joint and a force at the hand."""
    return {"step": "torque" if at_joint else "force", "displace": "displacement"}.get(key, key)


def pulse_frame(written: Any) -> type[Pulse]:
    return JointPulse if isinstance(written, Mapping) and "joint" in written else HandPulse


def read_cross(written: Any, where: str, perturb: Any, findings: list[Finding]) -> dict[str, list[Any]]:
    """Factor -> levels in SI. `perturb` is the block's perturbation as it is written, None without one."""
    if not isinstance(written, Mapping) or not written:
        findings.append(Finding(where, "names no factor", "{step: [-3 N.m, 3 N.m], say: [resist, let_go]}"))
        return {}
    kinds = {"say": text("")} | {name: kind for name, kind in kinds_of(pulse_frame(perturb)).items() if name in CROSSED}
    found: dict[str, list[Any]] = {}
    for name, levels in written.items():
        at = f"{where}.{name}"
        if name not in kinds:
            findings.append(unknown_key(str(name), where, list(kinds)))
        elif name != "say" and perturb is None:
            findings.append(Finding(at, f"{name} is of a perturbation, and the block has none", "perturb: {...}"))
        elif name != "say" and isinstance(perturb, Mapping) and name in perturb:
            findings.append(Finding(at, f"{name} stands in perturb too", "one of the two"))
        elif not isinstance(levels, list) or not 2 <= len(levels) <= MOST_LEVELS:
            findings.append(
                Finding(at, "is not a list of levels", f"a list of 2 to {MOST_LEVELS}: {kinds[name].allowed}")
            )
        else:
            found[name] = _levels(levels, kinds[name], at, findings)
    return found


def _levels(written: list[Any], kind: Any, at: str, findings: list[Finding]) -> list[Any]:
    levels: list[Any] = []
    for index, value in enumerate(written):
        try:
            level = kind.parse(value)
        except ValueError as error:
            findings.append(Finding(f"{at}[{index}]", str(error), kind.allowed, value=str(value)))
            continue
        if level in levels:
            findings.append(
                Finding(f"{at}[{index}]", f'"{value}" stands here twice', "each level once", value=str(value))
            )
        levels.append(level)
    return levels


def read_ask(
    written: Any, where: str, trial: Trial, findings: list[Finding]
) -> tuple[tuple[str, ...], tuple[Phase, ...]]:
    """The questions when the block is over, and the phases with those that are asked within a trial."""
    listed = written if isinstance(written, list) else [*written] if isinstance(written, Mapping) else None
    if not listed:
        findings.append(Finding(where, "is not a list of questions", f"a list of {', '.join(QUESTIONS)}"))
        return (), trial.phases
    phases = trial.phases
    one = choice("pain", tuple(QUESTIONS))
    after: list[str] = []
    for index, name in enumerate(listed):
        in_list = isinstance(written, list)
        at = f"{where}[{index}]" if in_list else f"{where}.{name}"
        try:
            one.parse(name)
        except ValueError as error:
            wrong = Finding(at, str(error), one.allowed, value=str(name))
            findings.append(wrong if in_list else unknown_key(str(name), where, list(QUESTIONS)))
            continue
        keys = {} if in_list else read_part(AskFrame, written[name], at, findings)
        if keys is None:
            continue
        if "landmarks" in keys and name != "aim":
            findings.append(Finding(f"{at}.landmarks", "landmarks belong to aim", "leave them out"))
        if name == "aim" and "before" not in keys:
            findings.append(Finding(at, "is asked within a trial, and not said when", "{aim: {before: go}}"))
        elif "before" not in keys:
            after.append(name)
        elif trial.sound:
            phases = _asked(name, keys, phases, f"{at}.before", findings)
    return tuple(after), phases


def _asked(
    name: str, keys: Mapping[str, Any], phases: tuple[Phase, ...], at: str, findings: list[Finding]
) -> tuple[Phase, ...]:
    places = [index for index, phase in enumerate(phases) if keys["before"] in names_of(phase)]
    if not places:
        known = ", ".join(phase.kind for phase in phases) or "none: the protocol has no trial with phases"
        findings.append(Finding(at, f'no phase "{keys["before"]}" in a trial of this block', f"its phases: {known}"))
        return phases
    asked = _values(QUESTIONS[name])
    if name == "aim":
        asked |= {"landmarks": keys.get("landmarks", LANDMARKS)}
    return (*phases[: places[0]], Phase("ask", asked), *phases[places[0] :])


def names_of(phase: Phase) -> tuple[str, str]:
    """What a phase may be called by: its kind, and its own name."""
    return phase.kind, str(phase.values.get("name", phase.kind))


def _values(question: Question) -> dict[str, Any]:
    found = {key: getattr(question, key) for key in ("name", "text", "kind", "least", "most", "default")}
    return {key: value for key, value in found.items() if value is not None}


def at_finding(perturb: Mapping[str, Any], phases: tuple[Phase, ...], where: str) -> list[Finding]:
    """A perturbation that comes in no phase of the trial."""
    known = [name for phase in phases for name in names_of(phase)]
    if not phases or not perturb:
        return []
    if "at" in perturb and perturb["at"] not in known:
        problem = f'no phase "{perturb["at"]}" in a trial of this block'
        return [Finding(f"{where}.at", problem, "its phases: " + ", ".join(dict.fromkeys(known)))]
    if "at" not in perturb and not {"move", "hold"} & set(known):
        return [Finding(where, "says not in which phase it comes", "at: one of " + ", ".join(dict.fromkeys(known)))]
    return []
