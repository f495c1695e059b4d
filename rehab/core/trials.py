"""The realised trial list: what each trial of a block will be, settled before anybody sits down.

A protocol says how trials are chosen; `rehab plan` and the recording hold what was chosen. An exercise that has a
method `follow` is given the list (and the phases of a trial) before `start`; one that has not chooses by itself from
its own random generator.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Choice(Struct, frozen=True):
    """A controller with its parameters in SI: what acts on the hand."""

    controller: str
    parameters: dict[str, Any] = {}


class Phase(Struct, frozen=True):
    """One phase of a trial: hold, cue, go, move, dwell, feedback, return, ask. `values` in SI; a range is [least,
    most], and the value drawn for each trial stands in its `drawn`."""

    kind: str
    values: dict[str, Any] = {}


class TrialPlan(Struct, frozen=True, kw_only=True):
    """One trial as planned.

    target    which of the exercise's places, from 0; −1: the exercise has none, or chooses itself
    insert    name of the insert that made it special ("channel", "catch"); "" for an ordinary one
    dynamics  which of the block's dynamics acts on the hand; "" is the block's own controller
    cursor    how the hand is shown: rotate rad, scale, clamp rad, shown
    perturb   joint or direction, torque N·m or force N, rise s, hold s, at ...
    cell      level of each crossed factor, in SI, by its name
    drawn     values that were drawn for this trial, by phase and name: {"hold.for": 0.612}
    say       what the participant is told before it
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
