"""The time courses of what a perturbation does: a pulse, and the preload on which it comes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Array, State

LOADING = 0.5  # s: too slow for a reflex
MARGIN = 0.35  # rad before the end of a joint's range over which a preload towards it fades
STOPPING = 6.0  # rad/s²: the monitor counts on 20, so that it finds nothing left to take away
STOP = 20.0  # N·m/rad
BRAKE = 4.0  # N·m·s/rad


class Pulse(NamedTuple):
    """One pulse. `torque` N·m (n,) at the joints, or `force` N and `displacement` m (d,) at the hand."""

    torque: Array
    force: Array
    displacement: Array
    rise: float  # s
    hold: float  # s

    @property
    def duration(self) -> float:
        return 2.0 * self.rise + self.hold

    def at(self, t: float) -> float:
        """p along straight lines, t seconds after it began."""
        return max(0.0, min(1.0, t / self.rise, (self.duration - t) / self.rise))

    def smooth(self, t: float) -> tuple[float, float]:
        """p by minimum jerk, and ṗ (1/s)."""
        s, way = self.at(t), 1.0 if t < 0.5 * self.duration else -1.0
        return s**3 * (10.0 - 15.0 * s + 6.0 * s * s), way * 30.0 * (s * (1.0 - s)) ** 2 / self.rise


class Load:
    """What a preload puts on the arm: joints' torque N·m and hand's force N, on their way to what is wanted.

        τ_k = w_k (τ_l + Jᵀ F_l)_k − max(0, K m (u_k − ½) + B u_k v_k)
        u_k = max(0, 1 − r_k/m)        w_k = clamp((r_k − v_k²/2a)/m, 0, 1),  v_k = 0 in it where that is less

    r room of a joint to the end of its range towards which the torque goes, or the motion, rad · v its speed towards it
    rad/s · m MARGIN · a STOPPING · K, B stiffness and damping of the stop. A limb that gives way
    is carried to where its range ends: there the monitor lets no torque through outwards, and lets it through again as
    soon as the joint has come back by a hair, so that a constant torque chatters. This one is gone before, and what it
    has set in motion is stopped.
    """

    def __init__(self, device: DeviceInfo) -> None:
        self._low = np.array([joint.q_min for joint in device.joints])
        self._high = np.array([joint.q_max for joint in device.joints])
        self._none = self._wanted = np.zeros(device.n_joints), np.zeros(kinematics_of(device).n_task)
        self._now = self._none
        self._left = 0.0  # s

    def to(self, pulse: Pulse) -> None:
        self._head((pulse.torque, pulse.force))

    def off(self) -> None:
        self._head(self._none)

    def forget(self) -> None:
        """From nothing to what is wanted."""
        self._now = self._none
        self._head(self._wanted)

    def _head(self, wanted: tuple[Array, Array]) -> None:
        self._wanted, self._left = wanted, LOADING

    def step(self, state: State, dt: float) -> Array:
        """Its torque N·m (n,), dt s later."""
        share = min(1.0, dt / self._left) if self._left > 0.0 else 1.0
        self._left = max(0.0, self._left - dt)
        torque, force = (now + share * (wanted - now) for now, wanted in zip(self._now, self._wanted, strict=True))
        self._now = torque, force
        load: Array = torque + state.jacobian.T @ force
        if not load.any():
            return load
        for end, sign in ((self._low, -1.0), (self._high, 1.0)):
            room = sign * (end - state.q)
            u = np.maximum(0.0, 1.0 - room / MARGIN)
            stop = np.maximum(0.0, STOP * MARGIN * (u - 0.5) + BRAKE * u * sign * state.qd) * (u > 0.0)
            to_stop = np.maximum(0.0, sign * state.qd) ** 2 / (2.0 * STOPPING)
            w = np.clip((room - to_stop) / MARGIN, 0.0, 1.0)
            load = np.where(sign * load > 0.0, w * load, load) - sign * stop
        return load
