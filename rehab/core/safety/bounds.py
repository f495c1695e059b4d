"""Growth, saturation, power, position, velocity: the bounds that every torque goes through before it is sent."""

from __future__ import annotations

from math import sqrt

from rehab.core.limits import Limits
from rehab.core.safety import filters
from rehab.core.safety.filters import dot
from rehab.core.safety.sent import Sent
from rehab.core.values import Acted, Floats, Sample

GROWTH, SATURATION, POWER = Acted.GROWTH.value, Acted.SATURATION.value, Acted.POWER.value
POSITION, VELOCITY = Acted.POSITION.value, Acted.VELOCITY.value


class Bounds:
    """`force` N at the hand is that of the torque let through last; `given` W what was asked for would give to the
    limb: negative, it would take."""

    def __init__(self, period: float, sent: Sent) -> None:
        self._period, self._sent = period, sent
        self.force: Floats = ()
        self.given = 0.0

    def follow(self, limits: Limits, speed: float) -> None:
        """`speed` m/s is the hand's limit."""
        self._limits, self._speed = limits, speed
        self._step = tuple([rate * self._period for rate in limits.growth])
        self._steps = tuple(zip(range(len(self._step)), self._step, limits.torque, strict=True))
        self._force, self._power = limits.values["force"], limits.values["power"]

    def step(
        self, torque: Floats, sample: Sample, speed: float, force_map: tuple[Floats, ...], acted: int, calm: bool
    ) -> tuple[Floats, int]:
        """The torque within all bounds, and the bits of what acted. Scaling all joints alike keeps every bound that is
        met."""
        limits, qd, sent = self._limits, sample.qd, self._sent.torque
        # scaled before growth too: else growth, limiting each joint by itself, would turn the force's direction
        wish = self._weakened(torque, force_map)
        if wish is not torque:
            acted |= SATURATION
        self.given = given = dot(wish, qd)
        if calm and given <= self._power and filters.free(wish, sent, self._steps):
            return wish, acted  # the usual tick: nothing to do
        grown = filters.growth(wish, sent, self._step)
        kept = filters.saturate(grown, limits.torque)
        weak = filters.power(kept, qd, self._power)
        inside = filters.position(weak, sample.q, qd, limits.q_min, limits.q_max)
        braking = filters.brake_only(inside, qd, limits.joint_speed, all_joints=speed > self._speed)
        # joints were changed one by one: force and power of what is left are new
        left = filters.power(self._weakened(braking, force_map), qd, self._power)
        self.force = filters.hand_force(left, force_map)
        for bit, before, after in (
            (GROWTH, wish, grown), (SATURATION, grown, kept), (POWER, kept, weak), (POSITION, weak, inside),
            (VELOCITY, inside, braking), (SATURATION | POWER, braking, left),
        ):  # fmt: skip
            if after != before:
                acted |= bit
        return left, acted

    def _weakened(self, torque: Floats, force_map: tuple[Floats, ...]) -> Floats:
        """All torque scaled by F_max/|F| where the hand would feel more than F_max; its direction stays."""
        force = filters.hand_force(torque, force_map)
        squares, most = dot(force, force), self._force
        if squares <= most * most:
            self.force = force
            return torque
        share = most / sqrt(squares)
        self.force = filters.scaled(force, share)
        return filters.scaled(torque, share)
