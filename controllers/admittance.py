"""Admittance: the force of the limb moves a virtual mass, and the arm follows it stiffly.

    M v̇_v + B v_v + K (x_v − x_0) = F_limb        F = K_i (x_v − x) + D_i (v_v − v)        τ = Jᵀ F + g(q)

M, B, K mass kg, damping N·s/m and stiffness N/m that the limb shall feel · x_v, v_v the virtual mass, m and m/s (d,)
x_0 the exercise's reference m (d,) · F_limb measured force of the limb on the robot N (d,): without a force sensor it
is refused · K_i inner stiffness N/m, D_i = 2 ζ_i sqrt(K_i m_eff) (as in `impedance`) · x, v hand m and m/s
g torque that holds the arm's own weight. x_v never leaves the hand by more than F_max/K_i: what is held back does not
wind up. Integrated semi-implicitly, which damps at any B:

    v_v⁺ = (v_v + (F − K (x_v − x_0)) T/M) / (1 + T B/M)        x_v⁺ = x_v + T v_v⁺

The bound. In one direction of the hand, with m the arm's own mass there, held in a limb that is a spring k with little
damping d, the sampled loop is

    m ẍ = u_{j−n} − k x − d ẋ (exact over a tick) · F_j = −k x_{j−1} − d v_{j−1} · u_j = K_i (x_v⁺ − x) + D_i (v_v⁺ − v)

M and B are allowed if its spectral radius is below 1 for the lightest and the heaviest m of the range of motion
(rehab.core.poses), k of 500 N/m to 5 kN/m (twice a firm grip), d = k · 2 ms, and n of an unmeasured link. Against a
stiff limb that hardly damps it comes to M ≥ m: no arm can be made to feel much lighter than it is (Colgate & Hogan
1989, IEEE ICRA: the same by passivity); damping B takes the bound down.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
from typing import Any, ClassVar, NamedTuple

import numpy as np
from scipy.linalg import expm

from controllers.impedance import within
from rehab.core.controller import Spring, hand_torque
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.inertia import hand_mass
from rehab.core.parameters import Parameters, number, quantity
from rehab.core.poses import hand_masses
from rehab.core.ramp import Ramps
from rehab.core.stability import ASSUMED_TICKS
from rehab.core.types import Array, Reference, State
from rehab.core.units import show

LIMBS = (500.0, 1000.0, 2500.0, 5000.0)  # k, N/m
LOSS = 0.002  # s, d/k
HEAVIEST = 50.0  # kg, up to which a mass that would do is looked for


class Loop(NamedTuple):
    """What the limb shall feel, and the inner loop: M kg, B N·s/m, K N/m, K_i N/m, D_i N·s/m."""

    mass: float
    damping: float
    stiffness: float
    inner_stiffness: float
    inner_damping: float


class Admittance:
    """Lets itself be pushed like a mass. Any arm with a force sensor."""

    parameters: ClassVar[Parameters] = Parameters(
        mass=quantity("5 kg", unit="kg", least="100 g", most="50 kg", says="mass that the limb shall feel", live=True),
        damping=quantity(
            "20 N*s/m", unit="N*s/m", least="0 N*s/m", most="200 N*s/m", says="that the limb shall feel", live=True
        ),
        stiffness=quantity(
            "0 N/m", unit="N/m", least="0 N/m", most="1 kN/m", says="towards the reference, that the limb shall feel",
            live=True,
        ),
        inner_stiffness=quantity(
            "1.5 kN/m", unit="N/m", least="200 N/m", most="5 kN/m", says="how firmly the arm follows the virtual mass"
        ),
        inner_damping_ratio=number(0.7, least=0.3, most=2.0, says="of the inner loop; 1 does not overshoot"),
        force=quantity("40 N", unit="N", least="1 N", most="150 N", says="most that the inner spring pulls with"),
    )  # fmt: skip

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        values = self.parameters.complete(parameters)
        if not device.force_sensor:
            problem = f"{device.model} does not measure the limb's force, which is what moves the virtual mass"
            raise Findings([Finding("", problem, "a device with a force sensor; impedance needs none")])
        self._device, self._live = device, Ramps(self.parameters, values)
        self._inner: float = values["inner_stiffness"]
        self._inner_damping = 2.0 * values["inner_damping_ratio"] * sqrt(self._inner * hand_mass(device, device.home))
        self._lead = values["force"] / self._inner
        self._asked = {name: values[name] for name in ("mass", "damping", "stiffness")}
        self._refuse_what_swings(self._asked)
        self._virtual: Reference | None = None

    def _refuse_what_swings(self, asked: dict[str, float]) -> None:
        loop = Loop(**asked, inner_stiffness=self._inner, inner_damping=self._inner_damping)
        if is_stable(self._device, loop):
            return
        mass, damping = show(loop.mass, "kg"), show(loop.damping, "N*s/m")
        least = least_mass(self._device, loop)
        allowed = "a softer inner_stiffness" if least is None else f"{show(least, 'kg')} or more; damping allows less"
        problem = f'"{mass}" with a damping of {damping} would swing up in a stiff limb'
        raise Findings([Finding("mass", problem, allowed, value=mass)])

    @property
    def spring(self) -> Spring:
        """Of the inner loop."""
        return Spring(self._inner, self._inner_damping)

    def set(self, name: str, value: float) -> None:
        """Change mass, damping or stiffness while running: it gets there in 200 ms. Raises Findings for what would
        swing up."""
        asked = {**self._asked, name: value}
        self._refuse_what_swings(asked)
        self._asked = asked
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()
        self._virtual = Reference(np.array(state.x), np.array(state.v), np.zeros_like(state.x))

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        if self._virtual is None:
            self.reset(state)
        assert self._virtual is not None
        live = self._live
        live.step(dt)
        M, B, K = live["mass"], live["damping"], live["stiffness"]
        x, v = self._virtual.x, self._virtual.v
        v = (v + (state.force - K * (x - reference.x)) * dt / M) / (1.0 + dt * B / M)
        self._virtual = within(self._virtual._replace(x=x + dt * v, v=v), state, self._lead)
        x, v = self._virtual.x, self._virtual.v
        return hand_torque(state, self._inner * (x - state.x) + self._inner_damping * (v - state.v))


@lru_cache(maxsize=64)
def is_stable(device: DeviceInfo, loop: Loop) -> bool:
    """Whether the sampled loop comes to rest in every limb, with that mass and with heavier ones, through which a
    change while running leads: with much damping a light mass is stable again below a range that is not."""
    masses = (loop.mass, 2.0 * loop.mass, 4.0 * loop.mass, 8.0 * loop.mass)
    return all(spectral_radius(_limbs(device), device.period_s, loop._replace(mass=mass)) < 1.0 for mass in masses)


def least_mass(device: DeviceInfo, loop: Loop) -> float | None:
    """The lightest M (kg, rounded up to three digits) from the loop's own on with which it is stable; None when none
    is."""
    low, high = loop.mass, HEAVIEST
    if not is_stable(device, loop._replace(mass=high)):
        return None
    while high > 1.002 * low:
        middle = sqrt(low * high)
        low, high = (low, middle) if is_stable(device, loop._replace(mass=middle)) else (middle, high)
    return float(f"{1.005 * high:.3g}")


class _Limbs(NamedTuple):
    """Arm and limb over one tick, for k cases: state (x, v), and what force at the hand adds to it."""

    carry: Array  # (k, 2, 2)
    push: Array  # (k, 2)
    force: Array  # (k, 2): F of a state


@lru_cache(maxsize=16)
def _limbs(device: DeviceInfo) -> _Limbs:
    return limbs(hand_masses(device), LIMBS, LOSS, device.period_s)


def limbs(masses: tuple[float, ...], stiffnesses: tuple[float, ...], loss: float, period: float) -> _Limbs:
    """Every mass in every limb."""
    whole, force = [], []
    for m in masses:
        for k in stiffnesses:
            motion = np.array([[0.0, 1.0, 0.0], [-k / m, -k * loss / m, 1.0 / m], [0.0, 0.0, 0.0]])
            whole.append(expm(motion * period))
            force.append((-k, -k * loss))
    exact = np.array(whole)
    return _Limbs(exact[:, :2, :2], exact[:, :2, 2], np.array(force))


def spectral_radius(limbs: _Limbs, period: float, loop: Loop, ticks: int = ASSUMED_TICKS) -> float:
    """The largest of all limbs. State: x, v, x_v, v_v, F, and the forces under way, newest first."""
    M, B, K, K_i, D_i = loop
    size, T = 5 + ticks, period
    one = np.eye(size)
    v_v = (one[3] + (one[4] - K * one[2]) * T / M) / (1.0 + T * B / M)
    x_v = one[2] + T * v_v
    wish = K_i * (x_v - one[0]) + D_i * (v_v - one[1])
    acting = one[-1] if ticks else wish
    matrix = np.zeros((len(limbs.carry), size, size))
    matrix[:, :2, :2] = limbs.carry
    matrix[:, :2] += limbs.push[:, :, None] * acting
    matrix[:, 2], matrix[:, 3] = x_v, v_v
    matrix[:, 4, :2] = limbs.force
    if ticks:
        matrix[:, 5], matrix[:, 6:] = wish, one[5:-1]
    return float(np.abs(np.linalg.eigvals(matrix)).max())
