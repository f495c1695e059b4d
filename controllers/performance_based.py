"""Performance-based: a slot that opens when the patient moves, pushes from behind, and adapts to how it went.

    F = a · [ −max(0, K (d − w) + B ḋ) n + max(0, K (s_b − s) + B (ṡ_b − ṡ)) t̂ ]        τ = g(q) + Jᵀ F
    s_b(t) = L m((t − t₀)/T),  m(u) = 10u³ − 15u⁴ + 6u⁵         B = 2 ζ sqrt(K m_eff),  ζ = 0.7

d, n distance m and direction of the hand from the way · s m that it has come along the way, of L · t̂ its direction
w half the width of the slot m · s_b the back wall m, which goes to the target with minimum jerk in T s; ahead of it the
hand is free · t₀ when the hand first moves along the way faster than `trigger`, at the latest after `patience`
K, B stiffness and damping of all walls (B sets in over the first centimetre: rehab.core.guide) · a assistance

After every `adapt_every` trials, with the means of three scores of 0 to 1,

    T ← T exp(η (S₀ − (I + S)/2))        K ← K exp(η (S₀ − A))        η = 0.5,  S₀ = 0.75

I initiation: 1 − (t₀ − start of the trial)/patience, 0 when the robot had to begin · S speed: share of the movement in
which the hand was not more than w behind the back wall · A accuracy: 1 − mean d / 2w, at least 0. Who begins sooner, or
is pushed less, gets less time next; who keeps to the way gets softer walls; so that the task stays at a score of S₀.
Both stay in their ranges: T in 0.4 to 6 s, K between `softest` and `firmest`. In the manner of Krebs, Palazzolo,
Dipietro, Ferraro, Krol, Rannekleiv, Volpe & Hogan 2003, Autonomous Robots 15: 7–20; the rule is ours.

In a trial the way is the reference's path, or the straight line from where the hand was at the trial's start to its
target; the reference's timing is not used. Between trials the hand hangs on the reference by a rope of length w.
What was adapted outlasts pauses and other controllers; a new block begins with the parameters.
"""

from __future__ import annotations

from math import exp, sqrt
from typing import Any, ClassVar

import numpy as np

from rehab.core.assistance import ASSISTANCE, share
from rehab.core.controller import Spring, hand_torque
from rehab.core.device import DeviceInfo
from rehab.core.guide import Tunnel, Way, added, dot, pressed
from rehab.core.handover import Handover
from rehab.core.inertia import hand_mass
from rehab.core.minimum_jerk import MinimumJerk
from rehab.core.parameters import Parameters, integer, quantity
from rehab.core.ramp import Ramps
from rehab.core.types import Array, Event, Reference, State
from rehab.core.values import Floats

DAMPING_RATIO = 0.7  # ζ
WANTED = 0.75  # S₀: most goes well, and something is left to gain
STEP = 0.5  # η: the worst block makes the next one 45 % slower, the best 12 % faster
TIMES = (0.4, 6.0)  # s: from a healthy 10 cm to the most patient


def next_time(T: float, initiation: float, speed: float) -> float:
    """T in s of the next trials, from the scores (0 … 1) of these; never more for a better score."""
    return min(max(T * exp(STEP * (WANTED - 0.5 * (initiation + speed))), TIMES[0]), TIMES[1])


def next_stiffness(K: float, accuracy: float, softest: float, firmest: float) -> float:
    """K in N/m of the next trials; never more for a better score."""
    return min(max(K * exp(STEP * (WANTED - accuracy)), softest), firmest)


class Scores:
    """What is counted in one trial."""

    def __init__(self) -> None:
        self.waited = 0.0  # s until the movement began
        self.alone = True  # the patient began it
        self.moving = self.ahead = 0.0  # s
        self.off = 0.0  # m·s

    def of(self, patience: float, width: float) -> tuple[float, float, float]:
        """Initiation, speed and accuracy, 0 … 1. A movement that never began has nothing of them."""
        if not self.moving > 0.0:
            return 0.0, 0.0, 0.0
        initiation = max(0.0, 1.0 - self.waited / patience) if self.alone else 0.0
        return initiation, self.ahead / self.moving, max(0.0, 1.0 - self.off / self.moving / (2.0 * width))


class PerformanceBased:
    """Waits for the patient, pushes who lags, and asks for more when it goes well. Any arm."""

    parameters: ClassVar[Parameters] = Parameters(
        stiffness=quantity(
            "400 N/m", unit="N/m", least="50 N/m", most="3 kN/m", says="how firm the walls are at first", live=True
        ),
        softest=quantity("50 N/m", unit="N/m", least="0 N/m", most="3 kN/m", says="they become no softer"),
        firmest=quantity("800 N/m", unit="N/m", least="50 N/m", most="3 kN/m", says="they become no firmer"),
        width=quantity("1 cm", unit="m", least="2 mm", most="5 cm", says="free on either side of the way"),
        time=quantity("1.5 s", unit="s", least="400 ms", most="6 s", says="of the back wall to the target, at first"),
        trigger=quantity("5 cm/s", unit="m/s", least="1 cm/s", most="30 cm/s", says="speed at which the slot opens"),
        patience=quantity("2 s", unit="s", least="200 ms", most="20 s", says="it opens by itself after this"),
        adapt_every=integer(5, least=1, most=100, says="trials after which time and stiffness adapt"),
        assistance=ASSISTANCE,
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        self._live = Ramps(self.parameters, p)
        self._softest: float = min(p["softest"], p["stiffness"])
        self._firmest: float = max(p["firmest"], p["stiffness"])
        self._width, self._trigger, self._patience, self._every = (
            p["width"], p["trigger"], p["patience"], p["adapt_every"]
        )  # fmt: skip
        self._per_root: float = 2.0 * DAMPING_RATIO * sqrt(hand_mass(device, device.home))
        self._way, self._tunnel, self._handover = Way(), Tunnel(), Handover()
        self.time: float = p["time"]  # T in s
        self.scores: tuple[float, float, float] = (0.0, 0.0, 0.0)  # means of the block that last led to a change
        self._block: list[tuple[float, float, float]] = []
        self._trial: Scores | None = None
        self._wall: MinimumJerk | None = None  # s_b, from t₀ on
        self._clock = 0.0  # s since the trial began

    @property
    def spring(self) -> Spring:
        """a K and a B of the firmest walls that may come."""
        return Spring(share(self._live) * self._firmest, share(self._live) * self._per_root * sqrt(self._firmest))

    @property
    def stiffness_now(self) -> float:
        """K in N/m as it was adapted."""
        return self._live["stiffness"]

    @property
    def adapted(self) -> dict[str, float]:
        """T in s and K in N/m of the trial that begins."""
        return {"time": self.time, "stiffness": self.stiffness_now}

    def set(self, name: str, value: float) -> None:
        """Change stiffness (N/m; it adapts from there) or assistance (%): reached in 200 ms, without a step."""
        if name == "stiffness":
            self._firmest = max(self._firmest, value)
            self._softest = min(self._softest, value)
        self._live.to(name, value)

    def reset(self, state: State) -> None:
        self._live.finish()
        self._way.reset(tuple(state.x.tolist()))
        self._tunnel.open()
        self._handover.forget()
        self._wall = None

    def heed(self, event: Event) -> None:
        self._way.heed(event)
        if event.kind == "trial_start":
            self._trial, self._wall, self._clock = Scores(), None, 0.0
        elif event.kind == "trial_end" and self._trial is not None:
            self._block.append(self._trial.of(self._patience, self._width))
            self._trial, self._wall = None, None
            if len(self._block) >= self._every:
                self._adapt()

    def _adapt(self) -> None:
        initiation, speed, accuracy = (sum(score) / len(self._block) for score in zip(*self._block, strict=True))
        self.scores = (initiation, speed, accuracy)
        self._block.clear()
        self.time = next_time(self.time, initiation, speed)
        self._live.to("stiffness", next_stiffness(self.stiffness_now, accuracy, self._softest, self._firmest))

    def update(self, state: State, reference: Reference, dt: float) -> Array:
        self._live.step(dt)
        x, v = tuple(state.x.tolist()), tuple(state.v.tolist())
        x_ref, v_ref = tuple(reference.x.tolist()), tuple(reference.v.tolist())
        changed = self._way.look(x, x_ref, reference.path, v_ref)
        if changed:
            self._wall = None
        if changed or self._way.turned:
            self._tunnel.open()
            self._handover.change()
        force = self._handover.step(self._slot(x, v, x_ref, v_ref, dt), dt)
        return hand_torque(state, share(self._live) * np.array(force))

    def _slot(self, x: Floats, v: Floats, x_ref: Floats, v_ref: Floats, dt: float) -> Floats:
        """F / a."""
        way, K = self._way, self._live["stiffness"]
        B = self._per_root * sqrt(K)
        force = self._tunnel.side(way, x, v, x_ref, v_ref, self._width, K, B, dt)
        trial = self._trial
        if way.path is None or way.hand is None or trial is None:
            return force
        self._clock += dt
        speed = dot(v, way.hand.direction)
        if self._wall is None:
            trial.alone = speed >= self._trigger
            if not trial.alone and self._clock < self._patience:
                return force
            trial.waited = self._clock
            self._wall = MinimumJerk((0.0,), (way.length,), begin=self._clock, duration=self.time)
        (s_b,), (speed_b,) = self._wall.at(self._clock)
        trial.moving += dt
        behind = s_b - way.gone
        trial.ahead += dt if behind <= self._width else 0.0
        trial.off += dt * self._tunnel.away
        _, left = way.corners()
        return added(force, pressed(min(behind, left), speed_b - speed, K, B), way.hand.direction)
