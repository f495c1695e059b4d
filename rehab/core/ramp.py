"""A parameter that may change while the loop runs: it moves to its new value over 200 ms and torque never steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehab.core.parameters import Parameters

RAMP_TIME = 0.2  # s; long against the 50 ms of a reflex, short against a movement


class Ramp:
    """`value` goes to the newest target in a straight line over RAMP_TIME of the dt it is given."""

    __slots__ = ("_left", "_target", "value")

    def __init__(self, value: float) -> None:
        self.value = self._target = value
        self._left = 0.0  # s until the target is reached

    def to(self, target: float) -> None:
        """Head for another value from the present one."""
        self._target, self._left = target, RAMP_TIME

    def finish(self) -> None:
        """Be at the target at once: for when no torque is made from it."""
        self.value, self._left = self._target, 0.0

    def step(self, dt: float) -> float:
        """The value dt seconds later."""
        if self._left > 0.0:
            if dt >= self._left:
                self.finish()
            else:
                self.value += (self._target - self.value) * dt / self._left
                self._left -= dt
        return self.value


class Ramps:
    """The live parameters of a plug-in: `ramps[name]` is the value that acts now."""

    __slots__ = ("_ramps",)

    def __init__(self, parameters: Parameters, values: Mapping[str, Any]) -> None:
        """`values` SI, of all parameters or more."""
        self._ramps = {name: Ramp(values[name]) for name, field in parameters.items() if field.live}

    def __getitem__(self, name: str) -> float:
        return self._ramps[name].value

    def to(self, name: str, target: float) -> None:
        """Head for another value of one of them."""
        self._ramps[name].to(target)

    def finish(self) -> None:
        for ramp in self._ramps.values():
            ramp.finish()

    def step(self, dt: float) -> None:
        for ramp in self._ramps.values():
            ramp.step(dt)
