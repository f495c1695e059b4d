"""How stiff a device may be held: the sampled closed loop of arm, delay and spring, over the range of motion.

    M(q) q̈ + b q̇ = τ                                    the joints, linearised about rest at q
    τₖ = −Jᵀ (2K J qₖ₋ₘ + 2D J q̇ₖ₋ₘ)                       twice the spring and damper, m ticks late, held for one tick

M joint inertia kg·m² with the load at the handle · b declared joint damping N·m·s/rad · J Jacobian of the hand
K stiffness N/m · D virtual damping N·s/m · m the measured delay in periods, rounded up (the hold is in the model)
K and D are allowed if in every pose, with and without the heaviest limb, the spectral radius of the discrete state
matrix is below 1. The factor 2 is the margin: half of what the device could hold.

Between two ticks the torque is constant, so the joints are solved exactly: with M = L Lᵀ and L⁻¹ b L⁻ᵀ = U Λ Uᵀ the
modes z = Uᵀ Lᵀ q move by themselves, z̈ = −λ ż + f with f = Uᵀ L⁻¹ τ, and over one period T

    ż⁺ = e^(−λT) ż + φ₁ f      z⁺ = z + φ₁ ż + φ₂ f      φ₁ = (1 − e^(−λT)) / λ      φ₂ = (T − φ₁) / λ

Åström & Wittenmark, Computer-Controlled Systems, ch. 2 (hold) and 2.4 (delay). For one joint without virtual damping
the boundary is K = b / (T/2 + t_d) (`bare_spring_bound`; Gil, Sánchez, Hulin et al. 2009, ASME J. Comput. Nonlinear
Dyn. 4(3)); tests hold this code to it. No filter of ours delays the torque; one that did would belong into τ.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from math import ceil, floor, inf, isfinite, log10, sqrt
from typing import Any, NamedTuple, Protocol

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding
from rehab.core.inertia import hand_mass, mass_matrix
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Array
from rehab.core.units import show
from rehab.core.values import Floats

MARGIN = 2.0  # times K and D at which the loop must still be stable
LOADS = (0.0, 2.0)  # kg at the handle: no limb, the heaviest forearm and hand
POSES = 25  # values of each joint after the first; 5 degrees apart on an elbow of 30 to 150 degrees
STRAIGHT = 20.0  # condition of the Jacobian from which an arm counts as straight: 15 degrees, for links of one length
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

    stiffness: float  # N/m
    damping: float  # N·s/m; 0 when the controller declares none
    ticks: int  # of delay
    bound: float  # N/m: the stiffest at this damping ratio
    colgate: float  # b over K T/2 + |D|: with 1 or more every passive limb is safe, whatever its mass


class _Grid(NamedTuple):
    """All poses and loads at once, in the modes of each: k of them, n joints."""

    rates: Array  # λ in 1/s (k, n)
    spring: Array  # Uᵀ L⁻¹ Jᵀ J L⁻ᵀ U in m²/(kg·m²) (k, n, n): times K, what the spring does to the modes


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
    damping: float,
    *,
    delay: float,
    margin: float = MARGIN,
    loads: Floats = LOADS,
) -> bool:
    """Whether the device holds the hand with stiffness (N/m) and damping (N·s/m) at a delay (s), with that margin.

    Nothing to hold (no stiffness) is stable. 50 poses and loads take 0.3 ms at one tick, 0.8 ms at three.
    """
    if stiffness <= 0.0:
        return True
    ticks = ticks_of(delay, info.period_s)
    return ticks <= LONGEST and spectral_radius(info, margin * stiffness, margin * damping, ticks, loads) < 1.0


def spectral_radius(info: DeviceInfo, stiffness: float, damping: float, ticks: int, loads: Floats = LOADS) -> float:
    """The largest over poses and loads, at stiffness (N/m) and damping (N·s/m) as they are given; inf without a pose.

    State: modes z, their speeds, and the commands under way, newest first (2n + m·n).
    """
    rates, spring = _grid(info, loads)
    if not len(rates):
        return inf
    poses, n = rates.shape
    period = info.period_s
    decay = rates * period
    speed = np.where(decay > 0.0, -np.expm1(-decay) / np.where(decay > 0.0, rates, 1.0), period)  # φ₁
    # the quotient of φ₂ cancels where λT is small; the series is exact to rounding there
    series = period**2 * (0.5 - decay / 6.0 + decay**2 / 24.0)
    place = np.where(decay > 1e-3, (period - speed) / np.where(decay > 1e-3, rates, 1.0), series)  # φ₂
    each, size = np.arange(n), 2 * n + ticks * n
    loop = np.zeros((poses, size, size))
    loop[:, each, each] = 1.0
    loop[:, each, n + each] = speed
    loop[:, n + each, n + each] = np.exp(-decay)
    acting = size - n  # where the command that acts now stands
    if ticks:
        loop[:, each, acting + each] = place
        loop[:, n + each, acting + each] = speed
        loop[:, 2 * n : 3 * n, :n] = -stiffness * spring
        loop[:, 2 * n : 3 * n, n : 2 * n] = -damping * spring
        older = np.arange(3 * n, size)
        loop[:, older, older - n] = 1.0
    else:
        for row, gain in ((0, place), (n, speed)):
            loop[:, row : row + n, :n] -= stiffness * gain[:, :, None] * spring
            loop[:, row : row + n, n : 2 * n] -= damping * gain[:, :, None] * spring
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


def bare_spring_bound(damping: float, period: float, delay: float) -> float:
    """K = b / (T/2 + t_d) in N/m: where one sampled mass on a spring without virtual damping begins to swing up.

    Damping N·s/m, period and delay s. For small bT/m and KT²/m; no margin in it.
    """
    return damping / (0.5 * period + delay)


def colgate_margin(info: DeviceInfo, stiffness: float, damping: float) -> float:
    """b / (K T/2 + |D|) in the weakest direction of the worst pose; for information.

    1 or more: the sampled wall is passive and so stable at any passive limb (Colgate & Schenkel 1997, J. Robotic
    Systems 14(1)). It forbids much that is stable at every real limb, and no delay is in it.
    """
    declared = np.array([joint.damping for joint in info.joints])
    asked = 0.5 * stiffness * info.period_s + abs(damping)
    jacobians = _jacobians(info)
    if not len(jacobians) or not asked > 0.0:
        return inf
    if not declared.min() > 0.0:
        return 0.0
    scaled = jacobians / np.sqrt(declared)
    return float(1.0 / (np.linalg.norm(scaled, 2, axis=(1, 2)).max() ** 2 * asked))


def held(info: DeviceInfo, controller: Any, delay: float) -> Held | None:
    """What a built controller asks for and what the device can give at a delay (s); None when it holds nothing.

    A controller declares its spring by the attribute `stiffness` (N/m), its virtual damping by `damping` (N·s/m).
    Raises ValueError or TypeError for what is not a number.
    """
    stiffness = float(getattr(controller, "stiffness", 0.0))
    damping = float(getattr(controller, "damping", 0.0))
    if not (isfinite(stiffness) and isfinite(damping)):
        raise ValueError(f"stiffness {stiffness} N/m and damping {damping} N·s/m must be finite")
    if stiffness <= 0.0:
        return None
    ticks = ticks_of(delay, info.period_s)
    bound = _search(info, ticks, damping / sqrt(stiffness), MARGIN, LOADS)
    return Held(stiffness, damping, ticks, bound, colgate_margin(info, stiffness, damping))


def stiffness_finding(info: DeviceInfo, controller: Any, delay: float) -> Finding | None:
    """Why this device must not run this controller at a delay (s); None when it may. The field is "stiffness".

    One evaluation when all is well, so that it may be asked while the loop runs.
    """
    try:
        stiffness = float(getattr(controller, "stiffness", 0.0))
        damping = float(getattr(controller, "damping", 0.0))
        if isfinite(stiffness) and isfinite(damping) and is_stable(info, stiffness, damping, delay=delay):
            return None
        asked = held(info, controller, delay)
    except (TypeError, ValueError) as error:
        return Finding("stiffness", f"cannot be judged: {error}", "numbers in N/m and N·s/m")
    return None if asked is None else too_stiff(info, asked)


def too_stiff(info: DeviceInfo, asked: Held) -> Finding:
    """The finding, in words."""
    late = f"{asked.ticks} tick{'s' if asked.ticks != 1 else ''} of delay"
    wanted = f"{show(asked.stiffness, 'N/m')} was asked for"
    if asked.bound <= 0.0:
        return Finding("stiffness", f"at {late} {info.model} holds no spring stably; {wanted}", "a faster link")
    most = show(asked.bound, "N/m")
    message = f"at {late} {info.model} holds at most {most} stably; {wanted}"
    return Finding("stiffness", message, f"{most} or less at this damping; a faster link allows more")


@lru_cache(maxsize=256)
def _search(info: DeviceInfo, ticks: int, damping: float, margin: float, loads: Floats) -> float:
    """The largest stable K in N/m with D = damping·sqrt(K)."""

    def stable(stiffness: float) -> bool:
        return is_stable(
            info, stiffness, damping * sqrt(stiffness), delay=ticks * info.period_s, margin=margin, loads=loads
        )

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


def _poses(info: DeviceInfo) -> list[Floats]:
    """Over the range of motion. Turning the whole arm about its first joint changes neither M nor JᵀJ. Where the arm is
    nearly straight it is left out: in one direction the hand cannot move there, and no spring at the hand holds it."""
    ranges = [np.linspace(joint.q_min, joint.q_max, POSES).tolist() for joint in info.joints[1:]]
    kinematics = kinematics_of(info)
    poses = [(info.home[0], *rest) for rest in product(*ranges)]
    return [q for q in poses if np.linalg.cond(np.array(kinematics.forward(q)[1])) <= STRAIGHT]


@lru_cache(maxsize=16)
def _jacobians(info: DeviceInfo) -> Array:
    """(poses, d, n)."""
    kinematics = kinematics_of(info)
    return np.array([kinematics.forward(q)[1] for q in _poses(info)])


@lru_cache(maxsize=16)
def _grid(info: DeviceInfo, loads: Floats) -> _Grid:
    poses, jacobians, n = _poses(info), _jacobians(info), info.n_joints
    if not poses:
        return _Grid(np.empty((0, n)), np.empty((0, n, n)))
    reach = np.tile(np.swapaxes(jacobians, 1, 2) @ jacobians, (len(loads), 1, 1))
    inertia = np.tile(np.array([mass_matrix(info, q) for q in poses]), (len(loads), 1, 1))
    inertia += np.repeat(loads, len(poses))[:, None, None] * reach
    inverse = np.linalg.inv(np.linalg.cholesky(inertia))
    transposed = np.swapaxes(inverse, 1, 2)
    rates, turn = np.linalg.eigh(inverse @ np.diag([joint.damping for joint in info.joints]) @ transposed)
    modes = np.swapaxes(turn, 1, 2) @ inverse
    return _Grid(rates, modes @ reach @ np.swapaxes(modes, 1, 2))
