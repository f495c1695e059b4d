"""A block's realised list: every trial with its target, insert, cell, and what was drawn for it.

Everything random comes from one generator of (seed, participant, block), so that a list can be made again at any time.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.random import Generator

from rehab.core.errors import Finding, Findings
from rehab.core.trials import TrialPlan
from rehab.protocol.frames import WINDOWS
from rehab.protocol.inserts import lack, placed
from rehab.protocol.order import ordered
from rehab.protocol.parts import Insert, Order
from rehab.protocol.special import names_of, pulse_name

if TYPE_CHECKING:
    from rehab.protocol.plan import BlockPlan

ORDERS = 20  # of targets that are tried for the inserts: with other targets at an end, say, they may fit
MILLISECOND = 3  # decimals of a drawn time: a tick
STREAM = 1  # apart from the generator that a session gives the exercise of the same block


def realised(block: BlockPlan, seeds: tuple[int, int]) -> tuple[TrialPlan, ...]:
    """The trials of a block whose number of trials is settled; () where nothing of them is, since the exercise chooses
    by itself. Raises Findings, naming the block and the constraint, when no list keeps to what was asked."""
    if not is_listed(block):
        return ()
    rng = np.random.default_rng([*seeds, block.number, STREAM])
    if block.table:
        drawn = (_drawn(block, block.perturb if trial.perturb else {}, rng) | trial.drawn for trial in block.listed)
        return tuple(msgspec.structs.replace(t, drawn=d) for t, d in zip(block.listed, drawn, strict=True))
    targets, marks = _special(block, rng)
    inserts = {insert.name: insert for insert in block.inserts}
    cells = _cells(block, rng)
    return tuple(
        _trial(block, k, target, inserts.get(mark), cells[k] if cells else {}, rng)
        for k, (target, mark) in enumerate(zip(targets, marks, strict=True))
    )


def is_listed(block: BlockPlan) -> bool:
    """Whether anything of its trials can be settled beforehand."""
    said = (block.phases, block.inserts, block.cross, block.perturb, block.cursor, block.table, block.say, block.redo)
    return block.page is None and (bool(block.places) or any(said) or bool(block.ordinary) or block.pause is not None)


def cells_of(block: BlockPlan) -> list[dict[str, Any]]:
    """Every combination of the crossed factors' levels."""
    return (
        [dict(zip(block.cross, levels, strict=True)) for levels in product(*block.cross.values())]
        if block.cross
        else []
    )


def _cells(block: BlockPlan, rng: Generator) -> list[dict[str, Any]]:
    cells = cells_of(block)
    if not cells:
        return []
    shuffle = (block.order or Order()).shuffle
    return [cells[k] for k in ordered(block.trials, len(cells), shuffle, apart=False, rng=rng)]


def _special(block: BlockPlan, rng: Generator) -> tuple[list[int], list[str]]:
    """Each trial's target (−1 where the exercise has none) and the name of its insert."""
    order = block.order or Order()
    for insert in block.inserts:
        lacking = lack(insert, block.trials, block.places)
        if lacking is not None:
            raise Findings([_finding(block, f"{insert.name}.{lacking[0]}", lacking[1])])
    for _ in range(ORDERS if block.places > 1 and order.shuffle != "none" else 1):
        targets = [-1] * block.trials
        if block.places:
            targets = ordered(block.trials, block.places, order.shuffle, apart=bool(order.never), rng=rng)
        marks = placed(targets, block.inserts, rng) if block.inserts else [""] * block.trials
        if marks is not None:
            return targets, marks
    asked = ", ".join(f'{i.count or i.per_target * block.places} of "{i.name}"' for i in block.inserts)
    problem = f"no order of the {block.trials} trials leaves room for {asked}"
    name = f"{block.inserts[0].name}" if len(block.inserts) == 1 else ""
    raise Findings([_finding(block, name, problem)])


def _finding(block: BlockPlan, inside: str, problem: str) -> Finding:
    field = f"blocks[{block.number}].insert" + (f".{inside}" if inside else "")
    return Finding(field, f'block "{block.name}": {problem}', "fewer of them, a smaller gap, or more trials")


def _trial(
    block: BlockPlan, index: int, target: int, insert: Insert | None, cell: dict[str, Any], rng: Generator
) -> TrialPlan:
    perturb = block.perturb if insert is None or insert.perturb is None else insert.perturb
    at_joint = "joint" in perturb
    if perturb:
        perturb = perturb | {pulse_name(name, at_joint): level for name, level in cell.items() if name != "say"}
    cursor = block.cursor if insert is None or insert.cursor is None else insert.cursor
    return TrialPlan(
        number=index + 1,
        target=target,
        insert=insert.name if insert else "",
        dynamics=insert.dynamics if insert is not None and insert.dynamics is not None else block.ordinary,
        cursor=_cursor(cursor, index + 1),
        perturb=single_values(perturb),
        cell=cell,
        drawn=_drawn(block, perturb, rng),
        say=(insert.say if insert else "") or cell.get("say", "") or block.say,
    )


def single_values(perturb: dict[str, Any]) -> dict[str, Any]:
    """Without what is drawn for each trial: that stands in its `drawn`."""
    return {name: value for name, value in perturb.items() if not isinstance(value, list)}


def _cursor(cursor: dict[str, Any], number: int) -> dict[str, Any]:
    """The map in that trial: it grows evenly from none to its whole over the first `over` trials."""
    share = min(1.0, number / cursor["over"]) if cursor.get("over") else 1.0
    grown = {"rotate": lambda v: share * v, "clamp": lambda v: share * v, "scale": lambda v: 1.0 + share * (v - 1.0)}
    return {name: grown[name](v) if name in grown else v for name, v in cursor.items() if name != "over"}


def _drawn(block: BlockPlan, perturb: dict[str, Any], rng: Generator) -> dict[str, float]:
    """A value for each range that is one, by phase and name; those of the perturbation as "perturb.after"."""
    parts = [(names_of(phase)[1], phase.values) for phase in block.phases] + [("perturb", perturb)]
    ranges = {
        f"{kind}.{name}": value
        for kind, values in parts
        for name, value in values.items()
        if name not in WINDOWS and isinstance(value, list)
    }
    return {name: round(float(rng.uniform(least, most)), MILLISECOND) for name, (least, most) in ranges.items()}
