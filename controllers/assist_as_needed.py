"""Assist as needed: learns the force that the patient is missing, place by place, and forgets it again.

    x̃ = x − x_r        s = x̃˙ + Λ x̃
    F = Y â − K_p x̃ − K_d x̃˙
    dâ/dt = −(1/τ) Yᵀ (Y Yᵀ)⁻¹ Y â − Γ⁻¹ Yᵀ s
    wish = g(q) + a Jᵀ F

x, x_r hand and reference m (d,) · Λ 1/s · K_p stiffness N/m, K_d = 2ζ sqrt(K_p m_eff) damping N·s/m
Y(x) (d, d·m): Gaussian radial basis functions φₖ(x) = exp(−|x − cₖ|²/2σ²) on a grid over all places that the hand can
be at, one coefficient â a function and direction · τ forgetting time s: without it the patient who leans on the robot
is carried for good · Γ⁻¹ learning rate N/m · a assistance
Wolbrecht, Chan, Reinkensmeyer & Bobrow 2008, IEEE TNSRE 16(3): 286–297, in form.

Y Yᵀ = |φ|² 1, so that for the force the law reads d(Yâ)/dt = −Yâ/τ − |φ|² Γ⁻¹ s where the hand is: with s = 0 at one
place it decays exactly as e^(−t/τ), and that is how it is computed. Γ⁻¹ is the parameter `learning` over the grid's own
mean |φ|², so that `learning` is how many N/s are learnt at s = 1 m/s, whatever the grid.
A Gaussian of the plane is the product of two of a line, and beyond 5σ it is 4·10⁻⁶: only the 10 functions nearest in
each direction are looked at, and a tick costs the same in every workspace.
|Yâ| is kept below `most`, so that nothing winds up while the force limit holds the robot back. A pause, and another
controller for a while (a catch trial), go back to what was learnt by the end of the last trial; a new block begins with
nothing.
"""

from __future__ import annotations

from itertools import product
from math import ceil, exp, floor, hypot, pi, prod, sqrt
from typing import Any, ClassVar

import numpy as np

from rehab.core.assistance import ASSISTANCE, share
from rehab.core.device import DeviceInfo
from rehab.core.inertia import hand_mass
from rehab.core.kinematics import kinematics_of
from rehab.core.parameters import Parameters, number, quantity
from rehab.core.ramp import Ramps
from rehab.core.types import Array, Event, Reference, State

NEAR = 5  # functions looked at on either side, in each direction
OFFSETS = np.arange(1.0 - NEAR, 1.0 + NEAR)  # of their centres, in spacings


class AssistAsNeeded:
    """A soft spring to the reference, and a learnt force on top. Any arm."""

    parameters: ClassVar[Parameters] = Parameters(
        stiffness=quantity(
            "100 N/m", unit="N/m", least="0 N/m", most="1 kN/m", says="how firmly the hand is held at once", live=True
        ),
        damping_ratio=number(0.7, least=0.1, most=2.0, says="1 does not overshoot"),
        forgetting=quantity(
            "4 s", unit="s", least="500 ms", most="1000000 s", says="in which learnt help fades; very long is never"
        ),
        learning=quantity("60 N/m", unit="N/m", least="0 N/m", most="1 kN/m", says="how fast help is learnt"),
        error_rate=quantity("3 Hz", unit="Hz", least="0 Hz", most="20 Hz", says="Λ: weight of place against speed"),
        spacing=quantity("4 cm", unit="m", least="1 cm", most="20 cm", says="how finely help differs by place (σ)"),
        most=quantity("20 N", unit="N", least="0 N", most="60 N", says="the learnt force is never larger"),
        assistance=ASSISTANCE,
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        self._live = Ramps(self.parameters, p)
        self._per_root: float = 2.0 * p["damping_ratio"] * sqrt(hand_mass(device, device.home))
        self._forgetting, self._rate = p["forgetting"], p["error_rate"]
        self._most, self._width = p["most"], p["spacing"]
        ends = workspace(device)
        self._first = tuple(least - NEAR * self._width for least, _ in ends)
        counts = tuple(1 + 2 * NEAR + ceil((most - least) / self._width) for least, most in ends)
        self._last = tuple(count - 1 - NEAR for count in counts)
        self._a = np.zeros((len(counts), *counts))  # â, first index the direction
        self._kept = np.zeros_like(self._a)  # â at the end of the last trial
        self._learning = p["learning"] / pi ** (0.5 * len(counts))  # Γ⁻¹: on a grid of spacing σ, |φ|² is about π^(d/2)
        self.feed_forward: Array = np.zeros(device.n_joints)

    @property
    def stiffness(self) -> float:
        """a K_p in N/m as it acts now."""
        return share(self._live) * self._live["stiffness"]

    @property
    def damping(self) -> float:
        """a K_d in N·s/m."""
        return share(self._live) * self._per_root * sqrt(self._live["stiffness"])

    def set(self, name: str, value: float) -> None:
        """Change stiffness (N/m) or assistance (%) while running: reached in 200 ms, without a step."""
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()
        np.copyto(self._a, self._kept)

    def heed(self, event: Event) -> None:
        if event.kind == "trial_end":
            np.copyto(self._kept, self._a)

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._live.step(dt)
        K = self._live["stiffness"]
        D, rate = self._per_root * sqrt(K), self._rate
        error = [c - r for c, r in zip(state.x.tolist(), reference.x.tolist(), strict=True)]
        speed = [c - r for c, r in zip(state.v.tolist(), reference.v.tolist(), strict=True)]
        learnt = self._learn(state.x, [w + rate * e for w, e in zip(speed, error, strict=True)], dt)
        spring = [-K * e - D * w for e, w in zip(error, speed, strict=True)]
        torques = share(self._live) * (np.array((learnt, spring)) @ state.jacobian)
        self.feed_forward = torques[0]
        torque: Array = torques[0] + torques[1] + state.gravity
        return torque

    def learnt(self, x: Array) -> list[float]:
        """Y(x) â in N: what was learnt for the place x (m)."""
        return _force(*self._near(x))

    def _learn(self, x: Array, s: list[float], dt: float) -> list[float]:
        """Y â at the place x; then a tick of dt s is learnt."""
        a, basis = self._near(x)
        force = _force(a, basis)
        squares = prod(np.vecdot(basis, basis).tolist())  # |φ|²
        kept, learnt = exp(-dt / self._forgetting), dt * squares * self._learning
        wanted = [kept * f - learnt * e for f, e in zip(force, s, strict=True)]
        size = hypot(*wanted)
        if size > self._most:
            wanted = [f * self._most / size for f in wanted]
        change = np.array([(w - f) / squares for w, f in zip(wanted, force, strict=True)])
        for values in basis:
            change = change[..., None] * values
        a += change
        return force

    def _near(self, x: Array) -> tuple[Array, Array]:
        """The part of â that belongs to the functions near x, and their values in each direction (d, 2 NEAR)."""
        part, inside = [slice(None)], []
        for c, first, most in zip(x.tolist(), self._first, self._last, strict=True):
            along = (c - first) / self._width
            k = min(max(floor(along), NEAR - 1), most)
            part.append(slice(k - NEAR + 1, k + NEAR + 1))
            inside.append((min(max(along - k, 0.0), 1.0),))
        away = OFFSETS - np.array(inside)
        return self._a[tuple(part)], np.exp(-0.5 * away * away)


def _force(a: Array, basis: Array) -> list[float]:
    """Y â of the functions near a place."""
    for values in basis[::-1]:
        a = a @ values
    force: list[float] = a.tolist()
    return force


def workspace(device: DeviceInfo) -> list[tuple[float, float]]:
    """The smallest and largest coordinates (m) of the hand over the joints' ranges, looked at every 20 degrees; the
    grid goes on for NEAR functions beyond."""
    kinematics = kinematics_of(device)
    ranges = [np.linspace(j.q_min, j.q_max, 2 + floor((j.q_max - j.q_min) / 0.35)).tolist() for j in device.joints]
    hands = [kinematics.forward(q)[0] for q in product(*ranges)]
    return [(min(c), max(c)) for c in zip(*hands, strict=True)]
