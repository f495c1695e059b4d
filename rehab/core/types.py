"""The array values that controllers and exercises work with, and what the participant sees.

d is the dimension of the task space (2 for a planar arm, 1 for a single joint), n the number of joints.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import hypot
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from rehab.core.path import Path

Array = NDArray[np.float64]


class State(NamedTuple):
    """What the estimator makes of a sample. Arrays are the tick's own: read them, do not keep or change them."""

    t: float  # s since the session's first tick
    q: Array  # rad (n,)
    qd: Array  # rad/s (n,)
    tau: Array  # N·m (n,), measured
    x: Array  # m (d,), hand
    v: Array  # m/s (d,)
    jacobian: Array  # (d, n), v = J q̇
    force: Array  # N (d,), limb on robot; zeros without a force sensor
    age: float  # s
    gravity: Array  # g(q), N·m (n,): what holds the arm against gravity; zeros for a horizontal one
    intent: Array  # (d,), −1 … 1: what the user asks for by joystick, switch or muscle; zeros without such an input


class Reference(NamedTuple):
    """Where the exercise wants the hand to be. `force` is a feed-forward at the hand; `path` the way on which the
    hand is wanted, for controllers that guide to a way instead of a moment of it; `goals` the places (m) between which
    the user may choose, for those that guess where the user wants to go."""

    x: Array  # m (d,)
    v: Array  # m/s (d,)
    force: Array  # N (d,)
    path: Path | None = None
    goals: tuple[tuple[float, ...], ...] = ()


class Shape(StrEnum):
    CIRCLE = "circle"
    RING = "ring"
    SQUARE = "square"


class Target(Struct, frozen=True):
    """A place in the workspace that the participant sees."""

    x: tuple[float, ...]  # m
    radius: float  # m
    role: str = "goal"  # goal: to be reached now · home: where trials start · other: shown, not asked for
    shape: Shape = Shape.CIRCLE


class CursorMap(Struct, frozen=True):
    """How the hand is shown: cursor = centre + scale·R(rotation)·(hand − centre), or not at all.

    clamp  a unit direction from the centre: the cursor lies on it as far out as the hand is, wherever that goes
    """

    rotation: float = 0.0  # rad
    scale: float = 1.0
    centre: tuple[float, ...] = (0.0, 0.0)
    shown: bool = True
    clamp: tuple[float, ...] = ()

    def place(self, hand: tuple[float, ...]) -> tuple[float, ...]:
        """Where the cursor of a hand at `hand` (m) is shown (m). In one dimension only the scale acts."""
        if len(hand) != 2:
            return tuple(c + self.scale * (h - c) for h, c in zip(hand, self.centre, strict=False))
        dx, dy = hand[0] - self.centre[0], hand[1] - self.centre[1]
        if self.clamp:
            out = self.scale * hypot(dx, dy)
            return (self.centre[0] + out * self.clamp[0], self.centre[1] + out * self.clamp[1])
        cos, sin = self.scale * np.cos(self.rotation), self.scale * np.sin(self.rotation)
        return (float(self.centre[0] + cos * dx - sin * dy), float(self.centre[1] + sin * dx + cos * dy))


class Scene(Struct, frozen=True):
    """What the participant sees and hears: data, not drawing. Give the same object while nothing changes."""

    targets: tuple[Target, ...] = ()
    paths: tuple[tuple[tuple[float, ...], ...], ...] = ()  # polylines, m
    text: str = ""  # one instruction, plain words
    cue: str = ""  # sound or pictogram: go, success, miss, ...
    cursor: CursorMap = CursorMap()
    patch: bool = False  # photodiode patch lit
    phase: str = ""  # home, go, dwell, return, rest, ...
    level: float | None = None  # 0 … 1 of a bar: effort of a strength test, progress, time left
    score: int | None = None  # of a game


NO_SCENE = Scene()


class Event(NamedTuple):
    """Something that happened, at a tick: trial_start, trial_end, phase, ... `data` is plain: numbers, texts, lists."""

    kind: str
    data: Mapping[str, Any] = {}


class Outcome(StrEnum):
    """How a trial ended."""

    REACHED = "reached"
    TIMEOUT = "timeout"
    ABORTED = "aborted"
    STOPPED = "stopped"


class Trial(Struct, frozen=True):
    """One repetition. Times in s since the session's first tick; `first_tick` and `last_tick` are rows, inclusive.

    measures    name -> value (units in rehab.measures.trial.DESCRIPTIONS); one that is not defined is left out
    parameters  what was asked: exercise, controller, start and target in m, ...; `radius` is the target's, what the
                exercise was given by that name `reach.radius`
    phases      name -> time at which the phase began
    """

    number: int
    block: str
    start: float
    end: float
    first_tick: int
    last_tick: int
    outcome: Outcome
    measures: dict[str, float] = {}
    parameters: dict[str, Any] = {}
    phases: dict[str, float] = {}
