"""What the games have in common: something comes towards the participant's line, and the hand must be there in time.

The line is the hand's way to left and right through home; things come from beyond it and arrive after `time`. The
reference goes to where they will arrive, by minimum jerk, so that every mode of help works in a game too. The way on
which a hand is guided is the whole line: who goes to the wrong side of it is told so by the game, not by a wall.

Difficulty adapts after each trial, so that about two of three are won whatever the participant's skill:

    time ← time · 0.93 after a success,  time · 1.15 after a miss        0.93² · 1.15 ≈ 1
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from numpy.random import Generator

from exercises.repetition import PHRASES, SEEN, Repetition
from rehab.core.about import Phrases
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import MinimumJerk, shortest
from rehab.core.parameters import Parameter, flag, quantity
from rehab.core.path import Path
from rehab.core.types import Outcome, Scene, State, Target
from rehab.core.units import show
from rehab.core.values import Floats
from rehab.core.workspace import free_length

QUICKER, SLOWER = 0.93, 1.15
LEAST_TIME, MOST_TIME = 0.7, 8.0  # s
BALL = 0.012  # m, radius of what comes
NEXT = "Get ready for the next one"
COMMON: dict[str, Parameter] = {
    "width": quantity("20 cm", unit="m", least="4 cm", most="80 cm", says="of the line on which things arrive"),
    "time": quantity("2.5 s", unit="s", least="0.7 s", most="8 s", says="until the first one arrives"),
    "size": quantity("5 cm", unit="m", least="1 cm", most="20 cm", says="width of the basket or paddle"),
    "adapt": flag(True, says="quicker after a success, slower after a miss"),
}
GAME_PHRASES: Phrases = {**PHRASES, NEXT: {"it": "Si prepari per il prossimo"}}


class Game(Repetition):
    """A subclass gives `throw` and `thing`."""

    patience: ClassVar[float] = 1.0
    return_time: ClassVar[float] = 0.5
    waiting: ClassVar[tuple[str, str]] = (NEXT, NEXT)
    text: ClassVar[str]

    def __init__(self, device: DeviceInfo, p: dict[str, Any]) -> None:
        super().__init__(device, 0.5 * p["size"])
        self._half: float = 0.5 * p["width"]
        self._first_time, self._adapts = p["time"], p["adapt"]
        side: Floats = (1.0, 0.0)[: len(self._home)]
        sides = (side, tuple(-u for u in side))
        free = min(free_length(device, self._kinematics, self._home, u, self._half) for u in sides)
        if free < self._half:
            value = show(p["width"], "m")
            problem = f'"{value}" is too wide: {device.model} does not reach both ends of the line'
            raise Findings([Finding("width", problem, f"up to {show(2.0 * free, 'm')}", value=value)])

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._spot = self._home
        self._time, self._score = self._first_time, 0
        super().start(state, limits, rng)

    @abstractmethod
    def throw(self) -> float:
        """How far (m) to the side of home the next thing arrives; draws what else the subclass needs."""

    @abstractmethod
    def thing(self, share: float) -> Floats:
        """Where (m) the thing is, at a share 0 … 1 of its way."""

    def mark(self, share: float) -> Floats:
        """Where (m) the participant is told to be: for the eye and the ear."""
        return self._spot

    def entry(self) -> Floats:
        return self._spot

    def on_line(self, offset: float) -> Floats:
        return (self._home[0] + offset, *self._home[1:])

    def begin(self, hand: Floats) -> dict[str, Any]:
        before, self._spot = self._spot, self.on_line(self.throw())
        way = abs(self._spot[0] - before[0])
        self._takes = max(self._time, shortest(way, self._speed_limit))
        self._course = MinimumJerk(before, self._spot, begin=0.0, duration=max(0.5, 0.8 * self._takes))
        ends = (self.on_line(-self._half), self.on_line(self._half))
        self.path = Path(ends if self._spot[0] >= before[0] else ends[::-1])
        self._picture: Scene | None = None
        self._drawn_at = 0.0
        return {"start": list(before), "target": list(self._spot), "time": self._takes, "length": way}

    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        return self._course.at(t)

    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        if t < self._takes:
            return None
        return Outcome.REACHED if abs(hand[0] - self._spot[0]) <= self._size else Outcome.TIMEOUT

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        won = outcome is Outcome.REACHED
        self._score += won
        if self._adapts:
            self._time = min(MOST_TIME, max(LEAST_TIME, self._time * (QUICKER if won else SLOWER)))
        return {"score": self._score}

    def picture(self, t: float) -> Scene:
        if self._picture is None or t - self._drawn_at >= SEEN:
            self._drawn_at = t
            share = min(1.0, t / self._takes)
            scene = Scene(
                targets=(Target(self.mark(share), self._size, "goal"), Target(self.thing(share), BALL, "other")),
                text=self.text, phase="go", cue="go" if t < 0.3 else "", score=self._score,
            )  # fmt: skip
            if scene != self._picture:
                self._picture = scene
        return self._picture
