"""The exercise that leads the hand along a circle, and controllers that misbehave when they are told to."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

import numpy as np

from rehab.core.parameters import Parameters, quantity
from rehab.core.types import NO_SCENE, Event, Reference


class Circling:
    """x_r = x_0 + r (sin φ, cos φ − 1) with φ = 2π t / turn, from where the hand is at the start."""

    parameters = Parameters(
        radius=quantity("4 cm", unit="m", least="0 m", most="20 cm"),
        turn=quantity("2 s", unit="s", least="0.2 s", most="20 s"),
        offset=quantity("0 cm", unit="m", least="-50 cm", most="50 cm"),
    )

    def __init__(self, device: Any, *, radius: float = 0.04, turn: float = 2.0, offset: float = 0.0) -> None:
        self._radius, self._turn, self._offset = radius, turn, offset
        self.misbehave: Any = None  # called in `reference`

    def start(self, state: Any, limits: Any, rng: Any) -> None:
        self._home = state.x + np.array([self._offset, 0.0])
        self._told = False

    def reference(self, t: float, state: Any) -> Reference:
        if self.misbehave is not None:
            self.misbehave()
        w, r = 2.0 * pi / self._turn, self._radius
        x = self._home + r * np.array([sin(w * t), cos(w * t) - 1.0])
        return Reference(x, r * w * np.array([cos(w * t), -sin(w * t)]), np.zeros(2))

    def scene(self) -> Any:
        return NO_SCENE

    def observe(self, t: float, state: Any, decision: Any) -> Event | None:
        if self._told:
            return None
        self._told = True
        place = self._home.tolist()
        return Event("trial_start", {"start": place, "target": place, "radius": 0.01})


class Obedient:
    """Wishes nothing until the test gives it a `wish`: a function of the state that returns torque N·m."""

    parameters = Parameters()
    stiffness = 0.0  # N/m, that it declares

    def __init__(self, device: Any) -> None:
        self.wish: Any = lambda state: np.zeros(2)

    def reset(self, state: Any) -> None:
        return None

    def update(self, state: Any, reference: Any, dt: float) -> Any:
        return self.wish(state)
