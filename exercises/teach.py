"""Teaching by hand: somebody holds the limb and shows a way; the exercise notes it down.

    path      a point wherever the hand is `SPACING` farther from the last one
    points    a point when asked: the live parameter `add_point`, a press of the switch, or every so many seconds

Each point is an event `taught_point` {"number", "x": m from the hand's home}, the first where the hand begins; at most
`MOST` come, so that a trial is bounded. A trial ends after `seconds`, or when the live parameter `done` is set. It then
is `reached`: a recording that came to its end has no other way to succeed or fail than the points that it holds.

Run it under `transparent`: nothing leads the hand, and the reference comes after it. A switch is seen as the user's
intent, |intent| going above a half.
"""

from __future__ import annotations

from math import dist, hypot
from typing import Any, ClassVar

from numpy.random import Generator

from exercises.repetition import PHRASES, Repetition, behind
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import SPEED_SHARE
from rehab.core.parameters import Parameters, choice, number, quantity
from rehab.core.types import Event, Outcome, Reference, Scene, State
from rehab.core.values import Floats

SPACING = 0.005  # m
MOST = 400  # points: 2 m of way
SHOWN = 0.02  # m between the points of the line that is shown as it grows
PRESSED = 0.5  # of the intent
HELD = "Hold the limb still where the movement begins"
SHOW, MARK = "Show the movement", "Go from place to place and mark each"
ABOUT = About(
    title="Teaching a movement",
    instruction="Somebody holds your arm and shows a movement. Let it be led.",
    trains="nothing by itself: it records a movement that becomes an exercise",
    measures="the path of the hand, or places on it",
    goals=("daily life",),
)


class Teach(Repetition):
    """Recording a path that is shown by hand."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **PHRASES,
        ABOUT.title: {"it": "Insegnare un movimento"},
        ABOUT.instruction: {"it": "Qualcuno tiene il suo braccio e mostra un movimento. Si lasci guidare."},
        ABOUT.trains: {"it": "niente di per sé: registra un movimento che diventa un esercizio"},
        ABOUT.measures: {"it": "il percorso della mano, o alcuni suoi punti"},
        HELD: {"it": "Tenga fermo l'arto dove comincia il movimento"},
        SHOW: {"it": "Mostri il movimento"},
        MARK: {"it": "Vada da un punto all'altro e segni ciascuno"},
    }
    parameters: ClassVar[Parameters] = Parameters(
        kind=choice("path", ("path", "points"), says="the whole way, or places on it"),
        seconds=quantity("20 s", unit="s", least="2 s", most="120 s", says="time to show it in"),
        every=quantity("0 s", unit="s", least="0 s", most="30 s", says="a point so often by itself; 0: never"),
        add_point=number(0.0, least=0.0, most=1.0, says="set to 1: a point here, now", live=True),
        done=number(0.0, least=0.0, most=1.0, says="set to 1: the movement is shown", live=True),
    )
    waiting: ClassVar[tuple[str, str]] = (HELD, HELD)

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        super().__init__(device, 0.02)
        self._whole: bool = p["kind"] == "path"
        self._seconds, self._every = p["seconds"], p["every"]
        self._begin_at = self._home

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._begin_at = tuple(state.x.tolist())  # it begins where the limb is: nothing is led anywhere
        self._most = SPEED_SHARE * limits.speed
        self._asked = self._done = self._pressed = False
        super().start(state, limits, rng)

    def set(self, name: str, value: float) -> None:
        """`add_point` or `done`, set to 1, acts once, at the next tick."""
        if name not in ("add_point", "done"):
            raise KeyError(name)
        if value >= PRESSED:
            self._asked, self._done = self._asked or name == "add_point", self._done or name == "done"

    def entry(self) -> Floats:
        return self._begin_at

    def begin(self, hand: Floats) -> dict[str, Any]:
        self._count, self._next = 0, self._every
        self._asked = self._done = False
        self._line: list[Floats] = []  # at most MOST points
        self._add(hand)
        return {"kind": "path" if self._whole else "points"}

    def _add(self, hand: Floats) -> None:
        if self._count >= MOST:
            return
        self._count += 1
        self._last = hand
        self._events.append(Event("taught_point", {"number": self._count, "x": self._from_home(hand)}))
        if not self._whole or not self._line or dist(hand, self._line[-1]) >= SHOWN:
            self._line.append(hand)
            paths = (tuple(self._line),) if len(self._line) > 1 else ()
            self._picture = Scene(paths=paths, text=SHOW if self._whole else MARK, phase="go")

    def _from_home(self, hand: Floats) -> list[float]:
        return [c - h for c, h in zip(hand, self._home, strict=True)]

    def reference(self, t: float, state: State) -> Reference:
        pressed = hypot(*state.intent.tolist()) > PRESSED
        self._asked = self._asked or (pressed and not self._pressed)
        self._pressed = pressed
        return super().reference(t, state)

    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        return behind(self._x, self._v, hand, dt, self._most)

    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        due = self._every > 0.0 and t >= self._next
        if due:
            self._next += self._every
        if self._whole:
            if dist(hand, self._last) >= SPACING:
                self._add(hand)
        elif self._asked or due:
            self._add(hand)
        self._asked = False
        return Outcome.REACHED if self._done or t >= self._seconds else None

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        self._begin_at = self._x  # stay: the limb is held by somebody
        return {"points": self._count, "full": int(self._count >= MOST)}

    def picture(self, t: float) -> Scene:
        return self._picture
