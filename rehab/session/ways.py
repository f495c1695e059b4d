"""How the limb is led after a fault: out to the exit pose, or slowly back to where a spasm began. The monitor guards it
like any exercise; a stop or another spasm ends it at once.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import dist, hypot, sqrt
from typing import Any, ClassVar

import numpy as np
from msgspec.structs import replace
from numpy.random import Generator

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import Kinematics, kinematics_of
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import PEAK_SPEED, SPEED_SHARE, MinimumJerk, approach_time
from rehab.core.parameters import Parameters
from rehab.core.soft import SOFT
from rehab.core.types import Event, Reference, Scene, State
from rehab.core.values import Decision, Floats

ARRIVED = 0.05  # rad (3 degrees) from the exit pose: what a soft spring leaves against a limb's tone
STILL = 0.02  # m/s: a waiting hand sways by 0.5 to 1 cm/s
PATIENCE = 5.0  # s after the movement in which a limb that lags may still arrive
SAMPLES = 20  # places of the way out at which its speed is looked at
# Stretch reflexes grow with speed: 5 deg/s is the slow passive stretch that does not set them off (Lance 1980; the
# slow end of the Tardieu scale), and far below the 70 deg/s at which spastic elbows catch
STRETCH_SPEED = 0.0873  # rad/s of the fastest joint
STRETCH_GAIN = 0.175  # rad/s²: half a second until that speed, and from it to rest
HOLD_TIME = 30.0  # s: static stretches are held for 30 to 60 s; the shorter, since nobody may be there to say enough
STEPS, HOLDING = 60, "slow_stretch_hold"
LONGEST = 120.0  # s: a limb that does not give way is let go then
EASED = 0.8  # of the torque at which a stretch waits: below it the limb has given way


class _Way:
    """A movement of the joints that ends with the event `way_end`, once."""

    parameters: ClassVar[Parameters] = Parameters()
    _scene: Scene

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        self._kinematics: Kinematics = kinematics_of(device)
        self._zero = np.zeros(self._kinematics.n_task)
        self._now, self._over = 0.0, False

    def scene(self) -> Scene:
        return self._scene

    def _reference(self, q: Floats, qd: Floats) -> Reference:
        x, rows = self._kinematics.forward(q)
        v = [sum(j * w for j, w in zip(row, qd, strict=True)) for row in rows]
        return Reference(np.array(x), np.array(v), self._zero)

    def _end(self, **data: Any) -> Event:
        self._over = True
        return Event("way_end", data)


class WayOut(_Way):
    """From the present pose to the exit pose, the device's home, along a straight line of the joint angles, which stays
    within their ranges. Minimum jerk, the hand no faster than any approach."""

    _scene = Scene(text="Let the arm be led", phase="get_out")

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        super().__init__(device)
        self._exit = tuple(device.home)

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        q: Floats = tuple(state.q.tolist())
        turns = tuple(e - a for e, a in zip(self._exit, q, strict=True))
        fastest = 0.0  # m of the hand for the whole way, at the speed of its fastest place
        for k in range(SAMPLES + 1):
            _, rows = self._kinematics.forward(tuple(a + k / SAMPLES * d for a, d in zip(q, turns, strict=True)))
            fastest = max(fastest, hypot(*(sum(j * d for j, d in zip(row, turns, strict=True)) for row in rows)))
        joints = [PEAK_SPEED * abs(d) / (SPEED_SHARE * most) for d, most in zip(turns, limits.joint_speed, strict=True)]
        duration = max(approach_time(fastest, limits.speed), *joints)
        self._movement = MinimumJerk(q, self._exit, begin=0.0, duration=duration)

    def reference(self, t: float, state: State) -> Reference:
        return self._reference(*self._movement.at(t))

    def observe(self, t: float, state: State, decision: Decision) -> Event | None:
        if self._over or t <= self._now:  # paused: an event would be lost
            return None
        self._now = t
        if t < self._movement.over_at:
            return None
        off = max(abs(a - e) for a, e in zip(state.q.tolist(), self._exit, strict=True))
        if (off <= ARRIVED and hypot(*state.v.tolist()) <= STILL) or t >= self._movement.over_at + PATIENCE:
            return self._end(way="get_out", arrived=off <= ARRIVED, off=off)
        return None


class Stretch(_Way):
    """Along `path` (poses in rad, from the present one) at STRETCH_SPEED, then HOLD_TIME at its end.

    It waits while the torque of the limb, `limb()` in N·m, is above `most` at a joint, until that has eased; and while
    the hand lags so far behind that a limb which suddenly gives way would be drawn faster than that.
    """

    _scene = Scene(text="Let the arm be stretched slowly", phase="slow_stretch")

    def __init__(self, device: DeviceInfo, path: list[Floats], limb: Callable[[], Floats], most: float) -> None:
        super().__init__(device)
        self._path, self._limb, self._most = path, limb, most
        # rad, of the joint that turns most
        self._lengths = [max(abs(b - a) for a, b in zip(p, q, strict=True)) for p, q in pairwise(path)]
        self._length = sum(self._lengths)
        self._gone = self._speed = self._held = 0.0  # rad, rad/s, s
        self._waiting = False

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        pass

    def scene(self) -> Scene:
        """How far it is: of the way, then of the hold, in steps that make a new scene twice a second at most."""
        holding = self._held > 0.0
        level = self._held / HOLD_TIME if holding else self._gone / self._length if self._length else 1.0
        level = round(STEPS * level) / STEPS
        if level != self._scene.level or (self._scene.phase == HOLDING) != holding:
            self._scene = replace(self._scene, level=level, phase=HOLDING if holding else "slow_stretch")
        return self._scene

    def reference(self, t: float, state: State) -> Reference:
        left = self._gone
        for number, length in enumerate(self._lengths):
            if left < length:
                a, b = self._path[number], self._path[number + 1]
                turns = [(w - v) / length for v, w in zip(a, b, strict=True)]
                q = tuple(v + left * turn for v, turn in zip(a, turns, strict=True))
                return self._reference(q, tuple(self._speed * turn for turn in turns))
            left -= length
        return self._reference(self._path[-1], (0.0,) * len(self._path[-1]))

    def observe(self, t: float, state: State, decision: Decision) -> Event | None:
        dt = t - self._now
        if self._over or dt <= 0.0:
            return None
        self._now = t
        pull = max(abs(torque) for torque in self._limb())
        lag = dist(self.reference(t, state).x.tolist(), state.x.tolist())
        eased = EASED if self._waiting else 1.0
        self._waiting = pull > eased * self._most or lag > eased * 0.5 * SOFT
        left = self._length - self._gone
        wanted = 0.0 if self._waiting else min(STRETCH_SPEED, sqrt(2.0 * STRETCH_GAIN * max(0.0, left)))
        most = STRETCH_GAIN * dt
        self._speed += max(-most, min(most, wanted - self._speed))
        self._gone = min(self._length, self._gone + self._speed * dt)
        there = self._length - self._gone <= 1e-3
        self._held += dt if there else 0.0
        if self._held >= HOLD_TIME or t >= LONGEST:
            return self._end(way="slow_stretch", arrived=there, left=self._length - self._gone)
        return None
