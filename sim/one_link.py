"""One rigid link that turns about a fixed axis: the equation of motion, for a robot of one joint and for a lower leg.

    M q̈ = τ + l F        M = I + m c²

q rad · τ N·m, gravity included by the caller · F force at the end of the lever, along its arc, N · l lever m
m mass kg, c centre of mass from the axis m, I inertia about that centre kg·m². The lever may be shorter than the link:
a cuff holds a leg above its foot. Integrated as in sim/two_link.py.
"""

from __future__ import annotations

from rehab.core.device import LinkInfo
from rehab.core.values import Floats


class OneLink:
    """State and hand of the link; the hand is where the lever ends, measured along its arc.

    q1, w1    joint angle rad and velocity rad/s
    mass      M in kg·m²
    lever     l in m
    """

    __slots__ = ("lever", "mass", "q1", "w1")

    def __init__(self, link: LinkInfo, lever: float) -> None:
        self.mass, self.lever = link.inertia + link.mass * link.centre**2, lever
        self.place((0.0,), (0.0,))

    def place(self, q: Floats, qd: Floats) -> None:
        """Put the link at q (rad) moving at qd (rad/s)."""
        (self.q1,), (self.w1,) = q, qd

    @property
    def q(self) -> Floats:
        return (self.q1,)

    @property
    def qd(self) -> Floats:
        return (self.w1,)

    @property
    def hand(self) -> Floats:
        """m along the arc."""
        return (self.lever * self.q1,)

    def advance(self, t1: float, fx: float, dt: float) -> None:
        """One step of dt seconds with joint torque t1 (N·m, damping and gravity included) and force fx (N)."""
        self.w1 += dt * (t1 + self.lever * fx) / self.mass
        self.q1 += dt * self.w1

    def kinetic_energy(self) -> float:
        """½ M q̇² in J."""
        return 0.5 * self.mass * self.w1**2
