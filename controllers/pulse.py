"""The time courses of what a perturbation does: a pulse, and the preload on which it comes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rehab.core.types import Array, State

LOADING = 0.5  # s: too slow for a reflex


class Pulse(NamedTuple):
    """One pulse. `torque` N·m (n,) at the joints, or `force` N and `displacement` m (d,) at the hand."""

    torque: Array
    force: Array
    displacement: Array
    rise: float  # s
    hold: float  # s

    @property
    def duration(self) -> float:
        return 2.0 * self.rise + self.hold

    def at(self, t: float) -> float:
        """p along straight lines, t seconds after it began."""
        return max(0.0, min(1.0, t / self.rise, (self.duration - t) / self.rise))

    def smooth(self, t: float) -> tuple[float, float]:
        """p by minimum jerk, and ṗ (1/s)."""
        s, way = self.at(t), 1.0 if t < 0.5 * self.duration else -1.0
        return s**3 * (10.0 - 15.0 * s + 6.0 * s * s), way * 30.0 * (s * (1.0 - s)) ** 2 / self.rise


class Load:
    """What a preload puts on the arm: joints' torque N·m and hand's force N, on their way to what is wanted."""

    def __init__(self, joints: int, d: int) -> None:
        self._none = self._wanted = np.zeros(joints), np.zeros(d)
        self._now = self._none
        self._left = 0.0  # s

    def to(self, pulse: Pulse) -> None:
        self._head((pulse.torque, pulse.force))

    def off(self) -> None:
        self._head(self._none)

    def forget(self) -> None:
        """From nothing to what is wanted."""
        self._now = self._none
        self._head(self._wanted)

    def _head(self, wanted: tuple[Array, Array]) -> None:
        self._wanted, self._left = wanted, LOADING

    def step(self, state: State, dt: float) -> Array:
        """Its torque N·m (n,), dt s later."""
        share = min(1.0, dt / self._left) if self._left > 0.0 else 1.0
        self._left = max(0.0, self._left - dt)
        torque, force = (now + share * (wanted - now) for now, wanted in zip(self._now, self._wanted, strict=True))
        self._now = torque, force
        load: Array = torque + state.jacobian.T @ force
        return load
