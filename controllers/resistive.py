"""Resistive: a load against the limb's own movement, for strength and endurance.

    F = −[ b v + c tanh(|v|/v_0) v/|v| + m a_f + K (x − x_0) ]        τ = Jᵀ F + g(q)

v, x velocity m/s and position m (d,) of the hand · b viscous load N·s/m · c constant load N, which fades in up to the
speed v_0 m/s, so that it never steps where the movement turns · m inertial load kg · a_f acceleration m/s² of the hand
through a low-pass of 3 Hz (rehab.core.acceleration) · K elastic load N/m, a band tied to the place x_0 of the reset
g torque that holds the arm's own weight. The reference is ignored.

The viscous and the constant part never give energy (F·v ≤ 0); the band gives back what it took. Around rest the
constant load is a damper of c/v_0, which with b is judged for stability at the delay of the link.
An inertial load is negative feedback of acceleration, τ_d late. It is stable where its gain is below 1 once it lags by
half a turn, and with a first-order filter that is at ω = π/(2τ_d): m ≤ m_least ω/ω_c, of which half is allowed, with
m_least the lightest that the bare hand is anywhere and τ_d = 2½ periods.
"""

from __future__ import annotations

from math import pi, tanh
from typing import Any, ClassVar

import numpy as np

from rehab.core.acceleration import Acceleration
from rehab.core.controller import Spring, hand_torque
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.parameters import Parameters, quantity
from rehab.core.poses import hand_masses
from rehab.core.ramp import Ramps
from rehab.core.stability import ASSUMED_TICKS, MARGIN
from rehab.core.types import Array, Reference, State
from rehab.core.units import show

CUTOFF = 3.0  # Hz; a reach of 0.5 s has its acceleration at 2 Hz


class Resistive:
    """Resists, in four ways that add up. Any arm: it needs the Jacobian only."""

    parameters: ClassVar[Parameters] = Parameters(
        viscous=quantity(
            "10 N*s/m", unit="N*s/m", least="0 N*s/m", most="100 N*s/m", says="load that grows with speed", live=True
        ),
        constant=quantity("0 N", unit="N", least="0 N", most="60 N", says="load that stays, as of a weight", live=True),
        inertial=quantity("0 kg", unit="kg", least="0 kg", most="5 kg", says="mass felt in addition", live=True),
        elastic=quantity(
            "0 N/m", unit="N/m", least="0 N/m", most="2 kN/m", says="a band tied to where it began", live=True
        ),
        smooth=quantity(
            "15 cm/s", unit="m/s", least="2 cm/s", most="1 m/s", says="speed up to which the constant load fades in"
        ),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        values = self.parameters.complete(parameters)
        self._live, self._smooth = Ramps(self.parameters, values), values["smooth"]
        late = (ASSUMED_TICKS + 0.5) * device.period_s
        self._most_mass = hand_masses(device)[0] * pi / (2.0 * late) / (2.0 * pi * CUTOFF) / MARGIN
        self._refuse_what_is_too_heavy(values["inertial"])
        self._acceleration = Acceleration(CUTOFF)
        self._place: Array | None = None

    def _refuse_what_is_too_heavy(self, mass: float) -> None:
        if mass > self._most_mass:
            most = show(self._most_mass, "kg")
            problem = f'"{show(mass, "kg")}" is too large: the light hand of this arm would begin to swing'
            raise Findings([Finding("inertial", problem, f"up to {most}", value=show(mass, "kg"))])

    @property
    def spring(self) -> Spring:
        """The band, and what damps around rest."""
        live = self._live
        return Spring(live["elastic"], live["viscous"] + live["constant"] / self._smooth)

    def set(self, name: str, value: float) -> None:
        """Change a load while running: it gets there in 200 ms and the torque never steps."""
        if name == "inertial":
            self._refuse_what_is_too_heavy(value)
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()
        self._acceleration.reset(state.v)
        self._place = np.array(state.x)

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        if self._place is None:
            self.reset(state)
        assert self._place is not None
        live = self._live
        live.step(dt)
        speed = float(np.linalg.norm(state.v))
        slope = tanh(speed / self._smooth) / speed if speed > 0.0 else 0.0
        load = (live["viscous"] + live["constant"] * slope) * state.v
        load += live["inertial"] * self._acceleration.step(state.v, dt) + live["elastic"] * (state.x - self._place)
        return hand_torque(state, -load)
