"""Position hold: the hand stays where it was when this controller was switched in.

    F = K (x_0 − x) − D v,  |K (x_0 − x)| ≤ F_max           τ = Jᵀ F + g(q)

x_0 hand m (d,) at the reset · F_max N, beyond which the spring gives way without letting go
or in every joint, and K, D, g: the law of `impedance`, of which this is the firm form with a place of its own. The
exercise's reference is ignored. What it does to the limb is paid from the energy tank.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from controllers.impedance import Impedance, within
from rehab.core.controller import Spring
from rehab.core.device import DeviceInfo
from rehab.core.parameters import Parameters, choice, number, quantity
from rehab.core.types import Array, Reference, State


class PositionHold:
    """Holds the hand, or every joint, at the pose of the reset."""

    parameters: ClassVar[Parameters] = Parameters(
        space=choice("task", ("task", "joint"), says="one spring at the hand, or one in every joint"),
        stiffness=quantity(
            "1 kN/m", unit="N/m", least="200 N/m", most="3 kN/m", says="how firmly the hand is held", live=True
        ),
        joint_stiffness=quantity(
            "60 N*m/rad", unit="N*m/rad", least="10 N*m/rad", most="200 N*m/rad",
            says="how firmly each joint is held, where the space is joint", live=True,
        ),
        damping_ratio=number(0.7, least=0.1, most=2.0, says="1 does not overshoot", live=True),
        force=quantity("30 N", unit="N", least="1 N", most="150 N", says="most that the spring pulls back with"),
    )  # fmt: skip

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        values = self.parameters.complete(parameters)
        self._most: float = values.pop("force")
        self._impedance = Impedance(device, **values)
        self._place: Reference | None = None

    @property
    def spring(self) -> Spring:
        return self._impedance.spring

    def set(self, name: str, value: float) -> None:
        """Change a live parameter (SI) while running: it gets there in 200 ms and the torque never steps."""
        self._impedance.set(name, value)

    def reset(self, state: State) -> None:
        self._impedance.reset(state)
        zero = np.zeros_like(state.x)
        self._place = Reference(np.array(state.x), zero, zero)

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        if self._place is None:
            self.reset(state)
        assert self._place is not None
        self._impedance.step(dt)
        return self._impedance.torque(state, within(self._place, state, self._most / self._impedance.stiffness))
