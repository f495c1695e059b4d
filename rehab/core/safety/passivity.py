"""Time-domain passivity: what the controller stores, what it creates, and damping that takes back what it created.

The account of the spring and damper that hold the limb, in error coordinates e = q_r − q, with the torque τ that was
really sent:

    E += τ·(Δq_r − Δq) + b q̇·Δq

E is what spring and damper store and dissipate: never negative for a passive one. The sign matters: with Δq − Δq_r the
damping below pumps. At the robot's own port, τ·Δq, every passive motion would look active. The joints' declared
damping b takes part, since it is this that makes a sampled spring stable at all. Dissipated energy would hide later
activity, so E never stays above what the spring stores; what is beyond goes to the tank.

The reference's share, τ·Δq_r = F·Δx_r, is paid by the tank, as is a spring that stiffens while it is stretched and a
feed-forward. A controller that declares no stiffness has no spring: all it does is paid by the tank. The arm's own
weight g(q), which every wish holds, is left out of all of it: over a closed path it takes what it gives.

When E < 0, damping along ė takes out within one tick what was created,

    τ ← τ + α ė        α = −E / (|ė|² T)        0 ≤ α ≤ α_max ≈ m/2T

Hannaford & Ryu 2002, IEEE Trans. Robotics Autom. 18(1): 1–10.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

from rehab.core.safety.filters import dot, minus
from rehab.core.safety.tank import Tank
from rehab.core.values import Floats

CREATED = 0.2  # J that the controller created in spite of damping: 20 N over a centimetre
DEAD_BAND = 0.005  # J: rounding and noise of the sensors; a hand at 1 m/s has a hundred times as much


class Account:
    """`energy` is E in J; `led` the reference's last step in m (d,), () without a declared spring."""

    __slots__ = ("_damping", "_reference", "_stiffness", "energy", "led", "tank")

    def __init__(self, tank: Tank, damping: Floats) -> None:
        self.tank, self._damping = tank, tuple(enumerate(damping))
        self.energy = 0.0
        self.forget()

    def forget(self) -> None:
        """No spring any more: torque begins again from nothing. The energy that was created stays created."""
        self._reference: Floats | None = None
        self._stiffness = 0.0
        self.led: Floats = ()

    def moved(self, sent: Floats, q: Floats, before: Floats, qd: Floats) -> None:
        """The joints moved from `before` to q while `sent` acted."""
        energy = self.energy
        for k, b in self._damping:
            energy += (b * qd[k] - sent[k]) * (q[k] - before[k])
        self.energy = energy

    def pay(self, price: float) -> None:
        """Energy J that something else than the limb puts in: as much as the tank grants. What is taken out returns."""
        if price > 0.0:
            self.energy += self.tank.draw(price)
        else:
            self.energy += price
            self.tank.put(-price)

    def lead(self, force: Sequence[float], reference: Floats, stiffness: float, stretch: float) -> float:
        """The reference is at `reference` (m) now, its spring of `stiffness` (N/m, as far as it is faded in) stretched
        by sqrt(stretch) m, and `force` (N) acted meanwhile. Gives the energy (J) that the spring stores.

            F·Δx_r + ½K|Δx_r|² + ½ΔK|e|²        the middle part is what a sudden step of the reference brings
        """
        price = 0.0
        before = self._reference
        if before is None:
            self.led = (0.0,) * len(reference)
        elif reference != before:
            self.led = led = minus(reference, before)
            price = dot(force, led) + 0.5 * stiffness * dot(led, led)
        elif any(self.led):
            self.led = (0.0,) * len(reference)
        self._reference = reference
        if stiffness > self._stiffness:
            price += 0.5 * (stiffness - self._stiffness) * stretch
        self._stiffness = stiffness
        if price:
            self.pay(price)
        return 0.5 * stiffness * stretch

    def settle(self, stored: float, *, spring: bool) -> None:
        """What is beyond the energy stored was dissipated: to the tank. Without a spring the tank pays a deficit."""
        spare = self.energy - stored
        if spare > 0.0:
            self.energy = stored
            self.tank.put(spare)
        elif not spring:
            self.energy += self.tank.draw(-self.energy)


def damped(torque: Floats, energy: float, error_rate: Floats, period: float, most: float) -> Floats:
    """τ + α ė, or the very torque when nothing moves or nothing was created."""
    squares = sum(map(mul, error_rate, error_rate))
    if not (energy < 0.0 and squares > 0.0):
        return torque
    alpha = min(most, -energy / (squares * period))
    return tuple([tau + alpha * rate for tau, rate in zip(torque, error_rate, strict=True)])
