"""A parameter that may change while the loop runs: it moves to its new value over 200 ms and torque never steps."""

from __future__ import annotations

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
