"""Strength: pushing as hard as one can against a hand that does not move, or moves at a fixed speed.

    isometric    the reference stays; F(t) is the participant's force along the direction
    isokinetic   the reference moves along the direction at `speed`, whatever the force

What the participant gives is what the robot holds against: F = −u·(G τ_sent) for a hand that is held (quasi-static:
the hand hardly moves, so that inertia has no part in it; with a force sensor it is u·F_sensor). A line shows whither,
and a bar how hard; it is full at 1.25 of the goal, or at four fifths of what may act at the hand at all. Maximum: the
highest mean over 0.5 s, so that a blow does not count as strength. It needs a controller that holds, such as move_to
or position_hold.
"""

from __future__ import annotations

from math import cos, sin
from typing import Any, ClassVar

from numpy.random import Generator

from exercises.repetition import PHRASES, Repetition
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import MinimumJerk, shortest
from rehab.core.parameters import Parameters, choice, quantity
from rehab.core.types import Event, Outcome, Scene, State, Target
from rehab.core.units import show
from rehab.core.values import Decision, Floats
from rehab.core.workspace import free_length

MEAN_TIME = 0.5  # s over which the maximum is averaged
STEPS = 20  # of the bar that is shown: a picture a twentieth
BAR = 1.25  # the bar ends above the goal: so much of it is full scale,
BELOW = 0.8  # but no more than this share of the force limit: who fills the bar must not be stopped for it
ARROW = 0.08  # m of the line that shows whither to push
PUSH = "Push as hard as you can"
ABOUT = About(
    title="Strength",
    instruction="When the sign comes, push as hard as you can, and keep pushing until it ends.",
    trains="strength of the arm in one direction",
    measures="greatest force held for half a second, and how fast it rose",
    goals=("strength",),
)


class Strength(Repetition):
    """Isometric and isokinetic maximum."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **PHRASES,
        ABOUT.title: {"it": "Forza"},
        ABOUT.instruction: {"it": "Al segnale, spinga più forte che può e continui a spingere fino alla fine."},
        ABOUT.trains: {"it": "forza del braccio in una direzione"},
        ABOUT.measures: {"it": "forza massima mantenuta per mezzo secondo, e rapidità con cui è salita"},
        PUSH: {"it": "Spinga più forte che può"},
    }
    parameters: ClassVar[Parameters] = Parameters(
        kind=choice("isometric", ("isometric", "isokinetic"), says="against a hand that stays, or moves evenly"),
        direction=quantity("90 deg", unit="rad", least="0 deg", most="360 deg", says="of the push; 90 deg is ahead"),
        goal=quantity("15 N", unit="N", least="1 N", most="150 N", says="force that is a success; the bar shows it"),
        push_time=quantity("3 s", unit="s", least="1 s", most="15 s", says="how long the push lasts"),
        speed=quantity("5 cm/s", unit="m/s", least="1 cm/s", most="30 cm/s", says="of an isokinetic push"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        super().__init__(device, 0.03)
        angle = p["direction"]
        self._u: Floats = (cos(angle), sin(angle)) if len(self._home) == 2 else (1.0,)
        self._moves: bool = p["kind"] == "isokinetic"
        self._goal, self._push_time, self._speed = p["goal"], p["push_time"], p["speed"]
        self._way = self._speed * self._push_time if self._moves else 0.0
        free = free_length(device, self._kinematics, self._home, self._u, self._way)
        if free < self._way:
            value = show(p["speed"], "m/s")
            problem = f"{value} for {show(self._push_time, 's')} leads out of the reach of {device.model}"
            raise Findings([Finding("speed", problem, f"up to {show(free / self._push_time, 'm/s')}", value=value)])
        # all pictures there will ever be
        mark = (Target(self._along(self._way), 0.02, "goal"),)
        whither = ((self._home, self._along(max(ARROW, self._way))),)
        self._pictures = [
            Scene(targets=mark, paths=whither, text=PUSH, phase="go", cue="go", level=k / STEPS)
            for k in range(STEPS + 1)
        ]

    def _along(self, s: float) -> Floats:
        return tuple(h + s * u for h, u in zip(self._home, self._u, strict=True))

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._force = 0.0
        self._full = min(BAR * self._goal, max(1.0, BELOW * limits.force))
        super().start(state, limits, rng)

    def entry(self) -> Floats:
        return self._home

    def begin(self, hand: Floats) -> dict[str, Any]:
        duration = max(self._push_time, shortest(self._way, self._speed_limit))
        self._course = MinimumJerk((0.0,), (self._way,), begin=0.0, duration=duration)
        self._count = max(1, round(MEAN_TIME / self._device.period_s))
        self._window = [0.0] * self._count
        self._ticks, self._sum = 0, 0.0
        self._maximum = self._peak = self._rise = 0.0
        self._before = 0.0
        return {"goal": self._goal}

    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        (s,), (rate,) = self._course.at(t)
        return self._along(s), tuple(rate * u for u in self._u)

    def observe(self, t: float, state: State, decision: Decision) -> Event | None:
        if self._device.force_sensor:
            force: Floats = tuple(state.force.tolist())
        else:
            held = self._kinematics.hand_force(decision.command.torque, tuple(state.q.tolist()))
            force = tuple(-part for part in held)
        self._force = sum(u * part for u, part in zip(self._u, force, strict=True))
        return super().observe(t, state, decision)

    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        slot = self._ticks % self._count
        self._sum += self._force - self._window[slot]
        self._window[slot] = self._force
        self._ticks += 1
        if self._ticks >= self._count:
            mean = self._sum / self._count
            if self._ticks > self._count:
                self._rise = max(self._rise, (mean - self._before) / self._device.period_s)
            self._before = mean
            self._maximum = max(self._maximum, mean)
        self._peak = max(self._peak, self._force)
        if t < self._course.duration:
            return None
        return Outcome.REACHED if self._maximum >= self._goal else Outcome.TIMEOUT

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        return {"maximum_force": self._maximum, "peak_force": self._peak, "rise": self._rise}

    def picture(self, t: float) -> Scene:
        share: float = min(1.0, max(0.0, self._force / self._full))
        return self._pictures[int(share * STEPS + 0.5)]
