"""Difficulty that follows success: one quantity, a little harder after a success, easier after a failure.

    x ← x·e^(±η (1 − p))  after a success,  x·e^(∓η p)  after a failure        η = 0.2,  x within its bounds

The upper sign where more is harder (a distance), the lower where less is (a size, a time). In balance a share p of the
trials succeeds, since then p·η (1 − p) = (1 − p)·η p: a weighted up-down rule, Kaernbach 1991, Percept. Psychophys.
49:227.
"""

from __future__ import annotations

from math import exp

STEP = 0.2  # η: at p = 0.75 5 % after a success, 16 % after a failure


class Difficulty:
    """`value` is x. `harder` +1 where more of it is harder, −1 where less is; `ratio` p."""

    def __init__(self, value: float, least: float, most: float, *, harder: int, ratio: float) -> None:
        self._first, self._least, self._most = value, least, most
        self._harder, self._ratio = harder, ratio
        self.value = value

    def begin(self) -> None:
        """As it was given."""
        self.value = self._first

    def after(self, *, success: bool) -> float:
        step = STEP * (1.0 - self._ratio) if success else -STEP * self._ratio
        self.value = min(max(self.value * exp(self._harder * step), self._least), self._most)
        return self.value
