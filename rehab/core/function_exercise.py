"""An exercise made from a function `f(t, **parameters) -> offset of the hand from its home position, m (d,)`.

    approach ──▶ trial (0 ≤ t ≤ duration) ──▶ return ──▶ trial ──▶ …

The reference moves from the present pose to f(0) by minimum jerk and arrives with f's velocity, so that it never steps.
In a trial it is home + f(t), with velocity by central differences. Where f(duration) is f(0) trials follow each other
without a return. Every trial that was led to its end is `reached`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import dist, inf, isfinite
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator

from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Finding, Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import MinimumJerk, approach_time
from rehab.core.parameters import Parameters
from rehab.core.types import Event, Outcome, Reference, Scene, State, Target
from rehab.core.values import Decision, Floats
from rehab.core.workspace import fits

Curve = Callable[..., Any]

HALF_STEP = 0.5e-3  # s, of the central difference: half a tick to each side
CLOSED = 1e-3  # m: a path whose ends are nearer than this is closed
SAMPLES = 200  # of the path, for its check and its drawing
FRAME = 0.02  # s: how often the shown target moves
TARGET_SIZE = 0.01  # m


class FunctionExercise:
    """The class behind `@exercise`."""

    parameters: ClassVar[Parameters] = Parameters()
    recipe: ClassVar[Any] = None
    curve: ClassVar[Curve]
    wants_duration: ClassVar[bool] = False
    _shown: float  # s, when the target was last moved

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        values = self.parameters.complete(parameters)
        self._duration: float = values["duration"]
        self._given = values if self.wants_duration else {k: v for k, v in values.items() if k != "duration"}
        self._home, _ = kinematics_of(device).forward(device.home)
        self._zero = np.zeros(len(self._home))
        line = [self._checked(self._duration * k / SAMPLES) for k in range(SAMPLES + 1)]
        kinematics = kinematics_of(device)
        for k, point in enumerate(line):
            if not fits(device, kinematics, point):
                t, place = self._duration * k / SAMPLES, ", ".join(f"{c:.3f}" for c in point)
                problem = f"at t = {t:.2f} s the path is at ({place}) m, which {device.model} does not reach"
                raise Findings([Finding(type(self).__name__, problem, "make it smaller")])
        self._line, self._closed = tuple(line), dist(line[0], line[-1]) < CLOSED

    def _checked(self, t: float) -> Floats:
        """A point of the path before anything moves. Raises BadInput when the function is at fault."""
        name = type(self).__name__
        try:
            point = self._at(t)
        except Exception as error:
            raise BadInput(f'exercise "{name}" failed at t = {t:g} s: {type(error).__name__}: {error}') from error
        if not all(isfinite(c) for c in point):
            raise BadInput(f'exercise "{name}" gives {point} at t = {t:g} s, which is not finite')
        return point

    def _at(self, t: float) -> Floats:
        offset = np.asarray(self.curve(t, **self._given), dtype=float)
        if offset.shape != self._zero.shape:
            raise ValueError(f"an offset of shape {self._zero.shape} was expected, not {offset.shape}")
        return tuple((self._zero + self._home + offset).tolist())

    def _velocity(self, t: float) -> Floats:
        before, after = max(0.0, t - HALF_STEP), min(self._duration, t + HALF_STEP)
        return tuple((b - a) / (after - before) for a, b in zip(self._at(before), self._at(after), strict=True))

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._events: deque[Event] = deque([Event("phase", {"name": "approach"})])
        self._now, self._speed_limit = -inf, limits.speed
        self._lead(tuple(state.x.tolist()), 0.0, "approach")

    def _lead(self, start: Floats, t: float, phase: str, velocity: Floats = ()) -> None:
        """Guide the reference to the beginning of the path."""
        begin = self._line[0]
        duration = approach_time(dist(start, begin), self._speed_limit)
        arrive = self._velocity(0.0)
        self._movement = MinimumJerk(start, begin, begin=t, duration=duration, velocity=velocity, end_velocity=arrive)
        self._moving, self._curve_from = False, self._movement.over_at
        self._draw(begin, phase)

    def reference(self, t: float, state: State) -> Reference:
        s = min(t - self._curve_from, self._duration)
        x, v = (self._at(s), self._velocity(s)) if s >= 0.0 else self._movement.at(t)
        return Reference(np.array(x), np.array(v), self._zero)

    def scene(self) -> Scene:
        return self._scene

    def observe(self, t: float, state: State, decision: Decision) -> Event | None:
        if t <= self._now:
            return None  # paused
        self._now = t
        if not self._moving:
            if t >= self._curve_from:
                self._begin(self._curve_from)
        elif t - self._curve_from >= self._duration:
            self._finish()
        elif t - self._shown >= FRAME:
            self._shown = t
            self._draw(self._at(t - self._curve_from), "go")
        return self._events.popleft() if self._events else None

    def _begin(self, t: float) -> None:
        self._moving, self._curve_from, self._shown = True, t, t
        data = {"start": list(self._line[0]), "target": list(self._line[-1]), "radius": TARGET_SIZE}
        self._events.extend((Event("trial_start", data), Event("phase", {"name": "go"})))
        self._draw(self._line[0], "go")

    def _finish(self) -> None:
        self._events.append(Event("trial_end", {"outcome": str(Outcome.REACHED)}))
        over = self._curve_from + self._duration
        if self._closed:
            self._begin(over)
            return
        self._events.append(Event("phase", {"name": "return"}))
        self._lead(self._line[-1], over, "return", self._velocity(self._duration))

    def _draw(self, place: Floats, phase: str) -> None:
        self._scene = Scene(
            targets=(Target(place, TARGET_SIZE, "goal"),),
            paths=(self._line[::4],),
            text="Follow the target",
            phase=phase,
        )


def make_exercise(name: str, curve: Curve, parameters: Parameters, *, wants_duration: bool) -> type[FunctionExercise]:
    """The class of that name. It travels to another process by value, with the function inside."""
    members = {"parameters": parameters, "curve": staticmethod(curve), "wants_duration": wants_duration}
    return type(name, (FunctionExercise,), {**members, "__doc__": curve.__doc__})
