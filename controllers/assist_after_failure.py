"""Assist after failure: in a trial the robot waits while the patient tries, and helps only once the try has failed.

    τ = g(q) + (1 − h) σ b q̇ + h a Jᵀ F
    F = K (x_g − x) + D (v_g − v)        D = 2 ζ sqrt(K m_eff),  ζ = 0.7

h 0 while the patient tries, 1 while the robot helps; it goes from one to the other in 200 ms · σ b q̇ a share of 0.5 of
the joints' declared friction is taken away meanwhile (controllers.transparent) · K, D stiffness N/m and damping N·s/m
x_g, v_g the guide m, m/s: from the hand, in its motion at the failure, to the target by minimum jerk, and there it
stays · a assistance

The try has failed when the hand has not come 5 mm nearer to the target for `patience`, or has not arrived after
`own_time`; not while it is in the target. Of a trial that names no target the reference is the target, and x_g is it.
Between trials the robot leads the hand along the reference.
The mode "active-assistive" of Basteris et al. 2014, J. NeuroEng. Rehabil. 11:111, table 1.
"""

from __future__ import annotations

from math import dist, inf, sqrt
from typing import Any, ClassVar

import numpy as np

from rehab.core.assistance import ASSISTANCE, Assistance
from rehab.core.device import DeviceInfo
from rehab.core.handover import Handover
from rehab.core.inertia import hand_mass
from rehab.core.minimum_jerk import PEAK_SPEED, MinimumJerk
from rehab.core.parameters import Parameters, quantity
from rehab.core.ramp import Ramp
from rehab.core.types import Array, Event, Reference, State
from rehab.core.values import Floats

DAMPING_RATIO = 0.7  # ζ
FRICTION_SHARE = 0.5  # σ
PROGRESS = 0.005  # m: more than a hand sways by
RADIUS = 0.01  # m of a target that does not say
LEAST_TIME = 0.8  # s of the guide, however near the target


class AssistAfterFailure:
    """Out of the way first, help then. Any arm."""

    parameters: ClassVar[Parameters] = Parameters(
        stiffness=quantity(
            "200 N/m", unit="N/m", least="0 N/m", most="3 kN/m", says="how firmly the hand is then led", live=True
        ),
        patience=quantity("1 s", unit="s", least="200 ms", most="30 s", says="without progress: it has failed"),
        own_time=quantity("3 s", unit="s", least="500 ms", most="60 s", says="for the patient's own try, at most"),
        speed=quantity("15 cm/s", unit="m/s", least="2 cm/s", most="50 cm/s", says="peak speed at which it leads"),
        assistance=ASSISTANCE,
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        self._stiffness, self._assistance = Ramp(p["stiffness"]), Assistance(p["assistance"])
        self._patience: float = p["patience"]
        self._own_time: float = p["own_time"]
        self._speed: float = p["speed"]
        self._help = Ramp(1.0)  # h
        self._per_root: float = 2.0 * DAMPING_RATIO * sqrt(hand_mass(device, device.home))
        self._friction = FRICTION_SHARE * np.array([joint.damping for joint in device.joints])
        self._handover = Handover()
        self.helping = True  # in a trial: the try has failed
        self._target: Floats = ()
        self._radius = RADIUS
        self._guide: MinimumJerk | None = None
        self._clock = self._stuck = 0.0  # s in the trial, and since the last progress
        self._nearest = inf  # m

    @property
    def wall_stiffness(self) -> float:
        """a K in N/m: its spring is its own guide's, so that it is judged and not leashed."""
        return self._assistance.share * self._stiffness.value

    @property
    def damping(self) -> float:
        """a D in N·s/m."""
        return self._assistance.share * self._per_root * sqrt(self._stiffness.value)

    def set(self, name: str, value: float) -> None:
        """Change stiffness (N/m) or assistance (%) while running: reached in 200 ms, without a step."""
        {"stiffness": self._stiffness, "assistance": self._assistance}[name].to(value)

    def reset(self, state: State) -> None:
        for ramp in (self._stiffness, self._assistance, self._help):
            ramp.finish()
        self._handover.forget()
        self._guide = None
        self._nearest, self._stuck = inf, 0.0

    def heed(self, event: Event) -> None:
        if event.kind == "trial_start":
            self._target = tuple(map(float, event.data.get("target") or ()))
            self._radius = float(event.data.get("radius", RADIUS))
            self._clock = self._stuck = 0.0
            self._nearest, self._guide = inf, None
            self.helping = False
            self._help.to(0.0)
        elif event.kind == "trial_end":
            self._target, self._guide = (), None
            if self.helping:
                self._handover.change()
            self.helping = True
            self._help.to(1.0)

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        K = self._stiffness.step(dt)
        self._assistance.step(dt)
        h, D = self._help.step(dt), self._per_root * sqrt(K)
        self._clock += dt
        x, v = tuple(state.x.tolist()), tuple(state.v.tolist())
        x_g, v_g = tuple(reference.x.tolist()), tuple(reference.v.tolist())
        target = self._target if len(self._target) == len(x) else ()
        if not self.helping and self._has_failed(dist(x, target or x_g), dt):
            self.helping = True
            self._help.to(1.0)
            self._handover.forget()  # nothing of the pull before was felt
        if target and self.helping:
            if self._guide is None:
                time = max(LEAST_TIME, PEAK_SPEED * dist(x, target) / self._speed)
                self._guide = MinimumJerk(x, target, begin=self._clock, duration=time, velocity=v)
            x_g, v_g = self._guide.at(self._clock)
        pull = tuple([K * (g - c) + D * (u - w) for g, c, u, w in zip(x_g, x, v_g, v, strict=True)])
        force = h * self._assistance.share * np.array(self._handover.step(pull, dt))
        torque: Array = state.gravity + (1.0 - h) * self._friction * state.qd + state.jacobian.T @ force
        return torque

    def _has_failed(self, gap: float, dt: float) -> bool:
        """Whether a hand that is still `gap` (m) away has shown that it does not get there."""
        if gap <= self._radius:
            self._stuck, self._nearest = 0.0, gap
            return False
        if gap < self._nearest - PROGRESS:
            self._nearest, self._stuck = gap, 0.0
        self._stuck += dt
        return self._stuck >= self._patience or self._clock >= self._own_time
