"""Who moves the hand, robot or patient: power, work, and the robot's share of it.

    P_robot = F_robot·v = τ·q̇        F_robot = G τ, τ the torque really sent        (equal away from singularities)
    P_patient = F_limb·v             F_limb, limb on robot, from a force sensor; without one from the balance of energy

    P_patient = d/dt (T + U) + Σ b q̇² − τ·q̇
    T = ½ Σₖ mₖ |ċₖ|² + Iₖ ωₖ²        U = −Σₖ mₖ a·cₖ

T, U kinetic and potential energy of the arm as declared, J · cₖ, ωₖ centre of mass m and turning rad/s of link k
m kg, I kg·m² · a gravity in the plane of motion m/s² · b declared joint friction N·m·s/rad · q̇ rad/s
The balance holds for any serial arm of revolute joints in a plane and needs no acceleration and no Coriolis term.
T + U is low-passed (zero phase, 20 Hz) before it is differentiated.

What the limb does to the handle is what is counted: a limb that is slowed down by the robot gives its own kinetic
energy to it, and that is the patient's work too; so a limp arm that is led has a share somewhat below 1.
Error against the simulation, which knows the limb's force, planar arm at 1 kHz: assistance_share within 0.01 with
impedance (tests/sim/test_sim_effort.py). With real encoders the declared friction and masses decide: a friction that is
wrong by δ N·m·s/rad adds δ q̇² to the patient's power.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rehab.core.device import DeviceInfo
from rehab.core.errors import MeasureError
from rehab.measures.arrays import Array, curve, places, positive, uniform
from rehab.measures.movement import low_pass

ENERGY_CUTOFF = 20.0  # Hz, as for positions: what a limb does with its energy is slower
LEAST_WORK = 1e-3  # J: below it nobody moved anything, and a share of it means nothing


class Motion(NamedTuple):
    """What a recording knows of a trial beside the hand, at the same times."""

    info: DeviceInfo
    q: Array  # rad (k, n)
    qd: Array  # rad/s (k, n)
    sent: Array  # N·m (k, n)
    v: Array  # m/s (k, d)
    force: Array  # N (k, d), limb on robot; meant only where the device has a force sensor


def assistance_share(robot_power: ArrayLike, patient_power: ArrayLike, dt: float) -> float:
    """W_robot⁺ / (W_robot⁺ + W_patient⁺), 0 … 1, with W⁺ = Σ max(0, P) dt: what either does to move the hand on.

    powers (k,) W · dt s. Raises MeasureError when nobody did any work, or for anything that is not finite.
    """
    robot, patient = positive_work(robot_power, dt), positive_work(patient_power, dt)
    if robot + patient < LEAST_WORK:
        raise MeasureError(f"{robot + patient:.2g} J is no work to have a share of")
    return robot / (robot + patient)


def positive_work(power: ArrayLike, dt: float) -> float:
    """Σ max(0, P) dt in J: power (k,) W, dt s."""
    return float(np.maximum(curve(power, "power", least=1), 0.0).sum() * positive(dt, "dt", "s"))


def robot_power(sent: ArrayLike, qd: ArrayLike) -> Array:
    """P_robot in W (k,), from torque N·m and joint velocity rad/s, both (k, n)."""
    power: Array = (places(sent, "sent", least=1) * places(qd, "qd", least=1)).sum(axis=1)
    return power


def patient_power(info: DeviceInfo, q: ArrayLike, qd: ArrayLike, sent: ArrayLike, fs: float) -> Array:
    """P_patient in W (k,) by the balance of energy: q rad, qd rad/s, sent N·m, all (k, n), uniformly sampled at fs Hz.

    Raises MeasureError for fewer than 4 samples or anything that is not finite.
    """
    angles, rates = places(q, "q", least=4), places(qd, "qd", least=4)
    energy = low_pass(mechanical_energy(info, angles, rates), fs, ENERGY_CUTOFF)
    lost = (rates**2) @ np.array([joint.damping for joint in info.joints])
    power: Array = np.gradient(energy) * fs + lost - robot_power(sent, rates)
    return power


def mechanical_energy(info: DeviceInfo, q: Array, qd: Array) -> Array:
    """T + U in J (k,), from q rad and qd rad/s (k, n); U counts from the base."""
    angles, rates = np.cumsum(q, axis=1), np.cumsum(qd, axis=1)
    gravity = np.array(info.gravity or (0.0, 0.0))
    place, speed = np.zeros((len(q), 2)), np.zeros((len(q), 2))  # of the joint that the link turns about
    energy = np.zeros(len(q))
    for link, angle, rate in zip(info.links, angles.T, rates.T, strict=False):
        along = np.column_stack([np.cos(angle), np.sin(angle)])
        across = np.column_stack([-along[:, 1], along[:, 0]]) * rate[:, None]
        moving = speed + link.centre * across
        energy += 0.5 * link.mass * (moving**2).sum(axis=1) + 0.5 * link.inertia * rate**2
        energy -= link.mass * (place + link.centre * along) @ gravity
        place, speed = place + link.length * along, speed + link.length * across
    return energy


def effort_measures(t: ArrayLike, motion: Motion) -> dict[str, float]:
    """robot_work and patient_work in J and assistance_share of a trial; nothing of them when nobody did any work.

    t (k,) s, rising; where ticks were skipped everything is first interpolated linearly to a uniform grid.
    """
    info = motion.info
    n, d = info.n_joints, motion.v.shape[1]
    rows = np.column_stack([motion.q, motion.qd, motion.sent, motion.v, motion.force])
    rows, fs = uniform(curve(t, "t", least=4), places(rows, "motion", least=4))
    q, qd, sent, v, force = np.split(rows, np.cumsum([n, n, n, d]), axis=1)
    robot = robot_power(sent, qd)
    patient = (force * v).sum(axis=1) if info.force_sensor else patient_power(info, q, qd, sent, fs)
    try:
        share = assistance_share(robot, patient, 1.0 / fs)
    except MeasureError:
        return {}
    return {
        "assistance_share": share,
        "robot_work": positive_work(robot, 1.0 / fs),
        "patient_work": positive_work(patient, 1.0 / fs),
    }
