"""Motor memory of two states: one learns and forgets fast, the other slowly.

    x_f ← A_f x_f + B_f e        x_s ← A_s x_s + B_s e        x = x_f + x_s

after each trial; e = p − x is what the perturbation p leaves to be seen of it, 0 in an error clamp. Smith, Ghazizadeh &
Shadmehr 2006, PLoS Biol. 4(6):e179: A_f 0.59, B_f 0.21, A_s 0.992, B_s 0.02.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import add

from rehab.core.values import Floats


class TwoState:
    """Of one quantity or several side by side, each of `size` numbers with the same rates. `net` is x."""

    def __init__(self, size: int, rates: tuple[float, float, float, float]) -> None:
        self._keep_fast, self._learn_fast, self._keep_slow, self._learn_slow = rates
        self.fast: Floats = (0.0,) * size
        self.slow: Floats = (0.0,) * size
        self.net: Floats = (0.0,) * size

    def learn(self, error: Sequence[float]) -> None:
        """One trial is over, and that was its error."""
        self.fast = tuple([self._keep_fast * x + self._learn_fast * e for x, e in zip(self.fast, error, strict=True)])
        self.slow = tuple([self._keep_slow * x + self._learn_slow * e for x, e in zip(self.slow, error, strict=True)])
        self.net = tuple(map(add, self.fast, self.slow))
