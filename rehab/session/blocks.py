"""The plan's blocks, built and ready: which exercise runs under which controller, and when the next one comes."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.random import Generator

from rehab.core import registry
from rehab.core.controller import Controller
from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Findings, RehabError
from rehab.core.exercise import Exercise
from rehab.core.limits import Limits
from rehab.core.soft import SoftSpring
from rehab.core.stability import stiffness_finding
from rehab.core.trials import Choice, TrialPlan
from rehab.protocol.plan import BlockPlan, Plan
from rehab.session.pages import PageShown

if TYPE_CHECKING:
    from rehab.core.decorators import Recipe

REST = "rest"  # the dynamics that every block has: the arm is held softly
SOFT_SHARE = 0.3  # of the force limit: what a resting limb may feel at most


class Part(NamedTuple):
    """A controller that may act in a block. `choice` says how it was built; `where` is its place in the plan."""

    choice: Choice
    controller: Controller
    where: str = ""


class Block(NamedTuple):
    """One block, ready to run: everything that takes time to build is built.

    dynamics      name -> what acts on the hand in trials and phases that name it
    alternatives  controller -> what the block's own may be exchanged for; the own one among them
    """

    plan: BlockPlan
    exercise: Exercise
    controller: Controller
    limits: Limits
    rng: Generator
    dynamics: Mapping[str, Part] = {}
    alternatives: Mapping[str, Part] = {}

    @property
    def own(self) -> Part:
        """The block's own controller."""
        plan = self.plan
        where = f"blocks[{plan.number}].controller.{plan.controller}"
        return Part(Choice(plan.controller, plan.controller_parameters), self.controller, where)

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.own, *self.dynamics.values(), *self.alternatives.values())


def build(plan: Plan, info: DeviceInfo, limits: Limits, seed: int, delay: float) -> tuple[Block, ...]:
    """Every block's plug-ins and effective limits. Raises BadInput for names and parameters that do not fit, for a list
    of trials that the exercise cannot follow, and for a stiffness that this device cannot hold at the delay (s) of its
    link."""
    blocks = tuple(
        _block(block, info, plan.limits_of(block, limits), np.random.default_rng([seed, block.number]), delay)
        for block in plan.blocks
    )
    refuse_too_stiff(blocks, info, delay)
    return blocks


def ranged(info: DeviceInfo, limits: Limits) -> DeviceInfo:
    """The device as a controller is to know it: with the ranges that these limits leave to its joints."""
    ranges = zip(info.joints, limits.q_min, limits.q_max, strict=True)
    return replace(info, joints=tuple(replace(joint, q_min=low, q_max=high) for joint, low, high in ranges))


def _block(plan: BlockPlan, info: DeviceInfo, limits: Limits, rng: Generator, delay: float) -> Block:
    soft = SoftSpring(info, SOFT_SHARE * limits.force, delay)
    if plan.page is not None:
        return Block(plan, PageShown(info, plan.page), soft, limits, rng)
    exercise = registry.find("exercise", plan.exercise)(info, **plan.exercise_parameters)
    follow(plan, exercise, plan.trial_list)
    info = ranged(info, limits)
    own = registry.find("controller", plan.controller)(info, **plan.controller_parameters)
    where = f"blocks[{plan.number}]"
    dynamics = {REST: Part(Choice("soft_spring"), soft, f"{where}.dynamics.{REST}")}
    for name in _named(plan):
        choice = plan.dynamics.get(name, Choice(name))
        dynamics[name] = Part(choice, _built(choice, info, f"{where}.dynamics.{name}"), f"{where}.dynamics.{name}")
    if hasattr(exercise, "settling"):
        exercise.settling = {name: float(getattr(part.controller, "settling", 0.0)) for name, part in dynamics.items()}
    block = Block(plan, exercise, own, limits, rng, dynamics)
    alternatives = {plan.controller: block.own}
    for choice in plan.alternatives:
        place = f"{where}.alternatives.{choice.controller}"
        alternatives[choice.controller] = Part(choice, _built(choice, info, place), place)
    return block._replace(alternatives=alternatives)


def _named(plan: BlockPlan) -> list[str]:
    """All dynamics that a trial or a phase names, or that are there to be named."""
    trials = [trial.dynamics for trial in plan.trial_list]
    phases = [str(phase.values["with"]) for phase in plan.phases if "with" in phase.values]
    return [name for name in dict.fromkeys([*plan.dynamics, *trials, *phases]) if name not in ("", REST)]


def _built(choice: Choice, info: DeviceInfo, where: str) -> Controller:
    try:
        built: Controller = registry.find("controller", choice.controller)(info, **choice.parameters)
    except Findings:
        raise
    except RehabError as error:
        raise BadInput(f"{where}: {error}") from error
    return built


def follow(plan: BlockPlan, exercise: Exercise, trials: Sequence[TrialPlan]) -> None:
    """Give the exercise its list of trials and phases, if there are any. Raises BadInput where it takes none."""
    if not (trials or plan.trial_list or plan.phases or plan.pause):
        return
    take = getattr(exercise, "follow", None)
    if take is None:
        known = "without trial_list, phases and pause"
        raise BadInput(f"blocks[{plan.number}].{plan.exercise}: this exercise follows no list of trials ({known})")
    try:
        take(trials, plan.phases, plan.redo, plan.pause)
    except BadInput as error:
        raise BadInput(f"blocks[{plan.number}].{plan.exercise}: {error}") from error


def refuse_too_stiff(blocks: Iterable[Block], info: DeviceInfo, delay: float) -> None:
    """Raises Findings for every controller of a block that is stiffer than this device holds at a delay (s)."""
    refuse_stiff_parts([part for block in blocks if block.plan.page is None for part in block.parts], info, delay)


def refuse_stiff_parts(parts: Iterable[Part], info: DeviceInfo, delay: float) -> None:
    found = {}
    for part in parts:
        finding = stiffness_finding(info, part.controller, delay)
        if finding is not None:
            found[part.where] = finding._replace(field=f"{part.where}.{finding.field}")
    if found:
        raise Findings(list(found.values()))


def with_parameters(part: Part, info: DeviceInfo, parameters: Mapping[str, Any]) -> Part:
    """The part with its controller built anew from these (SI): what a change while running leads to, before it acts.
    Raises BadInput when it cannot be built."""
    name = part.choice.controller
    try:
        built = registry.find("controller", name)(info, **parameters)
    except Exception as error:  # anybody's constructor, in the loop: it must not end the session
        raise BadInput(f"{name} cannot be built with that: {type(error).__name__}: {error}") from error
    return Part(Choice(name, dict(parameters)), built, part.where)


def pack_plugins(plan: Plan) -> tuple[str, ...]:
    """The plug-ins of the plan that live in this process only, for the journey to the control process."""
    names = {("exercise", block.exercise) for block in plan.blocks}
    for block in plan.blocks:
        choices = [*block.dynamics.values(), *block.alternatives]
        names |= {("controller", name) for name in (block.controller, *_named(block), *(c.controller for c in choices))}
    local = sorted(pair for pair in names if registry.local(*pair) is not None)
    if not local:
        return ()
    import cloudpickle

    from rehab.core import decorators

    recipes = [decorators.describe(*pair) for pair in local]
    for module in _beside({recipe.made_of.__module__ for recipe in recipes}):
        cloudpickle.register_pickle_by_value(module)
    return tuple(_packed(recipe) for recipe in recipes)


def _beside(names: set[str]) -> list[ModuleType]:
    """These modules and those that lie beside them: a script's own files, which another process would not find."""
    modules = {name: module for name, module in list(sys.modules.items()) if getattr(module, "__file__", None)}
    folders = {Path(modules[name].__file__ or "").resolve().parent for name in names if name in modules}
    found = {name: sys.modules[name] for name in names}
    found |= {name: m for name, m in modules.items() if Path(m.__file__ or "").resolve().parent in folders}
    return [module for name, module in found.items() if name != "__main__" and module.__name__ == name]


def _packed(recipe: Recipe) -> str:
    import cloudpickle

    try:
        return base64.b64encode(cloudpickle.dumps(tuple(recipe))).decode()
    except Exception as error:  # whatever a script's function holds on to: an open file, a lock, a window
        words = f'{recipe.kind} "{recipe.name}" cannot be brought to the control process'
        raise BadInput(f"{words}: {type(error).__name__}: {error}") from error


def unpack_plugins(packed: tuple[str, ...]) -> None:
    """Make a script's plug-ins known in this process. Their bytes come from our own parent over a private socket."""
    if not packed:
        return
    import cloudpickle

    from rehab.core import decorators

    for text in packed:
        try:
            decorators.rebuild(*cloudpickle.loads(base64.b64decode(text)))
        except Exception as error:
            words = "a script's controller or exercise cannot be made in the control process"
            raise BadInput(f"{words}: {type(error).__name__}: {error}") from error
