"""Holding: the hand stays in one place while it is pushed, at moments and into directions that nobody foresees.

    d(t) = |x − x_p|        displacement d_max = max d        a push is over once d ≤ tolerance for `BACK`

x_p the place to hold (m). The time of a trial between `CALM` at its beginning and `AFTER` at its end is cut into as
many equal slots as there are pushes; each comes at a random moment of the first 60 % of its slot, so that two are never
closer than 40 % of one. The exercise only says when and whither, by an event

    phase {"name": "perturb", "direction": rad}   or   {"name": "perturb", "joint": name}

a controller that perturbs hears it and pushes as hard as it was told to; under any other nothing pushes, and it is
quiet holding. A trial is `reached` when the hand was within the tolerance for at least `enough` of the time.
"""

from __future__ import annotations

from math import dist, pi
from typing import Any, ClassVar

from exercises.repetition import PHRASES, Repetition
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.parameters import Parameters, choice, integer, number, quantity
from rehab.core.types import Event, Outcome, Scene, Target
from rehab.core.units import show
from rehab.core.values import Floats
from rehab.core.workspace import fits

CALM = 1.0  # s before the first push
AFTER = 1.5  # s left after the last: a voluntary answer and the way back
LEAST_SLOT = 1.0  # s: what one push needs, with the answer to it
SURPRISE = 0.6  # share of a slot in which the push may come
BACK = 0.2  # s within the tolerance: back, not passing through
PLACES = {  # direction from the centre: in the plane, along a line
    "centre": ((0.0, 0.0), (0.0,)),
    "left": ((-1.0, 0.0), (-1.0,)),
    "right": ((1.0, 0.0), (1.0,)),
    "near": ((0.0, -1.0), (-1.0,)),
    "far": ((0.0, 1.0), (1.0,)),
}
HOLD = "Keep your hand here, whatever pushes it"
ABOUT = About(
    title="Holding a posture",
    instruction="Keep your hand on the mark. It may be pushed: bring it back at once.",
    trains="posture: holding the arm against a disturbance, quick corrections",
    measures="time on the mark, largest displacement, time until the hand is back",
    goals=("strength", "coordination"),
)


class Hold(Repetition):
    """Staying in a place against pushes."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **PHRASES,
        ABOUT.title: {"it": "Tenere una postura"},
        ABOUT.instruction: {"it": "Tenga la mano sul segno. Può essere spinta: la riporti subito indietro."},
        ABOUT.trains: {"it": "postura: tenere il braccio contro un disturbo, correggere in fretta"},
        ABOUT.measures: {"it": "tempo sul segno, spostamento massimo, tempo fino al ritorno della mano"},
        HOLD: {"it": "Tenga la mano qui, qualunque cosa la spinga"},
    }
    parameters: ClassVar[Parameters] = Parameters(
        at=choice("centre", tuple(PLACES), says="where the hand is held"),
        distance=quantity("8 cm", unit="m", least="1 cm", most="40 cm", says="of that place from the centre"),
        tolerance=quantity("2 cm", unit="m", least="5 mm", most="10 cm", says="how near is on the mark"),
        duration=quantity("10 s", unit="s", least="3 s", most="120 s", says="of one trial"),
        perturbations=integer(2, least=0, most=20, says="pushes in a trial, at random moments"),
        push=choice("hand", ("hand", "joint"), says="into any direction at the hand, or at a joint drawn by lot"),
        enough=number(0.8, least=0.05, most=1.0, says="share of the time on the mark that is a success"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        super().__init__(device, p["tolerance"])
        self._duration, self._enough = p["duration"], p["enough"]
        self._count, self._at_joint = p["perturbations"], p["push"] == "joint"
        way = PLACES[p["at"]][0 if len(self._home) == 2 else 1]
        self._place: Floats = tuple(h + p["distance"] * u for h, u in zip(self._home, way, strict=True))
        self._slot = (self._duration - CALM - AFTER) / max(1, self._count)
        self._refuse_what_does_not_fit(p)
        self._picture = Scene(targets=(Target(self._place, self._size, "goal"),), text=HOLD, phase="go")

    def _refuse_what_does_not_fit(self, p: dict[str, Any]) -> None:
        found = []
        if not fits(self._device, self._kinematics, self._place):
            value = show(p["distance"], "m")
            problem = f'"{value}" is too large: {self._device.model} does not reach the place {p["at"]}'
            found.append(Finding("distance", problem, "a place nearer to the home pose", value=value))
        if self._count and self._slot < LEAST_SLOT:
            most = int((self._duration - CALM - AFTER) / LEAST_SLOT)
            problem = f"{self._count} pushes are too many for {show(self._duration, 's')}"
            allowed = f"up to {most}, or a longer duration"
            found.append(Finding("perturbations", problem, allowed, value=str(self._count)))
        if found:
            raise Findings(found)

    def entry(self) -> Floats:
        return self._place

    def begin(self, hand: Floats) -> dict[str, Any]:
        draws = self._rng.uniform(0.0, SURPRISE, self._count).tolist()
        self._moments = [CALM + (k + draw) * self._slot for k, draw in enumerate(draws)]
        self._next = 0
        self._on = self._seen = self._farthest = 0.0
        self._pushed = -1.0  # s, when the push came that the hand is not back from; −1: none
        self._went = False  # it has left the mark since
        self._inside = 0.0  # s since it came in again
        self._times: list[float] = []  # s, of those it came back from
        self._not_back = 0
        return {"duration": self._duration, "pushes": self._count}

    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        return self._place, (0.0,) * len(self._place)

    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        away, dt = dist(hand, self._place), t - self._seen
        self._seen = t
        self._farthest = max(self._farthest, away)
        on = away <= self._size
        self._on += dt if on else 0.0
        self._watch(t, dt, on)
        if self._next < self._count and t >= self._moments[self._next]:
            self._push(t)
        if t < self._duration:
            return None
        return Outcome.REACHED if self._on >= self._enough * self._duration else Outcome.TIMEOUT

    def _push(self, t: float) -> None:
        self._next += 1
        self._not_back += self._still_away()
        self._pushed, self._went = t, False
        self._events.append(Event("phase", {"name": "perturb", **self._whither()}))

    def _whither(self) -> dict[str, Any]:
        if self._at_joint:
            return {"joint": self._device.joints[int(self._rng.integers(self._device.n_joints))].name}
        if len(self._home) == 1:
            return {"direction": pi * int(self._rng.integers(2))}
        return {"direction": float(self._rng.uniform(0.0, 2.0 * pi))}

    def _watch(self, t: float, dt: float, on: bool) -> None:
        """How long the hand takes to come back from a push that took it off the mark."""
        if self._pushed < 0.0:
            return
        if not on:
            self._went, self._inside = True, 0.0
        elif self._went:
            self._inside += dt
            if self._inside >= BACK:
                self._times.append(t - self._inside - self._pushed)
                self._pushed = -1.0

    def _still_away(self) -> bool:
        """A push took the hand off the mark, and it has not come back from it."""
        return self._pushed >= 0.0 and self._went

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        """`back` s of every push that took the hand off the mark and from which it came back."""
        return {
            "on_target": self._on / self._duration, "displacement": self._farthest, "back": self._times,
            "not_back": self._not_back + self._still_away(),
        }  # fmt: skip

    def picture(self, t: float) -> Scene:
        return self._picture
