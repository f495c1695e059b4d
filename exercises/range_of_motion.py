"""Range of motion, by demonstration: how far the hand gets in each direction, by itself or led.

One trial is one direction. `active`: the participant goes as far as they can; the trial ends when the hand has been
still, away from the start, for `STAY`. `passive`: the reference goes outward at `speed` until the limb stays behind
by `give` or the device's own range ends. The extent is the farthest projection on the direction,

    e = max over the trial of (x − x₀)·u        while the hand is within 45° of u

reported in m, and the joint angles there, from which a therapist sets the limits of motion.
"""

from __future__ import annotations

from math import cos, dist, hypot, pi, sin
from typing import Any, ClassVar

from numpy.random import Generator

from exercises.repetition import PHRASES, STILL, Repetition
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import MinimumJerk, shortest
from rehab.core.parameters import Parameters, choice, integer, quantity
from rehab.core.types import Outcome, Scene, State, Target
from rehab.core.values import Floats
from rehab.core.workspace import free_length

STAY = 1.0  # s at rest: as far as it goes
AWAY = 0.02  # m from the start from which on the hand has gone
FARTHEST = 0.6  # m that is looked for
SPARE = 0.03  # m between the mark and the end of the device's range: who goes as far as they can passes it by 1 to 2 cm
FOLLOW = 8.0  # 1/s with which the reference follows a hand that goes by itself
RADIUS = 0.015  # m, of the mark that is shown
FAR, LED = "Move as far as you can", "Relax: the robot moves your arm"
ABOUT = About(
    title="Range of motion",
    instruction="Move your hand as far as you can in the direction that is shown, hold it there, and come back.",
    trains="an assessment: how far the hand gets, alone and led",
    measures="the extent in each direction, and the joint angles there",
    goals=("range",),
)


class RangeOfMotion(Repetition):
    """As far as the hand gets, direction by direction."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **PHRASES,
        ABOUT.title: {"it": "Ampiezza di movimento"},
        ABOUT.instruction: {
            "it": "Muova la mano più lontano che può nella direzione indicata, la tenga lì e torni indietro."
        },
        ABOUT.trains: {"it": "una valutazione: quanto lontano arriva la mano, da sola e guidata"},
        ABOUT.measures: {"it": "l'ampiezza in ogni direzione, e gli angoli articolari raggiunti"},
        FAR: {"it": "Muova la mano più lontano che può"},
        LED: {"it": "Si rilassi: il robot muove il suo braccio"},
    }
    parameters: ClassVar[Parameters] = Parameters(
        how=choice("active", ("active", "passive"), says="by oneself, or led by the robot"),
        directions=integer(8, least=1, most=16, says="how many, evenly around; two along a line"),
        speed=quantity("6 cm/s", unit="m/s", least="1 cm/s", most="20 cm/s", says="with which a passive limb is led"),
        give=quantity("3 cm", unit="m", least="5 mm", most="10 cm", says="how far a led limb may stay behind"),
        time_limit=quantity("15 s", unit="s", least="3 s", most="60 s", says="time for one direction"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        super().__init__(device, 0.03)
        self._active: bool = p["how"] == "active"
        self._speed, self._give, self._time_limit = p["speed"], p["give"], p["time_limit"]
        count = p["directions"]
        if len(self._home) == 1:
            self._rays: tuple[Floats, ...] = ((1.0,), (-1.0,))[:count]
        else:
            turns = [pi / 2.0 - 2.0 * pi * k / count for k in range(count)]
            self._rays = tuple((cos(turn), sin(turn)) for turn in turns)
        ends = [free_length(device, self._kinematics, self._home, u, FARTHEST) for u in self._rays]
        self._free = [max(0.5 * end, end - SPARE) if self._active else end for end in ends]
        self._count = len(self._rays)

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._ray = -1
        self._q: Floats = ()
        super().start(state, limits, rng)

    def entry(self) -> Floats:
        return self._home

    def destination(self) -> Floats:
        return self._along((self._ray + 1) % self._count, self._free[(self._ray + 1) % self._count])

    def _along(self, ray: int, length: float) -> Floats:
        return tuple(h + length * u for h, u in zip(self._home, self._rays[ray], strict=True))

    def begin(self, hand: Floats) -> dict[str, Any]:
        self._ray = (self._ray + 1) % self._count
        self._extent = self._s = self._rate = 0.0
        self._still = self._behind = self._seen = 0.0
        self._ended = False
        self._pose: Floats = self._q
        free = self._free[self._ray]
        duration = max(1.0, free / self._speed, shortest(free, self._speed_limit))
        self._course = MinimumJerk((0.0,), (free,), begin=0.0, duration=duration)
        mark = Target(self._along(self._ray, free), RADIUS, "goal")
        line = (self._home, self._along(self._ray, free))
        self._picture = Scene(targets=(mark,), paths=(line,), text=FAR if self._active else LED, phase="go", cue="go")
        return {"index": self._ray}

    def reference(self, t: float, state: State) -> Any:
        self._q = tuple(state.q.tolist())
        return super().reference(t, state)

    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        if self._active:
            wanted = min(self._free[self._ray], max(0.0, self._projection(hand)))
            self._rate += dt * (FOLLOW**2 * (wanted - self._s) - 2.0 * FOLLOW * self._rate)
            self._rate = min(self._speed_limit, max(-self._speed_limit, self._rate))
            self._s += dt * self._rate
        elif not self._ended:
            (self._s,), (self._rate,) = self._course.at(t)
            self._behind = self._behind + dt if dist(hand, self._along(self._ray, self._s)) > self._give else 0.0
            if self._behind > 0.1 or t >= self._course.over_at:
                self._ended = True
        else:
            self._rate *= 1.0 - 10.0 * dt  # comes to rest within 0.3 s
            self._s += dt * self._rate
        ray = self._rays[self._ray]
        return self._along(self._ray, self._s), tuple(self._rate * u for u in ray)

    def _projection(self, hand: Floats) -> float:
        return sum((x - h) * u for x, h, u in zip(hand, self._home, self._rays[self._ray], strict=True))

    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        out = self._projection(hand)
        away = hypot(*(x - h for x, h in zip(hand, self._home, strict=True)))
        if out > self._extent and out >= 0.7 * away:  # within 45 degrees of the direction
            self._extent, self._pose = out, self._q
        resting = speed <= STILL and away >= AWAY and (self._active or self._ended)
        self._still = self._still + (t - self._seen) if resting else 0.0
        self._seen = t
        if self._still >= STAY:
            return Outcome.REACHED
        led = 0.0 if self._active else self._course.duration + 1.5
        return Outcome.TIMEOUT if t >= max(self._time_limit, led) else None

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        return {"extent": self._extent, "pose": list(self._pose)}

    def picture(self, t: float) -> Scene:
        return self._picture
