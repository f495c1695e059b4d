"""Centre-out reaching: from the centre to a target on a circle around it, and back.

    approach ──▶ home ──▶ go ──▶ dwell ──▶ return ──▶ home ──▶ …
                      ╰──────── trial ────────╯

approach  the reference moves from the present pose to the centre, slowly; once
home      it waits there until the hand has been in the centre, and still, for `home_dwell`: a trial that began in
          motion would have no reaction time
go        the target is shown; the reference moves there by minimum jerk in `movement_time` and waits
dwell     the hand has entered the target; once it stays for `dwell` the trial is `reached`,
          after `time_limit` it is `timeout`
return    the reference moves back to the centre in `movement_time`

A hand that does not come home must not stall the session: `time_limit` after `home` began, the next trial starts from
where the hand is (`at_home` is then false and `start` is that place). If it lies in the very target that is due, there
is nothing to reach, and the trial is `aborted`. A protocol may bring phases of its own (exercises.phases).

`adapt` makes one of three harder after a trial that was reached and easier after one that was not, so that a share
`success` of them is reached (exercises.difficulty): the distance of the targets, their size, or the time limit. Every
trial says what was asked of it.

The reference never steps, neither in position nor in velocity: each movement begins with the motion of the one before.
The centre is the hand at the device's home pose. In one dimension the targets are the two ends of the line.
"""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any, ClassVar

from numpy.random import Generator

from exercises.difficulty import Difficulty
from exercises.phases import Phased
from exercises.stage import PHRASES
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.errors import BadInput, Finding, Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.limits import Limits
from rehab.core.parameters import Parameters, choice, integer, number, quantity
from rehab.core.trials import Phase
from rehab.core.types import State
from rehab.core.units import show
from rehab.core.values import Floats
from rehab.core.workspace import free_length

ABOUT = About(
    title="Reaching",
    instruction="Move your hand to the place that lights up, wait there, and come back to the centre.",
    trains="reaching in all directions: range, aim and speed",
    measures="time, straightness and smoothness of each reach, and how many targets were reached",
    goals=("reaching", "range", "coordination"),
)
TIMES = ("move.timeout", "dwell.timeout")
ADAPTS = {  # parameter, least and most that it comes to (m, s), and whether more of it is harder
    "distance": ("radius", 0.03, 0.3, 1),
    "size": ("target_size", 0.008, 0.06, -1),
    "time": ("time_limit", 0.6, 15.0, -1),
}
PHASES = (Phase("hold", {"name": "home"}), Phase("move", {"name": "go"}), Phase("dwell"), Phase("return"))


class Reach(Phased):
    """Point-to-point reaching; every target once in each cycle."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **PHRASES,
        ABOUT.title: {"it": "Raggiungere"},
        ABOUT.instruction: {"it": "Porti la mano sul punto che si accende, aspetti lì e torni al centro."},
        ABOUT.trains: {"it": "raggiungere in tutte le direzioni: ampiezza, mira e velocità"},
        ABOUT.measures: {"it": "tempo, linearità e fluidità di ogni movimento, e quanti bersagli sono stati raggiunti"},
    }
    parameters: ClassVar[Parameters] = Parameters(
        targets=integer(8, least=1, most=32, says="number of targets, evenly around the centre"),
        radius=quantity("10 cm", unit="m", least="1 cm", most="50 cm", says="distance from the centre to the targets"),
        order=choice("shuffled", ("shuffled", "clockwise"), says="in which order they come; shuffled anew each cycle"),
        dwell=quantity(
            "300 ms", unit="s", least="0 ms", most="10 s", says="how long the hand must stay in the target", live=True
        ),
        time_limit=quantity(
            "5 s", unit="s", least="500 ms", most="60 s", says="time to reach a target, or to come home", live=True
        ),
        target_size=quantity("2 cm", unit="m", least="5 mm", most="10 cm", says="diameter of targets and centre"),
        movement_time=quantity(
            "1 s", unit="s", least="300 ms", most="10 s", says="duration of the guiding movement", live=True
        ),
        home_dwell=quantity(
            "500 ms", unit="s", least="0 ms", most="10 s", says="rest in the centre before each trial", live=True
        ),
        adapt=choice("off", ("off", *ADAPTS), says="what gets harder after a success and easier after a failure"),
        success=number(0.75, least=0.3, most=0.95, says="share of the trials that it aims at"),
    )
    live: ClassVar = {
        "dwell": ("dwell.for",),
        "time_limit": ("hold.timeout", "move.timeout", "dwell.timeout", "return.timeout"),
        "movement_time": ("move.in", "return.in"),
        "home_dwell": ("hold.for",),
    }

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        kinematics = kinematics_of(device)
        centre, _ = kinematics.forward(device.home)
        directions = _directions(p["targets"], len(centre))
        _refuse_what_does_not_fit(device, centre, directions, p["radius"], p["target_size"])
        self._centre, self._ways = centre, directions
        targets = self._at(p["radius"])
        defaults = {key: p[name] for name, keys in self.live.items() for key in keys}
        super().__init__(centre, targets, p["target_size"] / 2.0, PHASES, defaults)
        self._order: str = p["order"]
        self._adapts: str = p["adapt"]
        self._difficulty = None if self._adapts == "off" else self._adapting(device, p)

    def _at(self, distance: float) -> tuple[Floats, ...]:
        return tuple(tuple(c + distance * u for c, u in zip(self._centre, way, strict=True)) for way in self._ways)

    def _adapting(self, device: DeviceInfo, p: dict[str, Any]) -> Difficulty:
        parameter, least, most, harder = ADAPTS[self._adapts]
        if self._adapts == "distance":
            kinematics = kinematics_of(device)
            least = max(least, p["target_size"])
            most = min(free_length(device, kinematics, self._centre, way, most) for way in self._ways)
        elif self._adapts == "size":
            most = min(most, p["radius"])
        value = p[parameter]
        return Difficulty(value, min(least, value), max(most, value), harder=harder, ratio=p["success"])

    def _ask_for(self, value: float) -> None:
        """From the next trial on."""
        match self._adapts:
            case "distance":
                self._places = self._at(value)
            case "size":
                self.resize(0.5 * value)
            case _:
                self._defaults |= dict.fromkeys(TIMES, value)

    def follow(self, *told: Any, **also: Any) -> None:
        super().follow(*told, **also)
        settled = [key for phase in self._phases for key in phase.values if f"{phase.kind}.{key}" in TIMES]
        if self._adapts == "time" and settled:
            raise BadInput("adapt: time: the protocol's phases settle the time limit; adapt the distance or the size")

    def ended(self, reason: str) -> None:
        if self._difficulty is not None and reason in ("", "timeout"):
            self._ask_for(self._difficulty.after(success=not reason))

    def asked(self) -> dict[str, Any]:
        """`distance` m, `target_size` m or `time_limit` s, as adapted."""
        if self._difficulty is None:
            return {}
        name = "distance" if self._adapts == "distance" else ADAPTS[self._adapts][0]
        return {name: self._difficulty.value}

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._cycle: list[int] = []
        self._before = -1
        if self._difficulty is not None:
            self._difficulty.begin()
            self._ask_for(self._difficulty.value)
        super().start(state, limits, rng)

    def choose(self) -> int:
        if not self._cycle:
            order = list(range(self.places))
            if self._order == "shuffled":
                order = [int(k) for k in self._rng.permutation(self.places)]
                if self.places > 1 and order[0] == self._before:  # not the one that ended the cycle before
                    other = int(self._rng.integers(1, self.places))
                    order[0], order[other] = order[other], order[0]
            self._cycle = order[::-1]
        self._before = self._cycle.pop()
        return self._before


def _refuse_what_does_not_fit(
    device: DeviceInfo, centre: Floats, directions: tuple[Floats, ...], radius: float, size: float
) -> None:
    kinematics, findings = kinematics_of(device), []
    fits = min(free_length(device, kinematics, centre, u, radius) for u in directions)
    if fits < radius:
        count = f"{len(directions)} target" + "s" * (len(directions) > 1)
        problem = f'"{show(radius, "m")}" is too large: {device.model} does not reach {count} at that distance'
        allowed = f"up to {show(fits, 'm')} around its home pose" if fits > 0.0 else "its home pose is at a limit"
        findings.append(Finding("radius", problem, allowed, value=show(radius, "m")))
    if size > radius:
        problem = f'"{show(size, "m")}" is too large: the targets would overlap with the centre'
        findings.append(Finding("target_size", problem, f"up to {show(radius, 'm')}", value=show(size, "m")))
    if findings:
        raise Findings(findings)


def _directions(count: int, dimensions: int) -> tuple[Floats, ...]:
    """Unit vectors to the targets: clockwise from straight ahead (+y) in the plane; both ways along a line."""
    if dimensions == 1:
        return ((1.0,), (-1.0,))[:count]
    angles = (pi / 2.0 - 2.0 * pi * k / count for k in range(count))
    return tuple((cos(angle), sin(angle)) for angle in angles)
