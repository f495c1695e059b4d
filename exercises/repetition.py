"""What exercises have in common whose trials are led along a course: approach, ready, trial, and back to its beginning.

    approach ──▶ ready ──▶ go ──▶ return ──▶ ready ──▶ …
                      ╰── trial ──╯

approach  the reference moves from the present pose to where a trial begins, slowly; once
ready     it waits there until the hand has come, and is still, for `READY`; a hand that does not come is waited for
          `PATIENCE` long, then the trial begins all the same
go        the subclass leads, judges and draws
return    from wherever the trial left it, back to the beginning of the next

The reference never steps: each movement begins with the motion of the one before.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping
from math import dist, hypot, inf
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator

from exercises.drift import Drift
from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import MinimumJerk, approach_time, shortest
from rehab.core.parameters import Parameters
from rehab.core.path import Path
from rehab.core.types import Event, Outcome, Reference, Scene, State, Target
from rehab.core.values import Decision, Floats

READY = 0.5  # s that the hand must be at the beginning, and still
PATIENCE = 5.0  # s until a trial begins without it
STILL = 0.03  # m/s without tremor: a waiting hand sways by 0.5 to 1 cm/s, and one that is led is not quite still
RETURN_TIME = 1.5  # s at least: nobody has said go
FOLLOW = 8.0  # 1/s with which a reference comes after the hand
SEEN = 0.02  # s between two pictures of something that moves: 50 a second are enough for the eye

WAIT, BACK = "Go to the start and wait", "Back to the start"
PHRASES = {WAIT: {"it": "Vada all'inizio e aspetti"}, BACK: {"it": "Torni all'inizio"}}


def behind(x: Floats, v: Floats, hand: Floats, dt: float, most: float) -> tuple[Floats, Floats]:
    """The next position m and velocity m/s of a reference that comes after the hand and leads it nowhere: a
    second-order lag, critically damped, never faster than `most` (m/s)."""
    rate = [w + dt * (FOLLOW**2 * (h - c) - 2.0 * FOLLOW * w) for h, c, w in zip(hand, x, v, strict=True)]
    slower = min(1.0, most / max(1e-9, hypot(*rate)))
    v = tuple(slower * w for w in rate)
    return tuple(c + dt * w for c, w in zip(x, v, strict=True)), v


class Repetition(ABC):
    """A subclass gives `entry`, `lead`, `judge` and `picture`; it may say more at `begin` and `finish`."""

    parameters: ClassVar[Parameters]

    def __init__(self, device: DeviceInfo, size: float) -> None:
        self._device, self._size = device, size
        self._kinematics = kinematics_of(device)
        self._home, _ = self._kinematics.forward(device.home)
        self._zero = np.zeros(len(self._home))

    # what a subclass gives -------------------------------------------------------------------------------------------

    @abstractmethod
    def entry(self) -> Floats:
        """Where (m) the next trial begins."""

    @abstractmethod
    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        """Position m and velocity m/s of the reference t s into the trial, dt s after the last call."""

    @abstractmethod
    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        """How the trial ends, if it does now; `speed` m/s is the hand's, without its tremor."""

    @abstractmethod
    def picture(self, t: float) -> Scene:
        """The scene t s into the trial; the same object while nothing changes."""

    def begin(self, hand: Floats) -> dict[str, Any]:
        """A trial begins: what is asked, beside start, target and radius."""
        return {}

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        """A trial ends: what came of it, beside the outcome."""
        return {}

    def destination(self) -> Floats:
        """The target (m) that the record names; for a course that comes back, its beginning."""
        return self.entry()

    path: Path | None = None  # the way on which the hand is wanted during a trial
    patience: ClassVar[float] = PATIENCE
    return_time: ClassVar[float] = RETURN_TIME
    waiting: ClassVar[tuple[str, str]] = (WAIT, BACK)  # what is said before a trial, and after one
    led: ClassVar[bool] = False  # also to the beginning: shown as a place, not as a goal that the hand is held at

    # what it then is -------------------------------------------------------------------------------------------------

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._rng, self._speed_limit = rng, limits.speed
        self._events: deque[Event] = deque()
        self._skip = False
        self._drift = Drift(0.0, state.v)
        self._now, self._still_since, self._led_at = -inf, inf, 0.0
        hand: Floats = tuple(state.x.tolist())
        self._x, self._v = hand, (0.0,) * len(hand)
        entry = self.entry()
        duration = approach_time(dist(hand, entry), limits.speed)
        self._movement = MinimumJerk(hand, entry, begin=0.0, duration=duration)
        self._wait_scene = self._at_start(self.waiting[0], "ready")
        self._scene = self._wait_scene
        self._phase, self._since = "approach", 0.0
        self._events.append(Event("phase", {"name": "approach"}))

    def skip(self) -> None:
        """The running trial is left out; done at the next tick."""
        self._skip = True

    def reference(self, t: float, state: State) -> Reference:
        if self._phase != "go":
            self._x, self._v = self._movement.at(t)
        elif t > self._led_at:
            self._x, self._v = self.lead(t - self._since, t - self._led_at, tuple(state.x.tolist()))
            self._led_at = t
        return Reference(np.array(self._x), np.array(self._v), self._zero, self.path if self._phase == "go" else None)

    def scene(self) -> Scene:
        return self._scene

    def observe(self, t: float, state: State, decision: Decision) -> Event | None:
        if t <= self._now:
            return None  # paused: nothing happens, and no event is lost to a session that does not listen
        self._now = t
        hand: Floats = tuple(state.x.tolist())
        speed = self._drift.step(t, state.v)
        if self._skip and self._phase == "go":
            self._end(t, Outcome.ABORTED, {"reason": "skipped"})
        self._skip = False
        if self._phase in ("approach", "return"):
            if t >= self._movement.over_at:
                self._enter("ready", t, self._wait_scene)
        elif self._phase == "ready":
            self._wait(t, hand, speed)
        else:
            self._scene = self.picture(t - self._since)
            outcome = self.judge(t - self._since, hand, speed)
            if outcome is not None:
                self._end(t, outcome, self.finish(outcome))
        return self._events.popleft() if self._events else None

    def _wait(self, t: float, hand: Floats, speed: float) -> None:
        if not (speed <= STILL and dist(hand, self.entry()) <= self._size):
            self._still_since = inf
        elif self._still_since == inf:
            self._still_since = t
        if t - self._still_since >= READY or t - self._since >= self.patience:
            asked = {"start": list(self.entry()), "radius": self._size, **self.begin(hand)}
            self._events.append(Event("trial_start", {"target": list(self.destination()), **asked}))
            self._led_at = t
            self._enter("go", t, self.picture(0.0))

    def _end(self, t: float, outcome: Outcome, more: Mapping[str, Any]) -> None:
        self._events.append(Event("trial_end", {"outcome": str(outcome), **more}))
        entry = self.entry()
        duration = max(self.return_time, 1.2 * shortest(dist(self._x, entry), self._speed_limit))
        self._movement = MinimumJerk(self._x, entry, begin=t, duration=duration, velocity=self._v)
        self._wait_scene = self._at_start(self.waiting[0], "ready")
        self._enter("return", t, self._at_start(self.waiting[1], "return", "success" if outcome is Outcome.REACHED
        else "miss"))

    def _enter(self, phase: str, t: float, scene: Scene) -> None:
        self._phase, self._since, self._scene, self._still_since = phase, t, scene, inf
        self._events.append(Event("phase", {"name": phase}))

    def _at_start(self, text: str, phase: str, cue: str = "") -> Scene:
        role = "other" if self.led else "home"
        return Scene(targets=(Target(self.entry(), self._size, role),), text=text, phase=phase, cue=cue)
