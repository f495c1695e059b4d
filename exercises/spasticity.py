"""Spasticity: stretches of a relaxed limb at rising speed; where the limb catches.

The reference moves at an even speed along the direction, softly begun and ended; each trial is faster than the one
before, from `slowest` to `fastest` in `steps`, and the round begins anew. Where what the limb answers rises suddenly by
more than `catch` N beyond the slow stretch, while the reference is at its speed, the limb has caught (exercises.catch):
the place and the angles there are reported, friction and inertia of the device and the limb's own mass taken off. A
reflex that depends on speed catches only in fast trials: Lance 1980; measured in form as by the modified Tardieu scale
(angle of catch at fast against slow stretch).
"""

from __future__ import annotations

from math import cos, dist, sin
from typing import Any, ClassVar

from numpy.random import Generator

from exercises.catch import Catch, LimbForce, Stretch
from exercises.repetition import PHRASES, Repetition
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import SPEED_SHARE
from rehab.core.parameters import Parameters, integer, quantity
from rehab.core.types import Event, Outcome, Scene, State, Target
from rehab.core.units import show
from rehab.core.values import Decision, Floats
from rehab.core.workspace import free_length

SOFT = 0.2  # of the length, in which a stretch begins, and ends: the rest is at an even speed
BINS = 40  # of the way, in which the slow stretch is remembered
REST = 2.0  # s at the end, and before the next: a stretch must not be the cue of the next
ANSWER = 12.0  # N·m more than a spasm's threshold that a stretched limb may answer with
RELAX = "Relax: the robot stretches your arm"
LED = "Relax: the robot takes your arm to the start"
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
        LED: {"it": "Si rilassi: il robot porta il suo braccio all'inizio"},
    }
    parameters: ClassVar[Parameters] = Parameters(
        length=quantity("20 cm", unit="m", least="4 cm", most="60 cm", says="of the stretch, from side to side"),
        direction=quantity(
            "270 deg", unit="rad", least="0 deg", most="360 deg",
            says="of the stretch; 270 deg draws the arm of who sits opposite straight, 90 deg bends it",
        ),
        slowest=quantity("5 cm/s", unit="m/s", least="1 cm/s", most="50 cm/s", says="speed of the first stretch"),
        fastest=quantity("30 cm/s", unit="m/s", least="2 cm/s", most="150 cm/s", says="speed of the last stretch"),
        steps=integer(4, least=2, most=10, says="speeds in a round"),
        catch=quantity("5 N", unit="N", least="1 N", most="40 N", says="sudden rise of the force that is a catch"),
    )  # fmt: skip

    led = True  # who holds the start has muscles at work before anything is stretched
    waiting = (LED, LED)

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        super().__init__(device, 0.04)
        angle = p["direction"]
        self._u: Floats = (cos(angle), sin(angle)) if len(self._home) == 2 else (1.0,)
        self._length: float = p["length"]
        ratio = (p["fastest"] / p["slowest"]) ** (1.0 / (p["steps"] - 1))
        self._speeds = [p["slowest"] * ratio**k for k in range(p["steps"])]
        half = 0.5 * self._length
        self._limb, self._look = LimbForce(device, self._u), Catch(p["catch"], device.period_s, device.n_joints)
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
        self._limb.begin(state)
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
        speed = min(self._speeds[step], SPEED_SHARE * self._speed_limit)
        self._course = Stretch(self._length, speed, SOFT)
        self._look.begin()
        self._sums, self._counts = [0.0] * BINS, [0] * BINS
        self._picture: Scene | None = None
        return {"speed": speed, "step": step}

    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        s, rate = self._course.at(t)
        return self._at(s), tuple(rate * u for u in self._u)

    def observe(self, t: float, state: State, decision: Decision) -> Event | None:
        if self._phase == "go" and t > self._now:
            self._limb.step(state, decision.command.torque, self._device.period_s)
        return super().observe(t, state, decision)

    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        course, limb = self._course, self._limb
        if t <= course.duration:
            s = sum((x - b) * u for x, b, u in zip(hand, self._at(0.0), self._u, strict=True))
            if self._first:
                place = min(BINS - 1, max(0, int(BINS * s / self._length)))
                self._sums[place] += limb.force
                self._counts[place] += 1
            elif course.ramp <= t < course.duration - course.ramp:
                self._look.step(s, limb, self._slowly(s))
        return Outcome.REACHED if t >= course.duration + REST else None

    def _slowly(self, s: float) -> float:
        """N that the slowest stretch met s m along it."""
        place = min(BINS - 1.0, max(0.0, BINS * s / self._length - 0.5))
        k = min(BINS - 2, int(place))
        return self._slow[k] + (place - k) * (self._slow[k + 1] - self._slow[k])

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        if self._first:
            last = 0.0
            for k in range(BINS):  # a place that was passed between two ticks is like the one before
                last = self._sums[k] / self._counts[k] if self._counts[k] else last
                self._slow[k] = last
        look = self._look
        found: dict[str, Any] = {"peak_resistance": look.peak}
        if look.pose:
            found |= {"catch_pose": list(look.pose), "catch_at": look.at}
        return found

    def picture(self, t: float) -> Scene:
        if self._picture is None or dist(self._picture.targets[0].x, self._x) > 0.002:
            self._picture = Scene(targets=(Target(self._x, self._size, "other"),), text=RELAX, phase="go")
        return self._picture
