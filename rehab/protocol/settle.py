"""A block as it was read -> the block on a device: how many trials, in which order, with the pages and tables that lie
beside the protocol; and what cannot be of all that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from rehab.core import registry
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.limits import Limits
from rehab.core.trials import Page
from rehab.core.units import show
from rehab.protocol.blocks import Block
from rehab.protocol.fits import places_of
from rehab.protocol.frames import QUESTIONS
from rehab.protocol.order import order_of
from rehab.protocol.plan import BlockPlan
from rehab.protocol.realise import cells_of, realised
from rehab.protocol.schema import MOST_TRIALS
from rehab.protocol.special import pulse_name
from rehab.protocol.tables import read_table

PAGES = (".md", ".txt")
MOST_BYTES = 1_000_000  # of a page or a table


class Beside:
    """The files beside a protocol, each read once: `texts` by name, for who shows what is wrong in one."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.texts = folder, dict[str, str]()

    def read(self, name: str, where: str) -> str | Finding:
        if name in self.texts:
            return self.texts[name]
        path = Path(name)
        if path.is_absolute() or ".." in path.parts:
            return Finding(where, f'"{name}" does not lie beside the protocol', "a file in its folder", value=name)
        try:
            data = (self._folder / path).read_bytes()
            if len(data) > MOST_BYTES:
                raise ValueError(f"more than {MOST_BYTES} bytes")
            self.texts[name] = data.decode("utf-8-sig")
        except FileNotFoundError:
            return Finding(where, f'there is no file "{name}" beside the protocol', "a file in its folder", value=name)
        except (OSError, ValueError) as error:
            return Finding(where, f'"{name}" cannot be read: {error}', "a text in UTF-8", value=name)
        return self.texts[name]


def pages(block: Block, plan: BlockPlan | None, beside: Beside, findings: list[Finding]) -> tuple[BlockPlan, ...]:
    """The block between its pages: what is shown before it, and asked when it is over. Nothing without a plan."""
    text = block.show
    if text.endswith(PAGES) and "\n" not in text:
        read = beside.read(text, f"blocks[{block.number}].show")
        if isinstance(read, Finding):
            findings.append(read)
        text = str(read)
    if plan is None:
        return ()
    questions = tuple(QUESTIONS[name] for name in block.asked)
    if plan.page is not None:
        page = Page(text=text, questions=questions, until=block.until)
        return (msgspec.structs.replace(plan, page=page),)
    before = Page(text=text, until=block.until) if text else None
    after = Page(questions=questions, until="answers") if questions else None
    return tuple(
        part if isinstance(part, BlockPlan) else BlockPlan(
            number=plan.number, name=f"{plan.name}: {word}", exercise="", controller="", trials=0, page=part
        )
        for word, part in (("page", before), ("", plan), ("questions", after))
        if part is not None
    )  # fmt: skip


def settled(block: Block, exercise: Any, beside: Beside, findings: list[Finding]) -> BlockPlan | None:
    """The block with its trials counted; None, with findings, when it cannot be. `exercise`: as built for the device,
    None for a page between blocks."""
    plan = block.plan
    assert plan is not None
    where, begun = f"blocks[{plan.number}]", len(findings)
    if exercise is None:
        return plan
    plan = _counted(plan, block.order_at or f"{where}.order", exercise, findings)
    if plan.table:
        plan = _listed(plan, beside, findings)
    if len(findings) == begun:
        try:  # what no order can keep to does not depend on the seed
            realised(plan, (0, 0))
        except Findings as error:
            findings += error.findings
    return None if len(findings) > begun else plan


def _counted(plan: BlockPlan, order_at: str, exercise: Any, findings: list[Finding]) -> BlockPlan:
    where, places = f"blocks[{plan.number}]", places_of(exercise)
    order, trials = plan.order, plan.trials
    parameters = registry.find("exercise", plan.exercise).parameters
    if order is None:
        order = order_of(registry.find("exercise", plan.exercise), plan.exercise_parameters, places)
    elif "order" in parameters and plan.exercise_parameters["order"] != parameters["order"].default:
        at = f"{where}.{plan.exercise}.order"
        findings.append(Finding(at, f"an order of its own beside {order_at}", "one of the two"))
    if plan.each_target and not places:
        problem = f"{plan.exercise} has no targets to repeat"
        findings.append(Finding(f"{where}.each_target", problem, "trials; or each_cell with cross"))
    for insert in plan.inserts if not places else ():
        if insert.per_target:
            at = f"{where}.insert.{insert.name}.per_target"
            findings.append(Finding(at, f"{plan.exercise} has no targets", "count: how many in all"))
    if order.never and places == 1 and not plan.cross:  # with crossed factors it is these that are ordered
        allowed = "more targets, or no never"
        findings.append(Finding(f"{order_at}.never", f'block "{plan.name}" has one target only', allowed))
    if plan.each_target:
        trials = plan.each_target * places
    elif plan.each_cell:
        trials = plan.each_cell * len(cells_of(plan))
    if trials > MOST_TRIALS:
        key = "each_target" if plan.each_target else "each_cell"
        findings.append(Finding(f"{where}.{key}", f"makes {trials} trials", f"at most {MOST_TRIALS} in a block"))
    return msgspec.structs.replace(plan, trials=trials, places=places, order=order)


def _listed(plan: BlockPlan, beside: Beside, findings: list[Finding]) -> BlockPlan:
    text = beside.read(plan.table, f"blocks[{plan.number}].trials.table")
    if isinstance(text, Finding):
        findings.append(text)
        return plan
    trials, wrong = read_table(text, plan.table, plan)
    findings += wrong
    if len(trials) > MOST_TRIALS:
        at = f"blocks[{plan.number}].trials.table"
        findings.append(Finding(at, f"has {len(trials)} trials", f"at most {MOST_TRIALS} in a block"))
    return msgspec.structs.replace(plan, trials=len(trials), listed=trials)


def perturbs(block: Block, info: DeviceInfo, limits: Limits) -> Iterator[Finding]:
    """What a perturbation asks of a joint that the device does not have, or beyond what may act on the limb."""
    where = f"blocks[{block.number}]"
    joints = {joint.name: torque for joint, torque in zip(info.joints, limits.torque, strict=True)}
    for path, perturb in block.pulses.items():
        joint = perturb.get("joint")
        if joint is not None and joint not in joints:
            yield Finding(f"{path}.joint", f'{info.model} has no joint "{joint}"', "known: " + ", ".join(joints))
        elif perturb:
            unit, most = ("N", limits.force) if joint is None else ("N*m", joints[joint])
            yield from _too_strong(path, perturb, block.cross, where, unit, most)


def _too_strong(
    path: str, perturb: dict[str, Any], cross: dict[str, list[Any]], where: str, unit: str, most: float
) -> Iterator[Finding]:
    allowed = f"up to {show(most, unit)} in either direction"
    largest, named = 0.0, 0
    for key in ("preload", "step"):
        name = pulse_name(key, "joint" in perturb)
        values = {f"{path}.{key}": perturb[name]} if name in perturb else {}
        values |= {f"{where}.cross.{key}[{index}]": level for index, level in enumerate(cross.get(key, []))}
        for place, value in values.items():
            if abs(value) > most:
                named += 1
                yield Finding(place, f'"{show(value, unit)}" is too large', allowed)
        largest += max(map(abs, values.values()), default=0.0)
    if largest > most and not named:
        yield Finding(path, f"preload and step together come to {show(largest, unit)}", allowed)
