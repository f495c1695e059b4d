"""The torque filters: each a function of plain floats that can only take torque away, never turn NaN into a number.

Every comparison is written so that a NaN fails it; the monitor has refused non-finite input before.
"""

from __future__ import annotations

from math import isfinite

from rehab.core.values import Floats

BRAKING = 20.0  # rad/s²: deceleration that limb and robot can make before a position limit


def all_finite(*groups: Floats) -> bool:
    """True only if every number of every group is finite.

    A sum that holds a NaN or an infinity is never finite again; one of finite numbers that overflows is refused too.
    """
    total = 0.0
    for group in groups:
        total += sum(group)
    return isfinite(total)


def growth(wish: Floats, sent: Floats, rate: Floats, period: float) -> Floats:
    """|τ| grows by at most ρT a tick from what was really sent; shrinking, and reaching zero, is free.

    A slow limit in both directions would make the robot active: it throws the hand out of a wall.
    """
    limited = []
    for wished, last, rho in zip(wish, sent, rate, strict=True):
        base = abs(last) if wished * last > 0.0 else 0.0
        most = base + rho * period
        limited.append(min(most, max(-most, wished)))
    return tuple(limited)


def saturate(torque: Floats, most: Floats) -> Floats:
    """|τ_i| ≤ τ_max,i."""
    return tuple([min(limit, max(-limit, value)) for value, limit in zip(torque, most, strict=True)])


def scale_to_force(torque: Floats, force: float, most: float) -> Floats:
    """All torque scaled by F_max/|F| when the hand would feel more than F_max (N); its direction stays."""
    if force <= most:
        return torque
    share = most / force
    return tuple([share * value for value in torque])


def position(torque: Floats, q: Floats, qd: Floats, q_min: Floats, q_max: Floats) -> Floats:
    """No torque towards a limit that braking could no longer avoid: v > sqrt(2 a_b (q_max − q)), or past it.

    Franka's square-root form, compared in squares; directional as in ros2_control: torque away always passes.
    """
    allowed = []
    for tau, angle, speed, low, high in zip(torque, q, qd, q_min, q_max, strict=True):
        room = high - angle if tau > 0.0 else angle - low
        towards = speed if tau > 0.0 else -speed
        outward = room <= 0.0 or (towards > 0.0 and towards * towards > 2.0 * BRAKING * room)
        allowed.append(0.0 if outward else tau)
    return tuple(allowed)


def brake_only(torque: Floats, qd: Floats, most: Floats, *, all_joints: bool) -> Floats:
    """Above a joint's speed limit (or all, above the hand's) torque may only brake that joint: τ·q̇ ≤ 0."""
    return tuple(
        [
            0.0 if tau * speed > 0.0 and (all_joints or abs(speed) > limit) else tau
            for tau, speed, limit in zip(torque, qd, most, strict=True)
        ]
    )


def smoothstep(share: float) -> float:
    """0 → 1 with zero slope at both ends: 3u² − 2u³."""
    u = min(1.0, max(0.0, share))
    return u * u * (3.0 - 2.0 * u)
