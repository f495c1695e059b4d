"""Playing by ear: the way from the cursor to where the scene asks it to be, as a tone.

    pan   = clamp((x_a − x_c) / W)              −1 left … 1 right
    pitch = 440 Hz · 2^clamp((y_a − y_c) / W)   an octave lower: come back; an octave higher: go on
    pulses 2 … 10 a second, faster when nearer; an unbroken tone inside the target

A scene with a bar (effort) is heard as its level l instead: 440 Hz · 2^(2l − 1), unbroken.

x_a the place asked for m: the goal, else home, else the way ahead on a path · x_c the cursor m · W = 0.1 m. In one
dimension pan and pitch both follow the one error. Silence where nothing is asked, or where the cursor is hidden: what
the eye may not see the ear may not hear. Mapping of horizontal to pan and vertical to pitch: Dubus & Bresin 2013, A
systematic review of mapping strategies for the sonification of physical quantities, PLoS ONE 8(12): e82491.
"""

from __future__ import annotations

from math import dist
from typing import NamedTuple

from rehab.core.path import Path
from rehab.core.types import Scene
from rehab.core.values import Floats

SPAN = 0.10  # m from the target at which pan and pitch are at their ends: the radius of a usual reach
MIDDLE = 440.0  # Hz
SLOW, FAST = 2.0, 10.0  # pulses a second far away and just outside the target
FAR = 2.0 * SPAN  # m beyond which the pulses get no slower
AHEAD = 0.02  # m on a path: far enough to hear a direction, near enough to stay on it


class Tone(NamedTuple):
    """`pulses` 1/s, 0 is unbroken; `pan` −1 left … 1 right."""

    frequency: float  # Hz
    pan: float
    pulses: float


# short melodies of the scene's cues: Hz and s
CUES: dict[str, tuple[tuple[float, float], ...]] = {
    "go": ((880.0, 0.08),),
    "success": ((659.3, 0.09), (987.8, 0.16)),
    "miss": ((392.0, 0.12), (293.7, 0.2)),
    "stop": ((220.0, 0.35),),
    "rest": ((523.3, 0.12), (440.0, 0.12), (349.2, 0.24)),
    "step": ((587.3, 0.05),),  # something else is offered to who has one switch
}


class Ear:
    """Hears a scene; keeps the paths of the newest one by arc length."""

    def __init__(self) -> None:
        self._scene: Scene | None = None
        self._path: Path | None = None

    def hear(self, scene: Scene, hand: Floats) -> Tone | None:
        """The tone for a hand at `hand` (m); None is silence."""
        if scene.level is not None:
            return Tone(MIDDLE * 2.0 ** (2.0 * scene.level - 1.0), 0.0, 0.0)
        if not scene.cursor.shown:
            return None
        cursor = scene.cursor.place(hand)
        aim, radius = self.aim(scene, cursor)
        if aim is None:
            return None
        errors = [min(1.0, max(-1.0, (a - c) / SPAN)) for a, c in zip(aim, cursor, strict=False)]
        away = dist(aim, cursor[: len(aim)])
        if away <= radius:
            pulses = 0.0
        else:
            pulses = FAST - (FAST - SLOW) * min(1.0, (away - radius) / FAR)
        return Tone(MIDDLE * 2.0 ** errors[-1], errors[0], pulses)

    def aim(self, scene: Scene, cursor: Floats) -> tuple[Floats | None, float]:
        """Where the cursor is asked to be (m), and how near is near enough (m)."""
        for role in ("goal", "home"):
            for target in scene.targets:
                if target.role == role:
                    return target.x, target.radius
        if scene is not self._scene:
            self._scene, self._path = scene, _first_path(scene)
        if self._path is None:
            return None, 0.0
        place = self._path.nearest(cursor)
        return self._path.at(place.s + AHEAD).point, 0.25 * AHEAD


def _first_path(scene: Scene) -> Path | None:
    for points in scene.paths:
        if len(set(points)) > 1:
            return Path(points, closed=points[0] == points[-1])
    return None
