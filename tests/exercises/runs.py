"""An exercise run in simulated time with a hand that moves as the test says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.types import Event, Scene
from tests.arms import hand_at, pose, sent

DT = 0.001


class Trial(NamedTuple):
    """From trial_start to trial_end: what was asked, what came of it, and the reference in between."""

    asked: dict[str, Any]
    ended: dict[str, Any]
    t: np.ndarray  # s since its start
    x: np.ndarray  # m, reference
    hand: np.ndarray  # m
    scenes: list[Scene]


def at_the_reference(t: float, x: np.ndarray, hand: np.ndarray) -> np.ndarray:
    return x


def trials(
    exercise: Any, info: DeviceInfo, count: int, hand: Callable[..., np.ndarray] = at_the_reference, *, seed: int = 1,
    limits: Any = None, most: float = 300.0,
) -> list[Trial]:  # fmt: skip
    """The first `count` trials; `hand(t of the trial or −1, reference, hand)` gives the hand's next place (m)."""
    x = pose(info, info.home).x
    exercise.start(hand_at(info, tuple(x)), limits or info.limits(), np.random.default_rng(seed))
    found: list[Trial] = []
    begun, asked, rows, scenes = -1.0, {}, [], []
    for k in range(round(most / DT)):
        t = k * DT
        state = hand_at(info, tuple(x))
        reference = exercise.reference(t, state)
        event: Event | None = exercise.observe(t, state, sent(info))
        if event is not None and event.kind == "trial_start":
            begun, asked, rows, scenes = t, dict(event.data), [], []
        if begun >= 0.0:
            rows.append((t - begun, *reference.x, *x))
            if not scenes or exercise.scene() is not scenes[-1]:
                scenes.append(exercise.scene())
        if event is not None and event.kind == "trial_end":
            table, d = np.array(rows), len(x)
            found.append(
                Trial(asked, dict(event.data), table[:, 0], table[:, 1 : 1 + d], table[:, 1 + d :], scenes)
            )
            begun = -1.0
            if len(found) == count:
                return found
        x = np.asarray(hand(t - begun if begun >= 0.0 else -1.0, reference.x, x), dtype=float)
    raise AssertionError(f"{len(found)} trials in {most} s")
