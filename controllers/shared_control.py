"""Shared control: the user steers by joystick, switch or muscle, and the robot carries the hand and helps to aim.

    v_c = v [(1 − α) u + α |u| ŝ]        ẋ_c = v_a,  v_a follows v_c with at most v/t_a
    F = K (x_c − x) + D (v_a − v_hand)        τ = Jᵀ F + g(q)        D = 2 ζ sqrt(K m_eff)

u command of the user −1 … 1 (d,), its length at most 1 · v speed of a full command m/s · x_c place that is steered m
ŝ direction to the likeliest goal (controllers.goals), shorter within 2 cm of it, so that the hand comes to rest there
α how much of the aiming the robot does: 0 … `help`, with the confidence p of the goal, α* = help · max(0, 2p − 1)
t_a = 0.15 s in which the steered speed changes, so that no torque steps · K, D stiffness N/m and damping N·s/m, ζ = 0.7
Policy blending of Dragan & Srinivasa 2013, Int. J. Robotics Res. 32(7): 790–805.

The user decides. Nothing moves without a command: the robot turns and tapers what is asked, it never adds speed. A
command against the goal (u·ĝ < 0) takes α to 0 within OVERRULED = 0.2 s, from whatever it was; another goal begins with
α = 0, and α grows over 0.5 s only. With α = 0 the arm does what the stick says.
x_c stays within `most`/K of the hand, so that a limb that resists feels no more than `most`, and inside the arm's
range; the exercise's own reference is ignored, its goals (Reference.goals) are what may be helped to.
"""

from __future__ import annotations

from math import dist, hypot, sqrt
from typing import Any, ClassVar

import numpy as np

from controllers.goals import Goals, towards
from rehab.core.controller import Spring, hand_torque
from rehab.core.device import DeviceInfo
from rehab.core.guide import dot
from rehab.core.inertia import hand_mass
from rehab.core.kinematics import kinematics_of
from rehab.core.parameters import Parameters, number, quantity
from rehab.core.ramp import Ramps
from rehab.core.types import Array, Reference, State
from rehab.core.values import Floats
from rehab.core.workspace import fits

DAMPING_RATIO = 0.7  # ζ
OVERRULED, GROWING = 0.2, 0.5  # s in which α goes from 1 to 0, and from 0 to 1
AGILITY = 0.15  # s, t_a
STOPPING = 0.02  # s in which it stops at the end of the arm's range
TAPER = 0.02  # m from the goal within which help slows down


class SharedControl:
    """Carries the hand where the user steers, with help to the likeliest goal. Any arm."""

    parameters: ClassVar[Parameters] = Parameters(
        speed=quantity("10 cm/s", unit="m/s", least="1 cm/s", most="40 cm/s", says="of a full command", live=True),
        help=number(0.7, least=0.0, most=1.0, says="how much of the aiming the robot does, when sure", live=True),
        stiffness=quantity(
            "300 N/m", unit="N/m", least="50 N/m", most="1 kN/m", says="how firmly the hand is carried", live=True
        ),
        most=quantity("20 N", unit="N", least="1 N", most="60 N", says="what a limb that resists feels at most"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        self._live = Ramps(self.parameters, p)
        self._device, self._kinematics = device, kinematics_of(device)
        self._per_root: float = 2.0 * DAMPING_RATIO * sqrt(hand_mass(device, device.home))
        self._most: float = p["most"]
        self._goals = Goals()
        self._home: Floats = tuple(self._kinematics.forward(device.home)[0])
        self._put(self._home)

    def _put(self, x: Floats) -> None:
        self._x = x  # x_c in m
        self._v: Floats = (0.0,) * len(x)  # v_a in m/s
        self._share, self._goal = 0.0, -1
        self._goals.forget()

    @property
    def spring(self) -> Spring:
        K = self._live["stiffness"]
        return Spring(K, self._per_root * sqrt(K))

    @property
    def share(self) -> float:
        """α, as it is now."""
        return self._share

    @property
    def steered(self) -> tuple[Floats, Floats]:
        """x_c in m and v_a in m/s."""
        return self._x, self._v

    def set(self, name: str, value: float) -> None:
        """Change a live parameter (SI) while running: reached in 200 ms, without a step."""
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()
        self._put(tuple(state.x.tolist()))

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._live.step(dt)
        u = tuple(state.intent.tolist())
        size = hypot(*u)
        if size > 1.0:
            u, size = tuple([c / size for c in u]), 1.0
        self._steer(self._blended(u, size, reference.goals, dt), dt)
        self._stay_near(tuple(state.x.tolist()))
        K = self._live["stiffness"]
        D = self._per_root * sqrt(K)
        return hand_torque(state, K * (np.array(self._x) - state.x) + D * (np.array(self._v) - state.v))

    def _blended(self, u: Floats, size: float, goals: tuple[Floats, ...], dt: float) -> Floats:
        """v_c in m/s."""
        speed = self._live["speed"]
        self._goals.look(goals, self._x, u, speed, dt)
        best, sure = self._goals.best
        if best != self._goal:
            self._goal, self._share = best, 0.0
        way = towards(self._x, goals[best]) if best >= 0 else (0.0,) * len(u)
        wanted = self._live["help"] * max(0.0, 2.0 * sure - 1.0) if dot(u, way) >= 0.0 else 0.0
        self._share = max(min(self._share + dt / GROWING, wanted), self._share - dt / OVERRULED, 0.0)
        a, slow = self._share, 1.0
        if best >= 0:
            slow = min(1.0, dist(self._x, goals[best]) / TAPER)
        return tuple([speed * ((1.0 - a) * c + a * size * slow * w) for c, w in zip(u, way, strict=True)])

    def _steer(self, wanted: Floats, dt: float) -> None:
        """v_a goes towards v_c and x_c with it, as far as the arm reaches."""
        change = tuple([w - v for w, v in zip(wanted, self._v, strict=True)])
        far, most = hypot(*change), self._live["speed"] / AGILITY * dt
        part = 1.0 if far <= most else most / far
        self._v = tuple([v + part * c for v, c in zip(self._v, change, strict=True)])
        there = tuple([x + v * dt for x, v in zip(self._x, self._v, strict=True)])
        if self._may_be(there):
            self._x = there
        else:
            self._v = tuple([max(0.0, 1.0 - dt / STOPPING) * v for v in self._v])

    def _may_be(self, there: Floats) -> bool:
        """Within the arm's range; or, where the hand was brought out of it, on the way back."""
        return fits(self._device, self._kinematics, there) or dist(there, self._home) < dist(self._x, self._home)

    def _stay_near(self, hand: Floats) -> None:
        """x_c no farther from the hand than its spring makes `most` of."""
        far, most = dist(self._x, hand), self._most / self._live["stiffness"]
        if far > most:
            self._x = tuple([h + most / far * (x - h) for x, h in zip(self._x, hand, strict=True)])
