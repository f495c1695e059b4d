"""Two rigid links in a plane: the equations of motion, for the robot and for the limb.

    M(q) q̈ + C(q, q̇) q̇ = τ + Jᵀ F

    M = [[a₁ + 2a₃ cos q₂, a₂ + a₃ cos q₂], [a₂ + a₃ cos q₂, a₂]]      C q̇ = a₃ sin q₂ [−q̇₂(2q̇₁ + q̇₂), q̇₁²]
    a₁ = I₁ + m₁c₁² + I₂ + m₂(l₁² + c₂²)      a₂ = I₂ + m₂c₂²      a₃ = m₂ l₁ c₂

q rad, q₂ measured from link 1 · τ N·m · F force on the hand N · l length m, m mass kg, c centre of mass from its joint
m, I inertia about that centre kg·m²; gravity is the caller's. Siciliano et al., Robotics: Modelling, Planning and
Control, 7.3.2.

Semi-implicit Euler: q̇ ← q̇ + q̈(q, q̇) T, then q ← q + q̇ T; it neither gains nor loses energy systematically, and is
what rigid-body engines do. Plain floats: about 1 µs a step.
"""

from __future__ import annotations

from math import cos, sin

from rehab.core.device import LinkInfo
from rehab.core.values import Floats


class TwoLink:
    """State, hand and Jacobian of the chain. Attributes are plain floats, read by whoever owns it.

    q1, q2, w1, w2  joint angles rad and velocities rad/s
    x, y, vx, vy    hand m and m/s
    j11 … j22       Jacobian, v = J q̇
    """

    __slots__ = (
        "a1", "a2", "a3", "bx", "by", "j11", "j12", "j21", "j22", "l1", "l2",
        "q1", "q2", "vx", "vy", "w1", "w2", "x", "y",
    )  # fmt: skip

    def __init__(self, first: LinkInfo, second: LinkInfo, base: Floats) -> None:
        self.l1, self.l2 = first.length, second.length
        self.bx, self.by = base
        self.a2 = second.inertia + second.mass * second.centre**2
        self.a1 = first.inertia + first.mass * first.centre**2 + self.a2 + second.mass * first.length**2
        self.a3 = second.mass * first.length * second.centre
        self.place((0.0, 0.0), (0.0, 0.0))

    def place(self, q: Floats, qd: Floats) -> None:
        """Put the chain at q (rad) moving at qd (rad/s)."""
        self.q1, self.q2 = q
        self.w1, self.w2 = qd
        self._look()

    @property
    def q(self) -> Floats:
        return (self.q1, self.q2)

    @property
    def qd(self) -> Floats:
        return (self.w1, self.w2)

    @property
    def hand(self) -> Floats:
        return (self.x, self.y)

    def advance(self, t1: float, t2: float, fx: float, fy: float, dt: float) -> None:
        """One step of dt seconds with joint torques t1, t2 (N·m, damping and gravity included by the caller) and hand
        force (N)."""
        w1, w2 = self.w1, self.w2
        a3_cos, a3_sin = self.a3 * cos(self.q2), self.a3 * sin(self.q2)
        m11, m12, m22 = self.a1 + 2.0 * a3_cos, self.a2 + a3_cos, self.a2
        r1 = t1 + self.j11 * fx + self.j21 * fy + a3_sin * w2 * (2.0 * w1 + w2)
        r2 = t2 + self.j12 * fx + self.j22 * fy - a3_sin * w1 * w1
        scale = dt / (m11 * m22 - m12 * m12)
        self.w1 = w1 = w1 + scale * (m22 * r1 - m12 * r2)
        self.w2 = w2 = w2 + scale * (m11 * r2 - m12 * r1)
        self.q1 += dt * w1
        self.q2 += dt * w2
        self._look()

    def _look(self) -> None:
        q1 = self.q1
        q12 = q1 + self.q2
        x1, y1 = self.l1 * cos(q1), self.l1 * sin(q1)
        x2, y2 = self.l2 * cos(q12), self.l2 * sin(q12)
        self.j11, self.j12 = j11, j12 = -y1 - y2, -y2
        self.j21, self.j22 = j21, j22 = x1 + x2, x2
        self.x, self.y = self.bx + j21, self.by - j11
        self.vx, self.vy = j11 * self.w1 + j12 * self.w2, j21 * self.w1 + j22 * self.w2

    def inertia_torque(self, q2: float, w1: float, w2: float, acc1: float, acc2: float) -> Floats:
        """M q̈ + C q̇ at another state: the torque N·m that this motion needs."""
        a3_cos, a3_sin = self.a3 * cos(q2), self.a3 * sin(q2)
        m12 = self.a2 + a3_cos
        return (
            (self.a1 + 2.0 * a3_cos) * acc1 + m12 * acc2 - a3_sin * w2 * (2.0 * w1 + w2),
            m12 * acc1 + self.a2 * acc2 + a3_sin * w1 * w1,
        )

    def kinetic_energy(self) -> float:
        """½ q̇ᵀ M q̇ in J."""
        a3_cos = self.a3 * cos(self.q2)
        m11, m12 = self.a1 + 2.0 * a3_cos, self.a2 + a3_cos
        return 0.5 * (m11 * self.w1**2 + self.a2 * self.w2**2) + m12 * self.w1 * self.w2
