"""A list of phases, looked at before anything moves: is each known, and can the trials be done with it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rehab.core.errors import BadInput
from rehab.core.trials import Phase, Question, TrialPlan

COMMON = ("name", "say", "cue", "cursor", "ttl", "photodiode")
KEYS: Mapping[str, tuple[str, ...]] = {
    "hold": ("at", "for", "timeout", "settle"),
    "cue": ("show", "for"),
    "go": ("rt", "early", "late"),
    "move": ("until", "for", "timeout", "in"),
    "dwell": ("for", "timeout"),
    "feedback": ("mt", "slow", "fast", "for"),
    "return": ("by", "in", "with", "timeout"),
    "ask": ("text", "kind", "least", "most", "choices", "default", "landmarks", "timeout"),
}
WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("hold", "at"): ("home", "start", "centre", "target"),
    ("cue", "show"): ("target", "home", "none"),
    ("go", "early"): ("redo", "abort", "ignore"),
    ("go", "late"): ("redo", "abort", "ignore"),
    ("move", "until"): ("in_target", "past", "stopped", "time"),
    ("return", "by"): ("robot", "self"),
}
ANYWHERE: Mapping[str, tuple[str, ...]] = {
    "cursor": ("shown", "hidden"),
    "photodiode": ("flip", "on", "off"),
}
CURSOR = ("rotate", "scale", "clamp", "shown")
SHOWN = ("always", "move", "never")
PLANAR = ("rotate", "clamp")
AFTER = ("feedback", "return", "ask")  # of the last phase that belongs to the trial


def check(trials: Sequence[TrialPlan], phases: Sequence[Phase], places: int, dimensions: int) -> None:
    """Raises BadInput for the first thing that cannot be done."""
    for k, phase in enumerate(phases):
        _check_phase(f"phase {k + 1} ({phase.kind})", phase)
    for trial in trials:
        where = f"trial {trial.number}"
        if trial.target >= max(1, places):
            raise BadInput(f"{where}: there is no target {trial.target}; there are {places}, from 0")
        if trial.perturb and perturbed(trial, phases) < 0:
            names = ", ".join(name_of(phase) for phase in phases)
            raise BadInput(f"{where}: its perturbation comes in {trial.perturb.get('at')!r}; its phases are {names}")
        _one_of(where, "cursor", trial.cursor, CURSOR)
        _word(where, "cursor.shown", trial.cursor.get("shown", "always"), SHOWN)
        if dimensions != 2 and any(trial.cursor.get(name) is not None for name in PLANAR):
            raise BadInput(f"{where}: a cursor is rotated or clamped in a plane only")


def _check_phase(where: str, phase: Phase) -> None:
    if phase.kind not in KEYS:
        raise BadInput(f"{where}: there is no such phase (known: {', '.join(KEYS)})")
    _one_of(where, "", phase.values, (*KEYS[phase.kind], *COMMON))
    for name, value in phase.values.items():
        allowed = WORDS.get((phase.kind, name)) or ANYWHERE.get(name)
        if allowed is not None:
            _word(where, name, value, allowed)
    if phase.kind == "ask":
        question_of(phase)


def _one_of(where: str, what: str, given: Mapping[str, Any], known: Sequence[str]) -> None:
    strange = [name for name in given if name not in known]
    if strange:
        path = f"{what}.{strange[0]}" if what else strange[0]
        raise BadInput(f"{where}: {path} is unknown (known: {', '.join(known)})")


def _word(where: str, name: str, value: Any, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise BadInput(f'{where}: {name} is "{value}"; allowed: {", ".join(allowed)}')


def name_of(phase: Phase) -> str:
    """What a phase is called in the record and in the scene."""
    return str(phase.values.get("name", phase.kind))


def perturbed(trial: TrialPlan, phases: Sequence[Phase]) -> int:
    """The phase in which its perturbation comes, by its place; −1 for none."""
    wanted = [trial.perturb["at"]] if "at" in trial.perturb else ["move", "hold"]
    for name in wanted if trial.perturb else ():
        for k, phase in enumerate(phases):
            if name in (phase.kind, phase.values.get("name")):
                return k
    return -1


def span(phases: Sequence[Phase]) -> tuple[int, int]:
    """The first and the last phase that belong to the trial: not the hold before it, not what comes after it."""
    doing = [k for k, phase in enumerate(phases) if phase.kind not in AFTER]
    last = doing[-1] if doing else 0
    return (1 if phases[0].kind == "hold" and last > 0 else 0), last


def question_of(phase: Phase) -> Question:
    v = phase.values
    least, most = v.get("least"), v.get("most")
    if "landmarks" in v:
        least, most = 1.0, float(v["landmarks"])
    kind = str(v.get("kind", "number" if "landmarks" in v else "choice" if "choices" in v else "yes_no"))
    return Question(
        name=name_of(phase), text=str(v.get("text", v.get("say", ""))), kind=kind, least=least, most=most,
        choices=tuple(v.get("choices", ())), default=v.get("default"),
    )  # fmt: skip
