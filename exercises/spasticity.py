"""Spasticity: stretches of a relaxed limb at rising speed; where the limb catches.

The reference moves at an even speed along the direction, after a short start; each trial is faster than the one
before, from `slowest` to `fastest` in `steps`, and the round begins anew. What the limb answers, F(t) along the
direction, is what the robot has to push beyond the slow stretch at the same place; where that difference rises above
`catch` N the limb has caught, and the angle there is reported for each joint. It is looked for in the second half,
where the limb's own inertia pushes ahead and cannot be taken for resistance. A reflex that depends on speed catches
only in fast trials: Lance 1980; measured in form as by the modified Tardieu scale (angle of catch at fast against
slow stretch). Friction of the device, which grows with speed too, is not yet taken off: read the angle of catch
beside that of a relaxed, healthy limb.
"""

from __future__ import annotations

from math import cos, dist, sin
from typing import Any, ClassVar

from numpy.random import Generator

from exercises.repetition import PHRASES, Repetition
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import MinimumJerk, shortest
from rehab.core.parameters import Parameters, integer, quantity
from rehab.core.types import Event, Outcome, Scene, State, Target
from rehab.core.units import show
from rehab.core.values import Decision, Floats
from rehab.core.workspace import free_length

BINS = 40  # of the way, in which the slow stretch is remembered
REST = 2.0  # s at the end, and before the next: a stretch must not be the cue of the next
ANSWER = 12.0  # N·m more than a spasm's threshold that a stretched limb may answer with
RELAX = "Relax: the robot stretches your arm"
ABOUT = About(
    title="Spasticity",
    instruction="Relax completely and let the robot stretch your arm. It will get faster.",
    trains="an assessment: how the limb answers to fast stretches",
    measures="the angle at which the limb catches, at each speed",
    goals=("spasticity",),
)


class Spasticity(Repetition):
    """Stretches at rising speed."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **PHRASES,
        ABOUT.title: {"it": "Spasticità"},
        ABOUT.instruction: {
            "it": "Si rilassi completamente e lasci che il robot allunghi il suo braccio. Diventerà più veloce."
        },
        ABOUT.trains: {"it": "una valutazione: come risponde l'arto agli allungamenti veloci"},
        ABOUT.measures: {"it": "l'angolo in cui l'arto si blocca, a ogni velocità"},
        RELAX: {"it": "Si rilassi: il robot allunga il suo braccio"},
    }
    parameters: ClassVar[Parameters] = Parameters(
        length=quantity("16 cm", unit="m", least="4 cm", most="60 cm", says="of the stretch, from side to side"),
        direction=quantity("90 deg", unit="rad", least="0 deg", most="360 deg", says="of the stretch; 90 deg is ahead"),
        slowest=quantity("5 cm/s", unit="m/s", least="1 cm/s", most="50 cm/s", says="speed of the first stretch"),
        fastest=quantity("50 cm/s", unit="m/s", least="2 cm/s", most="150 cm/s", says="speed of the last stretch"),
        steps=integer(4, least=2, most=10, says="speeds in a round"),
        catch=quantity("5 N", unit="N", least="1 N", most="40 N", says="force beyond the slow stretch that is a catch"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        super().__init__(device, 0.04)
        angle = p["direction"]
        self._u: Floats = (cos(angle), sin(angle)) if len(self._home) == 2 else (1.0,)
        self._length, self._catch = p["length"], p["catch"]
        ratio = (p["fastest"] / p["slowest"]) ** (1.0 / (p["steps"] - 1))
        self._speeds = [p["slowest"] * ratio**k for k in range(p["steps"])]
        half = 0.5 * self._length
        free = min(
            free_length(device, self._kinematics, self._home, tuple(sign * c for c in self._u), half)
            for sign in (1.0, -1.0)
        )
        if free < half:
            value = show(self._length, "m")
            problem = f'"{value}" is too long: {device.model} does not reach both ends in that direction'
            raise Findings([Finding("length", problem, f"up to {show(2.0 * free, 'm')}", value=value)])
        if p["fastest"] <= p["slowest"]:
            value = show(p["fastest"], "m/s")
            allowed = f"more than the slowest, {show(p['slowest'], 'm/s')}"
            raise Findings([Finding("fastest", f'"{value}" is not faster than the slowest', allowed, value=value)])

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._trial = 0
        self._slow = [0.0] * BINS  # N, of the slowest stretch, by place
        self._force, self._q = 0.0, tuple(state.q.tolist())
        super().start(state, limits, rng)

    @property
    def expected(self) -> tuple[float, float] | None:
        """A fast stretch meets the limb's inertia, and the reflex that is looked for: neither is a spasm yet."""
        return (0.1, ANSWER) if self._phase == "go" else None

    def _at(self, s: float) -> Floats:
        """s m along the stretch, from its beginning."""
        return tuple(h + (s - 0.5 * self._length) * u for h, u in zip(self._home, self._u, strict=True))

    def entry(self) -> Floats:
        return self._at(0.0)

    def destination(self) -> Floats:
        return self._at(self._length)

    def begin(self, hand: Floats) -> dict[str, Any]:
        step = self._trial % len(self._speeds)
        self._trial += 1
        self._first = step == 0
        speed = self._speeds[step]
        duration = max(self._length / speed, shortest(self._length, self._speed_limit))
        self._course = MinimumJerk((0.0,), (self._length,), begin=0.0, duration=duration)
        self._caught: tuple[float, ...] = ()
        self._caught_at, self._peak = -1.0, 0.0
        self._sums, self._counts = [0.0] * BINS, [0] * BINS
        self._picture: Scene | None = None
        return {"speed": self._length / duration, "step": step}

    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        (s,), (rate,) = self._course.at(t)
        return self._at(s), tuple(rate * u for u in self._u)

    def observe(self, t: float, state: State, decision: Decision) -> Event | None:
        q: Floats = tuple(state.q.tolist())
        gives = self._kinematics.hand_force(decision.command.torque, q)
        # what the robot pushes is what the limb resists, but for the arm's own inertia and friction, the same each time
        self._force = sum(u * part for u, part in zip(self._u, gives, strict=True))
        self._q = q
        return super().observe(t, state, decision)

    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        if t <= self._course.duration:
            s = sum((x - b) * u for x, b, u in zip(hand, self._at(0.0), self._u, strict=True))
            place = min(BINS - 1, max(0, int(BINS * s / self._length)))
            if self._first:
                self._sums[place] += self._force
                self._counts[place] += 1
            else:
                more = self._force - self._slow[place] if s > 0.5 * self._length else 0.0
                self._peak = max(self._peak, more)
                if not self._caught and more > self._catch:
                    self._caught, self._caught_at = self._q, s
        return Outcome.REACHED if t >= self._course.duration + REST else None

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        if self._first:
            last = 0.0
            for k in range(BINS):  # a place that was passed between two ticks is like the one before
                last = self._sums[k] / self._counts[k] if self._counts[k] else last
                self._slow[k] = last
        found: dict[str, Any] = {"peak_resistance": self._peak}
        if self._caught:
            found |= {"catch_pose": list(self._caught), "catch_at": self._caught_at}
        return found

    def picture(self, t: float) -> Scene:
        if self._picture is None or dist(self._picture.targets[0].x, self._x) > 0.002:
            self._picture = Scene(targets=(Target(self._x, self._size, "other"),), text=RELAX, phase="go")
        return self._picture
