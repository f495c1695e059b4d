"""Impedance: the limb feels a spring and a damper towards the reference, at the hand or in every joint.

    task    F = K (x_r − x) + D (v_r − v) + F_ff             τ = a Jᵀ F + g(q)              D = 2 ζ sqrt(K m_eff)
    joint   τ = a (K_q (q_r − q) + D_q (q̇_r − q̇) + Jᵀ F_ff) + g(q)                        D_q = 2 ζ sqrt(K_q M_jj)

K stiffness N/m · D damping N·s/m, both the same in every direction · ζ damping ratio
K_q stiffness N·m/rad, the same in every joint · D_q damping N·m·s/rad of each joint (n,)
x, v hand position m and velocity m/s (d,) · x_r, v_r, F_ff the reference and its feed-forward force N (d,)
q_r = f⁻¹(x_r), the solution nearest to q (of a place out of reach: of the nearest within it) · q̇_r = Gᵀ v_r, G the
(damped) inverse of Jᵀ · J Jacobian (d, n) · τ torque N·m (n,) · g torque that holds the arm's own weight
a assistance (rehab.core.assistance): spring, damper and feed-forward together
m_eff mass kg of the bare arm at the hand in the home pose, averaged over the directions (rehab.core.inertia.hand_mass)
M_jj inertia kg·m² of the bare arm about joint j in the home pose; the limb that is strapped in adds to both, so that
the pair is damped less than ζ says
At the hand a spring in the joints is K_q G Gᵀ, different in every pose and direction. The stiffest direction of the
present pose is what is declared as `stiffness`: leashed by it, the spring never exceeds the force limit.
Hogan 1985, Impedance control: an approach to manipulation, ASME J. Dyn. Syst. Meas. Control 107.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, ClassVar

import numpy as np

from rehab.core.assistance import ASSISTANCE, share
from rehab.core.controller import Spring, hand_torque
from rehab.core.device import DeviceInfo
from rehab.core.inertia import hand_mass, mass_matrix
from rehab.core.kinematics import OutOfReach, kinematics_of
from rehab.core.parameters import Parameters, choice, number, quantity
from rehab.core.ramp import Ramps
from rehab.core.types import Array, Reference, State


class Impedance:
    """Holds the hand to the reference, softly. Any arm: at the hand it needs the Jacobian, in joints the kinematics."""

    parameters: ClassVar[Parameters] = Parameters(
        space=choice("task", ("task", "joint"), says="one spring at the hand, or one in every joint"),
        stiffness=quantity(
            "200 N/m", unit="N/m", least="0 N/m", most="3 kN/m", says="how firmly the hand is held", live=True
        ),
        joint_stiffness=quantity(
            "20 N*m/rad", unit="N*m/rad", least="0 N*m/rad", most="200 N*m/rad",
            says="how firmly each joint is held, where the space is joint", live=True,
        ),
        damping_ratio=number(0.7, least=0.1, most=2.0, says="1 does not overshoot", live=True),
        assistance=ASSISTANCE,
    )  # fmt: skip

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        values = self.parameters.complete(parameters)
        self._live = Ramps(self.parameters, values)
        self._joint = values["space"] == "joint"
        self._kinematics = kinematics_of(device)
        self._mass = hand_mass(device, device.home)
        self._inertia = mass_matrix(device, device.home).diagonal()
        self.feed_forward: Array = np.zeros(device.n_joints)
        self._look(self._kinematics.forward(device.home)[1])

    @property
    def stiffness(self) -> float:
        """N/m at the hand as it acts now: by it the reference is leashed."""
        if self._joint:
            return share(self._live) * self._live["joint_stiffness"] * self._stiffest
        return share(self._live) * self._live["stiffness"]

    @property
    def damping(self) -> float:
        """D in N·s/m as it acts now; nothing that is the same in every pose where the space is joint."""
        if self._joint:
            return 0.0
        return share(self._live) * 2.0 * self._live["damping_ratio"] * sqrt(self._live["stiffness"] * self._mass)

    @property
    def spring(self) -> Spring:
        """What is judged for stability (rehab.core.stability)."""
        if self._joint:
            K = share(self._live) * self._live["joint_stiffness"]
            return Spring(K, tuple(self._joint_damping().tolist()), joint=True)
        return Spring(self.stiffness, self.damping)

    def set(self, name: str, value: float) -> None:
        """Change a live parameter (SI) while running: it gets there in 200 ms and the torque never steps."""
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self.step(dt)
        return self.torque(state, reference)

    def step(self, dt: float) -> None:
        """Gains that change are dt seconds further: the first half of an update, for laws that need them before."""
        self._live.step(dt)

    def torque(self, state: State, reference: Reference) -> Array:
        """The law itself, at the gains as they are."""
        self.feed_forward = share(self._live) * (state.jacobian.T @ reference.force)
        if self._joint:
            return self._in_joints(state, reference) + self.feed_forward
        K, D = self.stiffness, self.damping
        return hand_torque(state, K * (reference.x - state.x) + D * (reference.v - state.v)) + self.feed_forward

    def _in_joints(self, state: State, reference: Reference) -> Array:
        G = self._look(state.jacobian.tolist())
        K, D = share(self._live) * self._live["joint_stiffness"], self._joint_damping()
        torque: Array = K * (self._joints_of(reference, state) - state.q) + D * (G.T @ reference.v - state.qd)
        return torque + state.gravity

    def _joints_of(self, reference: Reference, state: State) -> Array:
        """q_r in rad (n,)."""
        place, near = tuple(reference.x.tolist()), tuple(state.q.tolist())
        try:
            return np.array(self._kinematics.inverse(place, near))
        except OutOfReach as error:
            return np.array(self._kinematics.inverse(error.nearest, near))

    def _joint_damping(self) -> Array:
        D: Array = 2.0 * self._live["damping_ratio"] * np.sqrt(self._live["joint_stiffness"] * self._inertia)
        return share(self._live) * D

    def _look(self, rows: Any) -> Array:
        """G (d, n) of the Jacobian in rows; keeps the largest eigenvalue of G Gᵀ."""
        G = np.array(self._kinematics.force_map(rows))
        self._stiffest = float(np.linalg.eigvalsh(G @ G.T)[-1]) if self._joint else 0.0
        return G


def within(reference: Reference, state: State, most: float) -> Reference:
    """The reference, pulled back to within `most` metres of the hand: with most = F/K no spring exceeds F."""
    error = reference.x - state.x
    distance = float(np.linalg.norm(error))
    return reference if distance <= most else reference._replace(x=state.x + most / distance * error)
