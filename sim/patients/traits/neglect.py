"""Neglect: what appears on one side of the scene is seen late, or not at all.

Left and right are the scene's as it is drawn, x to the right, from the place where the hand was at the beginning; in
one dimension the smaller coordinates are left. What was missed stays unseen until something else is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from numpy.random import Generator

from rehab.core.values import Floats
from sim.patients.traits.trait import Trait, number, word


@dataclass(frozen=True)
class Neglect(Trait):
    side: str = word("left", ("left", "right"), says="of the scene")
    delay: float = number(0.8, unit="s", least=0.0, most=30.0, says="how much later it is seen there")
    misses: float = number(0.2, least=0.0, most=1.0, says="share of the targets there that are not seen")
    margin: float = number(0.01, unit="m", least=0.0, most=1.0, says="beyond the middle where it begins")

    def lateness(self, x: Floats, middle: Floats, dice: Generator) -> float:
        """s by which a target at x (m) is seen later; inf when it is not."""
        away = x[0] - middle[0]
        if (-away if self.side == "left" else away) <= self.margin:
            return 0.0
        return inf if self.misses > 0.0 and float(dice.random()) < self.misses else self.delay
