"""The arm of a virtual patient in the plane of the robot: two segments, and a shoulder that does not move.

Masses 1.93 and 1.52 kg, lengths 0.31 and 0.34 m, inertias about the centres of mass 0.04 and 0.06 kg·m²: Selen,
Franklin & Wolpert 2009, J. Neurosci. 29(40):12606 (PMC2784227), table 1, which does not say where the centres of mass
are; here they are in the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, dist, sqrt

from rehab.core.device import DeviceInfo, LinkInfo
from rehab.core.errors import BadInput
from rehab.core.kinematics import Planar2R, Rows, kinematics_of
from rehab.core.values import Floats
from sim.patients.limb import EASY, GRIP_DAMPING, GRIP_STIFFNESS, Limb
from sim.two_link import TwoLink

UPPER_ARM = LinkInfo(length=0.31, mass=1.93, centre=0.155, inertia=0.04)
FOREARM = LinkInfo(length=0.34, mass=1.52, centre=0.17, inertia=0.06)

# A person who sits opposite the robot and uses the right arm: the shoulder is behind the home position of the hand and
# to the person's right. The elbow is then at 86 degrees, and 10 cm in every direction are well inside the reach.
SHOULDER_FROM_HOME = (-0.15, 0.45)  # m, in the robot's axes


class PlanarLimb(Limb):
    """Shoulder and elbow, in the plane; `chain` has its state and its hand."""

    chain: TwoLink
    stiffness = (50.0, 35.0)  # in the range of Gomi & Osu 1998, J. Neurosci. 18:8965, for an arm that works
    strength = (40.0, 40.0)
    force = 80.0  # what 40 N·m at the elbow make at home
    bends = (1.0, 1.0)
    straight = 0.0
    outward = (0.0, -1.0)
    tissue = 0.2
    stops = (0.09, 2.6)
    stop = 60.0

    def __init__(self, info: DeviceInfo) -> None:
        if info.kinematics != "planar_2r":
            raise BadInput(f'an arm holds "planar_2r" devices; {info.model} is "{info.kinematics}"')
        x, y = kinematics_of(info).forward(info.home)[0]
        shoulder = (x + SHOULDER_FROM_HOME[0], y + SHOULDER_FROM_HOME[1])
        self.shoulder = shoulder
        self._farthest, self._nearest = (_reach(stop) for stop in (self.stops[0] + EASY, self.stops[1] - EASY))
        kinematics, chain = Planar2R(UPPER_ARM.length, FOREARM.length, shoulder), TwoLink(UPPER_ARM, FOREARM, shoulder)
        super().__init__(info, (UPPER_ARM, FOREARM), chain, kinematics, kinematics.inverse((x, y), (0.0, 1.0)))

    def jacobian(self) -> Rows:
        chain = self.chain
        return ((chain.j11, chain.j12), (chain.j21, chain.j22))

    def grip(self, x: Floats, v: Floats) -> Floats:
        chain = self.chain
        return (
            GRIP_STIFFNESS * (chain.x - x[0]) + GRIP_DAMPING * (chain.vx - v[0]),
            GRIP_STIFFNESS * (chain.y - x[1]) + GRIP_DAMPING * (chain.vy - v[1]),
        )

    def within(self, hand: Floats) -> Floats:
        x, y = self.shoulder
        away = dist(hand, self.shoulder)
        reach = min(max(away, self._nearest), self._farthest)
        if reach == away:
            return hand
        share = reach / away if away > 0.0 else 0.0
        return (x + share * (hand[0] - x), y + share * (hand[1] - y))

    def advance(self, torque: Sequence[float], force: Floats, dt: float) -> None:
        if self.gravity.acts:
            super().advance(torque, force, dt)
            return
        chain, (t1, t2), (least, most) = self.chain, torque, self.stops  # the usual arm, in half of the time
        if chain.q2 < least:
            t2 += self.stop * (least - chain.q2)
        elif chain.q2 > most:
            t2 += self.stop * (most - chain.q2)
        chain.advance(t1 - self.tissue * chain.w1, t2 - self.tissue * chain.w2, -force[0], -force[1], dt)

    def dynamics(self, q: Floats, qd: Floats, qdd: Floats) -> Floats:
        return self.chain.inertia_torque(q[1], *qd, *qdd)

    def joint_torque(self, force: Floats) -> Floats:
        chain, (fx, fy) = self.chain, force
        return (chain.j11 * fx + chain.j21 * fy, chain.j12 * fx + chain.j22 * fy)

    def hand_force(self, torque: Sequence[float]) -> Floats:
        chain, (t1, t2) = self.chain, torque
        share = 1.0 / (chain.j11 * chain.j22 - chain.j12 * chain.j21)  # the soft tissue keeps the elbow off straight
        return (share * (chain.j22 * t1 - chain.j21 * t2), share * (chain.j11 * t2 - chain.j12 * t1))


def _reach(bend: float) -> float:
    """How far (m) the hand is from the shoulder with the elbow bent by so much, rad."""
    a, b = UPPER_ARM.length, FOREARM.length
    return sqrt(a * a + b * b + 2.0 * a * b * cos(bend))
