"""Which goal the user is steering for, and how sure that is.

    L̇_i = −κ v (|u| − u·ĝ_i) − L_i/T        L̇_0 = −κ v |u| (1 − cos θ₀) − L_0/T        p_i = e^(L_i) / Σ_j e^(L_j)

u command of the user, −1 … 1 (d,) · v speed of a full command m/s · ĝ_i unit vector from the commanded place to goal i
κ = 120 1/m: a detour of 8 mm makes a goal e times less likely
T = 1 s in which old evidence is forgotten, since people change their minds; after 300 ms without a command all begins
anew · L_0 "none of these":
somebody who steers θ₀ = 60° off a goal, all the time, is equally well explained by it, so that one goal alone is never
sure either

Without forgetting and without "none", L_i = −κ (ℓ + |x − g_i| − |x_s − g_i|), ℓ length of the commanded way from x_s to
x: the posterior of a user who prefers short ways, p(ξ|g) ∝ exp(−κ cost(ξ)). Dragan & Srinivasa 2013, A policy-blending
formalism for shared control, Int. J. Robotics Res. 32(7): 790–805 (eq. 6 to 8, cost = length); the same as the maximum-
entropy user of Javdani, Srinivasa & Bagnell 2015, Shared autonomy via hindsight optimization, RSS, with V_g = |x − g|.
"""

from __future__ import annotations

from math import cos, dist, exp, pi

import numpy as np

from rehab.core.guide import dot
from rehab.core.types import Array
from rehab.core.values import Floats

SHARPNESS = 120.0  # κ in 1/m
FORGETTING = 1.0  # T in s
REST, RESTING = 0.3, 0.05  # s without a command, and of full deflection: what counts as none
NONE = 1.0 - cos(pi / 3.0)  # per metre of command, against none of these
AT = 0.005  # m: on a goal there is no direction to it


def towards(x: Floats, goal: Floats) -> Floats:
    """ĝ, or zero on the goal itself."""
    far = dist(x, goal)
    if far < AT:
        return (0.0,) * len(x)
    return tuple([(g - c) / far for g, c in zip(goal, x, strict=True)])


class Goals:
    """What is believed of a set of places; `forget` when they change. All places at once: 15 µs, 1 or 32 of them."""

    def __init__(self, forgetting: float = FORGETTING) -> None:
        self._forgetting = forgetting
        self._places: tuple[Floats, ...] = ()
        self._at: Array = np.zeros((0, 1))
        self.forget()

    def forget(self) -> None:
        """All are equally likely again."""
        self._log = np.zeros(len(self._places) + 1)  # the last: none of these
        self._rested = 0.0  # s

    def look(self, places: tuple[Floats, ...], x: Floats, u: Floats, speed: float, dt: float) -> None:
        """dt s of the command u at the commanded place x (m), `speed` being that of a full command (m/s)."""
        if places is not self._places and places != self._places:
            self._places, self._at = places, np.array(places, dtype=float).reshape(len(places), len(x))
            self.forget()
        self._places = places
        size = dot(u, u) ** 0.5
        self._rested = self._rested + dt if size < RESTING else 0.0
        if self._rested >= REST:
            self.forget()
        way = self._at - x
        far = np.sqrt((way * way).sum(axis=1))
        along = np.where(far < AT, 0.0, way @ u / np.maximum(far, AT))
        cost = SHARPNESS * speed * dt
        self._log *= exp(-dt / self._forgetting)
        self._log[:-1] -= cost * (size - along)
        self._log[-1] -= cost * size * NONE

    @property
    def likely(self) -> tuple[float, ...]:
        """p of each place, then of none."""
        weights = np.exp(self._log - self._log.max())
        return tuple((weights / weights.sum()).tolist())

    @property
    def best(self) -> tuple[int, float]:
        """The likeliest place and its p; −1, 0 where none of them is likelier than none."""
        k = int(self._log.argmax())
        if k == len(self._log) - 1:
            return -1, 0.0
        return k, 1.0 / float(np.exp(self._log - self._log[k]).sum())
