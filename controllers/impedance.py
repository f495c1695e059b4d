"""Task-space impedance: the limb feels a spring and a damper towards the reference.

    F = K (x_r − x) + D (v_r − v) + F_ff
    τ = a Jᵀ F
    D = 2 ζ sqrt(K m_eff)

K stiffness N/m · D damping N·s/m, both the same in every direction · ζ damping ratio
x, v hand position m and velocity m/s (d,) · x_r, v_r, F_ff the reference and its feed-forward force N (d,)
J Jacobian (d, n) · τ torque N·m (n,) · a assistance (rehab.core.assistance): the whole spring, damper and feed-forward
m_eff mass kg of the bare arm at the hand in the home pose, averaged over the directions (rehab.core.inertia.hand_mass);
the limb that is strapped in adds to it, so that the pair is damped less than ζ says
Hogan 1985, Impedance control: an approach to manipulation, ASME J. Dyn. Syst. Meas. Control 107.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, ClassVar

from rehab.core.assistance import ASSISTANCE, Assistance
from rehab.core.device import DeviceInfo
from rehab.core.inertia import hand_mass
from rehab.core.parameters import Parameters, number, quantity
from rehab.core.ramp import Ramp
from rehab.core.types import Array, Reference, State


class Impedance:
    """Holds the hand to the reference, softly. Any arm: it needs the Jacobian only."""

    parameters: ClassVar[Parameters] = Parameters(
        stiffness=quantity(
            "200 N/m", unit="N/m", least="0 N/m", most="3 kN/m", says="how firmly the hand is held", live=True
        ),
        damping_ratio=number(0.7, least=0.1, most=2.0, says="1 does not overshoot", live=True),
        assistance=ASSISTANCE,
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        values = self.parameters.complete(parameters)
        self._stiffness, self._damping_ratio = Ramp(values["stiffness"]), Ramp(values["damping_ratio"])
        self._assistance = Assistance(values["assistance"])
        self._mass = hand_mass(device, device.home)

    @property
    def stiffness(self) -> float:
        """a K in N/m as it acts now: by it the reference is leashed."""
        return self._assistance.share * self._stiffness.value

    @property
    def damping(self) -> float:
        """a D in N·s/m as it acts now; with it the stiffness is judged (rehab.core.stability)."""
        D = 2.0 * self._damping_ratio.value * sqrt(self._stiffness.value * self._mass)
        return self._assistance.share * D

    def set(self, name: str, value: float) -> None:
        """Change stiffness (N/m), damping_ratio or assistance (%) while running: it gets there in 200 ms and the torque
        never steps."""
        {"stiffness": self._stiffness, "damping_ratio": self._damping_ratio, "assistance": self._assistance}[name].to(
            value
        )

    def reset(self, state: State) -> None:
        self._stiffness.finish()
        self._damping_ratio.finish()
        self._assistance.finish()

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._stiffness.step(dt)
        self._damping_ratio.step(dt)
        self._assistance.step(dt)
        K, D = self.stiffness, self.damping
        force = K * (reference.x - state.x) + D * (reference.v - state.v) + self._assistance.share * reference.force
        torque: Array = state.jacobian.T @ force
        return torque
