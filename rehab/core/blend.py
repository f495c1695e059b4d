"""One controller fades into another: the torque never steps, whatever the two wish.

    τ = (1 − w) τ_old + w τ_new        w = t / T,  0 ≤ t ≤ T

Both run meanwhile, each with its own memory. The declared stiffness and damping are mixed likewise: the pair is a
spring of (1 − w) K_old + w K_new, and by that the reference is leashed. `controller` is the new one; ask `over` after
each update.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from rehab.core.controller import Controller
from rehab.core.parameters import Parameters
from rehab.core.types import Array, Event, Reference, State

BLEND_TIME = 0.2  # s; long against the 50 ms of a reflex, short against a movement


class Blend:
    """A Controller made of two."""

    parameters: ClassVar[Parameters] = Parameters()

    def __init__(self, old: Controller, new: Controller, state: State, duration: float = BLEND_TIME) -> None:
        self._old, self.controller, self._duration = old, new, duration
        self._passed = 0.0
        new.reset(state)
        for name in ("stiffness", "damping", "feed_forward"):
            if hasattr(old, name) or hasattr(new, name):
                setattr(self, name, self._mixed(name))

    @property
    def expected(self) -> tuple[float, float] | None:
        """The perturbation that either of them declares; the new one's first."""
        new: tuple[float, float] | None = getattr(self.controller, "expected", None)
        return new if new is not None or self._share >= 1.0 else getattr(self._old, "expected", None)

    @property
    def over(self) -> bool:
        return self._passed >= self._duration

    @property
    def demands_retry(self) -> bool:
        return bool(getattr(self.controller, "demands_retry", False))

    def reset(self, state: State) -> None:
        """After a pause only the new one is left."""
        self._passed = self._duration
        self.controller.reset(state)

    def heed(self, event: Event) -> None:
        heed = getattr(self.controller, "heed", None)
        if heed is not None:
            heed(event)

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._passed = min(self._duration, self._passed + dt)
        new = self.controller.update(state, reference, dt)
        w = self._share
        torque: Array = new if w >= 1.0 else (1.0 - w) * self._old.update(state, reference, dt) + w * new
        for name in ("stiffness", "damping", "feed_forward"):
            if hasattr(self, name):
                setattr(self, name, self._mixed(name))
        return torque

    @property
    def _share(self) -> float:
        return self._passed / self._duration if self._duration > 0.0 else 1.0

    def _mixed(self, name: str) -> Any:
        """Who does not declare it has none of it: nothing of the other's shape."""
        w = self._share
        old: Any = getattr(self._old, name, None)
        new: Any = getattr(self.controller, name, None)
        if name == "feed_forward":
            old = None if old is None else np.asarray(old, dtype=float)
            new = None if new is None else np.asarray(new, dtype=float)
        old = 0.0 * new if old is None else old
        new = 0.0 * old if new is None else new
        return new if w >= 1.0 else (1.0 - w) * old + w * new
