"""Path tunnel: the hand is free on its way, within walls; the robot shows the way and leaves the timing to the patient.

    F = a · [ −max(0, K (d − w) + B ḋ) n  +  (F_back − F_front) t̂  +  k_f t̂ ]        |F_back − F_front| ≤ F_w
    F_front = max(0, K (s − s_r − ahead) + B (ṡ − ṡ_r))        F_back = max(0, K (s_r − behind − s) + B (ṡ_r − ṡ))
    τ = g(q) + Jᵀ F        B = 2 ζ sqrt(K m_eff)

d distance of the hand from the way m · w half the width of the tunnel m · n from the way to the hand, t̂ along the way,
unit vectors · s, s_r places of hand and reference along the way m: the window that moves with the reference reaches
from s_r − behind to s_r + ahead, and never round a corner at which the hand is not yet (rehab.core.progress) · F_w the
most that the window does N, so that nobody is torn along who is far from it · k_f flow N, draws on along the way and
fades over its last 2 cm · K, B stiffness and damping of the walls (B sets in over the
first centimetre: rehab.core.guide) · a assistance
With k_f = 0 there is no force along the way inside the window, and none at all inside the tunnel.

In a trial the way is the reference's path; without one, the straight line from where the hand was at the trial's start
to its target. Between trials there is no way: the hand hangs on the reference by a rope of length w, and is led by it.
In form that of Duschau-Wicke, von Zitzewitz, Caprez, Lünenburger & Riener 2010, IEEE TNSRE 18(1), and of ALEX: Banala,
Kim, Agrawal & Scholz 2009, IEEE TNSRE 17(1).
"""

from __future__ import annotations

from math import sqrt
from typing import Any, ClassVar

import numpy as np

from rehab.core.assistance import ASSISTANCE, share
from rehab.core.controller import Spring, hand_torque
from rehab.core.device import DeviceInfo
from rehab.core.guide import Tunnel, Way, added
from rehab.core.handover import Handover
from rehab.core.inertia import hand_mass
from rehab.core.parameters import Parameters, number, quantity
from rehab.core.ramp import Ramps
from rehab.core.types import Array, Event, Reference, State
from rehab.core.values import Floats

FLOW_END = 0.02  # m before the end of the way over which the flow fades: it must not push beyond


class PathTunnel:
    """Keeps the hand on its way and about in time. Any arm."""

    parameters: ClassVar[Parameters] = Parameters(
        stiffness=quantity(
            "600 N/m", unit="N/m", least="0 N/m", most="3 kN/m", says="how firm the walls are", live=True
        ),
        width=quantity("1 cm", unit="m", least="2 mm", most="5 cm", says="free on either side of the way"),
        ahead=quantity("5 cm", unit="m", least="0 m", most="1 m", says="how far the hand may be ahead of its time"),
        behind=quantity("5 cm", unit="m", least="0 m", most="1 m", says="how far it may lag before it is drawn on"),
        pull=quantity("20 N", unit="N", least="0 N", most="100 N", says="most with which it is drawn on or held back"),
        flow=quantity("0 N", unit="N", least="0 N", most="15 N", says="draws on along the way, always"),
        damping_ratio=number(0.7, least=0.1, most=2.0, says="of the walls; 1 does not bounce"),
        assistance=ASSISTANCE,
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        self._live = Ramps(self.parameters, p)
        self._pull: float = p["pull"]
        self._width, self._ahead, self._behind, self._flow = p["width"], p["ahead"], p["behind"], p["flow"]
        self._per_root: float = 2.0 * p["damping_ratio"] * sqrt(hand_mass(device, device.home))
        self._way, self._tunnel, self._handover = Way(), Tunnel(), Handover()

    @property
    def spring(self) -> Spring:
        """a K and a B of the walls."""
        K = self._live["stiffness"]
        return Spring(share(self._live) * K, share(self._live) * self._per_root * sqrt(K))

    def set(self, name: str, value: float) -> None:
        """Change stiffness (N/m) or assistance (%) while running: reached in 200 ms, without a step."""
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()
        self._way.reset(tuple(state.x.tolist()))
        self._tunnel.open()
        self._handover.forget()

    def heed(self, event: Event) -> None:
        self._way.heed(event)

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._live.step(dt)
        x, v = tuple(state.x.tolist()), tuple(state.v.tolist())
        x_ref, v_ref = tuple(reference.x.tolist()), tuple(reference.v.tolist())
        if self._way.look(x, x_ref, reference.path, v_ref) or self._way.turned:
            self._tunnel.open()
            self._handover.change()
        force = self._handover.step(self._walls(x, v, x_ref, v_ref, dt), dt)
        return hand_torque(state, share(self._live) * np.array(force))

    def _walls(self, x: Floats, v: Floats, x_ref: Floats, v_ref: Floats, dt: float) -> Floats:
        """F / a."""
        way, K = self._way, self._live["stiffness"]
        B = self._per_root * sqrt(K)
        force = self._tunnel.side(way, x, v, x_ref, v_ref, self._width, K, B, dt)
        if way.path is None or way.hand is None:
            return force
        window = self._tunnel.ends(way, v, v_ref, self._ahead, self._behind, K, B, dt)
        along = min(max(window, -self._pull), self._pull)
        left = FLOW_END if way.path.closed else way.path.length - way.hand.s
        along += self._flow * min(1.0, left / FLOW_END)
        return added(force, along, way.hand.direction)
