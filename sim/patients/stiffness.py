"""How stiff a hand is: what experiments are to recover from a virtual patient, known here exactly.

    K = J⁻ᵀ K_q J⁻¹        at the handle, through the grip: (K⁻¹ + I/K_g)⁻¹

K_q N·m/rad joint stiffness, diagonal · J Jacobian of the limb's hand · K_g N/m grip. Without force at the hand; with a
force the change of J with the angles adds to it (Mussa-Ivaldi, Hogan & Bizzi 1985, J. Neurosci. 5:2732).
"""

from __future__ import annotations

import numpy as np

from rehab.core.types import Array
from rehab.core.values import Floats
from sim.patients.limb import GRIP_STIFFNESS, Limb


def hand_stiffness(limb: Limb, joints: Floats, q: Floats, *, at_handle: bool) -> Array:
    """K in N/m (d, d) at joint angles q (rad) with joint stiffness N·m/rad."""
    inverse = np.linalg.inv(np.array(limb.kinematics.forward(q)[1]))
    stiffness = inverse.T @ np.diag(joints) @ inverse
    if at_handle:
        stiffness = np.linalg.inv(np.linalg.inv(stiffness) + np.eye(len(q)) / GRIP_STIFFNESS)
    return np.asarray(stiffness, dtype=np.float64)
