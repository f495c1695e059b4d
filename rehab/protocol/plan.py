"""What a session will do, settled: plain values in SI that go to the control process and into the recording as JSON."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from rehab.core.limits import Limits


class BlockPlan(Struct, frozen=True, kw_only=True):
    """Some trials of one exercise under one controller."""

    number: int  # 0-based, its place in the protocol
    name: str
    exercise: str  # name in the registry
    exercise_parameters: dict[str, Any] = {}  # SI, complete: defaults are filled in
    controller: str
    controller_parameters: dict[str, Any] = {}
    mode: str = ""  # the training mode that picked the controller; "" when the controller was named outright
    trials: int
    limits: dict[str, float] = {}  # this block's own layer, SI


class Plan(Struct, frozen=True, kw_only=True):
    """A protocol that was checked against a device."""

    protocol: str  # its title
    version: int  # the author's own count of its changes
    device: str  # the model it is for
    blocks: tuple[BlockPlan, ...]
    limits: dict[str, float] = {}  # the protocol's layer, SI
    source: str = ""  # the YAML as it was written, with its comments; "" when the plan was made in Python
    identity: str = ""  # whose limits it was checked against (rehab.core.limits.identity_of); "" when it was not

    @property
    def trials(self) -> int:
        """Trials of all blocks together."""
        return sum(block.trials for block in self.blocks)

    def limits_of(self, block: BlockPlan, limits: Limits) -> Limits:
        """In force during a block: `limits` (built-in, site, device), tightened by the protocol, then the block."""
        protocol = limits.tighten("protocol", self.limits)
        return protocol.tighten(block.name, block.limits, field=f"blocks[{block.number}].limits")
