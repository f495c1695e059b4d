"""A law that changes its mind without a step: what it wished before fades out over what it wishes now.

    F = F_new + (1 − t/T) (F_before − F_new)₀        0 ≤ t ≤ T

F force or torque · ( )₀ taken when the law changed (a new path, a trial that begins, help that sets in). As with one
controller that fades into another (rehab.core.blend), only that the law before need not run on.
"""

from __future__ import annotations

from rehab.core.blend import BLEND_TIME
from rehab.core.values import Floats


class Handover:
    """Give it what the law wishes in every tick; `change` before the first wish of the new law."""

    __slots__ = ("_before", "_changed", "_left", "_rest")

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """No torque was made before."""
        self._before: Floats = ()
        self._rest: Floats = ()
        self._left = 0.0  # s
        self._changed = False

    def change(self) -> None:
        """The next wish is that of another law."""
        self._changed = True

    def step(self, wish: Floats, dt: float) -> Floats:
        """The force to make of the wish of this tick."""
        if self._changed:
            self._changed = False
            if self._before:
                self._rest = tuple([b - w for b, w in zip(self._before, wish, strict=True)])
                self._left = BLEND_TIME + dt  # this tick still has all of it
        if self._left > 0.0:
            self._left -= dt
            share = max(0.0, self._left / BLEND_TIME)
            wish = tuple([w + share * r for w, r in zip(wish, self._rest, strict=True)])
        self._before = wish
        return wish
