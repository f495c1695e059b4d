"""Channel (error clamp): stiff walls beside a line, nothing along it. What the limb pushes sideways is measured.

    F = −s f(|e|) K z        z = u max(0, 1 − w_0/|u|),  u = e + λ ė        τ = Jᵀ F + g(q)
    f = 1 up to 0.75 w, then falls in a straight line to 0 at w

e way from the line to the hand, ė its rate, both without their part along the line: F·t̂ = 0 exactly · t̂ direction of
the line at the nearest place · K stiffness N/m · λ = D/K s, D damping N·s/m · w_0 half the free width m, inside which
nothing acts (0: none) · w wall width m, on either side · s 0 … 1, how far the walls have come up
g torque that holds the arm's own weight.

The line is the reference's path where it has one (the same object as long as it is the same path), else the straight
line from `start` through `target` of the trial that the exercise tells of; without either there are no walls. A new
line waits until the walls of the one before have gone (200 ms); then its own rise over `ramp` (1.5 s). `ramp_in: hold`
lets them rise in 300 ms before the trial, from its start on, to be up before go; between the trials' ends and the way
back they rise over `ramp`. Either time is declared as `settling`, so that a go waits for the walls. A hand that
breaks out of the walls, |e| ≥ w, is free until it is back at the line, where they rise again in 200 ms.

Scheidt, Reinkensmeyer, Conditt, Rymer & Mussa-Ivaldi 2000, J. Neurophysiol. 84(2) (error clamp); rise, fade and
break-out as Kinarm publishes them for its channels.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from rehab.core.controller import Spring, hand_torque
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.kinematics import kinematics_of
from rehab.core.parameters import Parameters, choice, quantity
from rehab.core.path import Path
from rehab.core.ramp import RAMP_TIME, Ramps
from rehab.core.types import Array, Event, Reference, State

FULL = 0.75  # of the wall width: up to there the walls are whole
BACK = 0.1  # of the wall width: so near the line a hand that broke out is back
HOLD_RAMP = 0.3  # s; the shortest hold before go that is in use lasts 400 ms
HOLDING = ("start", "hold", "home", "ready", "cue")
GOING_BACK = ("approach", "feedback", "return", "retry", "rest", "over")  # between trials, but not before the next
LONG = 10.0  # m: a trial's line goes on behind its start and beyond its target


class Channel:
    """Clamps the hand to a line. Any arm whose hand has a sideways."""

    parameters: ClassVar[Parameters] = Parameters(
        stiffness=quantity(
            "1 kN/m", unit="N/m", least="100 N/m", most="5 kN/m", says="how hard the walls are", live=True
        ),
        damping=quantity(
            "20 N*s/m", unit="N*s/m", least="0 N*s/m", most="100 N*s/m", says="against sideways movement", live=True
        ),
        width=quantity("5 cm", unit="m", least="5 mm", most="50 cm", says="how far the walls act, on either side"),
        gap=quantity("0 mm", unit="m", least="0 mm", most="10 cm", says="half the free width between the walls"),
        ramp=quantity("1.5 s", unit="s", least="200 ms", most="10 s", says="time in which the walls rise"),
        ramp_in=choice("time", ("time", "hold"), says="rise over that time, or while the hand holds still before go"),
    )  # fmt: skip

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        values = self.parameters.complete(parameters)
        self._live = Ramps(self.parameters, values)
        self._width, self._gap = values["width"], values["gap"]
        self._ramp: float = values["ramp"]
        self._early = values["ramp_in"] == "hold"
        self._d = kinematics_of(device).n_task
        self._refuse_what_does_not_fit(device)
        self._straight: Path | None = None  # of the trial
        self._line: Path | None = None  # whose walls act
        self._along = 0.0  # m, where on it the hand was last
        self._phase, self._in_trial = "", False
        self._s = 0.0
        self._out = self._again = False

    def _refuse_what_does_not_fit(self, device: DeviceInfo) -> None:
        if self._d < 2:
            problem = f"{device.model} moves along a line: there is nothing beside it to be walled off"
            raise Findings([Finding("", problem, "a device whose hand moves in a plane")])
        if self._gap >= FULL * self._width:
            problem = "the free width leaves no room for the walls"
            raise Findings([Finding("gap", problem, "less than three quarters of the wall width")])

    @property
    def spring(self) -> Spring:
        return Spring(self._live["stiffness"], self._live["damping"])

    @property
    def settling(self) -> float:
        """s from being switched in until the walls are up."""
        return min(HOLD_RAMP, self._ramp) if self._early else self._ramp

    def set(self, name: str, value: float) -> None:
        """Change stiffness or damping while running: it gets there in 200 ms and the torque never steps."""
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        """The walls are down; the trial that is under way stays known."""
        self._live.finish()
        self._line, self._s = None, 0.0

    def heed(self, event: Event) -> None:
        if event.kind == "phase":
            self._phase = str(event.data.get("name", ""))
        elif event.kind == "dynamics":  # a trial is being made ready, or it is led back; what follows says which
            self._phase, self._in_trial = "start", False
        elif event.kind == "trial_start":
            self._in_trial = True
            self._straight = self._through(event.data.get("start"), event.data.get("target"))
        elif event.kind == "trial_end":
            self._straight, self._in_trial = None, False

    def _through(self, start: Any, target: Any) -> Path | None:
        """The line of a trial; None where it has none."""
        try:
            a, b = np.array(start, dtype=float), np.array(target, dtype=float)
            way = (b - a) / np.linalg.norm(b - a) if a.shape == b.shape == (self._d,) and (a != b).any() else None
        except (TypeError, ValueError):
            return None
        return None if way is None or not np.isfinite(way).all() else Path((a - LONG * way, a + LONG * way))

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._live.step(dt)
        wanted = reference.path if reference.path is not None else self._straight
        if wanted is not self._line:
            self._s = max(0.0, self._s - dt / RAMP_TIME)
            if self._s == 0.0:
                self._line, self._out, self._again = wanted, False, False
                if wanted is not None:
                    self._along = wanted.nearest(tuple(state.x.tolist())).s
        if self._line is None:
            return hand_torque(state, np.zeros(self._d))
        place = self._line.nearest(tuple(state.x.tolist()), around=self._along)
        self._along = place.s
        t = np.array(place.direction)
        e = state.x - np.array(place.point)
        e = e - (e @ t) * t
        away = float(np.linalg.norm(e))
        self._rise(away, dt, rising=wanted is self._line)
        return hand_torque(state, -self._walls(e, state.v - (state.v @ t) * t, away))

    def _rise(self, away: float, dt: float, *, rising: bool) -> None:
        """s, one tick later."""
        if away >= self._width:
            self._out, self._s = True, 0.0  # the walls have faded there: nothing steps
        elif self._out and away <= self._gap + BACK * self._width:
            self._out, self._again = False, True
        if self._out or not rising:
            return
        before = self._phase in HOLDING or not (self._in_trial or self._phase in GOING_BACK)
        time = RAMP_TIME if self._again else self.settling if self._early and before else self._ramp
        self._s = min(1.0, self._s + dt / time)

    def _walls(self, e: Array, rate: Array, away: float) -> Array:
        K = self._live["stiffness"]
        u = e + self._live["damping"] / K * rate
        size = float(np.linalg.norm(u))
        z = u * max(0.0, 1.0 - self._gap / size) if size > 0.0 else u
        faded = min(1.0, max(0.0, (self._width - away) / ((1.0 - FULL) * self._width)))
        force: Array = self._s * faded * K * z
        return force
