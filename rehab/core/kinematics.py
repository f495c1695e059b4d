"""Joint space <-> task space, closed form: one joint on an arm, and the planar two-link arm.

Planar 2R, base b, lengths l₁, l₂, q₂ measured from link 1:

    x = b + l₁ [cos q₁, sin q₁] + l₂ [cos(q₁+q₂), sin(q₁+q₂)]
    J = [[−l₁ s₁ − l₂ s₁₂, −l₂ s₁₂], [l₁ c₁ + l₂ c₁₂, l₂ c₁₂]]        det J = l₁ l₂ sin q₂

Siciliano et al., Robotics: Modelling, Planning and Control, 2.12 and 3.1. Plain floats inside (0.5 µs; numpy 3.6 µs).
"""

from __future__ import annotations

from math import acos, atan2, cos, hypot, isfinite, pi, sin, sqrt
from typing import Protocol

from rehab.core.device import DeviceInfo
from rehab.core.values import Floats

Rows = tuple[Floats, ...]


class OutOfReach(ValueError):  # noqa: N818
    """The point is farther or nearer than the arm reaches. `nearest` (m) is the closest point it does reach."""

    def __init__(self, point: Floats, nearest: Floats) -> None:
        self.point, self.nearest = point, nearest
        super().__init__(f"({', '.join(f'{c:.3f}' for c in point)}) m is out of reach")


class Kinematics(Protocol):
    n_joints: int
    n_task: int

    def forward(self, q: Floats) -> tuple[Floats, Rows]:
        """Hand position m (d,) and Jacobian (d, n) as rows."""
        ...

    def inverse(self, x: Floats, near: Floats) -> Floats:
        """Joint angles rad for a hand position m, the solution nearest to `near`. Raises OutOfReach."""
        ...

    def force_map(self, jacobian: Rows) -> Rows:
        """G (d, n) with which torque makes the force F = G τ (N) at the hand: damped least squares (J Jᵀ + λ²I)⁻¹ J,
        with λ = 0 away from singularities, where it is (Jᵀ)⁻¹, and finite everywhere."""
        ...

    def hand_force(self, tau: Floats, q: Floats) -> Floats:
        """F = G(q) τ: the force N at the hand that torque tau N·m makes."""
        ...

    def points(self, q: Floats) -> tuple[Floats, ...]:
        """Base, joints and hand in m: what a window draws."""
        ...


class SingleJoint:
    """One joint turning an arm of length l; the task space is the arc s = l·q (m), so that J = [l]."""

    n_joints = 1
    n_task = 1

    def __init__(self, length: float, base: Floats) -> None:
        if not (isfinite(length) and length > 0.0):
            raise ValueError(f"length must be a positive number of metres, not {length}")
        self.length, self.base = length, base

    def forward(self, q: Floats) -> tuple[Floats, Rows]:
        return (self.length * q[0],), ((self.length,),)

    def inverse(self, x: Floats, near: Floats) -> Floats:
        return (x[0] / self.length,)

    def force_map(self, jacobian: Rows) -> Rows:
        return ((1.0 / self.length,),)

    def hand_force(self, tau: Floats, q: Floats) -> Floats:
        return (tau[0] / self.length,)

    def points(self, q: Floats) -> tuple[Floats, ...]:
        bx, by = self.base
        return ((bx, by), (bx + self.length * cos(q[0]), by + self.length * sin(q[0])))


class Planar2R:
    """Two revolute joints in a plane. Singular where the arm is straight or folded (sin q₂ = 0)."""

    n_joints = 2
    n_task = 2
    LEAST_SINGULAR_VALUE = 0.05  # m: below it hand_force is damped; 9 degrees from straight for 0.3 m links

    def __init__(self, l1: float, l2: float, base: Floats = (0.0, 0.0)) -> None:
        if not (isfinite(l1) and isfinite(l2) and l1 > 0.0 and l2 > 0.0):
            raise ValueError(f"lengths must be positive numbers of metres, not {l1} and {l2}")
        self.l1, self.l2, self.base = l1, l2, base

    def forward(self, q: Floats) -> tuple[Floats, Rows]:
        q1, q12 = q[0], q[0] + q[1]
        x1, y1 = self.l1 * cos(q1), self.l1 * sin(q1)
        x2, y2 = self.l2 * cos(q12), self.l2 * sin(q12)
        return (self.base[0] + x1 + x2, self.base[1] + y1 + y2), ((-y1 - y2, -y2), (x1 + x2, x2))

    def inverse(self, x: Floats, near: Floats) -> Floats:
        dx, dy = x[0] - self.base[0], x[1] - self.base[1]
        distance = hypot(dx, dy)
        least, most = abs(self.l1 - self.l2), self.l1 + self.l2
        if not least <= distance <= most or distance == 0.0:
            reach = min(max(distance, least), most)
            ux, uy = (dx / distance, dy / distance) if distance > 0.0 else (1.0, 0.0)
            raise OutOfReach(x, (self.base[0] + reach * ux, self.base[1] + reach * uy))
        c2 = (distance * distance - self.l1**2 - self.l2**2) / (2.0 * self.l1 * self.l2)
        q2 = acos(min(1.0, max(-1.0, c2)))
        if near[1] < 0.0:
            q2 = -q2
        q1 = atan2(dy, dx) - atan2(self.l2 * sin(q2), self.l1 + self.l2 * cos(q2))
        turns = round((near[0] - q1) / (2.0 * pi))
        return (q1 + 2.0 * pi * turns, q2)

    def force_map(self, jacobian: Rows) -> Rows:
        (a, b), (c, d) = jacobian
        p, r, s = a * a + b * b, a * c + b * d, c * c + d * d  # J Jᵀ = [[p, r], [r, s]]
        least = sqrt(max(0.0, 0.5 * (p + s - sqrt((p - s) ** 2 + 4.0 * r * r))))
        if least < self.LEAST_SINGULAR_VALUE:
            damping = self.LEAST_SINGULAR_VALUE**2 - least**2
            p, s = p + damping, s + damping
        share = 1.0 / (p * s - r * r)
        return (
            (share * (s * a - r * c), share * (s * b - r * d)),
            (share * (p * c - r * a), share * (p * d - r * b)),
        )

    def hand_force(self, tau: Floats, q: Floats) -> Floats:
        (a, b), (c, d) = self.force_map(self.forward(q)[1])
        return (a * tau[0] + b * tau[1], c * tau[0] + d * tau[1])

    def points(self, q: Floats) -> tuple[Floats, ...]:
        bx, by = self.base
        elbow = (bx + self.l1 * cos(q[0]), by + self.l1 * sin(q[0]))
        hand = (elbow[0] + self.l2 * cos(q[0] + q[1]), elbow[1] + self.l2 * sin(q[0] + q[1]))
        return ((bx, by), elbow, hand)


def kinematics_of(info: DeviceInfo) -> Kinematics:
    """The kinematics a device declares. Raises ValueError for one we do not know."""
    match info.kinematics:
        case "single_joint":
            return SingleJoint(info.links[0].length, info.base)
        case "planar_2r":
            return Planar2R(info.links[0].length, info.links[1].length, info.base)
        case other:
            raise ValueError(f'the device declares kinematics "{other}"; known: single_joint, planar_2r')
