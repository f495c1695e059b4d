"""The realised trial list: what each trial of a block will be, settled before anybody sits down.

A protocol says how trials are chosen; `rehab plan` and the recording hold what was chosen. An exercise that has a
method `follow` is given the list (and the phases of a trial) before `start`; one that has not chooses by itself from
its own random generator.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec import NODEFAULT, Struct, json
from msgspec.structs import fields


class Choice(Struct, frozen=True):
    """A controller with its parameters in SI: what acts on the hand."""

    controller: str
    parameters: dict[str, Any] = {}


class Phase(Struct, frozen=True):
    """One phase of a trial: hold, cue, go, move, dwell, feedback, return, ask. `values` in SI; a range is [least,
    most], and the value drawn for each trial stands in its `drawn`. What the values mean: exercises.phases."""

    kind: str
    values: dict[str, Any] = {}


class TrialPlan(Struct, frozen=True, kw_only=True):
    """One trial as planned.

    target    which of the exercise's places, from 0; −1: the exercise has none, or chooses itself
    insert    name of the insert that made it special ("channel", "catch"); "" for an ordinary one
    dynamics  which of the block's dynamics acts on the hand; "" is the block's own controller
    cursor    how the hand is shown: rotate rad, scale, clamp rad off the target's direction, shown: always, move (from
              the go to the end of the reach) or never
    perturb   joint or direction, torque N·m or force N, rise s, hold s, ttl; at: the phase in which it comes, by name
              or kind (default: move, else hold); after: s since that phase began
    cell      level of each crossed factor, in SI, by its name
    drawn     values that were drawn for this trial, by phase and name: {"hold.for": 0.612}
    say       what the participant is told before it
    repeat    how often it was tried before
    """

    number: int  # in its block, from 1
    target: int = -1
    insert: str = ""
    dynamics: str = ""
    cursor: dict[str, Any] = {}
    perturb: dict[str, Any] = {}
    cell: dict[str, Any] = {}
    drawn: dict[str, float] = {}
    say: str = ""
    repeat: int = 0


class Redo(Struct, frozen=True, kw_only=True):
    """Which failed trials are done again.

    when   of early, late, timeout, fault
    place  end_of_block, or at_once
    most   how often one trial is tried again
    """

    when: tuple[str, ...]
    place: str = "end_of_block"
    most: int = 3


class Break(Struct, frozen=True, kw_only=True):
    """A rest between trials: after every so many, for at least so long (s)."""

    every: int
    least: float


class Question(Struct, frozen=True, kw_only=True):
    """Something the participant is asked; the answer is an event.

    kind     yes_no, number (least … most), choice (one of `choices`), text, or key: only to go on
    default  what a session on a simulated clock answers when nobody says anything else
    """

    name: str
    text: str = ""
    kind: str = "yes_no"
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    default: Any = None


class Page(Struct, frozen=True, kw_only=True):
    """What the participant is shown and asked between blocks, while the arm is held softly.

    until  key: until somebody says go on; answers: until all questions are answered; time: for `least`
    least  s that it stays at least
    """

    text: str = ""
    questions: tuple[Question, ...] = ()
    until: str = "key"
    least: float = 0.0


def plain(value: Struct) -> dict[str, Any]:
    """As the data of an event: what differs from the defaults of its fields, in numbers, texts and lists."""
    whole: dict[str, Any] = json.decode(json.encode(value))
    for name, usual in _usual(type(value)):
        if getattr(value, name) == usual:
            del whole[name]
    return whole


@cache
def _usual(kind: type[Struct]) -> tuple[tuple[str, Any], ...]:
    """Fields and their defaults."""
    return tuple(
        (field.name, field.default if field.default_factory is NODEFAULT else field.default_factory())
        for field in fields(kind)
    )
