"""The torque that holds a serial arm of revolute joints in its plane against gravity.

    g(q) = −Σₖ mₖ Jₖᵀ a

m mass kg · Jₖ Jacobian of link k's centre of mass (2, n) · a acceleration of gravity in the plane of motion m/s², in
the axes of the device's base: nothing for an arm in the horizontal plane. Siciliano et al., Robotics: Modelling,
Planning and Control, 7.1.2 (7.40). Plain floats: 0.5 µs for one joint; for a horizontal arm nothing is computed.
"""

from __future__ import annotations

from math import cos, sin

from rehab.core.device import DeviceInfo
from rehab.core.values import Floats


class Gravity:
    """`acts` is False where gravity has no part in the plane of motion."""

    def __init__(self, info: DeviceInfo) -> None:
        self._a: Floats = info.gravity or (0.0, 0.0)
        self.acts = any(self._a)
        self._zero = (0.0,) * info.n_joints
        # what hangs on joint k: its own link by its centre of mass, all later ones by its whole length
        later = [sum(link.mass for link in info.links[k + 1 :]) for k in range(info.n_joints)]
        self._moments = tuple(
            link.mass * link.centre + more * link.length for link, more in zip(info.links, later, strict=True)
        )

    def torque(self, q: Floats) -> Floats:
        """g(q) in N·m (n,)."""
        if not self.acts:
            return self._zero
        ax, ay = self._a
        angle, each = 0.0, []
        for moment, turn in zip(self._moments, q, strict=True):
            angle += turn
            each.append(moment * (ax * sin(angle) - ay * cos(angle)))
        held, torque = 0.0, []
        for share in reversed(each):  # a joint carries its own link and all that hang on it
            held += share
            torque.append(held)
        return tuple(reversed(torque))
