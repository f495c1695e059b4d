"""What an exercise looks like on a device, without playing it: targets, paths, the arm, where a limb may go.

The exercise itself is asked: it is started at the device's home pose with a fixed seed, and a hand that is always at
its reference lets it show what it shows in its first trials.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from rehab.core.device import DeviceInfo
from rehab.core.kinematics import OutOfReach, kinematics_of
from rehab.core.limits import Limits
from rehab.core.types import NO_SCENE, Scene, State
from rehab.core.values import Action, Command, Decision, Floats
from rehab.realtime.picture import Eye, Point, Spot

SEED = 1
STEP = 0.025  # s
MOST = 28.0  # s of the exercise's time
ENOUGH = 3.0  # s without anything new, once something was seen
LEAST_NEW = 0.004  # m between two places that are told apart
MOVING = 16  # places: a target that has been in so many is one that moves
ENOUGH_MOVED = 80
EDGE = 12  # pieces of each side of a region


class Drawn(NamedTuple):
    """From above, in m."""

    arm: tuple[Point, ...] = ()
    spots: tuple[Spot, ...] = ()
    paths: tuple[tuple[Point, ...], ...] = ()
    way: tuple[Point, ...] = ()  # where the reference went
    shown: str = ""  # the scene's words in the first trial


def drawn(exercise: Any, info: DeviceInfo, limits: Limits, seconds: float = MOST) -> Drawn:
    """What that exercise shows on that device, all targets of its first trials in one picture."""
    eye, still = Eye(info), _Hand(info)
    spots: dict[tuple[int, ...], Spot] = {}
    paths: tuple[tuple[Point, ...], ...] = ()
    way: list[Point] = []
    words, seen, new_at, first = "", None, 0.0, NO_SCENE
    home = tuple((float(a), float(b)) for a, b in eye.kinematics.points(info.home))
    exercise.start(still.state(0.0, still.home), limits, np.random.default_rng(SEED))
    x = still.home
    for k in range(round(seconds / STEP)):
        t = k * STEP
        state = still.state(t, x)
        reference = exercise.reference(t, state)
        exercise.observe(t, state, still.sent)
        scene: Scene = exercise.scene()
        if scene is not seen:
            seen = scene
            first = first if first.targets else scene
            before = len(spots)
            for target in scene.targets:
                at = eye.place(target.x)
                key = (*(round(c / LEAST_NEW) for c in at), round(target.radius / LEAST_NEW))
                if key not in spots:
                    spots[key] = Spot(at, target.radius, target.role, target.shape)
                elif key in spots and target.role == "goal":
                    spots[key] = spots[key]._replace(role="goal")
            longer = tuple(tuple(eye.place(point) for point in path) for path in scene.paths)
            if sum(map(len, longer)) > sum(map(len, paths)):
                paths, before = longer, -1
            new_at = t if len(spots) > before else new_at
            words = words or (scene.text if scene.phase in ("go", "") else "")
        way.append(eye.place(tuple(float(c) for c in reference.x)))
        if len(spots) > ENOUGH_MOVED:
            break
        if (spots or paths) and t - new_at > ENOUGH + 3.0 * bool(spots):
            break
        x = np.array(reference.x, float)
    if len(spots) > MOVING:
        return Drawn(home, tuple(_spots(eye, first)), paths, tuple(spot.at for spot in spots.values()), words)
    return Drawn(home, tuple(spots.values()), paths, _thinned(way), words)


def _spots(eye: Eye, scene: Scene) -> list[Spot]:
    return [Spot(eye.place(target.x), target.radius, target.role, target.shape) for target in scene.targets]


class _Hand:
    """A hand where it is said to be, at rest, on an arm without weight."""

    def __init__(self, info: DeviceInfo) -> None:
        self.info, self._kinematics = info, kinematics_of(info)
        centre, _ = self._kinematics.forward(info.home)
        self.home = np.array(centre, float)
        self._q: Floats = tuple(info.home)
        n = info.n_joints
        self._none, self._rest = np.zeros(n), np.zeros(len(centre))
        self.sent = Decision(Command((0.0,) * n, True, info.watchdog_s), Action.NONE, 0, 0, 1.0)

    def state(self, t: float, x: Any) -> State:
        with suppress(OutOfReach):  # shown all the same; the session would refuse it
            self._q = self._kinematics.inverse(tuple(float(c) for c in x), self._q)
        _, rows = self._kinematics.forward(self._q)
        rest = self._rest
        return State(t, np.array(self._q), self._none, self._none, np.array(x, float), rest, np.array(rows), rest, 0.0,
                     self._none, rest)  # fmt: skip


def _thinned(way: list[Point]) -> tuple[Point, ...]:
    kept = way[:1]
    for a in way[1:]:
        if abs(a[0] - kept[-1][0]) + abs(a[1] - kept[-1][1]) > LEAST_NEW:
            kept.append(a)
    return tuple(kept)


def region(info: DeviceInfo, low: Floats, high: Floats) -> tuple[Point, ...]:
    """Where the hand can be while every joint stays between `low` and `high` (rad): the outline, closed; of one joint
    the arc."""
    kinematics = kinematics_of(info)
    corners = [tuple(low)] if len(low) == 1 else []
    if len(low) == 1:
        corners += [tuple(high)]
    else:
        corners = [(low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1]), (low[0], low[1])]
    found: list[Point] = []
    for a, b in pairwise(corners):
        for k in range(EDGE + 1):
            q = tuple(p + k / EDGE * (r - p) for p, r in zip(a, b, strict=True))
            x, y = kinematics.points((*q, *info.home[len(q) :]))[-1]
            found.append((float(x), float(y)))
    return tuple(found)
