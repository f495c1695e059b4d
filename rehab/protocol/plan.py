"""What a session will do, settled: plain values in SI that go to the control process and into the recording as JSON."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Any

import msgspec
from msgspec import Struct

from rehab.core.errors import BadInput
from rehab.core.limits import Limits
from rehab.core.trials import Break, Choice, Page, Phase, Redo, TrialPlan
from rehab.protocol.parts import Design, Insert, Order

SIGNS: dict[str, Callable[[float, float], bool]] = {">=": ge, ">": gt, "<=": le, "<": lt}


class StopIf(Struct, frozen=True, kw_only=True):
    """An answer that ends the run: pain >= 5."""

    name: str
    sign: str  # one of SIGNS
    value: float

    def met(self, value: Any) -> bool:
        """False for an answer that is no number."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and SIGNS[self.sign](value, self.value)

    def __str__(self) -> str:
        return f"{self.name} {self.sign} {self.value:g}"


class BlockPlan(Struct, frozen=True, kw_only=True):
    """Some trials of one exercise under one controller; or a page, between blocks, and no trials.

    trial_list    the realised trials, as many as `trials`; () when the exercise chooses by itself, or before `realise`
    phases        of a trial; () for the exercise's own
    dynamics      by name, what acts on the hand in the trials that name it (and in phases that do: return.with); a name
                  that is not here is a controller with its defaults; "" is the block's own controller
    alternatives  controllers that the block's own may be exchanged for while it runs
    page          then exercise and controller are "", trials 0

    How the list is to be made (`realise`):
    places                  different targets of the exercise; 0: it has none, or chooses itself
    each_target, each_cell  how `trials` was asked for, when it was so
    order, inserts, cross   their order, the special ones, and factor -> its levels in SI
    ordinary                which dynamics acts in a trial that nothing makes special
    perturb, cursor, say    of such a trial; a range is drawn anew in each; cursor's `over`: trials in which it grows
    table, listed           the file in which every trial is written out, and what stands in it
    """

    number: int  # 0-based, its place in the protocol; its pages have the same
    name: str
    exercise: str  # name in the registry
    exercise_parameters: dict[str, Any] = {}  # SI, complete: defaults are filled in
    controller: str
    controller_parameters: dict[str, Any] = {}
    mode: str = ""  # the training mode that picked the controller; "" when the controller was named outright
    trials: int
    limits: dict[str, float] = {}  # this block's own layer, SI
    rest_every: float = 0.0  # s of work after which the session rests (rehab.session.resting); 0: never
    trial_list: tuple[TrialPlan, ...] = ()
    phases: tuple[Phase, ...] = ()
    redo: Redo | None = None
    pause: Break | None = None
    dynamics: dict[str, Choice] = {}
    alternatives: tuple[Choice, ...] = ()
    page: Page | None = None

    places: int = 0
    each_target: int = 0
    each_cell: int = 0
    order: Order | None = None
    inserts: tuple[Insert, ...] = ()
    cross: dict[str, list[Any]] = {}
    ordinary: str = ""
    perturb: dict[str, Any] = {}
    cursor: dict[str, Any] = {}
    say: str = ""
    table: str = ""
    listed: tuple[TrialPlan, ...] = ()

    @property
    def own(self) -> Choice:
        """The block's own controller, as a Choice."""
        return Choice(self.controller, self.controller_parameters)

    @property
    def acting(self) -> dict[str, Choice]:
        """Everything that may act on the hand, by name: the dynamics, and the block's own controller as ""."""
        return {} if self.page is not None else {"": self.own, **self.dynamics}


class Plan(Struct, frozen=True, kw_only=True):
    """A protocol that was checked against a device."""

    protocol: str  # its title
    version: int  # the author's own count of its changes
    device: str  # the model it is for
    blocks: tuple[BlockPlan, ...]  # before `realise`, those of the first arm
    limits: dict[str, float] = {}  # the protocol's layer, SI
    source: str = ""  # the YAML as it was written, with its comments; "" when the plan was made in Python
    stop_if: tuple[StopIf, ...] = ()  # answers that end the run
    identity: str = ""  # whose limits it was checked against (rehab.core.limits.identity_of); "" when it was not
    profile: str = "therapy"
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
            msgspec.structs.replace(block, trial_list=realised(block, (seed, person)))
            for block in self.arms.get(arm, self.blocks)
        )
        return msgspec.structs.replace(self, blocks=blocks, arms={}, arm=arm, seed=seed)

    def plain(self) -> dict[str, Any]:
        """As numbers, texts, lists and dicts: what a recording keeps."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found
