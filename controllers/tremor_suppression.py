"""Tremor suppression: the arm brakes the shaking of the hand, and nothing slower.

    ẋ₁ = β (v − x₁) − ω x₂        ẋ₂ = ω x₁        F = −B x₁        τ = Jᵀ F + τ_free

v hand velocity m/s (d,) · x₁ that part of it that shakes with the tremor's frequency ω = 2π f · f is found from v
(controllers.tremor), 3 to 12 Hz, the same in every direction · β = 2π b, b width of the band Hz · B damping N·s/m
J Jacobian (d, n) · τ_free what the controller `transparent` wishes: the arm's weight, and a share of its friction away
The reference is ignored: the law suits every exercise in which people move by themselves.

Of a movement at f_v it feels |x₁/v| = 1/sqrt(1 + ((f² − f_v²)/(b f_v))²): with f = 6 Hz and b = 0.8 Hz all of the
tremor, 2 % of a movement at 1 Hz, 5 % at 2 Hz. Of 3 Hz tremor the band is nearer, and 10 % of a movement at 1 Hz.
It is passive at every ω(t) (Resonator): from rest on it never gives the hand more than it took. In form the
band-limited viscous load of Rocon et al. 2007, IEEE TNSRE 15(3): 367–378 (impedance control of tremor).
"""

from __future__ import annotations

from math import pi
from typing import Any, ClassVar

import numpy as np

from controllers.transparent import Transparent
from controllers.tremor import HIGHEST, LOWEST, Frequency, Resonator
from rehab.core.controller import Spring
from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.parameters import Parameters, quantity
from rehab.core.ramp import Ramps
from rehab.core.types import Array, Reference, State


class TremorSuppression:
    """Damps the tremor of the hand at its own frequency; free below 2 Hz. Any arm."""

    parameters: ClassVar[Parameters] = Parameters(
        damping=quantity(
            "50 N*s/m", unit="N*s/m", least="0 N*s/m", most="100 N*s/m", says="how much it is braked", live=True
        ),
        bandwidth=quantity("800 mHz", unit="Hz", least="200 mHz", most="2 Hz", says="how wide the band around it is"),
        expected=quantity(
            "6 Hz", unit="Hz", least=f"{LOWEST} Hz", most=f"{HIGHEST} Hz", says="frequency from which the search begins"
        ),
        friction_share=Transparent.parameters["friction_share"],
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        self._live = Ramps(self.parameters, p)
        self._free = Transparent(device, friction_share=p["friction_share"])
        self._beta, self._start = 2.0 * pi * p["bandwidth"], p["expected"]
        self._axes = kinematics_of(device).n_task
        self._forget()

    def _forget(self) -> None:
        self._tremor = Frequency(self._start, self._axes)
        self._bands = [Resonator() for _ in range(self._axes)]

    @property
    def spring(self) -> Spring:
        """A damper of B: what it is at the tremor's frequency."""
        return Spring(0.0, self._live["damping"])

    @property
    def frequency(self) -> float:
        """Hz of the tremor, as it is known now."""
        return self._tremor.hertz

    def set(self, name: str, value: float) -> None:
        """Change damping (N·s/m) or the share of friction while running: reached in 200 ms, without a step."""
        self._live.to(name, value)
        if name == "friction_share":
            self._free.set(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()
        self._free.reset(state)
        self._forget()

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._live.step(dt)
        velocity = tuple(state.v.tolist())
        omega = self._tremor.step(velocity, dt)
        B = self._live["damping"]
        bands = zip(self._bands, velocity, strict=True)
        force = np.array([-B * band.step(v, omega, self._beta, dt)[0] for band, v in bands])
        torque: Array = self._free.update(state, reference, dt) + state.jacobian.T @ force
        return torque
