"""Tracing: the hand follows a drawn line: a circle, a line to and fro, a figure of eight, a square, or a taught path.

    guided   a point goes along the path, p(s(t)), and the hand follows it; s runs by minimum jerk over `lap_time`
    own      the point keeps `LEAD` ahead of the hand's own progress and waits for it

What was made is what the hand came near to (within `tolerance`), piece by piece of `PIECE`: what was cut is not made,
and what comes after it is. Guided, the hand is looked for where the point is, `WINDOW` before and behind it along the
path; a trial is `reached` when the point has come to the end and `enough` of the path was made. At one's own pace it
is looked for where it was: the whole path is made in order, and then the trial is `reached`. `timeout` after
`time_limit`. A taught path comes as text (`points`, rehab.core.points); a protocol names it (`taught: drink`), and its
loader fills in the points.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, pi, sin
from typing import Any, ClassVar

from exercises.repetition import PHRASES, SEEN, Repetition
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.minimum_jerk import SPEED_SHARE, MinimumJerk, shortest
from rehab.core.parameters import Parameters, choice, number, quantity, text
from rehab.core.path import Path
from rehab.core.points import curve, read_points
from rehab.core.types import Outcome, Scene, Target
from rehab.core.units import show
from rehab.core.values import Floats
from rehab.core.workspace import fits

POINTS = 180  # of a curved path: 2 degrees, 1 mm on a circle of 6 cm
LEAD = 0.02  # m that the point is ahead of a hand at its own pace: to be seen, not to be chased
FOLLOW = 6.0  # 1/s with which it closes up
AT_CORNER = 0.0005  # m from a corner at which it was reached
TAUGHT = "taught"
PIECE = 0.005  # m of path that is made at once
WINDOW = 0.12  # m: a hand that is late by half a second at 25 cm/s is still on its way, and not on another loop
GRACE = 1.0  # s that a hand may be behind at the end
FOLLOWED = "Follow the point along the line"
ALONG = "Follow the line at your own pace"
ABOUT = About(
    title="Tracing",
    instruction="Follow the line with your hand, as closely as you can.",
    trains="moving along a line: coordination of shoulder and elbow, even speed",
    measures="distance from the line, evenness of speed, time for the whole line",
    goals=("coordination", "range"),
)


class Trace(Repetition):
    """Following a path, led by a point or at one's own pace."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **PHRASES,
        ABOUT.title: {"it": "Seguire una linea"},
        ABOUT.instruction: {"it": "Segua la linea con la mano, il più vicino possibile."},
        ABOUT.trains: {"it": "muoversi lungo una linea: coordinazione di spalla e gomito, velocità uniforme"},
        ABOUT.measures: {"it": "distanza dalla linea, uniformità della velocità, tempo per tutta la linea"},
        FOLLOWED: {"it": "Segua il punto lungo la linea"},
        ALONG: {"it": "Segua la linea al suo ritmo"},
    }
    dimensions: ClassVar[tuple[int, ...]] = (2,)
    parameters: ClassVar[Parameters] = Parameters(
        shape=choice("circle", ("circle", "line", "eight", "square", TAUGHT), says="what is drawn"),
        size=quantity("12 cm", unit="m", least="2 cm", most="50 cm", says="width of the drawing"),
        pace=choice("guided", ("guided", "own"), says="led by a point, or at one's own pace"),
        lap_time=quantity("5 s", unit="s", least="1 s", most="60 s", says="time in which the point goes round once"),
        tolerance=quantity("2 cm", unit="m", least="5 mm", most="10 cm", says="how near to the line is on it"),
        enough=number(0.9, least=0.1, most=1.0, says="share of a guided drawing that is a success"),
        time_limit=quantity("20 s", unit="s", least="2 s", most="120 s", says="time for one drawing"),
        direction=choice("clockwise", ("clockwise", "counter-clockwise"), says="which way round"),
        points=text("", says="of a taught path: cm from home, as 0,0; 2.5,-1; 4,0.5"),
        between=choice("curve", ("curve", "straight"), says="how a taught path goes from point to point"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        super().__init__(device, p["tolerance"])
        if len(self._home) not in self.dimensions:
            raise Findings([Finding("shape", f"{device.model} moves in one dimension", "an arm with two dimensions")])
        self._guided: bool = p["pace"] == "guided"
        self._lap_time, self._time_limit, self._enough = p["lap_time"], p["time_limit"], p["enough"]
        points, self._rests = self.way(p)
        self.path = self._drawn(points)
        self._refuse_what_does_not_fit(p)
        turns = [s for s in corners(self.path) if all(abs(s - rest) > AT_CORNER for rest in self._rests)]
        self._stops = tuple(sorted((*turns, *self._rests)))
        self._pieces = max(1, round(self.path.length / PIECE))
        self._lines = (self.path.points,)
        self._text = self.words(p)

    def way(self, p: dict[str, Any]) -> tuple[Sequence[Floats], dict[float, float]]:
        """Points (m from home), and where along them (m) the point rests for how long (s)."""
        if p["shape"] == TAUGHT:
            return taught(p["points"], p["between"], len(self._home)), {}
        return drawing(p["shape"], p["size"], clockwise=p["direction"] == "clockwise"), {}

    def words(self, p: dict[str, Any]) -> str:
        """What the participant is told during a trial."""
        return FOLLOWED if self._guided else ALONG

    def large(self, p: dict[str, Any]) -> str:
        """The parameter that is to blame when the arm does not reach all of the way."""
        return "points" if p["shape"] == TAUGHT else "size"

    def _drawn(self, points: Sequence[Floats]) -> Path:
        """The drawing with its middle at home."""
        return Path([tuple(h + c for h, c in zip(self._home, point, strict=True)) for point in points])

    def _refuse_what_does_not_fit(self, p: dict[str, Any]) -> None:
        assert self.path is not None
        if all(fits(self._device, self._kinematics, point) for point in self.path.points):
            return
        field = self.large(p)
        value = "taught path" if field == "points" else show(p[field], self.parameters[field].unit)
        problem = f'"{value}" is too large: {self._device.model} does not reach all of the line'
        raise Findings([Finding(field, problem, "a smaller drawing around the home pose", value=value)])

    def entry(self) -> Floats:
        assert self.path is not None
        return self.path.points[0]

    def begin(self, hand: Floats) -> dict[str, Any]:
        assert self.path is not None
        self._legs: list[MinimumJerk] = []  # between corners, where the point comes to rest
        at = 0.0
        for here, there in pairwise((0.0, *self._stops)):
            share = (there - here) / self.path.length * self._lap_time
            duration = max(share, shortest(there - here, self._speed_limit))
            self._legs.append(MinimumJerk((here,), (there,), begin=at, duration=duration))
            at += duration + self._rests.get(there, 0.0)
        self._led_until = at
        self._made = self._s = self._rate = 0.0
        self._touched, self._count = [False] * self._pieces, 0
        self._leg = 0
        self._paused = 0.0  # s that it has rested at the present stop
        self._picture: Scene | None = None
        self._drawn_at = 0.0
        return {"length": self.path.length}

    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        assert self.path is not None
        if self._guided:
            while t > self._legs[self._leg].over_at and self._leg + 1 < len(self._legs):
                self._leg += 1
            (self._s,), (self._rate,) = self._legs[self._leg].at(t)
        else:
            self._close_up(dt)
        place = self.path.at(self._s)
        return place.point, tuple(self._rate * u for u in place.direction)

    def _close_up(self, dt: float) -> None:
        """A second-order lag, critically damped, towards a little ahead of the hand: it neither jumps nor jerks when
        the hand goes on, and comes to rest at a corner."""
        stop = self._stops[self._leg]
        there = stop - self._s < AT_CORNER
        self._paused += dt if there else 0.0
        if there and self._leg + 1 < len(self._stops) and self._paused >= self._rests.get(stop, 0.0):
            self._leg, self._paused = self._leg + 1, 0.0
            self._s, self._rate, stop = stop, 0.0, self._stops[self._leg]
        wanted = min(stop, self._made + LEAD)
        most = SPEED_SHARE * self._speed_limit
        self._rate += dt * (FOLLOW**2 * (wanted - self._s) - 2.0 * FOLLOW * self._rate)
        self._rate = min(most, max(0.0, self._rate))
        self._s = min(stop, self._s + dt * self._rate)

    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        assert self.path is not None
        if self._guided:
            self._touch(hand)
            done = t >= self._led_until and self._count >= self._enough * self._pieces
        else:
            near = self.path.nearest(hand, around=self._made, window=2.0 * self._size)
            if near.distance <= self._size and near.s > self._made:
                self._made = near.s
            done = self._made >= self.path.length - self._size
        if done:
            return Outcome.REACHED
        return Outcome.TIMEOUT if t >= max(self._time_limit, self._led_until + GRACE) else None

    def _touch(self, hand: Floats) -> None:
        """What lies within the tolerance of the hand was made."""
        assert self.path is not None
        near = self.path.nearest(hand, around=self._s, window=WINDOW)
        if near.distance > self._size:
            return
        each, half = self.path.length / self._pieces, (self._size**2 - near.distance**2) ** 0.5
        for k in range(max(0, int((near.s - half) / each)), min(self._pieces, int((near.s + half) / each) + 1)):
            if not self._touched[k]:
                self._touched[k] = True
                self._count += 1

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        assert self.path is not None
        return {"made": self._count / self._pieces if self._guided else self._made / self.path.length}

    def picture(self, t: float) -> Scene:
        if self._picture is None or t - self._drawn_at >= SEEN:
            assert self.path is not None
            self._drawn_at = t
            point = Target(self.path.at(self._s).point, 0.5 * self._size, "goal")
            cue = "go" if t < 0.3 else ""
            scene = Scene(targets=(point,), paths=self._lines, text=self._text, phase="go", cue=cue)
            if scene != self._picture:
                self._picture = scene
        return self._picture


def drawing(shape: str, size: float, *, clockwise: bool) -> Sequence[Floats]:
    """Points of a closed line of width `size` (m) around the origin, beginning nearest to the participant's middle."""
    sign = -1.0 if clockwise else 1.0
    r = 0.5 * size
    turns = [2.0 * pi * k / POINTS for k in range(POINTS + 1)]
    match shape:
        case "circle":
            return [(r * cos(pi / 2 + sign * a), r * sin(pi / 2 + sign * a)) for a in turns]
        case "eight":  # Gerono's lemniscate, from its crossing
            return [(sign * r * sin(a), r * sin(a) * cos(a)) for a in turns]
        case "square":
            corners = [(-r, r), (-r, -r), (r, -r), (r, r), (-r, r)]
            return corners if not clockwise else corners[::-1]
        case _:
            return [(-sign * r, 0.0), (sign * r, 0.0), (-sign * r, 0.0)]


def taught(points: str, between: str, dimensions: int) -> Sequence[Floats]:
    """Points (m, from home) of a path that is carried as text. Raises Findings for what is none."""
    try:
        found = read_points(points)
    except ValueError as error:
        problem = str(error) if points else "a taught path has no points"
        allowed = 'such as "0,0; 2.5,-1; 4,0.5", or taught: the name of a taught path, in a protocol'
        raise Findings([Finding("points", problem, allowed, value=points[:40])]) from None
    if len(found[0]) != dimensions:
        problem = f"a path in {len(found[0])} dimensions, on an arm with {dimensions}"
        raise Findings([Finding("points", problem, f"{dimensions} coordinates a point", value=points[:40])])
    return found if between == "straight" else curve(found)


def corners(path: Path) -> tuple[float, ...]:
    """Arc lengths (m) at which the path turns sharply, and its end: where a point on it must come to rest."""
    return tuple(path.ends(leg)[1] for leg in range(len(path.legs)))
