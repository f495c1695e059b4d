"""The arm of a virtual patient: two segments, a shoulder that does not move, and a hand that holds the robot's.

    F = K_g (x_limb − x_robot) + D_g (v_limb − v_robot)        limb on robot, N
    M(q) q̈ + C(q, q̇) q̇ + b q̇ = τ_muscle − Jᵀ F

Masses 1.93 and 1.52 kg, lengths 0.31 and 0.34 m, inertias about the centres of mass 0.04 and 0.06 kg·m²: J. Neurosci.
29(40):12606, 2009 (PMC2784227), table 1, which does not say where the centres of mass are; here they are in the middle.
The grip is ours: firm enough to follow within a millimetre at 5 N, soft enough for steps of 1 ms (ω T = 0.2 on the
bare robot), and dissipative (tests/sim/test_sim_limb.py).
"""

from __future__ import annotations

from rehab.core.device import DeviceInfo, LinkInfo
from rehab.core.errors import BadInput
from rehab.core.kinematics import Planar2R, kinematics_of
from rehab.core.values import Floats
from sim.two_link import TwoLink

UPPER_ARM = LinkInfo(length=0.31, mass=1.93, centre=0.155, inertia=0.04)
FOREARM = LinkInfo(length=0.34, mass=1.52, centre=0.17, inertia=0.06)

# A person who sits opposite the robot and uses the right arm: the shoulder is behind the home position of the hand and
# to the person's right. The elbow is then at 86 degrees, and 10 cm in every direction are well inside the reach.
SHOULDER_FROM_HOME = (-0.15, 0.45)  # m, in the robot's axes

GRIP_STIFFNESS = 5000.0  # N/m
GRIP_DAMPING = 50.0  # N·s/m: critical for the 0.13 kg that the lighter of two hands weighs at least
TISSUE_DAMPING = 0.2  # N·m·s/rad: what a joint without any muscle activity has
ELBOW_MIN, ELBOW_MAX = 0.09, 2.6  # rad: ligaments and soft tissue stop it here
ELBOW_STOP = 60.0  # N·m/rad


class PlanarLimb:
    """The limb's own mechanics, holding the device at its home pose; `chain` has its state and its hand."""

    def __init__(self, info: DeviceInfo) -> None:
        if info.kinematics != "planar_2r":
            raise BadInput(f'virtual patients hold "planar_2r" devices; {info.model} is "{info.kinematics}"')
        x, y = kinematics_of(info).forward(info.home)[0]
        shoulder = (x + SHOULDER_FROM_HOME[0], y + SHOULDER_FROM_HOME[1])
        self.kinematics = Planar2R(UPPER_ARM.length, FOREARM.length, shoulder)
        self.chain = TwoLink(UPPER_ARM, FOREARM, shoulder)
        self.chain.place(self.kinematics.inverse((x, y), (0.0, 1.0)), (0.0, 0.0))

    def grip(self, x: Floats, v: Floats) -> Floats:
        """The force (N) on the robot's hand, which is at x (m) moving at v (m/s)."""
        chain = self.chain
        return (
            GRIP_STIFFNESS * (chain.x - x[0]) + GRIP_DAMPING * (chain.vx - v[0]),
            GRIP_STIFFNESS * (chain.y - x[1]) + GRIP_DAMPING * (chain.vy - v[1]),
        )

    def advance(self, t1: float, t2: float, force: Floats, dt: float) -> None:
        """One step of dt s under muscle torques t1, t2 (N·m) while giving `force` (N) to the robot."""
        chain = self.chain
        if chain.q2 < ELBOW_MIN:
            t2 += ELBOW_STOP * (ELBOW_MIN - chain.q2)
        elif chain.q2 > ELBOW_MAX:
            t2 += ELBOW_STOP * (ELBOW_MAX - chain.q2)
        chain.advance(t1 - TISSUE_DAMPING * chain.w1, t2 - TISSUE_DAMPING * chain.w2, -force[0], -force[1], dt)
