"""Which limit it was that changed the torque, its value, and who set it: "force 30 N: limited by protocol".

The bits of Acted say which filter acted; which of its limits it was is seen from what was sent and how the arm moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rehab.core import units
from rehab.core.device import DeviceInfo
from rehab.core.limits import BUILTIN, PER_JOINT, Limits
from rehab.core.types import Array
from rehab.core.values import Acted

AT = 0.999  # share of a limit at which it counts as reached
UNITS = {"torque": "N*m", "growth": "N*m/s", "joint_speed": "rad/s"}
JOINT_WORDS = {"torque": "torque", "growth": "growth", "joint_speed": "speed"}
# filters that no single limit decides
PLAIN = {
    Acted.FINITE: "a value that was not finite",
    Acted.LEASH: "distance to the reference",
    Acted.POWER: "power into the limb",
    Acted.PASSIVITY: "passivity",
    Acted.SOFT_START: "soft start",
    Acted.BLEND: "a change of controller",
}


def limits_of(data: Mapping[str, Any] | None, info: DeviceInfo) -> Limits:
    """The limits that a `limits` event carries; what it leaves out, or all of it, is the device's own."""
    present = info.limits()
    if not data:
        return present
    joints = data.get("joints") or {}
    own = {name: tuple(joints[name]) for name in PER_JOINT if len(joints.get(name) or ()) == info.n_joints}
    values, who = {**present.values, **data.get("values", {})}, {**present.who, **data.get("who", {})}
    return present._replace(**own, values=values, who=who)  # type: ignore[arg-type]


class Deciding:
    """Names the limits behind the bits of Acted. Texts are made when the limits come, not in the loop of a view."""

    def __init__(self, info: DeviceInfo, limits: Limits | None = None) -> None:
        self.info, self.limits = info, limits or info.limits()
        self._texts: dict[tuple[str, int | None], str] = {}
        for name, builtin in BUILTIN.items():
            if name in self.limits.values and builtin.unit:
                self._texts[name, None] = f"{name.replace('_', ' ')} {_show(self.limits.values[name], builtin.unit)}"
        for joint, facts in enumerate(info.joints):
            for name, words in JOINT_WORDS.items():
                value = _show(getattr(self.limits, name)[joint], UNITS[name])
                self._texts[name, joint] = f"{facts.name} {words} {value}"
            for name, words in (("q_min", "from"), ("q_max", "to")):
                value = _show(getattr(self.limits, name)[joint], "rad")
                self._texts[name, joint] = f"{facts.name} {words} {value}"

    def name(self, what: str, joint: int | None = None) -> str:
        """ "force 30 N: limited by protocol"."""
        return f"{self._texts[what, joint]}: limited by {self.limits.owner(what, joint)}"

    def words(self, bit: Acted, sent: Array, q: Array, speed: Array) -> list[str]:
        """The limits behind one filter in the ticks given: sent N·m and q rad (k, n), speed of the hand m/s (k,)."""
        if bit is Acted.SATURATION:
            return self._saturation(sent)
        if bit is Acted.GROWTH:
            return [self.name("growth", int(np.argmax(np.abs(sent).max(axis=0))))]
        if bit is Acted.POSITION:
            return [self._nearest_bound(q)]
        if bit is Acted.VELOCITY:
            return self._velocity(speed)
        if bit is Acted.LEASH:
            return [self.name("force")]
        if bit is Acted.POWER and ("power", None) in self._texts:
            return [self.name("power")]
        return [PLAIN[bit]]

    def _saturation(self, sent: Array) -> list[str]:
        """A joint at its own limit, else the hand's force: the same filter keeps both."""
        reached = np.abs(sent) >= AT * np.array(self.limits.torque)
        found = [self.name("torque", joint) for joint in np.flatnonzero(reached.any(axis=0)).tolist()]
        return found if reached.any(axis=1).all() else [*found, self.name("force")]

    def _velocity(self, speed: Array) -> list[str]:
        fast = speed >= AT * self.limits.speed
        found = [self.name("speed")] if fast.any() else []
        slowest = int(np.argmin(self.limits.joint_speed))
        return found if fast.all() else [*found, self.name("joint_speed", slowest)]

    def _nearest_bound(self, q: Array) -> str:
        room = np.stack([q - np.array(self.limits.q_min), np.array(self.limits.q_max) - q]).min(axis=1)
        side, joint = np.unravel_index(int(np.argmin(room)), room.shape)
        return self.name(("q_min", "q_max")[int(side)], int(joint))


def _show(value: float, unit: str) -> str:
    return units.show(value, unit).replace("-", "−")
