"""What a session will do, settled: plain values in SI that go to the control process and into the recording as JSON."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec
from msgspec import Struct

from rehab.core.errors import BadInput
from rehab.core.limits import Limits
from rehab.core.trials import Choice, Phase, TrialPlan
from rehab.protocol.parts import Design, Insert, Order, Pause, Redo, Until


class BlockPlan(Struct, frozen=True, kw_only=True):
    """Some trials of one exercise under one controller; or a page to read, with exercise "" and no trials."""

    number: int  # 0-based, its place in the protocol
    name: str
    exercise: str  # name in the registry
    exercise_parameters: dict[str, Any] = {}  # SI, complete: defaults are filled in
    controller: str
    controller_parameters: dict[str, Any] = {}
    mode: str = ""  # the training mode that picked the controller; "" when the controller was named outright
    trials: int
    limits: dict[str, float] = {}  # this block's own layer, SI
    rest_every: float = 0.0  # s of training after which a rest is due; 0: never

    places: int = 0  # different targets of the exercise; 0: it has none, or chooses itself
    each_target: int = 0  # how `trials` was asked for, when it was so
    each_cell: int = 0
    phases: tuple[Phase, ...] = ()  # of a trial; (): the exercise's own
    dynamics: dict[str, Choice] = {}  # what may act on the hand, by name, beside the block's own controller
    ordinary: str = ""  # which of them acts in a trial that nothing made special
    inserts: tuple[Insert, ...] = ()
    cross: dict[str, list[Any]] = {}  # factor -> its levels, SI
    perturb: dict[str, Any] = {}  # of every ordinary trial, SI; ranges as [least, most]
    cursor: dict[str, Any] = {}  # rotate rad, scale, clamp rad, over: trials in which they are reached, shown
    order: Order | None = None
    table: str = ""  # the file in which every trial is written out
    listed: tuple[TrialPlan, ...] = ()  # ... and what stands in it
    redo: Redo | None = None
    pause: Pause | None = None
    say: str = ""  # to the participant, before the block
    show: str = ""  # a page, before the block's first trial
    until: str = ""  # what ends the page: key
    ask: tuple[str, ...] = ()  # questions, when the page or the block is over
    realised: tuple[TrialPlan, ...] = ()  # its trials, settled; () until Plan.realise

    @property
    def own(self) -> Choice:
        """The block's own controller, as a Choice."""
        return Choice(self.controller, self.controller_parameters)


class Plan(Struct, frozen=True, kw_only=True):
    """A protocol that was checked against a device."""

    protocol: str  # its title
    version: int  # the author's own count of its changes
    device: str  # the model it is for
    blocks: tuple[BlockPlan, ...]  # before `realise`, those of the first arm
    limits: dict[str, float] = {}  # the protocol's layer, SI
    source: str = ""  # the YAML as it was written, with its comments; "" when the plan was made in Python
    identity: str = ""  # whose limits it was checked against (rehab.core.limits.identity_of); "" when it was not
    profile: str = "therapy"
    stop_if: dict[str, Until] = {}  # question -> the answer that ends the session
    design: Design | None = None
    arms: dict[str, tuple[BlockPlan, ...]] = {}  # arm -> its blocks; {} once realised, or without a design
    arm: str = ""  # the participant's, once realised
    seed: int | None = None  # with which it was realised

    @property
    def trials(self) -> int:
        """Trials of all blocks together."""
        return sum(block.trials for block in self.blocks)

    def limits_of(self, block: BlockPlan, limits: Limits) -> Limits:
        """In force during a block: `limits` (built-in, site, device), tightened by the protocol, then the block."""
        protocol = limits.tighten("protocol", self.limits)
        return protocol.tighten(block.name, block.limits, field=f"blocks[{block.number}].limits")

    def realise(self, seed: int, participant: str = "1") -> Plan:
        """The plan with every trial settled: order, inserts, draws, and the arm that `participant` (an ID) is in.

        The same seed and participant give the same list. Raises Findings that name the block and the constraint when
        no list keeps to it, BadInput for a seed below 0 and an ID that no arm can be assigned to.
        """
        from rehab.protocol.arms import arm_of
        from rehab.protocol.realise import realised

        if seed < 0:
            raise BadInput(f"seed {seed}: 0 or more")
        arm = "" if self.design is None else arm_of(self.design, participant)
        everybody = self.design is None or self.design.seed != "participant"
        person = 0 if everybody else zlib.crc32(participant.encode())
        blocks = tuple(
            msgspec.structs.replace(block, realised=realised(block, (seed, person)))
            for block in self.arms.get(arm, self.blocks)
        )
        return msgspec.structs.replace(self, blocks=blocks, arms={}, arm=arm, seed=seed)

    def plain(self) -> dict[str, Any]:
        """As numbers, texts, lists and dicts: what a recording keeps."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found
