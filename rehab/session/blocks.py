"""The plan's blocks, built and ready: which exercise runs under which controller, and when the next one comes."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator

from rehab.core import registry
from rehab.core.controller import Controller
from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Findings
from rehab.core.exercise import Exercise
from rehab.core.limits import Limits
from rehab.core.stability import stiffness_finding
from rehab.protocol.plan import BlockPlan, Plan


class Block(NamedTuple):
    """One block, ready to run: everything that takes time to build is built."""

    plan: BlockPlan
    exercise: Exercise
    controller: Controller
    limits: Limits
    rng: Generator


def build(plan: Plan, info: DeviceInfo, limits: Limits, seed: int, delay: float) -> tuple[Block, ...]:
    """Every block's plug-ins and effective limits. Raises BadInput for names and parameters that do not fit, and for a
    stiffness that this device cannot hold at the delay (s) of its link."""
    blocks = tuple(
        Block(
            block,
            registry.find("exercise", block.exercise)(info, **block.exercise_parameters),
            registry.find("controller", block.controller)(info, **block.controller_parameters),
            plan.limits_of(block, limits),
            np.random.default_rng([seed, block.number]),
        )
        for block in plan.blocks
    )
    refuse_too_stiff(blocks, info, delay)
    return blocks


def refuse_too_stiff(blocks: Iterable[Block], info: DeviceInfo, delay: float) -> None:
    """Raises Findings for every block whose controller is stiffer than this device holds at a delay (s)."""
    found = []
    for block in blocks:
        finding = stiffness_finding(info, block.controller, delay)
        if finding is not None:
            where = f"blocks[{block.plan.number}].controller.{block.plan.controller}"
            found.append(finding._replace(field=f"{where}.{finding.field}"))
    if found:
        raise Findings(found)


def with_parameters(block: Block, info: DeviceInfo, parameters: Mapping[str, Any]) -> Block:
    """The block with its controller built anew from these (SI): what a change while running leads to, before it acts.
    Raises BadInput when it cannot be built."""
    name = block.plan.controller
    try:
        return block._replace(controller=registry.find("controller", name)(info, **parameters))
    except Exception as error:  # anybody's constructor, in the loop: it must not end the session
        raise BadInput(f"{name} cannot be built with that: {type(error).__name__}: {error}") from error


def pack_plugins(plan: Plan) -> tuple[str, ...]:
    """The plug-ins of the plan that live in this process only, for the journey to the control process."""
    names = {("controller", block.controller) for block in plan.blocks}
    names |= {("exercise", block.exercise) for block in plan.blocks}
    local = sorted(pair for pair in names if registry.local(*pair) is not None)
    if not local:
        return ()
    import cloudpickle

    from rehab.core import decorators

    recipes = [decorators.describe(*pair) for pair in local]
    for module in {sys.modules[recipe.made_of.__module__] for recipe in recipes}:
        if module.__name__ != "__main__":  # a file beside the script: the control process would not find it
            cloudpickle.register_pickle_by_value(module)
    return tuple(base64.b64encode(cloudpickle.dumps(tuple(recipe))).decode() for recipe in recipes)


def unpack_plugins(packed: tuple[str, ...]) -> None:
    """Make a script's plug-ins known in this process. Their bytes come from our own parent over a private socket."""
    if not packed:
        return
    import cloudpickle

    from rehab.core import decorators

    for text in packed:
        decorators.rebuild(*cloudpickle.loads(base64.b64decode(text)))
