"""Exploring a wall or a box that can be felt, and seen or not: the hand finds its edge and follows it.

    contact   the hand is within `tolerance` of the edge
    share     time in contact / time of the trial
    coverage  touched pieces of the edge / all pieces, each `PIECE` long

The exercise gives the place, not the feel: block it with `virtual_wall` or `workspace_box` at the same place (angle and
distance, or width and depth, are named alike). The reference follows the hand, so that nothing leads it, and
Reference.path is the edge. A trial is `reached` at a coverage of `enough`, `timeout` after `time_limit`.
"""

from __future__ import annotations

from math import cos, dist, inf, sin
from typing import Any, ClassVar

from numpy.random import Generator

from exercises.repetition import PHRASES, Repetition, behind
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import SPEED_SHARE
from rehab.core.parameters import Parameters, choice, flag, number, quantity
from rehab.core.path import Path
from rehab.core.types import Outcome, Scene, State, Target
from rehab.core.units import show
from rehab.core.values import Floats
from rehab.core.workspace import fits

PIECE = 0.005  # m of edge that is touched at once
SEEN_WALL, FELT_WALL = "Follow the edge with your hand", "Find the edge, and follow it with your hand"
ABOUT = About(
    title="Exploring a wall",
    instruction="Find the edge with your hand and follow it from end to end.",
    trains="feeling and following a contact, control of force",
    measures="share of the time in contact, share of the edge that was followed",
    goals=("proprioception", "coordination"),
)


class WallExploration(Repetition):
    """Finding and following an edge."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **PHRASES,
        ABOUT.title: {"it": "Esplorare una parete"},
        ABOUT.instruction: {"it": "Trovi il bordo con la mano e lo segua da un capo all'altro."},
        ABOUT.trains: {"it": "sentire e seguire un contatto, controllo della forza"},
        ABOUT.measures: {"it": "quota del tempo in contatto, quota del bordo seguita"},
        SEEN_WALL: {"it": "Segua il bordo con la mano"},
        FELT_WALL: {"it": "Trovi il bordo e lo segua con la mano"},
    }
    dimensions: ClassVar[tuple[int, ...]] = (2,)
    parameters: ClassVar[Parameters] = Parameters(
        shape=choice("wall", ("wall", "box"), says="one straight wall, or the four sides of a box around the hand"),
        angle=quantity("90 deg", unit="rad", least="-360 deg", most="360 deg", says="where it stands; 0: along x"),
        distance=quantity("6 cm", unit="m", least="2 cm", most="40 cm", says="of the wall from the hand's home"),
        length=quantity("16 cm", unit="m", least="4 cm", most="60 cm", says="of the wall that is to be followed"),
        width=quantity("14 cm", unit="m", least="4 cm", most="60 cm", says="of the box, along x"),
        depth=quantity("14 cm", unit="m", least="4 cm", most="60 cm", says="of the box, along y"),
        shown=flag(True, says="whether the edge is seen, or only felt"),
        tolerance=quantity("1 cm", unit="m", least="2 mm", most="5 cm", says="how near to the edge is in contact"),
        enough=number(0.9, least=0.1, most=1.0, says="share of the edge that is a success"),
        time_limit=quantity("30 s", unit="s", least="5 s", most="300 s", says="time for one exploration"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        super().__init__(device, 0.02)
        if len(self._home) not in self.dimensions:
            raise Findings([Finding("shape", f"{device.model} moves in one dimension", "an arm with two dimensions")])
        self._tolerance, self._enough, self._time_limit = p["tolerance"], p["enough"], p["time_limit"]
        self._shown: bool = p["shown"]
        self.path = self._edge(p)
        self._refuse_what_does_not_fit(p)
        self._pieces = max(1, round(self.path.length / PIECE))
        self._lines = (self.path.points,)
        self._felt = Scene(text=FELT_WALL, phase="go")

    def _edge(self, p: dict[str, Any]) -> Path:
        x, y = self._home
        if p["shape"] == "box":
            a, b = 0.5 * p["width"], 0.5 * p["depth"]
            return Path([(x - a, y + b), (x + a, y + b), (x + a, y - b), (x - a, y - b)], closed=True)
        ux, uy, half = cos(p["angle"]), sin(p["angle"]), 0.5 * p["length"]
        fx, fy = x + p["distance"] * ux, y + p["distance"] * uy
        return Path([(fx - half * uy, fy + half * ux), (fx + half * uy, fy - half * ux)])

    def _refuse_what_does_not_fit(self, p: dict[str, Any]) -> None:
        assert self.path is not None
        path, steps = self.path, max(2, round(self.path.length / 0.01))
        if all(fits(self._device, self._kinematics, path.at(k * path.length / steps).point) for k in range(steps + 1)):
            return
        field, value = ("length", p["length"]) if p["shape"] == "wall" else ("width", p["width"])
        problem = f'"{show(value, "m")}" is too large: {self._device.model} does not reach all of the edge'
        raise Findings([Finding(field, problem, "a smaller or nearer one", value=show(value, "m"))])

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._most = SPEED_SHARE * limits.speed
        super().start(state, limits, rng)

    def entry(self) -> Floats:
        return self._home

    def destination(self) -> Floats:
        assert self.path is not None
        return self.path.nearest(self._home).point

    def begin(self, hand: Floats) -> dict[str, Any]:
        assert self.path is not None
        self._touched = [False] * self._pieces
        self._count, self._contact, self._seen, self._first = 0, 0.0, 0.0, -1.0
        self._last = self._home  # where the hand was last told to look for untouched edge from
        self._picture: Scene | None = None
        return {"length": self.path.length}

    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        return behind(self._x, self._v, hand, dt, self._most)

    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        assert self.path is not None
        place = self.path.nearest(hand)
        if place.distance <= self._tolerance:
            self._contact += t - self._seen
            self._first = t if self._first < 0.0 else self._first
            self._touch(min(self._pieces - 1, int(place.s / self.path.length * self._pieces)))
        self._seen = t
        if self._count >= self._enough * self._pieces:
            return Outcome.REACHED
        return Outcome.TIMEOUT if t >= self._time_limit else None

    def _touch(self, piece: int) -> None:
        if not self._touched[piece]:
            self._touched[piece] = True
            self._count += 1
            self._last = self._middle(piece)
            self._picture = None

    def _middle(self, piece: int) -> Floats:
        assert self.path is not None
        return self.path.at((piece + 0.5) / self._pieces * self.path.length).point

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        """`found` s until the first contact, −1 without one."""
        share = self._contact / self._seen if self._seen > 0.0 else 0.0
        return {"contact": share, "coverage": self._count / self._pieces, "found": self._first}

    def picture(self, t: float) -> Scene:
        """The edge, and as the mark to go to the nearest piece of it that was not touched yet; or words only."""
        if not self._shown:
            return self._felt
        if self._picture is None:
            away, nearest = inf, self._last
            for piece, touched in enumerate(self._touched):
                middle = self._middle(piece)
                if not touched and dist(middle, self._last) < away:
                    away, nearest = dist(middle, self._last), middle
            mark = (Target(nearest, self._tolerance, "goal"),)
            cue = "go" if self._count == 0 else ""
            self._picture = Scene(targets=mark, paths=self._lines, text=SEEN_WALL, phase="go", cue=cue)
        return self._picture
