"""What is sent instead of the controller's wish: to a paused arm, and to one that yields or starts softly."""

from __future__ import annotations

from rehab.core.limits import Limits
from rehab.core.safety import filters
from rehab.core.safety.facts import DeviceFacts
from rehab.core.values import Floats, Sample

YIELD_TIME = 0.050  # s in which stiffness is gone
HOLD_SHARE = 0.5  # of the torque limit per radian: the stiffness with which a paused arm is held


class Hold:
    """A soft spring to where a paused arm was: K_h (q_h − q) − 2 B_y q̇ + g, crossfaded in over the yield time.

    `q` rad is where it is held, None while it is not.
    """

    def __init__(self, device: DeviceFacts) -> None:
        self._step, self._damping = device.period / YIELD_TIME, device.yield_damping
        self.q: Floats | None = None
        self._share = 0.0  # 0 controller … 1 hold impedance

    def follow(self, limits: Limits) -> None:
        self._stiffness = tuple([HOLD_SHARE * most for most in limits.torque])

    def end(self) -> None:
        self.q, self._share = None, 0.0

    def wish(self, wish: Floats, gravity: Floats, sample: Sample, held: Floats) -> Floats:
        self._share = share = min(1.0, self._share + self._step)
        return tuple([
            (1.0 - share) * w + share * (g + k * (rest - angle) - 2.0 * b * rate)
            for w, g, k, rest, angle, b, rate in zip(
                wish, gravity, self._stiffness, held, sample.q, self._damping, sample.qd, strict=True
            )
        ])  # fmt: skip

    def stored(self, held: Floats, q: Floats) -> float:
        """½ K_h |q_h − q|² in J."""
        return sum([0.5 * k * (rest - angle) ** 2 for k, rest, angle in zip(self._stiffness, held, q, strict=True)])


class Fade:
    """s of τ = s·τ_wish + (1 − s)·(g(q) − B_y·q̇): smoothstep up over the soft start, straight down to yield."""

    def __init__(self, device: DeviceFacts) -> None:
        self._period, self._damping = device.period, device.yield_damping
        self.begin()

    def follow(self, limits: Limits) -> None:
        self._soft_time = limits.values["soft_start"]

    def begin(self) -> None:
        """From nothing."""
        self.scale = 0.0
        self._soft = 0.0  # progress of the soft start, s

    def step(self, yields: bool) -> float:
        if yields:
            self.scale = max(0.0, self.scale - self._period / YIELD_TIME)
            self._soft = 0.0  # whatever comes back, comes back softly
        elif self.scale < 1.0:
            self._soft += self._period
            self.scale = max(self.scale, filters.smoothstep(self._soft / self._soft_time))
        return self.scale

    def torque(self, wish: Floats, gravity: Floats, qd: Floats) -> Floats:
        s = self.scale
        return tuple([s * w + (1.0 - s) * (g - b * v)
                      for w, g, b, v in zip(wish, gravity, self._damping, qd, strict=True)])  # fmt: skip
