"""How a plan's trials are to be chosen, in plain values: their order, the special ones, the arms of a study."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Order(Struct, frozen=True):
    """How targets and cells follow each other: shuffle is each_cycle, all or none; never is same_target_twice or ""."""

    shuffle: str = "each_cycle"
    never: str = ""


class Insert(Struct, frozen=True, kw_only=True):
    """Trials that are special; they take the place of ordinary ones.

    per_target, count  how many for each target, or in all; one of the two
    least, most        trials of other kinds between two of this one; most −1: any number
    not_first          none among so many trials at the beginning of the block
    dynamics           name in the block's dynamics, "" the block's own controller, None as in ordinary trials
    cursor, perturb    instead of the block's; None as in ordinary trials
    """

    name: str
    per_target: int = 0
    count: int = 0
    least: int = 0
    most: int = -1
    not_first: int = 0
    dynamics: str | None = None
    cursor: dict[str, Any] | None = None
    perturb: dict[str, Any] | None = None
    say: str = ""


class Design(Struct, frozen=True, kw_only=True):
    """The arms of a study; `seed` is "participant" or a number (rehab.protocol.arms)."""

    study: str
    arms: tuple[str, ...]
    seed: str | int = "participant"
