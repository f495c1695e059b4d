"""Force field: a force that the velocity of the hand makes, to which people adapt.

    F = s B v        τ = Jᵀ F + g(q)

    B = c [[0, 1], [−1, 0]]  −  b [[1, 0], [0, 1]]  +  σ [[−10.1, −11.2], [−11.2, 11.1]] N·s/m  +  [[xx, xy], [yx, yy]]

v velocity of the hand m/s (d,) · B N·s/m (d, d), in the axes of the device's base · s sign, or a share of it
c curl: pushes to the right of the movement where positive, and does no work (vᵀBv = 0) · b viscous: resists
σ times the saddle of Shadmehr & Mussa-Ivaldi 1994 (J. Neurosci. 14(5)), which resists along one diagonal and drives
along the other: a reach of 10 cm in 0.5 s takes −0.29 J at 0° and gets 0.33 J at 135°
xx … yy any other matrix. What is left out is zero; with nothing named the field is null, as in a baseline.

The whole force is declared as feed-forward: what the field puts into the limb, the energy tank pays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from rehab.core.controller import hand_torque
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.parameters import Parameter, Parameters, number, quantity
from rehab.core.ramp import Ramps
from rehab.core.types import Array, Reference, State
from rehab.core.units import show

CURL = np.array([[0.0, 1.0], [-1.0, 0.0]])
ACROSS = ("curl", "saddle", "xy", "yx", "yy")  # what a line has no room for
SADDLE = np.array([[-10.1, -11.2], [-11.2, 11.1]])  # N·s/m


def _entry(says: str) -> Parameter:
    return quantity("0 N*s/m", unit="N*s/m", least="-50 N*s/m", most="50 N*s/m", says=says, live=True)


class ForceField:
    """A linear velocity-dependent field. In the plane all of it; on a line, viscous and xx."""

    parameters: ClassVar[Parameters] = Parameters(
        curl=_entry("pushes to the right of the movement (negative: to the left)"),
        viscous=_entry("resists the movement (negative: drives it)"),
        saddle=number(0.0, least=-3.0, most=3.0, says="times the saddle of 1994", live=True),
        xx=_entry("force along x for velocity along x"),
        xy=_entry("force along x for velocity along y"),
        yx=_entry("force along y for velocity along x"),
        yy=_entry("force along y for velocity along y"),
        sign=number(1.0, least=-1.0, most=1.0, says="1 as written, -1 the opposite, 0 none", live=True),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        values = self.parameters.complete(parameters)
        self._live = Ramps(self.parameters, values)
        self._d = kinematics_of(device).n_task
        self._model = device.model
        self._refuse_what_needs_a_plane(values)
        self.feed_forward: Array = np.zeros(device.n_joints)

    def _refuse_what_needs_a_plane(self, values: Mapping[str, Any]) -> None:
        problem = f"{self._model} moves along a line: a field across it does not exist"
        found = [
            Finding(name, problem, "viscous or xx", value=show(value, self.parameters[name].unit))
            for name, value in values.items()
            if self._d == 1 and name in ACROSS and value != 0.0
        ]
        if found:
            raise Findings(found)

    @property
    def matrix(self) -> Array:
        """s B in N·s/m (d, d) as it acts now."""
        live = self._live
        B = np.array([[live["xx"], live["xy"]], [live["yx"], live["yy"]]])
        B += live["curl"] * CURL + live["saddle"] * SADDLE - live["viscous"] * np.eye(2)
        found: Array = live["sign"] * B[: self._d, : self._d]
        return found

    def set(self, name: str, value: float) -> None:
        """Change a part of the field while running: it gets there in 200 ms and the torque never steps."""
        self._refuse_what_needs_a_plane({name: value})
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._live.step(dt)
        force = self.matrix @ state.v
        self.feed_forward = state.jacobian.T @ force
        return hand_torque(state, force)
