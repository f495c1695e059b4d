"""Assist after failure: in a trial the robot waits while the patient tries, and helps only once the try has failed.

    τ = g(q) + (1 − h) σ b q̇ + h a Jᵀ F
    F = K (x_g − x) + D (v_g − v)        D = 2 ζ sqrt(K m_eff),  ζ = 0.7

h 0 while the patient tries, 1 while the robot helps; it goes from one to the other in 200 ms · σ b q̇ a share of 0.5 of
the joints' declared friction is taken away meanwhile (controllers.transparent) · K, D stiffness N/m and damping N·s/m
x_g, v_g the guide m, m/s: from the hand, in its motion at the failure, to the target by minimum jerk, and there it
stays · a assistance

The try has failed when the hand has not come 5 mm nearer to the target for `patience`, or has not arrived after
`own_time`; not while it is in the target. Of a trial that names no target the reference is the target, and x_g is it.
Between trials, and in one whose target is secret (rehab.core.guide), the robot leads the hand along the reference.
The mode "active-assistive" of Basteris et al. 2014, J. NeuroEng. Rehabil. 11:111, table 1.
"""

from __future__ import annotations

from math import dist, inf, sqrt
from typing import Any, ClassVar

import numpy as np

from rehab.core.assistance import ASSISTANCE, share
from rehab.core.controller import Spring, hand_torque
from rehab.core.device import DeviceInfo
from rehab.core.guide import place_in, secret
from rehab.core.handover import Handover
from rehab.core.inertia import hand_mass
from rehab.core.minimum_jerk import PEAK_SPEED, MinimumJerk
from rehab.core.parameters import Parameters, quantity
from rehab.core.ramp import Ramp, Ramps
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
        self._live = Ramps(self.parameters, p)
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
        self._felt = False  # any torque since the last reset

    @property
    def spring(self) -> Spring:
        """a K and a D, as when it helps; in a trial it pulls to its own guide."""
        K = self._live["stiffness"]
        return Spring(share(self._live) * K, share(self._live) * self._per_root * sqrt(K))

    def set(self, name: str, value: float) -> None:
        """Change stiffness (N/m) or assistance (%) while running: reached in 200 ms, without a step."""
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()
        self._help.finish()
        self._handover.forget()
        self._guide = None
        self._nearest, self._stuck = inf, 0.0
        self._felt = False

    def heed(self, event: Event) -> None:
        if event.kind == "trial_start" and not secret(event):
            self._target = place_in(event, "target")
            radius = event.data.get("radius")
            self._radius = radius if isinstance(radius, float) and radius > 0.0 else RADIUS
            self._clock = self._stuck = 0.0
            self._nearest, self._guide = inf, None
            self.helping = False
            self._help.to(0.0)
            if not self._felt:
                self._help.finish()
        elif event.kind == "trial_end":
            self._target, self._guide = (), None
            if self.helping:
                self._handover.change()
            self.helping = True
            self._help.to(1.0)

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._live.step(dt)
        self._felt = True
        K = self._live["stiffness"]
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
        force = h * share(self._live) * np.array(self._handover.step(pull, dt))
        return hand_torque(state, force) + (1.0 - h) * self._friction * state.qd

    def _has_failed(self, gap: float, dt: float) -> bool:
        """Whether a hand that is still `gap` (m) away has shown that it does not get there."""
        if gap <= self._radius:
            self._stuck, self._nearest = 0.0, gap
            return False
        if gap < self._nearest - PROGRESS:
            self._nearest, self._stuck = gap, 0.0
        self._stuck += dt
        return self._stuck >= self._patience or self._clock >= self._own_time
