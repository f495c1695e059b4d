"""The poses of an arm's range of motion in which it is judged, and how light or heavy its hand is there."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.inertia import mass_matrix
from rehab.core.kinematics import kinematics_of
from rehab.core.values import Floats

POSES = 25  # values of each joint after the first; 5 degrees apart on an elbow of 30 to 150 degrees
STRAIGHT = 20.0  # condition of the Jacobian from which an arm counts as straight: 15 degrees, for links of one length


def poses(info: DeviceInfo) -> list[Floats]:
    """Over the range of motion. Turning the whole arm about its first joint changes neither M nor JᵀJ. Where the arm is
    nearly straight it is left out: in one direction the hand cannot move there, and no spring at the hand holds it."""
    ranges = [np.linspace(joint.q_min, joint.q_max, POSES).tolist() for joint in info.joints[1:]]
    kinematics = kinematics_of(info)
    every = [(info.home[0], *rest) for rest in product(*ranges)]
    return [q for q in every if np.linalg.cond(np.array(kinematics.forward(q)[1])) <= STRAIGHT]


@lru_cache(maxsize=16)
def hand_masses(info: DeviceInfo) -> tuple[float, float]:
    """The lightest and the heaviest that the bare arm is at its hand (kg), over all poses and directions: the extreme
    eigenvalues of Λ = (J M⁻¹ Jᵀ)⁻¹ (Khatib 1987, IEEE J. Robotics Autom. 3(1))."""
    found = []
    for q in poses(info):
        jacobian = np.array(kinematics_of(info).forward(q)[1])
        mobility = np.linalg.eigvalsh(jacobian @ np.linalg.solve(mass_matrix(info, q), jacobian.T))
        found += [1.0 / float(mobility[-1]), 1.0 / float(mobility[0])]
    if not found:
        raise ValueError(f"{info.model} is straight in all of its range of motion")
    return min(found), max(found)
