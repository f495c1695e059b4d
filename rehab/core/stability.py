"""How stiff a device may be held: the sampled closed loop of arm, delay and spring, over the range of motion.

    M(q) q̈ + b q̇ = τ                                    the joints, linearised about rest at q
    τₖ = −Jᵀ (2K J qₖ₋ₘ + 2D J q̇ₖ₋ₘ)                       twice the spring and damper, m ticks late, held for one tick

M joint inertia kg·m² with the load at the handle · b declared joint damping N·m·s/rad · J Jacobian of the hand
K stiffness N/m · D virtual damping N·s/m · m the measured delay in periods, rounded up (the hold is in the model)
A controller that holds in joints (`Spring.joint`) has 1 for JᵀJ, K in N·m/rad and a D for each joint.
K and D are allowed if in every pose, with and without the heaviest limb, the spectral radius of the discrete state
matrix is below 1. The factor 2 is the margin: half of what the device could hold.

Between two ticks the torque is constant, so the joints are solved exactly: with M = L Lᵀ and L⁻¹ b L⁻ᵀ = U Λ Uᵀ the
modes z = Uᵀ Lᵀ q move by themselves, z̈ = −λ ż + f with f = Uᵀ L⁻¹ τ, and over one period T

    ż⁺ = e^(−λT) ż + φ₁ f      z⁺ = z + φ₁ ż + φ₂ f      φ₁ = (1 − e^(−λT)) / λ      φ₂ = (T − φ₁) / λ

Åström & Wittenmark, Computer-Controlled Systems, ch. 2 (hold) and 2.4 (delay). For one joint without virtual damping
the boundary is K = b / (T/2 + t_d) (`bare_spring_bound`; Gil, Sánchez, Hulin, Preusche & Hirzinger 2009, ASME J.
Comput. Inf. Sci. Eng. 9(1): 011005); tests hold this code to it. No filter of ours delays the torque; one that did
would belong into τ.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import ceil, floor, inf, isfinite, log10, sqrt
from typing import Any, NamedTuple, Protocol

import numpy as np

from rehab.core.controller import Spring
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding
from rehab.core.inertia import hand_mass, mass_matrix
from rehab.core.kinematics import kinematics_of
from rehab.core.poses import poses
from rehab.core.types import Array
from rehab.core.units import show
from rehab.core.values import Floats

MARGIN = 2.0  # times K and D at which the loop must still be stable
LOADS = (0.0, 2.0)  # kg at the handle: no limb, the heaviest forearm and hand
LEAST, MOST = 1.0, 20_000.0  # N/m: what is searched
LONGEST = 20  # ticks: a link that slow holds nothing; its samples are too old for the monitor anyway
SIMULATED_TICKS = 1  # a simulation in this process: what is written acts from the next read on
ASSUMED_TICKS = 2  # of a link that was not measured yet: one tick each way


class Delay(NamedTuple):
    """From the device's measurement to the torque that answers it, without the hold."""

    seconds: float
    how: str  # where it is from, in words


class Link(Protocol):
    """What a driver knows of its line; `round_trip_p50` is 0 before anything was measured."""

    @property
    def round_trip_p50(self) -> float: ...  # s


class Held(NamedTuple):
    """What a controller asks of a device, beside what that device can give."""

    stiffness: float  # N/m; N·m/rad in joints
    damping: float  # N·s/m; 0 when the controller declares none; in joints the largest, N·m·s/rad
    ticks: int  # of delay
    bound: float  # N/m or N·m/rad: the stiffest at this damping ratio
    colgate: float  # b over K T/2 + |D|: with 1 or more every passive limb is safe, whatever its mass
    unit: str = "N/m"


class _Grid(NamedTuple):
    """All poses and loads at once, in the modes of each: k of them, n joints."""

    rates: Array  # λ in 1/s (k, n)
    spring: Array  # Uᵀ L⁻¹ Jᵀ J L⁻ᵀ U in m²/(kg·m²) (k, n, n): times K, what the spring does to the modes
    modes: Array  # Uᵀ L⁻¹ (k, n, n), from torques at the joints to the modes

    def acting(self, stiffness: float, damping: float | Floats, joint: bool) -> tuple[Array, Array]:
        """What spring and damper do to the modes."""
        if not joint:
            return stiffness * self.spring, np.multiply(damping, self.spring)
        back = np.swapaxes(self.modes, 1, 2)
        return stiffness * self.modes @ back, (self.modes * np.asarray(damping)) @ back


def delay_of(info: DeviceInfo, link: Link | None) -> Delay:
    """The delay of an open device; `link` is its own measurement of the line, for those that have one."""
    measured = link.round_trip_p50 if link is not None else 0.0
    if measured > 0.0:
        return Delay(measured, f"measured: {show(measured, 's')}")
    if link is None and info.simulated:
        return Delay(SIMULATED_TICKS * info.period_s, "simulated in this process")
    return assumed_delay(info)


def assumed_delay(info: DeviceInfo) -> Delay:
    """Of a link that nobody has measured yet."""
    return Delay(ASSUMED_TICKS * info.period_s, "assumed: the link was not measured yet")


def ticks_of(delay: float, period: float) -> int:
    """A delay (s) in whole periods (s), rounded up. Raises ValueError for what is no time."""
    if not (isfinite(delay) and delay >= 0.0):
        raise ValueError(f"a delay of {delay} s is not a time")
    return ceil(delay / period - 1e-6)


def is_stable(
    info: DeviceInfo,
    stiffness: float,
    damping: float | Floats,
    *,
    delay: float,
    margin: float = MARGIN,
    loads: Floats = LOADS,
    joint: bool = False,
) -> bool:
    """Whether the device holds the hand with stiffness (N/m) and damping (N·s/m) at a delay (s), with that margin.

    Nothing to hold is stable; a damper alone is judged with the softest spring, so that there is a place to come to.
    `joint`: each joint with stiffness (N·m/rad) and its damping (N·m·s/rad).
    50 poses and loads take 0.3 ms at one tick, 0.8 ms at three.
    """
    if stiffness <= 0.0 and not np.any(damping):
        return True
    ticks = ticks_of(delay, info.period_s)
    if ticks > LONGEST:
        return False
    stiffness, damping = margin * max(stiffness, LEAST), _scaled(margin, damping)
    return spectral_radius(info, stiffness, damping, ticks, loads, joint) < 1.0


def spectral_radius(
    info: DeviceInfo,
    stiffness: float,
    damping: float | Floats,
    ticks: int,
    loads: Floats = LOADS,
    joint: bool = False,
) -> float:
    """The largest over poses and loads, at stiffness (N/m) and damping (N·s/m) as they are given; inf without a pose.

    State: modes z, their speeds, and the commands under way, newest first (2n + m·n).
    """
    grid = _grid(info, loads)
    rates = grid.rates
    if not len(rates):
        return inf
    holding, braking = grid.acting(stiffness, damping, joint)
    count, n = rates.shape
    period = info.period_s
    decay = rates * period
    speed = np.where(decay > 0.0, -np.expm1(-decay) / np.where(decay > 0.0, rates, 1.0), period)  # φ₁
    # the quotient of φ₂ cancels where λT is small; the series is exact to rounding there
    series = period**2 * (0.5 - decay / 6.0 + decay**2 / 24.0)
    place = np.where(decay > 1e-3, (period - speed) / np.where(decay > 1e-3, rates, 1.0), series)  # φ₂
    each, size = np.arange(n), 2 * n + ticks * n
    loop = np.zeros((count, size, size))
    loop[:, each, each] = 1.0
    loop[:, each, n + each] = speed
    loop[:, n + each, n + each] = np.exp(-decay)
    acting = size - n  # where the command that acts now stands
    if ticks:
        loop[:, each, acting + each] = place
        loop[:, n + each, acting + each] = speed
        loop[:, 2 * n : 3 * n, :n] = -holding
        loop[:, 2 * n : 3 * n, n : 2 * n] = -braking
        older = np.arange(3 * n, size)
        loop[:, older, older - n] = 1.0
    else:
        for row, gain in ((0, place), (n, speed)):
            loop[:, row : row + n, :n] -= gain[:, :, None] * holding
            loop[:, row : row + n, n : 2 * n] -= gain[:, :, None] * braking
    return float(np.abs(np.linalg.eigvals(loop)).max())


def largest_stiffness(
    info: DeviceInfo,
    *,
    delay: float,
    damping_ratio: float = 0.0,
    mass: float | None = None,
    margin: float = MARGIN,
    loads: Floats = LOADS,
) -> float:
    """The stiffest K (N/m) that is stable, with D = 2ζ sqrt(K·mass), at a delay (s); 0 when nothing is.

    `mass` (kg) is what damping is laid out for; without it that of the bare arm at home, as `impedance` does. Stiffness
    goes up by factors of two until the loop is unstable, then the bracket is halved to 0.2 % and what is left is
    rounded down to three digits, so that the figure a person reads is itself allowed.
    """
    laid_out = hand_mass(info, info.home) if mass is None else mass
    return _search(info, ticks_of(delay, info.period_s), 2.0 * damping_ratio * sqrt(laid_out), margin, loads)


def largest_damping(info: DeviceInfo, *, delay: float, margin: float = MARGIN, loads: Floats = LOADS) -> float:
    """The strongest damper D (N·s/m) at the hand, without a spring, that is stable at a delay (s); 0 when none is."""
    return _search_damper(info, ticks_of(delay, info.period_s), margin, loads)


def bare_spring_bound(damping: float, period: float, delay: float) -> float:
    """K = b / (T/2 + t_d) in N/m: where one sampled mass on a spring without virtual damping begins to swing up.

    Damping N·s/m, period and delay s. For small bT/m and KT²/m; no margin in it.
    """
    return damping / (0.5 * period + delay)


def colgate_margin(info: DeviceInfo, stiffness: float, damping: float | Floats, joint: bool = False) -> float:
    """b / (K T/2 + |D|) in the weakest direction of the worst pose, or in the weakest joint; for information.

    1 or more: the sampled wall is passive and so stable at any passive limb (Colgate & Schenkel 1997, J. Robotic
    Systems 14(1)). It forbids much that is stable at every real limb, and no delay is in it.
    """
    declared = np.array([joint_info.damping for joint_info in info.joints])
    asked = 0.5 * stiffness * info.period_s + np.abs(damping)
    jacobians = _jacobians(info)
    if not len(jacobians) or not np.max(asked) > 0.0:
        return inf
    if not declared.min() > 0.0:
        return 0.0
    if joint:
        return float((declared / asked).min())
    scaled = jacobians / np.sqrt(declared)
    return float(1.0 / (np.linalg.norm(scaled, 2, axis=(1, 2)).max() ** 2 * asked))


def declared_by(controller: Any) -> Spring:
    """What a built controller says that it holds with. Raises ValueError or TypeError for what is not numbers."""
    spring: Any = getattr(controller, "spring", None)
    if spring is None:
        spring = Spring(getattr(controller, "stiffness", 0.0), getattr(controller, "damping", 0.0))
    stiffness, joint = float(spring.stiffness), bool(spring.joint)
    damping: float | Floats = tuple(map(float, spring.damping)) if joint else float(spring.damping)
    if not (isfinite(stiffness) and np.isfinite(damping).all()):
        raise ValueError(f"stiffness {stiffness} and damping {damping} must be finite")
    return Spring(stiffness, damping, joint)


def held(info: DeviceInfo, controller: Any, delay: float) -> Held | None:
    """What a built controller asks for and what the device can give at a delay (s); None when it holds nothing.

    A controller declares its spring by the attribute `stiffness` (N/m), its virtual damping by `damping` (N·s/m); or
    both by `spring`. Raises ValueError or TypeError for what is not a number.
    """
    stiffness, damping, joint = declared_by(controller)
    if stiffness <= 0.0:
        return None
    ticks = ticks_of(delay, info.period_s)
    bound = _search(info, ticks, _scaled(1.0 / sqrt(stiffness), damping), MARGIN, LOADS, joint)
    colgate = colgate_margin(info, stiffness, damping, joint)
    return Held(stiffness, float(np.max(damping)), ticks, bound, colgate, "N*m/rad" if joint else "N/m")


def stiffness_finding(info: DeviceInfo, controller: Any, delay: float) -> Finding | None:
    """Why this device must not run this controller at a delay (s); None when it may. The field is "stiffness", or
    "damping" for one that only damps.

    One evaluation when all is well, so that it may be asked while the loop runs.
    """
    try:
        spring = declared_by(controller)
        if is_stable(info, spring.stiffness, spring.damping, delay=delay, joint=spring.joint):
            return None
        asked = held(info, controller, delay)
    except (TypeError, ValueError) as error:
        return Finding("stiffness", f"cannot be judged: {error}", "numbers in N/m and N·s/m")
    return too_stiff(info, asked) if asked is not None else _too_damped(info, spring, delay)


def too_stiff(info: DeviceInfo, asked: Held) -> Finding:
    """The finding, in words."""
    late = _late(asked.ticks)
    wanted = f"{show(asked.stiffness, asked.unit)} was asked for"
    if asked.bound <= 0.0:
        return Finding("stiffness", f"at {late} {info.model} holds no spring stably; {wanted}", "a faster link")
    most = show(asked.bound, asked.unit)
    message = f"at {late} {info.model} holds at most {most} stably; {wanted}"
    return Finding("stiffness", message, f"{most} or less at this damping; a faster link allows more")


def _too_damped(info: DeviceInfo, spring: Spring, delay: float) -> Finding:
    unit = "N*m*s/rad" if spring.joint else "N*s/m"
    wanted = f"{show(float(np.max(spring.damping)), unit)} was asked for"
    late = _late(ticks_of(delay, info.period_s))
    if spring.joint:
        return Finding("damping", f"at {late} {info.model} is not damped stably; {wanted}", "less, or a faster link")
    most = show(largest_damping(info, delay=delay), unit)
    message = f"at {late} {info.model} damps the hand stably by at most {most}; {wanted}"
    return Finding("damping", message, f"{most} or less; a faster link allows more")


def _scaled(factor: float, damping: float | Floats) -> float | Floats:
    return tuple([factor * d for d in damping]) if isinstance(damping, tuple) else factor * damping


def _late(ticks: int) -> str:
    return "1 tick of delay" if ticks == 1 else f"{ticks} ticks of delay"


@lru_cache(maxsize=256)
def _search(
    info: DeviceInfo, ticks: int, damping: float | Floats, margin: float, loads: Floats, joint: bool = False
) -> float:
    """The largest stable K with D = damping·sqrt(K)."""

    def stable(stiffness: float) -> bool:
        D = _scaled(sqrt(stiffness), damping)
        return is_stable(info, stiffness, D, delay=ticks * info.period_s, margin=margin, loads=loads, joint=joint)

    return _largest(stable)


@lru_cache(maxsize=64)
def _search_damper(info: DeviceInfo, ticks: int, margin: float, loads: Floats) -> float:
    return _largest(lambda D: is_stable(info, 0.0, D, delay=ticks * info.period_s, margin=margin, loads=loads))


def _largest(stable: Callable[[float], bool]) -> float:
    """Between LEAST and MOST, found by halving to 0.2 % and rounded down to three digits; 0 when LEAST is not."""
    low, high = 0.0, LEAST
    while stable(high):
        if high >= MOST:
            return MOST
        low, high = high, min(2.0 * high, MOST)
    if low == 0.0:
        return 0.0
    while high > 1.002 * low:
        middle = sqrt(low * high)
        low, high = (middle, high) if stable(middle) else (low, middle)
    digit = 10.0 ** (floor(log10(low)) - 2)
    return round(floor(low / digit + 1e-9) * digit, 6)


@lru_cache(maxsize=16)
def _jacobians(info: DeviceInfo) -> Array:
    """(poses, d, n)."""
    kinematics = kinematics_of(info)
    return np.array([kinematics.forward(q)[1] for q in poses(info)])


@lru_cache(maxsize=16)
def _grid(info: DeviceInfo, loads: Floats) -> _Grid:
    places, jacobians, n = poses(info), _jacobians(info), info.n_joints
    if not places:
        return _Grid(np.empty((0, n)), np.empty((0, n, n)), np.empty((0, n, n)))
    reach = np.tile(np.swapaxes(jacobians, 1, 2) @ jacobians, (len(loads), 1, 1))
    inertia = np.tile(np.array([mass_matrix(info, q) for q in places]), (len(loads), 1, 1))
    inertia += np.repeat(loads, len(places))[:, None, None] * reach
    inverse = np.linalg.inv(np.linalg.cholesky(inertia))
    transposed = np.swapaxes(inverse, 1, 2)
    rates, turn = np.linalg.eigh(inverse @ np.diag([joint.damping for joint in info.joints]) @ transposed)
    modes = np.swapaxes(turn, 1, 2) @ inverse
    return _Grid(rates, modes @ reach @ np.swapaxes(modes, 1, 2), modes)
