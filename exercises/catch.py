"""What a limb answers to a stretch, and where in it the limb catches.

    F = u·G (τ − g − b q̇ − M q̈)            beyond the device's own friction and inertia; with a force sensor −u·F_sensor
    R = F − F_slow(s),  caught when  r(t) = R(t) − R(t − w) − w·max(0, slope before t − w) > catch

u direction of the stretch · τ torque sent, G maps it to the hand · g, b, M gravity, damping, inertia of the device
F_slow what the slowest stretch met at the same place s · w = `RISE`. At an even speed the limb's mass has no part in R,
and what is elastic or viscous in a limb at rest comes slowly, and less and less: it never rises faster than it just
did; a reflex does. All signals pass the same low-pass of `SMOOTH`, so that they stay together. The catch is dated back
to where r began: by the straight line through its passing of 20 and 60 % of `catch`.
"""

from __future__ import annotations

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.inertia import mass_matrix
from rehab.core.kinematics import kinematics_of
from rehab.core.types import Array, State
from rehab.core.values import Floats

SMOOTH = 0.005  # s
RISE = 0.060  # s: muscle comes within 20 to 40 ms, and the soft drive needs as long to show it
LOW, HIGH = 0.2, 0.6  # of the threshold


class LimbForce:
    """`force`: F in N, with the joint angles `q` (rad) that belong to it."""

    def __init__(self, device: DeviceInfo, u: Floats) -> None:
        self._device, self._u = device, u
        self._kinematics = kinematics_of(device)
        self._damping = np.array([joint.damping for joint in device.joints])
        self.force = 0.0
        self.q: Floats = ()

    def begin(self, state: State) -> None:
        self._q, self._qd = state.q.copy(), state.qd.copy()
        self._sent = self._damping * state.qd
        self._felt = 0.0
        self.step(state, tuple((self._sent + state.gravity).tolist()), self._device.period_s)

    def step(self, state: State, torque: Floats, dt: float) -> None:
        keep = min(1.0, dt / SMOOTH)
        qdd = (state.qd - self._qd) / SMOOTH
        self._q += keep * (state.q - self._q)
        self._qd += keep * (state.qd - self._qd)
        self.q = tuple(self._q.tolist())
        if self._device.force_sensor:
            self._felt += keep * (-self._along(state.force) - self._felt)
            self.force = self._felt
            return
        self._sent += keep * (np.array(torque) - state.gravity - self._sent)
        meets = self._sent - self._damping * self._qd - mass_matrix(self._device, self.q) @ qdd
        gives = self._kinematics.hand_force(tuple(meets.tolist()), self.q)
        self.force = sum(u * part for u, part in zip(self._u, gives, strict=True))

    def _along(self, vector: Array) -> float:
        return float(sum(u * c for u, c in zip(self._u, vector.tolist(), strict=True)))


class Catch:
    """In one stretch. `at` m and `pose` rad of the catch, () while there is none; `peak` N the most that R came to."""

    def __init__(self, threshold: float, period: float, joints: int) -> None:
        self._threshold = threshold
        self._n = max(2, round(RISE / period))
        self._rows = np.zeros((2 * self._n + 1, 2 + joints))  # R, s, q of the last ticks, as a ring
        self.begin()

    def begin(self) -> None:
        self._ticks = 0
        self.pose: Floats = ()
        self.at = -1.0
        self.peak = 0.0

    def step(self, s: float, limb: LimbForce, slow: float) -> None:
        """One tick of the stretch at its speed, s m along it, where the slow one met so much (N)."""
        rows, n = self._rows, self._n
        now = limb.force - slow
        self._now = k = self._ticks % len(rows)
        rows[k, 0], rows[k, 1], rows[k, 2:] = now, s, limb.q
        self._ticks += 1
        self.peak = max(self.peak, now)
        if self.pose or self._ticks < len(rows):
            return
        before, first = rows[(k - n) % len(rows), 0], rows[(k + 1) % len(rows), 0]
        slope = max(0.0, (before - first) / n)
        if now - before - n * slope > self._threshold:
            self._date_back(before, slope)

    def _date_back(self, before: float, slope: float) -> None:
        n = self._n
        rise = [self._back(n - j)[0] - before - j * slope for j in range(n + 1)]  # from t − w until now
        low, high = (next(j for j, r in enumerate(rise) if r >= share * self._threshold) for share in (LOW, HIGH))
        begun = max(0, round(low - (high - low) * LOW / (HIGH - LOW)))
        _, s, *q = self._back(n - begun)
        self.at, self.pose = s, tuple(q)

    def _back(self, ticks: int) -> list[float]:
        """The row of so many ticks ago."""
        found: list[float] = self._rows[(self._now - ticks) % len(self._rows)].tolist()
        return found


class Stretch:
    """s(t) m at an even speed v (m/s) over a length L m, softly begun and ended over a share of it:

        ṡ = v σ(t/t_r),  σ(u) = 10u³ − 15u⁴ + 6u⁵,  t_r = 2 share L / v        the end is its mirror image
    """

    def __init__(self, length: float, speed: float, share: float) -> None:
        self.length, self.speed = length, speed
        self.ramp = 2.0 * share * length / speed
        self.duration = (length - speed * self.ramp) / speed + 2.0 * self.ramp

    def at(self, t: float) -> tuple[float, float]:
        if t > 0.5 * self.duration:
            s, rate = self.at(self.duration - t)
            return self.length - s, rate
        if t >= self.ramp:
            return self.speed * (t - 0.5 * self.ramp), self.speed
        u = max(0.0, t / self.ramp)
        share = u**4 * (2.5 - 3.0 * u + u * u)
        return self.speed * self.ramp * share, self.speed * u**3 * (10.0 - 15.0 * u + 6.0 * u * u)
