"""Pushing as hard as one can, where the scene asks for it: a bar of effort beside a line to push along.

    dF/dt = F_max / BUILD_UP  while the bar is not full;  F ≤ F_max = min(s·F_able, min_k τ_max,k / |Jᵀu|_k)

u direction of the scene's line · s strength, F_able what an able hand gives, τ_max,k what the joints have · a reaction
after the bar appears it begins, a reaction after it goes it ends. A full bar asks for no more, so that who is stronger
than it shows stays there. Effort is built up and given up smoothly, as it is asked for in tests of strength.
"""

from __future__ import annotations

from math import dist, inf

from rehab.core.types import Scene
from rehab.core.values import Floats

BUILD_UP = 1.5  # s
LET_GO = 0.4  # s


def asked(scene: Scene, dimensions: int) -> Floats:
    """Unit vector along which the scene asks for effort; () if it does not."""
    if scene.level is None or not scene.paths:
        return ()
    start, end = scene.paths[0][0], scene.paths[0][-1]
    length = dist(start, end)
    if len(start) != dimensions or not length > 0.0:
        return ()
    return tuple([(b - a) / length for a, b in zip(start, end, strict=True)])


class Push:
    """`along` is the unit vector of the effort that is asked for; () while none is, and none is left."""

    def __init__(self) -> None:
        self.along: Floats = ()
        self.force = 0.0  # N
        self._full = False
        self._from = self._until = inf  # s

    def see(self, scene: Scene, along: Floats, *, at: float, reversed: bool) -> None:
        """Asked for along a direction, or () no more: from `at` (s) on the patient does it; or the opposite."""
        self._full = scene.level is not None and scene.level >= 1.0
        if along and not self.along:
            self.along = tuple([-u for u in along]) if reversed else along
            self._from, self._until = at, inf
        elif along:
            self._until = inf
        elif self.along and self._until == inf:
            self._until = at

    def step(self, t: float, most: float, dt: float) -> float:
        """The force (N) at t (s), with at most so much (N) at hand."""
        if t >= self._until:
            self.force -= dt / LET_GO * most
            if not self.force > 0.0:
                self.force, self.along = 0.0, ()
        elif t >= self._from and not self._full:
            self.force += dt / BUILD_UP * most
        self.force = min(self.force, most)
        return self.force


def most(levers: Floats, joints: Floats, hand: float) -> float:
    """F_max in N: `levers` Jᵀu m, `joints` N·m and `hand` N that the patient has."""
    return min([hand, *(limit / abs(c) for c, limit in zip(levers, joints, strict=True) if abs(c) > 1e-6)])
