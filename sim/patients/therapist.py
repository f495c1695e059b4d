"""A therapist's hand on the simulated limb: shows a movement when one is asked for, to try teaching without a robot.

    F = K (x_w(t) − x) + D (v_w(t) − v)        x_w = home + (a sin θ, b (1 − cos θ)) + tremor,  θ: 0 → 2π in `LAP`

An oval from home and back, by minimum jerk, once for every phase `go` of the scene; before and after it the limb is
held still. In one dimension only the first coordinate is left. K, D of a hand that holds a posture (its
stiffness: Mussa-Ivaldi, Hogan & Bizzi 1985, J. Neurosci. 5:2732); the tremor, 0.5 mm at 8 Hz, is physiological.
"""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.minimum_jerk import MinimumJerk
from rehab.core.types import NO_SCENE, Scene
from rehab.core.values import Floats

STIFFNESS, DAMPING = 400.0, 40.0  # N/m, N·s/m
SIDE, AHEAD = 0.05, 0.04  # m, half axes
LAP = 6.0  # s
TREMOR, TREMOR_RATE = 0.0005, 8.0  # m, Hz


class Therapist:
    """A Patient whose limb is led by somebody else. Equal seeds give equal bits."""

    def __init__(self, info: DeviceInfo, seed: int) -> None:
        self._home, _ = kinematics_of(info).forward(info.home)
        self._phase = float(np.random.default_rng(seed).uniform(0.0, 2.0 * pi))  # of the tremor
        self._scene = NO_SCENE
        self._asked = False
        self._lap: MinimumJerk | None = None
        self.spasm = 0.0
        self.limp = False

    def see(self, scene: Scene) -> None:
        if scene.phase == "go" and self._scene.phase != "go":
            self._asked = True
        self._scene = scene

    def force(self, t: float, x: Floats, v: Floats, dt: float) -> Floats:
        if self._asked:
            self._asked, self._lap = False, MinimumJerk((0.0,), (2.0 * pi,), begin=t, duration=LAP)
        (angle,), (rate,) = self._lap.at(t) if self._lap is not None else ((0.0,), (0.0,))
        shake = TREMOR * sin(2.0 * pi * TREMOR_RATE * t + self._phase) if rate else 0.0
        wanted = (SIDE * sin(angle) + shake, AHEAD * (1.0 - cos(angle)) + shake)
        speed = (SIDE * cos(angle) * rate, AHEAD * sin(angle) * rate)
        if self.limp:
            return (0.0,) * len(x)
        return tuple(
            STIFFNESS * (h + w - c) + DAMPING * (s - u)
            for h, w, c, s, u in zip(self._home, wanted, x, speed, v, strict=False)
        )


def therapist(info: DeviceInfo, seed: int) -> Therapist:
    """Leads the limb along an oval of 10 by 8 cm whenever a movement is asked for."""
    return Therapist(info, seed)
