"""Continuous passive motion: the limb is led to and fro, slowly, over a range that grows.

One trial is one cycle: out to one end, a pause, back to the other end, a pause. In the first `warm_up` cycles the
range grows from `first_share` to the whole; each half is a minimum-jerk movement at `speed`.

Reverse on load: when the hand stays behind the reference by more than `give` for 100 ms, the limb resists; the
reference stops smoothly, rests, and turns back, and the range at that end is kept there for the cycles that follow,
growing again by a tenth of it a cycle. Such a cycle is `aborted`; the others are `reached`.
"""

from __future__ import annotations

from math import cos, dist, hypot, sin
from typing import Any, ClassVar

from numpy.random import Generator

from exercises.repetition import PHRASES, Repetition
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import MinimumJerk, shortest
from rehab.core.parameters import Parameters, integer, number, quantity
from rehab.core.types import Outcome, Scene, State, Target
from rehab.core.units import show
from rehab.core.values import Floats
from rehab.core.workspace import free_length

BEHIND_TIME = 0.100  # s behind the reference until it is taken for resistance, not for the softness of the guidance
STOP_TIME = 0.3  # s in which a reference that turns back comes to rest
REGAIN = 0.10  # share of the range that an end shortened by resistance is given back a cycle
LEAST_SHARE = 0.1  # of the range that is always asked for
RELAX = "Relax: the robot moves your arm"
SHIFT = 0.001  # m of difference below which a picture is the same
ABOUT = About(
    title="Passive motion",
    instruction="Relax and let the robot move your arm slowly to and fro.",
    trains="range of motion, without any effort of your own; loosens before active training",
    measures="range reached at each end, and where the limb resisted",
    goals=("range", "spasticity"),
)


class PassiveMotion(Repetition):
    """The limb is moved; nothing is asked of it."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **PHRASES,
        ABOUT.title: {"it": "Mobilizzazione passiva"},
        ABOUT.instruction: {"it": "Si rilassi e lasci che il robot muova lentamente il suo braccio avanti e indietro."},
        ABOUT.trains: {"it": "ampiezza di movimento, senza sforzo proprio; scioglie prima dell'allenamento attivo"},
        ABOUT.measures: {"it": "ampiezza raggiunta a ogni estremo, e dove l'arto ha opposto resistenza"},
        RELAX: {"it": "Si rilassi: il robot le muove il braccio"},
    }
    parameters: ClassVar[Parameters] = Parameters(
        range=quantity("20 cm", unit="m", least="2 cm", most="80 cm", says="from one end to the other"),
        direction=quantity("90 deg", unit="rad", least="0 deg", most="180 deg", says="of the motion; 90 deg is ahead"),
        speed=quantity("6 cm/s", unit="m/s", least="1 cm/s", most="40 cm/s", says="mean speed from end to end"),
        rest=quantity("0.5 s", unit="s", least="0 s", most="30 s", says="pause at each end"),
        warm_up=integer(5, least=0, most=50, says="cycles in which the range grows to the whole"),
        first_share=number(0.5, least=0.1, most=1.0, says="share of the range in the first cycle"),
        give=quantity("3 cm", unit="m", least="5 mm", most="10 cm", says="how far behind the limb may stay"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        super().__init__(device, p["give"])
        angle = p["direction"]
        self._along: Floats = (cos(angle), sin(angle)) if len(self._home) == 2 else (1.0,)
        self._half: float = 0.5 * p["range"]
        self._speed, self._rest, self._give = p["speed"], p["rest"], p["give"]
        self._warm_up, self._first = p["warm_up"], p["first_share"]
        self._refuse_what_does_not_fit(p["range"])

    def _refuse_what_does_not_fit(self, whole: float) -> None:
        ways = (self._along, tuple(-u for u in self._along))
        free = min(free_length(self._device, self._kinematics, self._home, u, self._half) for u in ways)
        if free < self._half:
            value = show(whole, "m")
            problem = f'"{value}" is too large: {self._device.model} does not reach both ends in that direction'
            raise Findings([Finding("range", problem, f"up to {show(2.0 * free, 'm')}", value=value)])

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._cycle = 0
        self._reach = [1.0, 1.0]  # share of the half range that each end allows
        super().start(state, limits, rng)

    def entry(self) -> Floats:
        return self._home

    def destination(self) -> Floats:
        return self._place(1.0, 1.0)

    def _place(self, sign: float, share: float) -> Floats:
        return tuple(h + sign * share * self._half * u for h, u in zip(self._home, self._along, strict=True))

    def begin(self, hand: Floats) -> dict[str, Any]:
        grown = 1.0
        if self._cycle < self._warm_up:
            grown = self._first + (1.0 - self._first) * self._cycle / self._warm_up
        self._cycle += 1
        self._reach = [min(1.0, reach + REGAIN) for reach in self._reach]
        shares = [min(grown, reach) for reach in self._reach]
        self._shares = shares
        self._turned = False
        self._behind, self._met = 0.0, True
        self._resisted = 0  # ends at which the limb resisted
        self._leg, self._rest_until = 0, 0.0
        self._move(0.0, self._home, (0.0,) * len(self._home))
        self._picture: Scene | None = None
        return {"range": (shares[0] + shares[1]) * self._half}

    def _stops(self) -> tuple[Floats, ...]:
        return (self._place(1.0, self._shares[0]), self._place(-1.0, self._shares[1]), self._home)

    def _move(self, t: float, x: Floats, v: Floats) -> None:
        end = self._stops()[self._leg]
        length = dist(x, end)
        duration = max(STOP_TIME, length / self._speed, shortest(length, self._speed_limit))
        self._course = MinimumJerk(x, end, begin=t, duration=duration, velocity=v)

    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        x, v = self._course.at(t)
        if t >= self._course.over_at:
            self._next(t, x)
        elif self._stays_behind(dt, hand, x):
            self._turn_back(t, x, v)
        return x, v

    def _stays_behind(self, dt: float, hand: Floats, x: Floats) -> bool:
        """A limb that resisted is met again on the way back before anything is said of the next leg."""
        if dist(hand, x) <= self._give:
            self._behind, self._met = 0.0, True
        elif self._met:
            self._behind += dt
        return self._behind > BEHIND_TIME and not self._turned and self._leg < 2

    def _turn_back(self, t: float, x: Floats, v: Floats) -> None:
        """Come to rest where the motion allows, then go the other way."""
        self._turned, self._resisted = True, self._resisted + 1
        out = abs(sum((a - h) * u for a, h, u in zip(x, self._home, self._along, strict=True)))
        self._reach[self._leg] = max(LEAST_SHARE, out / self._half - 0.5 * REGAIN)
        end, speed = self._stops()[self._leg], max(hypot(*v), 1e-6)
        duration = min(STOP_TIME, 2.5 * dist(x, end) / speed + 0.02)  # no farther than the range goes
        stop = tuple(a + 0.4 * duration * w for a, w in zip(x, v, strict=True))
        self._course = MinimumJerk(x, stop, begin=t, duration=duration, velocity=v)

    def _next(self, t: float, x: Floats) -> None:
        """At an end: rest, then the next leg."""
        if self._rest_until == 0.0:
            self._rest_until = t + (self._rest if self._leg < 2 else 0.0)
        if t < self._rest_until:
            return
        self._rest_until, self._turned, self._behind, self._met = 0.0, False, 0.0, False
        self._leg += 1
        if self._leg < 3:
            self._move(t, x, (0.0,) * len(x))

    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        if self._leg < 3:
            return None
        return Outcome.ABORTED if self._resisted else Outcome.REACHED

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        return {"resisted": self._resisted, "reach": [reach * self._half for reach in self._reach]}

    def picture(self, t: float) -> Scene:
        """Where the limb is led, for information: nothing is asked of it."""
        if self._picture is None or dist(self._picture.targets[0].x, self._x) > SHIFT:
            self._picture = Scene(targets=(Target(self._x, self._size, "other"),), text=RELAX, phase="go")
        return self._picture
