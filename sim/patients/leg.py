"""The lower leg of a virtual patient who sits: shank and foot as one segment that turns about the knee.

For an adult of 75 kg and 1.75 m: shank and foot weigh 6.1 % of the body, 4.6 kg; the shank is 24.6 % of the height,
0.43 m; the centre of mass lies 60.6 % of it below the knee, with a radius of gyration of 41.6 % of it about that
centre. Winter 2009, Biomechanics and Motor Control of Human Movement, 4th ed., table 4.1. Its axis is the robot's, and
a cuff holds it where the robot's lever ends.
"""

from __future__ import annotations

from rehab.core.device import DeviceInfo, LinkInfo
from rehab.core.errors import BadInput
from rehab.core.kinematics import kinematics_of
from rehab.core.values import Floats
from sim.one_link import OneLink
from sim.patients.limb import EASY, GRIP_DAMPING, GRIP_STIFFNESS, Limb

MASS, SHANK = 0.061 * 75.0, 0.246 * 1.75  # kg, m
LOWER_LEG = LinkInfo(length=SHANK, mass=MASS, centre=0.606 * SHANK, inertia=MASS * (0.416 * SHANK) ** 2)


class Leg(Limb):
    """The knee; the thigh is level, so that the knee is straight when the lower leg points forward, at angle 0."""

    chain: OneLink
    stiffness = (80.0,)
    strength = (120.0,)  # knee extension of an adult who is not trained: 100 to 200 N·m
    force = 280.0  # what 120 N·m make at a cuff 0.43 m from the knee
    bends = (-1.0,)
    straight = 0.0
    outward = (1.0,)
    tissue = 0.5  # a dropped leg swings a few times: about a tenth of critical at 12 N·m/rad of weight
    stops = (-2.4, 0.05)
    stop = 100.0

    def __init__(self, info: DeviceInfo) -> None:
        if info.kinematics != "single_joint":
            raise BadInput(f'a leg holds "single_joint" devices; {info.model} is "{info.kinematics}"')
        chain = OneLink(LOWER_LEG, info.links[0].length)
        super().__init__(info, (LOWER_LEG,), chain, kinematics_of(info), info.home)

    def grip(self, x: Floats, v: Floats) -> Floats:
        chain = self.chain
        lever = chain.lever
        return (GRIP_STIFFNESS * (lever * chain.q1 - x[0]) + GRIP_DAMPING * (lever * chain.w1 - v[0]),)

    def within(self, hand: Floats) -> Floats:
        least, most = self.stops
        return (self.chain.lever * min(max(hand[0] / self.chain.lever, least + EASY), min(most, self.straight)),)

    def dynamics(self, q: Floats, qd: Floats, qdd: Floats) -> Floats:
        return (self.chain.mass * qdd[0],)
