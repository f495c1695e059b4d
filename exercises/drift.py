"""Whether a hand is still: its speed without its tremor.

    u ← u + (v − u) dt/τ,  w ← w + (u − w) dt/τ        drift = |w|,  τ = 0.1 s

v velocity of the hand m/s. What goes on for longer passes; of a tremor of 5 Hz (3 to 12 Hz: Deuschl et al. 1998, Mov.
Disord. 13(S3)) a tenth is left, so that a hand that trembles in one place is still, as a therapist would say. A hand
that has stopped is still some 0.2 to 0.4 s later.
"""

from __future__ import annotations

from math import hypot

from rehab.core.types import Array

TIME = 0.1  # s, τ


class Drift:
    """`speed` m/s."""

    def __init__(self, t: float, v: Array) -> None:
        self._t = t
        self._u = self._w = tuple(v.tolist())
        self.speed = hypot(*self._w)

    def step(self, t: float, v: Array) -> float:
        keep, self._t = min(1.0, (t - self._t) / TIME), t
        self._u = tuple([u + keep * (now - u) for u, now in zip(self._u, v.tolist(), strict=True)])
        self._w = tuple([w + keep * (u - w) for w, u in zip(self._w, self._u, strict=True)])
        self.speed = hypot(*self._w)
        return self.speed
