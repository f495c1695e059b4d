"""The limb of a virtual patient: rigid segments, soft tissue, and the grip by which it holds the robot.

    F = K_g (x_limb − x_robot) + D_g (v_limb − v_robot)        limb on robot, N
    M(q) q̈ + C(q, q̇) q̇ + b q̇ + g(q) = τ_muscle − Jᵀ F

The grip (of a hand, or of a cuff around a leg) is ours: firm enough to follow within a millimetre at 5 N, soft enough
for steps of 1 ms (ω T = 0.2 on the bare planar arm), and dissipative (tests/sim/test_sim_limb.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul, neg, sub
from typing import Any

import msgspec

from rehab.core.device import DeviceInfo, LinkInfo
from rehab.core.gravity import Gravity
from rehab.core.kinematics import Kinematics, Rows
from rehab.core.values import Floats
from sim.one_link import OneLink
from sim.two_link import TwoLink

GRIP_STIFFNESS = 5000.0  # N/m
EASY = 0.25  # rad short of its ligaments: nobody runs a joint into them
GRIP_DAMPING = 50.0  # N·s/m: critical for the 0.13 kg that the lighter of two hands weighs at least


class Limb:
    """A limb that holds the device at its home pose. Subclasses say of what kind; all per joint, from the trunk on.

    stiffness  N·m/rad of an able limb while it acts: what a patient's shares are shares of
    strength   N·m that its muscles give at most
    force      N that its hand gives at most, for ceilings in one direction
    bends      +1 where a growing joint angle bends the joint, −1 where it straightens it
    straight   angle rad of the last joint when it is straight
    outward    unit vector in the robot's axes, in which the hand goes when the limb straightens
    tissue     N·m·s/rad, damping of a joint without any muscle activity
    stops      least and most angle rad of the last joint, where ligaments and soft tissue stop it
    stop       N·m/rad of these
    """

    stiffness: Floats
    strength: Floats
    force: float
    bends: Floats
    straight: float
    outward: Floats
    tissue: float
    stops: tuple[float, float]
    stop: float

    def __init__(
        self, info: DeviceInfo, links: tuple[LinkInfo, ...], chain: OneLink | TwoLink, kinematics: Kinematics, q: Floats
    ) -> None:
        self.chain, self.kinematics, self.home = chain, kinematics, q
        self.gravity = Gravity(msgspec.structs.replace(info, links=links))
        chain.place(q, (0.0,) * len(q))

    @property
    def q(self) -> Floats:
        """rad"""
        return self.chain.q

    @property
    def qd(self) -> Floats:
        """rad/s"""
        return self.chain.qd

    @property
    def hand(self) -> Floats:
        """m, in the robot's task space"""
        return self.chain.hand

    def jacobian(self) -> Rows:
        """Of the hand, at the present angles."""
        return self.kinematics.forward(self.chain.q)[1]

    def bend(self) -> float:
        """How far the last joint is bent, rad: 0 is straight."""
        return self.bends[-1] * (self.chain.q[-1] - self.straight)

    def grip(self, x: Floats, v: Floats) -> Floats:
        """The force (N) on the robot's hand, which is at x (m) moving at v (m/s)."""
        raise NotImplementedError

    def within(self, hand: Floats) -> Floats:
        """The place (m) nearest to `hand` to which the limb goes of itself: short of where tissue stops it."""
        raise NotImplementedError

    def dynamics(self, q: Floats, qd: Floats, qdd: Floats) -> Floats:
        """M q̈ + C q̇: the torque N·m that this motion needs, gravity left out."""
        raise NotImplementedError

    def advance(self, torque: Sequence[float], force: Floats, dt: float) -> None:
        """One step of dt s under muscle torque (N·m) while giving `force` (N) to the robot."""
        chain: Any = self.chain  # as many torques and forces as it has joints
        q, (least, most) = chain.q, self.stops
        total = [t - self.tissue * w for t, w in zip(torque, chain.qd, strict=True)]
        if not least <= q[-1] <= most:
            total[-1] += self.stop * ((least if q[-1] < least else most) - q[-1])
        if self.gravity.acts:
            total = list(map(sub, total, self.gravity.torque(q)))
        chain.advance(*total, *map(neg, force), dt)

    def joint_torque(self, force: Floats) -> Floats:
        """Jᵀ F in N·m of a force (N) at the hand."""
        columns = zip(*self.jacobian(), strict=True)
        return tuple([sum(map(mul, column, force)) for column in columns])

    def hand_force(self, torque: Sequence[float]) -> Floats:
        """J⁻ᵀ τ in N: what torque (N·m) makes of force at a hand that is held fast."""
        return self.kinematics.hand_force(tuple(torque), self.chain.q)
