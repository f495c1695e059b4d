"""Gravity support: the robot carries a chosen share of the limb's weight, and its own.

    τ = g(q) + s·g_limb(q)        g_limb(q) = −Σₖ mₖ Jₖᵀ a

s share 0 … 1, faded in by smoothstep over the stated time after every reset · g torque N·m (n,) that holds the arm's
own weight · a acceleration of gravity in the plane of motion m/s² · Jₖ Jacobian (2, n) of what hangs on link k
mₖ its mass kg: `mass` on the last link, at `centre` of its length (1: at the hand), and `inner_mass` on every link
before, at its middle. Of a relaxed limb, mass × share is what is read on a scale at its place, times that share.
Siciliano et al., Robotics: Modelling, Planning and Control, 7.1.2 (7.40); rehab.core.gravity computes both.
Anthropometric starting values (Winter, Biomechanics and Motor Control of Human Movement, table 4.1), shares of body
mass: forearm and hand 0.022, upper arm 0.028, foot and leg below the knee 0.061.

It pushes upward also where nothing is: the monitor pays it from the energy tank, and takes it away when it yields.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from msgspec import structs

from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.gravity import Gravity
from rehab.core.parameters import Parameters, number, quantity
from rehab.core.ramp import Ramps
from rehab.core.types import Array, Reference, State


class GravitySupport:
    """Takes weight off the limb. Any arm that moves in a plane in which there is gravity."""

    parameters: ClassVar[Parameters] = Parameters(
        share=number(0.5, least=0.0, most=1.0, says="share of the limb's weight that is carried", live=True),
        mass=quantity("1.5 kg", unit="kg", least="0 kg", most="20 kg", says="of the limb on the last link"),
        centre=number(0.5, least=0.0, most=1.0, says="where on the last link it hangs; 1: at the hand"),
        inner_mass=quantity("0 kg", unit="kg", least="0 kg", most="20 kg", says="of the limb on each link before"),
        fade=quantity("2 s", unit="s", least="500 ms", most="20 s", says="time in which the support comes in"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        values = self.parameters.complete(parameters)
        self._live, self._fade = Ramps(self.parameters, values), values["fade"]
        *inner, last = device.links
        limb = [structs.replace(link, mass=values["inner_mass"], centre=0.5 * link.length) for link in inner]
        limb.append(structs.replace(last, mass=values["mass"], centre=values["centre"] * last.length))
        self._limb = Gravity(structs.replace(device, links=tuple(limb)))
        if not self._limb.acts:
            problem = f"{device.model} moves in a horizontal plane: no weight acts in it that could be carried"
            raise Findings([Finding("share", problem, "a device that declares gravity in its plane of motion")])
        self._passed = 0.0  # s of the fade
        self.feed_forward: Array = np.zeros(device.n_joints)

    def set(self, name: str, value: float) -> None:
        """Change the share while running: it gets there in 200 ms and the torque never steps."""
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()
        self._passed = 0.0
        self.feed_forward = np.zeros_like(state.q)

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._live.step(dt)
        s = self._passed / self._fade
        self._passed = min(self._fade, self._passed + dt)
        share = self._live["share"] * s * s * (3.0 - 2.0 * s)
        self.feed_forward = share * np.array(self._limb.torque(tuple(state.q.tolist())))
        torque: Array = state.gravity + self.feed_forward
        return torque
