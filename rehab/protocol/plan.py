"""What a session will do, settled: plain values in SI that go to the control process and into the recording as JSON."""

from __future__ import annotations

from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Any

from msgspec import Struct

from rehab.core.limits import Limits
from rehab.core.trials import Break, Choice, Page, Phase, Redo, TrialPlan

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

    trial_list    the realised trials, as many as `trials`; () when the exercise chooses by itself
    phases        of a trial; () for the exercise's own
    dynamics      by name, what acts on the hand in the trials that name it (and in phases that do: return.with); a name
                  that is not here is a controller with its defaults; "" is the block's own controller
    alternatives  controllers that the block's own may be exchanged for while it runs
    page          then exercise and controller are "", trials 0
    """

    number: int  # 0-based, its place in the protocol
    name: str
    exercise: str  # name in the registry
    exercise_parameters: dict[str, Any] = {}  # SI, complete: defaults are filled in
    controller: str
    controller_parameters: dict[str, Any] = {}
    mode: str = ""  # the training mode that picked the controller; "" when the controller was named outright
    trials: int
    limits: dict[str, float] = {}  # this block's own layer, SI
    trial_list: tuple[TrialPlan, ...] = ()
    phases: tuple[Phase, ...] = ()
    redo: Redo | None = None
    pause: Break | None = None
    dynamics: dict[str, Choice] = {}
    alternatives: tuple[Choice, ...] = ()
    page: Page | None = None


class Plan(Struct, frozen=True, kw_only=True):
    """A protocol that was checked against a device."""

    protocol: str  # its title
    version: int  # the author's own count of its changes
    device: str  # the model it is for
    blocks: tuple[BlockPlan, ...]
    limits: dict[str, float] = {}  # the protocol's layer, SI
    source: str = ""  # the YAML as it was written, with its comments; "" when the plan was made in Python
    stop_if: tuple[StopIf, ...] = ()  # answers that end the run
    identity: str = ""  # whose limits it was checked against (rehab.core.limits.identity_of); "" when it was not

    @property
    def trials(self) -> int:
        """Trials of all blocks together."""
        return sum(block.trials for block in self.blocks)

    def limits_of(self, block: BlockPlan, limits: Limits) -> Limits:
        """In force during a block: `limits` (built-in, site, device), tightened by the protocol, then the block."""
        protocol = limits.tighten("protocol", self.limits)
        return protocol.tighten(block.name, block.limits, field=f"blocks[{block.number}].limits")
