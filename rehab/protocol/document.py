"""A protocol as a document: what it says, what is wrong with it, what it becomes on a device, and how it is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Finding
from rehab.core.limits import Limits
from rehab.protocol.arms import Arm, read_design
from rehab.protocol.blocks import Block, read_block
from rehab.protocol.edit import changed
from rehab.protocol.fits import Chosen, built
from rehab.protocol.frames import SCALES
from rehab.protocol.limits import read_block_limits
from rehab.protocol.parts import Design
from rehab.protocol.phases import Common, read_common
from rehab.protocol.plan import BlockPlan, Plan, StopIf
from rehab.protocol.schema import ProtocolFrame, ResearchFrame, frame_findings, unknown_key
from rehab.protocol.settle import Beside, pages, perturbs, settled
from rehab.protocol.written import Written


@dataclass(frozen=True)
class Protocol:
    """A protocol as it was written.

    name, path  its short name and where it came from
    source      the text, comments and all
    title, version, device, limits (SI), ...: what it says, as far as it could be read
    drafts      arm -> its blocks before any device is known; the only arm of a protocol without a design is ""
    chosen      the plug-ins it asks for, also those of blocks that are wrong elsewhere
    findings    everything that is wrong with it and can be seen without a device; empty from `load_protocol`
    """

    name: str
    path: Path
    source: str
    title: str
    version: int
    device: str
    profile: str
    limits: dict[str, float]
    rest_every: float
    stop_if: tuple[StopIf, ...]
    accept: tuple[str, ...]
    design: Design | None
    drafts: dict[str, tuple[Block, ...]]
    chosen: tuple[Chosen, ...]
    findings: tuple[Finding, ...]
    written: Written

    @property
    def blocks(self) -> tuple[BlockPlan, ...]:
        """Those whose trials can be counted, of the first arm; what depends on a device is not settled yet."""
        return tuple(block.plan for block in next(iter(self.drafts.values())) if block.plan is not None)

    def plan(self, info: DeviceInfo, limits: Limits) -> Plan:
        """Settled for a device whose limits (built-in, site, device) are `limits`.

        Raises Findings with every problem of the file and of its fit to the device at once.
        """
        found = list(self.findings)
        beside = Beside(self.path.parent)
        arms: dict[str, tuple[BlockPlan, ...]] = {}
        if self.device and self.device != info.model:
            found.append(
                self.written.placed(Finding("device", f'"{self.device}" is not this device', f"this is {info.model}"))
            )
        else:
            for arm, blocks in self.drafts.items():
                arms[arm] = self._settled(blocks, info, limits, beside, found)
        if found:
            raise self.written.error(found, beside.texts)
        plans = next(iter(arms.values()))
        plan = Plan(
            protocol=self.title,
            version=self.version,
            device=self.device,
            blocks=plans,
            limits=self.limits,
            source=self.source,
            identity=limits.identity,
            profile=self.profile,
            stop_if=self.stop_if,
            design=self.design,
            arms=arms if self.design is not None else {},
        )
        for block in plans:
            plan.limits_of(block, limits)  # raises where a layer cannot be put on top
        return plan

    def _settled(
        self, blocks: tuple[Block, ...], info: DeviceInfo, limits: Limits, beside: Beside, found: list[Finding]
    ) -> tuple[BlockPlan, ...]:
        """The blocks of one arm on that device; what is wrong with any goes to `found`, with its place."""
        plans: list[BlockPlan] = []
        for block in blocks:
            plugins = {(chosen.kind, chosen.where): built(chosen, info) for chosen in block.chosen}
            wrong = [finding for _, findings in plugins.values() for finding in findings]
            exercise = next((plugin for (kind, _), (plugin, _) in plugins.items() if kind == "exercise"), None)
            wrong += perturbs(block, info, limits.tighten("protocol", self.limits))
            plan = block.plan
            if plan is not None and (exercise is not None or plan.page is not None):
                plan = settled(block, exercise, beside, wrong)
            plans += pages(block, plan, beside, wrong)
            found += [self.written.placed(finding) for finding in wrong]
        return tuple(plans)

    def set(self, where: str, value: Any) -> Protocol:
        """The protocol with one value changed, all else in its text untouched: set("blocks[0].trials", 20). A quantity
        is given as it is written, "12 cm". No file is written. Raises BadInput for a place that is not there."""
        text = changed(self.source, where, value)
        return replace(parsed(Written(text, self.written.file), self.path), name=self.name)

    def save(self, path: Path | str) -> None:
        """Write the text, comments and all. Raises BadInput where that cannot be done."""
        try:
            Path(path).write_text(self.source, "utf-8")
        except OSError as error:
            raise BadInput(f"{path}: cannot be written: {error.strerror or error}") from error


def parsed(written: Written, path: Path) -> Protocol:
    """Everything that can be read, and everything that is wrong."""
    value = written.value
    found: list[Finding] = []
    if not isinstance(value, dict):
        if not written.findings:
            found = [Finding("", "a protocol begins with keys, not with a list or a text", "protocol: its title")]
        value = {}
    else:
        frame = ResearchFrame if value.get("profile") == "research" else ProtocolFrame
        found += frame_findings(frame, value, "")
    title = _of_type(value.get("protocol"), str, path.stem if value.get("profile") == "research" else "")
    limits, rest_every, wrong = read_block_limits(value.get("limits", {}), "limits")
    found += wrong
    stop_if = _stop_if(value["stop_if"], found) if "stop_if" in value else ()
    design: Design | None = None
    arms: list[Arm] = []
    if "design" in value:
        design, arms = read_design(value["design"], title, found)
    drafts: dict[str, tuple[Block, ...]] = {}
    for arm in arms or [Arm()]:
        body = arm.of({key: part for key, part in value.items() if key != "design"})
        if "design" in value and not arms:
            arm.said.clear()  # nobody knows what the arms have
        said: list[Finding] = []
        drafts[arm.name] = _blocks(body, rest_every, path.parent, said)
        found += arm.heard(said)
    return Protocol(
        name=path.stem,
        path=path,
        source=written.source,
        title=title,
        version=_of_type(value.get("version"), int, 1 if value.get("profile") == "research" else 0),
        device=_of_type(value.get("device"), str, ""),
        profile=_of_type(value.get("profile"), str, "therapy"),
        limits=limits,
        rest_every=rest_every,
        stop_if=stop_if,
        accept=tuple(_of_type(value.get("accept"), list, [])),
        design=design,
        drafts=drafts,
        chosen=_unique(chosen for blocks in drafts.values() for block in blocks for chosen in block.chosen),
        findings=written.settled(found),
        written=written,
    )


def _unique(chosen: Any) -> tuple[Chosen, ...]:
    """Each once, although arms and blocks may ask for the same in one place."""
    found: list[Chosen] = []
    for one in chosen:
        if one not in found:
            found.append(one)
    return tuple(found)


def _blocks(value: dict[str, Any], rest_every: float, folder: Path, said: list[Finding]) -> tuple[Block, ...]:
    """The blocks of one arm, and in `said` what is wrong with them and with what they share."""
    blocks: list[Block] = []
    seen: dict[str, int] = {}
    above = read_common(value, "", Common(), said)
    profile = _of_type(value.get("profile"), str, "")
    written = value.get("blocks")
    for number, entry in enumerate(written if isinstance(written, list) else []):
        if not isinstance(entry, dict):
            continue  # the frame has said so
        block = read_block(entry, number, above, profile, rest_every, folder)
        name = entry.get("name")
        if isinstance(name, str) and name in seen:
            message = f'"{name}" is the name of blocks[{seen[name]}] too'
            twice = Finding(f"blocks[{number}].name", message, "a name of its own", value=name)
            block = block._replace(findings=(*block.findings, twice))
        elif isinstance(name, str):
            seen[name] = number
        said += block.findings
        blocks.append(block)
    return tuple(blocks)


def _stop_if(written: Any, found: list[Finding]) -> tuple[StopIf, ...]:
    if not isinstance(written, dict) or not written:
        found.append(Finding("stop_if", "says not when", '{pain: ">= 5"}', value=str(written)))
        return ()
    answers = []
    for name, value in written.items():
        if name not in SCALES:
            found.append(unknown_key(str(name), "stop_if", list(SCALES)))
            continue
        try:
            sign, number = SCALES[name].parse(value)
            answers.append(StopIf(name=str(name), sign=sign, value=number))
        except ValueError as error:
            found.append(Finding(f"stop_if.{name}", str(error), SCALES[name].allowed, value=str(value)))
    return tuple(answers)


def _of_type(value: Any, wanted: type, otherwise: Any) -> Any:
    return value if isinstance(value, wanted) else otherwise
