"""The force between limb and robot, from what the robot did: inverse dynamics, where there is no force sensor.

    Jᵀ F = Σₖ [mₖ (c̈ₖ − a)·∂cₖ/∂q + Iₖ αₖ ∂φₖ/∂q] + b q̇ − τ

F limb on robot N · τ torque really sent N·m · cₖ centre of mass of link k m, φₖ its angle rad, αₖ = φ̈ₖ, mₖ kg, Iₖ
kg·m² as declared · a gravity m/s² in the plane of motion · b declared joint friction N·m·s/rad · J Jacobian of the hand
D'Alembert's principle for a chain of revolute joints in a plane, any number of links; M q̈ + C q̇ + g without ever
being written. All signals go through one low-pass (zero phase), so that none comes late against another.
With a real robot the declared masses and friction decide; a friction wrong by δ gives a force wrong by J⁻ᵀ δ q̇.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.measures.arrays import Array, places, positive
from rehab.measures.movement import low_pass

CUTOFF = 30.0  # Hz: a stretch reflex rises in 20 ms


def limb_force(
    info: DeviceInfo, q: ArrayLike, qd: ArrayLike, sent: ArrayLike, fs: float, *, cutoff: float = CUTOFF
) -> Array:
    """F in N (k, d): q rad, qd rad/s, sent N·m, all (k, n), uniformly sampled at fs Hz.

    The hand must not be where the arm is straight. Raises MeasureError for fewer than 4 samples, or what is not finite.
    """
    torque = limb_torque(info, q, qd, sent, fs, cutoff=cutoff)
    maps = hand_jacobian(info, places(q, "q", least=4))
    return np.asarray(np.linalg.solve(maps.transpose(0, 2, 1), torque[:, :, None])[:, :, 0], dtype=np.float64)


def limb_torque(
    info: DeviceInfo, q: ArrayLike, qd: ArrayLike, sent: ArrayLike, fs: float, *, cutoff: float = CUTOFF
) -> Array:
    """Jᵀ F in N·m (k, n): what the limb does at the robot's joints."""
    fs = positive(fs, "fs", "Hz")
    angles, rates = places(q, "q", least=4), low_pass(places(qd, "qd", least=4), fs, cutoff)
    friction = rates * np.array([joint.damping for joint in info.joints])
    moving = motion_torque(info, angles, rates, np.gradient(rates, axis=0) * fs)
    torque: Array = moving + friction - low_pass(sent, fs, cutoff)
    return torque


def motion_torque(info: DeviceInfo, q: Array, qd: Array, qdd: Array) -> Array:
    """M q̈ + C q̇ + g in N·m (k, n), friction left out."""
    phi, omega, alpha = np.cumsum(q, axis=1), np.cumsum(qd, axis=1), np.cumsum(qdd, axis=1)
    gravity = np.array(info.gravity or (0.0, 0.0))
    n = q.shape[1]
    joints = [np.zeros((len(q), 2))]  # where they are
    speeding = np.zeros((len(q), 2))  # acceleration of the joint that the link turns about
    torque = np.zeros_like(q)
    for k, link in enumerate(info.links[:n]):
        along = np.column_stack([np.cos(phi[:, k]), np.sin(phi[:, k])])
        across = np.column_stack([-along[:, 1], along[:, 0]])
        bend = alpha[:, k, None] * across - omega[:, k, None] ** 2 * along
        centre, push = joints[k] + link.centre * along, link.mass * (speeding + link.centre * bend - gravity)
        for i in range(k + 1):
            arm = centre - joints[i]
            torque[:, i] += arm[:, 0] * push[:, 1] - arm[:, 1] * push[:, 0] + link.inertia * alpha[:, k]
        joints.append(joints[k] + link.length * along)
        speeding = speeding + link.length * bend
    return torque


def hand_jacobian(info: DeviceInfo, q: Array) -> Array:
    """J (k, d, n) of every row."""
    kinematics = kinematics_of(info)
    return np.array([kinematics.forward(tuple(row))[1] for row in q.tolist()])
