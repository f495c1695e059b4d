"""The acceleration behind a measured velocity: its derivative through a first-order low-pass.

    v_f' = ω (v − v_f)        a = v_f'        ω = 2π f_c

Solved exactly over a tick in which v stays, v_f gains (1 − e^(−ωT)) (v − v_f), and a is that gain over T: for a
velocity that grows steadily, a is exact. As a sampled loop, a mass under the torque that v comes from has
|a / a_true| ≤ 1 at every frequency, so that feeding back a share of it stays below that share.
"""

from __future__ import annotations

from math import exp, pi

import numpy as np

from rehab.core.types import Array


class Acceleration:
    """`cutoff` f_c in Hz; works on velocities of any unit."""

    __slots__ = ("_filtered", "_omega")

    def __init__(self, cutoff: float) -> None:
        self._omega = 2.0 * pi * cutoff
        self._filtered: Array | None = None

    def reset(self, v: Array) -> None:
        """Start from a steady velocity."""
        self._filtered = np.array(v)

    def step(self, v: Array, dt: float) -> Array:
        """a, after dt seconds at v; nothing before a reset."""
        if self._filtered is None:
            self.reset(v)
        assert self._filtered is not None
        gain = (1.0 - exp(-self._omega * dt)) * (v - self._filtered)
        self._filtered = self._filtered + gain
        a: Array = gain / dt
        return a
