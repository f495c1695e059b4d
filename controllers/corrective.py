"""Corrective: where the error gets too large the robot stops the movement, leads back, and the try begins again.

    guided   F = −max(0, K (d − w) + B ḋ) n             walls beside the way, the hand is free along it
    stopped  F = K_h (x_s − x) − B_h v                  at x_s, where d passed `tolerance`, for `pause`
    led      F = K_h (x_g − x) + B_h (v_g − v)          x_g: from x_s back by minimum jerk; then guided again
    τ = g(q) + a Jᵀ F        B = 2 ζ sqrt(K m_eff),  B_h = 2 ζ sqrt(K_h m_eff),  ζ = 0.7

d distance of the hand from its way m · w half the width of the tunnel m, n from the way to the hand
K, K_h stiffness of walls and of holding N/m · B, B_h damping N·s/m (of the walls it sets in over the first centimetre:
rehab.core.guide) · x, v hand m, m/s · a assistance

In the tick in which it stops it `demands_retry`. An exercise that can begins the try again and says so by the phase
"retry"; then the hand is led to where the way begins, and the next phase, whatever its name, begins the next try from
there (a push meanwhile, "perturb", is none). With any other exercise it is led to the nearest place on the way and goes
on.
In a trial the way is the reference's path, or the straight line from where the hand was at the trial's start to its
target; between trials the hand hangs on the reference by a rope of length w. A hand that begins beside its way (an edge
that is to be found) has made no error yet: none is one before it has once been within `tolerance`. Each change of law
fades over 200 ms (rehab.core.handover).
The mode "corrective" of Basteris et al. 2014, J. NeuroEng. Rehabil. 11:111, table 1.
"""

from __future__ import annotations

from math import dist, sqrt
from typing import Any, ClassVar

import numpy as np

from rehab.core.assistance import ASSISTANCE, share
from rehab.core.controller import Spring, hand_torque
from rehab.core.device import DeviceInfo
from rehab.core.guide import Tunnel, Way
from rehab.core.handover import Handover
from rehab.core.inertia import hand_mass
from rehab.core.minimum_jerk import MinimumJerk, approach_time
from rehab.core.parameters import Parameters, quantity
from rehab.core.ramp import Ramps
from rehab.core.types import Array, Event, Reference, State
from rehab.core.values import Floats

DAMPING_RATIO = 0.7  # ζ
LED_SPEED = 1.0  # m/s: no limit of its own beside the gentle approach speed
PATIENCE = 3.0  # s after the guide has arrived: a hand that does not follow is let go all the same


class Corrective:
    """Stops what goes wrong, and lets it be tried again. Any arm."""

    parameters: ClassVar[Parameters] = Parameters(
        stiffness=quantity(
            "200 N/m", unit="N/m", least="0 N/m", most="3 kN/m", says="how firm the walls are", live=True
        ),
        width=quantity("1 cm", unit="m", least="2 mm", most="5 cm", says="free on either side of the way"),
        tolerance=quantity("3 cm", unit="m", least="5 mm", most="20 cm", says="distance from the way that stops it"),
        hold=quantity("800 N/m", unit="N/m", least="50 N/m", most="3 kN/m", says="how firmly it stops and leads back"),
        pause=quantity("1 s", unit="s", least="0 s", most="10 s", says="how long it is held where it went wrong"),
        assistance=ASSISTANCE,
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        self._live = Ramps(self.parameters, p)
        self._width: float = p["width"]
        self._hold: float = p["hold"]
        self._pause: float = p["pause"]
        self._tolerance = max(p["tolerance"], p["width"])
        self._per_root: float = 2.0 * DAMPING_RATIO * sqrt(hand_mass(device, device.home))
        self._way, self._tunnel, self._handover = Way(), Tunnel(), Handover()
        self.demands_retry = False
        self._begun = False  # the hand has been near its way
        self._guided()

    @property
    def spring(self) -> Spring:
        """a times the firmer of walls and hold, with its damping."""
        K = max(self._live["stiffness"], self._hold)
        return Spring(share(self._live) * K, share(self._live) * self._per_root * sqrt(K))

    @property
    def correcting(self) -> bool:
        """Whether the hand is stopped or led back."""
        return bool(self._stop)

    def set(self, name: str, value: float) -> None:
        """Change stiffness (N/m) or assistance (%) while running: reached in 200 ms, without a step."""
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()
        self._way.reset(tuple(state.x.tolist()))
        self._handover.forget()
        self._guided()

    def heed(self, event: Event) -> None:
        self._way.heed(event)
        if event.kind == "trial_start":
            self._begun = False
        phase = event.data.get("name") if event.kind == "phase" else None
        if phase == "retry" and self._stop:
            self._again = True
        elif phase not in (None, "retry", "perturb") and self._again:
            self._way.again()
            self._guided()
        elif event.kind in ("trial_start", "trial_end"):
            self._guided()

    def _guided(self) -> None:
        self._stop: Floats = ()  # x_s in m
        self._back: MinimumJerk | None = None
        self._clock = 0.0  # s since it stopped
        self._again = False  # the exercise begins the try again
        self._tunnel.open()
        self._handover.change()

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._live.step(dt)
        self.demands_retry = False
        x, v = tuple(state.x.tolist()), tuple(state.v.tolist())
        x_ref, v_ref = tuple(reference.x.tolist()), tuple(reference.v.tolist())
        if (self._way.look(x, x_ref, reference.path, v_ref) and not self._again) or self._is_back(x):
            self._guided()
        elif self._way.turned and not self._stop:
            self._tunnel.open()
            self._handover.change()
        astray = self._way.hand is not None and self._way.hand.distance > self._tolerance
        self._begun = self._begun or not astray
        if not self._stop and self._begun and astray:
            self._stop, self._clock, self.demands_retry = x, 0.0, True
            self._handover.change()
        if self._stop:
            force = self._corrected(x, v, dt)
        else:
            K = self._live["stiffness"]
            B = self._per_root * sqrt(K)
            force = self._tunnel.side(self._way, x, v, x_ref, v_ref, self._width, K, B, dt)
        force = self._handover.step(force, dt)
        return hand_torque(state, share(self._live) * np.array(force))

    def _corrected(self, x: Floats, v: Floats, dt: float) -> Floats:
        """F / a while it is stopped or led back."""
        self._clock += dt
        if self._back is None and self._clock >= self._pause and self._way.hand is not None:
            path = self._way.path
            assert path is not None
            goal = path.points[0] if self._again else self._way.hand.point
            time = approach_time(dist(self._stop, goal), LED_SPEED)
            self._back = MinimumJerk(self._stop, goal, begin=self._clock, duration=time)
        x_g, v_g = (self._stop, (0.0,) * len(x)) if self._back is None else self._back.at(self._clock)
        K, D = self._hold, self._per_root * sqrt(self._hold)
        return tuple([K * (g - c) + D * (u - w) for g, c, u, w in zip(x_g, x, v_g, v, strict=True)])

    def _is_back(self, x: Floats) -> bool:
        """Whether the hand was led back and may go on; where the exercise begins the try again, that decides."""
        if self._back is None or self._again:
            return False
        late = self._clock - self._back.over_at
        return late >= PATIENCE or (late >= 0.0 and dist(x, self._back.end) <= self._width)
