"""The torque of the last ticks, so that each sample is paired with the torque that acted when it was measured."""

from __future__ import annotations

from collections import deque

from rehab.core.values import Floats

HISTORY = 33  # ticks: a sample older than this has stopped the session long before


class Sent:
    """`torque` N·m of the last tick; `delay` s that a command takes to the motors, if known; `fresh` s: a sample
    younger than this was measured under the torque of the last tick."""

    __slots__ = ("_delay", "_history", "_period", "fresh", "torque", "zero")

    def __init__(self, joints: int, period: float) -> None:
        self.zero: Floats = (0.0,) * joints
        self.torque = self.zero
        self._period = period
        self._history: deque[Floats] = deque([self.zero] * HISTORY, maxlen=HISTORY)
        self.delay = 0.0

    @property
    def delay(self) -> float:
        return self._delay

    @delay.setter
    def delay(self, seconds: float) -> None:
        self._delay, self.fresh = seconds, 0.5 * self._period - seconds

    def put(self, torque: Floats) -> None:
        """Once a tick."""
        self.torque = torque
        self._history.append(torque)

    def nothing(self) -> None:
        """The power is off: nothing acted."""
        self.torque = self.zero
        self._history.extend([self.zero] * HISTORY)

    def acting(self, age: float) -> Floats:
        """The torque that acted on the motors when a sample of that age (s) was taken."""
        lag = (age + self._delay) / self._period + 0.5
        if lag < 1.0:
            return self.torque
        return self._history[-1 - int(lag)] if lag < HISTORY else self._history[0]
