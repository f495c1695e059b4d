"""The torque filters: each a function of plain floats that can only take torque away, never turn NaN into a number.

`calm` and `free` say beforehand, in one look, that nothing has to be done: that is the usual tick. What is constant of
each joint comes to them with the joint's number, since to zip what changes with it takes twice as long. Comparisons are
written so that a NaN fails them; the monitor refuses what is not finite before and after.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

from rehab.core.values import Floats

BRAKING = 20.0  # rad/s²: deceleration that limb and robot can make before a position limit
TWICE_BRAKING = 2.0 * BRAKING


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    """aᵀb. Most arms have two joints and a plane; without a loop that takes 0.1 µs instead of 0.2."""
    if len(a) == 2:
        return a[0] * b[0] + a[1] * b[1]
    total: float = sum(map(mul, a, b))
    return total


def minus(a: Floats, b: Floats) -> Floats:
    """a − b; refused (ValueError) where they differ in length."""
    if len(a) == 2:
        (x, y), (u, v) = a, b
        return x - u, y - v
    return tuple([x - u for x, u in zip(a, b, strict=True)])


def calm(q: Floats, qd: Floats, ranges: tuple[tuple[int, float, float, float], ...]) -> bool:
    """True only if every joint is within its range (number, q_min, q_max, speed), could brake before either end, and is
    not too fast: then neither `position` nor `brake_only` has anything to do, whatever the torque. Nearly always."""
    for k, low, high, fastest in ranges:
        angle, speed = q[k], qd[k]
        stop = speed * speed / TWICE_BRAKING
        if not (low + stop < angle < high - stop and -fastest <= speed <= fastest):
            return False
    return True


def free(torque: Floats, sent: Floats, steps: tuple[tuple[int, float, float], ...]) -> bool:
    """True only if, by every joint's (number, step, limit), neither `growth` nor `saturate` has anything to do."""
    for k, more, limit in steps:
        tau, last = torque[k], sent[k]
        if not (
            -limit <= tau <= limit
            and (last - more if last < 0.0 else -more) <= tau <= (last + more if last > 0.0 else more)
        ):
            return False
    return True


def growth(wish: Floats, sent: Floats, step: Floats) -> Floats:
    """|τ| grows by at most step = ρT a tick from what was really sent; shrinking, and reaching zero, is free.

    A slow limit in both directions would make the robot active: it throws the hand out of a wall.
    """
    return tuple([min(max(last, 0.0) + most, max(min(last, 0.0) - most, wished))
                  for wished, last, most in zip(wish, sent, step, strict=True)])  # fmt: skip


def saturate(torque: Floats, most: Floats) -> Floats:
    """|τ_i| ≤ τ_max,i."""
    return tuple([min(limit, max(-limit, value)) for value, limit in zip(torque, most, strict=True)])


def scaled(torque: Sequence[float], share: float) -> Floats:
    """All of it by the same share of 0 to 1: what was within a bound on its size or direction stays within."""
    return tuple([share * value for value in torque])


def hand_force(torque: Floats, force_map: tuple[Floats, ...]) -> Floats:
    """F = G τ, N (d,)."""
    if len(torque) == 2 == len(force_map):
        (a, b), (c, d) = force_map
        x, y = torque
        return a * x + b * y, c * x + d * y
    return tuple([sum(map(mul, row, torque)) for row in force_map])


def power(torque: Floats, qd: Floats, most: float) -> Floats:
    """Only where the robot works on the limb, P = τᵀq̇ > P_max: τ ← τ·P_max/P. What the limb gives is not limited."""
    given = dot(torque, qd)
    return scaled(torque, most / given) if given > most else torque


def position(torque: Floats, q: Floats, qd: Floats, q_min: Floats, q_max: Floats) -> Floats:
    """No torque towards a limit that braking could no longer avoid: v > sqrt(2 a_b (q_max − q)), or past it.

    Franka's square-root form, compared in squares; directional as in ros2_control: torque away always passes.
    """
    allowed = []
    for tau, angle, speed, low, high in zip(torque, q, qd, q_min, q_max, strict=True):
        room, towards = (high - angle, speed) if tau > 0.0 else (angle - low, -speed)
        outward = not room > 0.0 or towards * abs(towards) > TWICE_BRAKING * room
        allowed.append(0.0 if outward else tau)
    return tuple(allowed)


def brake_only(torque: Floats, qd: Floats, most: Floats, *, all_joints: bool) -> Floats:
    """Above a joint's speed limit (or all, above the hand's) torque may only brake that joint: τ·q̇ ≤ 0."""
    return tuple([0.0 if tau * speed > 0.0 and (all_joints or not -limit <= speed <= limit) else tau
                  for tau, speed, limit in zip(torque, qd, most, strict=True)])  # fmt: skip


def bound_acceleration(
    torque: Floats, weight: Floats, qd: Floats, most: Floats, stop: Floats, damping: Floats
) -> Floats:
    """For a limb that has gone limp, beside what holds the arm's own weight g: what drives a joint is at most I·a_max,
    and damped; what brakes it may besides stop it within t_s, and never throws it back.

    τ − g ← clamp(τ − g, ±I a_max) − B_y q̇           where (τ − g)·q̇ > 0
    τ − g ← clamp(τ − g, ±(I a_max + I|q̇|/t_s))      elsewhere; `most` is I a_max, `stop` I/t_s

    Both meet at q̇ = 0. If all braking passed, the torque of a joint that hardly moves would switch in every tick.
    """
    joints = zip(torque, weight, qd, most, stop, damping, strict=True)
    return tuple([g + _gentle(tau - g, speed, limit, brake, b) for tau, g, speed, limit, brake, b in joints])


def _gentle(tau: float, speed: float, limit: float, brake: float, damping: float) -> float:
    drives = tau * speed > 0.0
    if not drives:
        limit += brake * abs(speed)
    kept = limit if tau > limit else -limit if tau < -limit else tau
    return kept - damping * speed if drives else kept


def smoothstep(share: float) -> float:
    """0 → 1 with zero slope at both ends: 3u² − 2u³."""
    u = min(1.0, max(0.0, share))
    return u * u * (3.0 - 2.0 * u)
