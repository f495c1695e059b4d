"""Position matching: where is the hand? The robot leads it to a place; the participant brings it back there, unseen.

    remembered  led out, held, led back; then the participant returns to the remembered place
    mirrored    led out, held, led back; then the participant goes to the mirror image, on the other side of the middle

The cursor is hidden throughout, so that only the sense of position can tell. The participant says "here" by keeping
still for `STAY`. The target is told as secret, so that no controller helps to it; all that lead between trials lead
here too (in the modes active and resistive nothing does: then there is no place to be felt).

Errors of each trial: x_end − x_asked (constant error over trials, its spread the variable error; Dukelow et al. 2010,
Neurorehabil. Neural Repair 24(2), in form).
"""

from __future__ import annotations

from math import cos, dist, hypot, pi, sin
from typing import Any, ClassVar

from numpy.random import Generator

from exercises.repetition import PHRASES, STILL, Repetition
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import MinimumJerk, shortest
from rehab.core.parameters import Parameters, choice, integer, quantity
from rehab.core.types import CursorMap, Outcome, Scene, State
from rehab.core.units import show
from rehab.core.values import Floats
from rehab.core.workspace import free_length

STAY = 1.0  # s at rest: "here"
FOLLOW = 8.0  # 1/s with which the reference follows a hand that searches
AWAY = 0.02  # m from the middle from which on the hand searches
FEEL, FIND, MIRROR = "Feel where your hand is", "Bring your hand back there", "Bring your hand to the mirrored place"
ABOUT = About(
    title="Position matching",
    instruction="Close your eyes. Feel where the robot brings your hand, and bring it back there yourself.",
    trains="the sense of position of the arm",
    measures="error and spread of the matched positions",
    goals=("proprioception",),
)


class PositionMatch(Repetition):
    """Proprioception, remembered or mirrored."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **PHRASES,
        ABOUT.title: {"it": "Ritrovare la posizione"},
        ABOUT.instruction: {
            "it": "Chiuda gli occhi. Senta dove il robot porta la mano, e la riporti lì da solo."
        },
        ABOUT.trains: {"it": "il senso di posizione del braccio"},
        ABOUT.measures: {"it": "errore e dispersione delle posizioni ritrovate"},
        FEEL: {"it": "Senta dove si trova la sua mano"},
        FIND: {"it": "Riporti la mano in quel punto"},
        MIRROR: {"it": "Porti la mano nel punto specchiato"},
    }
    parameters: ClassVar[Parameters] = Parameters(
        kind=choice("remembered", ("remembered", "mirrored"), says="the same place, or its mirror image"),
        places=integer(4, least=2, most=16, says="how many, evenly around the middle"),
        radius=quantity("10 cm", unit="m", least="2 cm", most="40 cm", says="distance of the places from the middle"),
        hold=quantity("1.5 s", unit="s", least="0.5 s", most="10 s", says="how long the hand is held there"),
        movement_time=quantity("1.5 s", unit="s", least="0.5 s", most="10 s", says="of the leading movement"),
        tolerance=quantity("4 cm", unit="m", least="5 mm", most="15 cm", says="how near counts as found"),
        time_limit=quantity("15 s", unit="s", least="5 s", most="60 s", says="time to search"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        super().__init__(device, p["tolerance"])
        self._mirrored: bool = p["kind"] == "mirrored"
        self._hold, self._movement_time, self._time_limit = p["hold"], p["movement_time"], p["time_limit"]
        if len(self._home) == 1:
            rays: list[Floats] = [(1.0,), (-1.0,)]
        else:
            turns = [pi / 2.0 - 2.0 * pi * (k + 0.5) / p["places"] for k in range(p["places"])]
            rays = [(cos(turn), sin(turn)) for turn in turns]
        free = min(free_length(device, self._kinematics, self._home, ray, p["radius"]) for ray in rays)
        if free < p["radius"]:
            value = show(p["radius"], "m")
            problem = f'"{value}" is too far: {device.model} does not reach all places'
            raise Findings([Finding("radius", problem, f"up to {show(free, 'm')} around home", value=value)])
        self._places = [tuple(h + p["radius"] * u for h, u in zip(self._home, ray, strict=True)) for ray in rays]
        self._count = len(self._places)
        hidden = CursorMap(shown=False)
        self._scenes = {text: Scene(text=text, phase="go", cursor=hidden) for text in (FEEL, FIND, MIRROR)}
        self._go = {text: Scene(text=text, phase="go", cue="go", cursor=hidden) for text in (FIND, MIRROR)}

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._cycle: list[int] = []
        self._target = 0
        super().start(state, limits, rng)

    def entry(self) -> Floats:
        return self._home

    def begin(self, hand: Floats) -> dict[str, Any]:
        if not self._cycle:
            self._cycle = [int(k) for k in self._rng.permutation(self._count)]
        self._target = self._cycle.pop()
        shown = self._places[self._target]
        # mirrored in the middle line; along a single line, in the middle
        asked = (2.0 * self._home[0] - shown[0], *shown[1:]) if self._mirrored else shown
        self._asked: Floats = tuple(asked)
        time = max(self._movement_time, shortest(dist(self._home, shown), self._speed_limit))
        self._out = MinimumJerk(self._home, shown, begin=0.0, duration=time)
        self._back = MinimumJerk(shown, self._home, begin=time + self._hold, duration=time)
        self._still = self._seen = 0.0
        self._point, self._rate = self._home, (0.0,) * len(self._home)
        self._ended: Floats = hand
        return {"target": list(self._asked), "index": self._target, "secret": True}

    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        if t < self._back.begin:
            return self._out.at(t)
        if t < self._back.over_at:
            return self._back.at(t)
        # while it searches nothing pulls: the reference goes with the hand
        rate = [
            v + dt * (FOLLOW**2 * (h - x) - 2.0 * FOLLOW * v)
            for v, h, x in zip(self._rate, hand, self._point, strict=True)
        ]
        fast = hypot(*rate) / self._speed_limit
        self._rate = tuple(v / max(1.0, fast) for v in rate)
        self._point = tuple(x + dt * v for x, v in zip(self._point, self._rate, strict=True))
        return self._point, self._rate

    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        since = t - self._back.over_at
        if since < 0.0:
            self._seen = t
            return None
        away = dist(hand, self._home) >= AWAY
        self._still = self._still + (t - self._seen) if speed <= STILL and away else 0.0
        self._seen = t
        self._ended = hand
        if self._still >= STAY:
            return Outcome.REACHED if dist(hand, self._asked) <= self._size else Outcome.TIMEOUT
        return Outcome.TIMEOUT if since >= self._time_limit else None

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        error = [x - a for x, a in zip(self._ended, self._asked, strict=True)]
        return {"error": error, "distance": hypot(*error)}

    def picture(self, t: float) -> Scene:
        if t < self._back.over_at:
            return self._scenes[FEEL]
        text = MIRROR if self._mirrored else FIND
        return self._go[text] if t < self._back.over_at + 0.3 else self._scenes[text]
