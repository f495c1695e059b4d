"""The inertia of a serial arm of revolute joints in a plane, from what the device declares of its links.

    M(q) = Σₖ mₖ Jₖᵀ Jₖ + Iₖ wₖ wₖᵀ

m mass kg · I inertia about the link's centre of mass kg·m² · Jₖ Jacobian of that centre (2, n)
wₖ the link's rotation: ones for the joints up to k
Siciliano et al., Robotics: Modelling, Planning and Control, 7.1.1 (7.32). It needs only the kinematics of the arm and
so holds for any number of joints. In a plane JₖᵀJₖ are the products of the distances from the joints to the centre, so
that `mass_matrix` is plain floats, fast enough for the loop (11 µs for two joints); `hand_mass` is not.
"""

from __future__ import annotations

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Array
from rehab.core.values import Floats


def mass_matrix(info: DeviceInfo, q: Floats) -> Array:
    """M(q) in kg·m² (n, n)."""
    points = kinematics_of(info).points(q)
    n = info.n_joints
    mass = [[0.0] * n for _ in range(n)]
    for k, link in enumerate(info.links):
        (ax, ay), (bx, by), share = points[k], points[k + 1], link.centre / link.length
        cx, cy = ax + share * (bx - ax), ay + share * (by - ay)
        away = [(cx - x, cy - y) for x, y in points[: k + 1]]
        for i, (xi, yi) in enumerate(away):
            for j, (xj, yj) in enumerate(away):
                mass[i][j] += link.mass * (xi * xj + yi * yj) + link.inertia
    return np.array(mass)


def hand_mass(info: DeviceInfo, q: Floats) -> float:
    """The mass in kg that a hand feels when it pushes the arm at q, averaged over the directions.

        Λ = (J M⁻¹ Jᵀ)⁻¹        m_eff = tr Λ / d

    Λ is the inertia at the hand (Khatib 1987, IEEE J. Robotics Autom. 3(1)); uᵀΛu averaged over all unit vectors u is
    tr Λ / d. Where the arm is straight, the direction in which it cannot move is left out.
    """
    jacobian = np.array(kinematics_of(info).forward(q)[1])
    mobility = jacobian @ np.linalg.solve(mass_matrix(info, q), jacobian.T)
    inertia = np.linalg.pinv(mobility, rcond=1e-6, hermitian=True)
    return float(np.trace(inertia) / np.linalg.matrix_rank(mobility, tol=1e-6 * float(np.trace(mobility))))
