"""Centre-out reaching: from the centre to a target on a circle around it, and back.

    approach ──▶ home ──▶ go ──▶ dwell ──▶ return ──▶ home ──▶ …
                      ╰──────── trial ────────╯

approach  the reference moves from the present pose to the centre, slowly; once
home      it waits there until the hand has been in the centre, and still, for `home_dwell`: a trial that began in
          motion would have no reaction time
go        the target is shown; the reference moves there by minimum jerk in `movement_time` and waits
dwell     the hand has entered the target; once it stays for `dwell` the trial is `reached`,
          after `time_limit` it is `timeout`
return    the reference moves back to the centre in `movement_time`
retry     a controller asked for the try to begin again (mode `corrective`): as return and home, within the same trial,
          then go once more. After RETRIES of them the next one ends the trial as `timeout`

A hand that does not come home must not stall the session: `time_limit` after `home` began, the next trial starts from
where the hand is (`at_home` is then false and `start` is that place). If it lies in the very target that is due, there
is nothing to reach, and the trial is `aborted`.

The reference never steps, neither in position nor in velocity: each movement begins with the motion of the one before.
The centre is the hand at the device's home pose. In one dimension the targets are the two ends of the line.
"""

from __future__ import annotations

from collections import deque
from math import cos, dist, hypot, inf, pi, sin
from typing import Any, ClassVar

import numpy as np
from numpy.random import Generator

from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import MinimumJerk, approach_time, shortest
from rehab.core.parameters import Parameters, choice, integer, quantity
from rehab.core.types import Event, Outcome, Reference, Scene, State, Target
from rehab.core.units import show
from rehab.core.values import Decision, Floats
from rehab.core.workspace import free_length

RETRIES = 5  # a trial that goes wrong six times teaches no more
STILL = 0.02  # m/s: a waiting hand sways by 0.5 to 1 cm/s


class Reach:
    """Point-to-point reaching; every target once in each cycle."""

    parameters: ClassVar[Parameters] = Parameters(
        targets=integer(8, least=1, most=32, says="number of targets, evenly around the centre"),
        radius=quantity("10 cm", unit="m", least="1 cm", most="50 cm", says="distance from the centre to the targets"),
        order=choice("shuffled", ("shuffled", "clockwise"), says="in which order they come; shuffled anew each cycle"),
        dwell=quantity("300 ms", unit="s", least="0 ms", most="10 s", says="how long the hand must stay in the target"),
        time_limit=quantity(
            "5 s", unit="s", least="500 ms", most="60 s", says="time to reach a target, or to come home"
        ),
        target_size=quantity("2 cm", unit="m", least="5 mm", most="10 cm", says="diameter of targets and centre"),
        movement_time=quantity("1 s", unit="s", least="300 ms", most="10 s", says="duration of the guiding movement"),
        home_dwell=quantity("500 ms", unit="s", least="0 ms", most="10 s", says="rest in the centre before each trial"),
    )

    _phase: str
    _since: float  # s, when it began
    _scene: Scene

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        self._order: str = p["order"]
        self._dwell, self._time_limit, self._home_dwell = p["dwell"], p["time_limit"], p["home_dwell"]
        self._movement_time: float = p["movement_time"]
        self._size: float = p["target_size"] / 2.0
        kinematics = kinematics_of(device)
        self._centre, _ = kinematics.forward(device.home)
        directions = _directions(p["targets"], len(self._centre))
        self._refuse_what_does_not_fit(device, directions, p["radius"], p["target_size"])
        self._targets = tuple(
            tuple(c + p["radius"] * u for c, u in zip(self._centre, direction, strict=True)) for direction in directions
        )
        self._draw()

    def _refuse_what_does_not_fit(
        self, device: DeviceInfo, directions: tuple[Floats, ...], radius: float, size: float
    ) -> None:
        kinematics, findings = kinematics_of(device), []
        fits = min(free_length(device, kinematics, self._centre, u, radius) for u in directions)
        if fits < radius:
            count = f"{len(directions)} target" + "s" * (len(directions) > 1)
            problem = f'"{show(radius, "m")}" is too large: {device.model} does not reach {count} at that distance'
            allowed = f"up to {show(fits, 'm')} around its home pose" if fits > 0.0 else "its home pose is at a limit"
            findings.append(Finding("radius", problem, allowed, value=show(radius, "m")))
        if size > radius:
            problem = f'"{show(size, "m")}" is too large: the targets would overlap with the centre'
            findings.append(Finding("target_size", problem, f"up to {show(radius, 'm')}", value=show(size, "m")))
        if findings:
            raise Findings(findings)

    def _draw(self) -> None:
        """All scenes there will ever be, so that a scene changes only when what is seen does."""
        home = Target(self._centre, self._size, "home")
        goals = [Target(x, self._size, "goal") for x in self._targets]
        self._home_scenes = {
            phase: Scene(targets=(home,), text="Go to the centre and wait", phase=phase)
            for phase in ("approach", "home")
        }
        self._retry_scene = Scene(
            targets=(home,), text="Too far from the way. Back to the centre, then once more", phase="retry", cue="miss"
        )
        self._return_scenes = {
            outcome: Scene(targets=(home,), text="Back to the centre", phase="return", cue=cue)
            for outcome, cue in ((Outcome.REACHED, "success"), (Outcome.TIMEOUT, "miss"))
        }
        self._go_scenes = [Scene(targets=(g,), text="Reach the target", phase="go", cue="go") for g in goals]
        self._missed_scenes = [Scene(targets=(g,), text="Reach the target", phase="go") for g in goals]
        self._dwell_scenes = [Scene(targets=(g,), text="Stay in the target", phase="dwell") for g in goals]

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._rng, self._speed_limit = rng, limits.speed
        self._cycle: list[int] = []
        self._target = -1
        self._events: deque[Event] = deque()
        self._now, self._inside_since = -inf, inf
        self._zero = np.zeros(len(self._centre))
        hand: Floats = tuple(state.x.tolist())
        duration = approach_time(dist(hand, self._centre), limits.speed)
        self._movement = MinimumJerk(hand, self._centre, begin=0.0, duration=duration)
        self._enter("approach", 0.0, self._home_scenes["approach"])

    def reference(self, t: float, state: State) -> Reference:
        x, v = self._movement.at(t)
        return Reference(np.array(x), np.array(v), self._zero)

    def scene(self) -> Scene:
        return self._scene

    def observe(self, t: float, state: State, decision: Decision) -> Event | None:
        if t <= self._now:
            return None  # paused: nothing happens, and no event is lost to a session that does not listen
        self._now = t
        hand: Floats = tuple(state.x.tolist())
        if self._phase in ("approach", "return"):
            if t >= self._movement.over_at:
                self._enter("home", t, self._home_scenes["home"])
        elif self._phase == "home":
            self._wait_at_home(t, hand, hypot(*state.v.tolist()))
        elif self._phase == "retry":
            self._wait_for_the_next_try(t, hand, hypot(*state.v.tolist()))
        else:
            self._watch_the_reach(t, hand)
        return self._events.popleft() if self._events else None

    def _wait_at_home(self, t: float, hand: Floats, speed: float) -> None:
        if not speed <= STILL:
            self._inside_since = inf
        elif self._inside(t, hand, self._centre) >= self._home_dwell:
            self._begin_trial(t, hand, at_home=True)
        if self._phase == "home" and t - self._since >= self._time_limit:
            self._begin_trial(t, hand, at_home=False)

    def retry(self, t: float, state: State) -> None:
        """Begin the running try again, from the centre; outside a try nothing happens."""
        if self._phase not in ("go", "dwell"):
            return
        self._retries += 1
        if self._retries > RETRIES:
            self._end_trial(t, Outcome.TIMEOUT)
            return
        self._move(t, self._centre)
        self._enter("retry", t, self._retry_scene)

    def _wait_for_the_next_try(self, t: float, hand: Floats, speed: float) -> None:
        if not speed <= STILL:
            self._inside_since = inf
        waited = self._inside(t, hand, self._centre) >= self._home_dwell and t >= self._movement.over_at
        if waited or t - self._since >= self._movement_time + self._time_limit:
            self._move(t, self._targets[self._target])
            self._enter("go", t, self._go_scenes[self._target])

    def _watch_the_reach(self, t: float, hand: Floats) -> None:
        stayed = self._inside(t, hand, self._targets[self._target])
        if stayed >= self._dwell:
            self._end_trial(t, Outcome.REACHED)
        elif t - self._since >= self._time_limit:
            self._end_trial(t, Outcome.TIMEOUT)
        elif stayed >= 0.0:
            if self._phase == "go":
                self._phase = "dwell"
                self._events.append(Event("phase", {"name": "dwell"}))
            self._scene = self._dwell_scenes[self._target]
        elif self._phase == "dwell":
            self._scene = self._missed_scenes[self._target]

    def _inside(self, t: float, hand: Floats, place: Floats) -> float:
        """For how long (s) the hand has been within a target at `place`; −inf when it is not."""
        if not dist(hand, place) <= self._size:
            self._inside_since = inf
        elif self._inside_since == inf:
            self._inside_since = t
        return t - self._inside_since

    def _begin_trial(self, t: float, hand: Floats, *, at_home: bool) -> None:
        self._target, self._retries = self._next_target(), 0
        target = self._targets[self._target]
        start = self._centre if at_home else hand
        asked = {"start": list(start), "target": list(target), "radius": self._size}
        self._events.append(Event("trial_start", {**asked, "index": self._target, "at_home": at_home}))
        if not at_home and dist(hand, target) <= self._size:
            self._events.append(Event("trial_end", {"outcome": str(Outcome.ABORTED)}))
            self._enter("home", t, self._home_scenes["home"])
            return
        self._move(t, target)
        self._enter("go", t, self._go_scenes[self._target])

    def _end_trial(self, t: float, outcome: Outcome) -> None:
        self._events.append(Event("trial_end", {"outcome": str(outcome)}))
        self._move(t, self._centre)
        self._enter("return", t, self._return_scenes[outcome])

    def _enter(self, phase: str, t: float, scene: Scene) -> None:
        """Stamp a phase with an event. The time limits of home and of the reach (go and dwell) count from here."""
        self._phase, self._since, self._scene = phase, t, scene
        self._inside_since = inf
        self._events.append(Event("phase", {"name": phase}))

    def _move(self, t: float, end: Floats) -> None:
        """Lead the reference to `end` from its present motion."""
        x, v = self._movement.at(t)
        duration = max(self._movement_time, shortest(dist(x, end), self._speed_limit))
        acceleration = self._movement.acceleration(t)
        self._movement = MinimumJerk(x, end, begin=t, duration=duration, velocity=v, acceleration=acceleration)

    def _next_target(self) -> int:
        if not self._cycle:
            count = len(self._targets)
            order = list(range(count))
            if self._order == "shuffled":
                order = [int(k) for k in self._rng.permutation(count)]
                if count > 1 and order[0] == self._target:  # not the one that ended the cycle before
                    other = int(self._rng.integers(1, count))
                    order[0], order[other] = order[other], order[0]
            self._cycle = order[::-1]
        return self._cycle.pop()


def _directions(count: int, dimensions: int) -> tuple[Floats, ...]:
    """Unit vectors to the targets: clockwise from straight ahead (+y) in the plane; both ways along a line."""
    if dimensions == 1:
        return ((1.0,), (-1.0,))[:count]
    angles = (pi / 2.0 - 2.0 * pi * k / count for k in range(count))
    return tuple((cos(angle), sin(angle)) for angle in angles)
