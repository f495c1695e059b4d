"""Tracking: a target moves by itself, and the hand stays on it.

    x_i(t) = c_i + e(t) Σ_k a_k sin(2π f_k t + φ_ik)        sines: three incommensurable frequencies, phases drawn
    x_i(t) = c_i + e(t) a sin(2π (f₀ t + ½ (f₁ − f₀) t²/T))  chirp: from f₀ to f₁, in the first dimension

e(t) is a smoothstep over 1 s at both ends: the target begins and ends at rest in the centre. A trial lasts `duration`
and is `reached` when the hand was on the target (within `tolerance`) for at least `enough` of it, else `timeout`. With
`adapt` the speed grows by a tenth after a good trial and falls after a bad one, so that about two of three are good.
"""

from __future__ import annotations

from math import cos, dist, pi, sin
from typing import Any, ClassVar

from numpy.random import Generator

from exercises.repetition import PHRASES, SEEN, Repetition
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.limits import Limits
from rehab.core.minimum_jerk import SPEED_SHARE
from rehab.core.parameters import Parameters, choice, flag, number, quantity
from rehab.core.types import Outcome, Scene, State, Target
from rehab.core.units import show
from rehab.core.values import Floats
from rehab.core.workspace import free_length

EASE = 1.0  # s in which the motion swells and fades
RATIOS = (1.0, 1.618, 2.414)  # of the frequencies: their sum does not repeat within a trial, so it cannot be learnt
SHARES = (0.5, 0.3, 0.2)  # of the amplitude
QUICKER, SLOWER = 1.10, 0.85  # of the speed after a good and after a bad trial: in balance at 2 good of 3
LEAST_PACE, MOST_PACE = 0.3, 3.0
STAY = "Stay on the moving point"
ABOUT = About(
    title="Tracking",
    instruction="Keep your hand on the moving point, wherever it goes.",
    trains="continuous control: following, anticipating, correcting",
    measures="time on the target, distance from it, delay behind it",
    goals=("coordination", "speed"),
)


class Track(Repetition):
    """Staying on a target that moves."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **PHRASES,
        ABOUT.title: {"it": "Inseguire"},
        ABOUT.instruction: {"it": "Tenga la mano sul punto che si muove, ovunque vada."},
        ABOUT.trains: {"it": "controllo continuo: seguire, anticipare, correggere"},
        ABOUT.measures: {"it": "tempo sul bersaglio, distanza da esso, ritardo"},
        STAY: {"it": "Resti sul punto che si muove"},
    }
    parameters: ClassVar[Parameters] = Parameters(
        motion=choice("sines", ("sines", "chirp"), says="a sum of sines, or one that gets faster"),
        amplitude=quantity("8 cm", unit="m", least="1 cm", most="30 cm", says="how far from the centre it goes"),
        frequency=quantity("0.15 Hz", unit="Hz", least="0.02 Hz", most="2 Hz", says="of the slowest sine, or at first"),
        fastest=quantity("0.6 Hz", unit="Hz", least="0.02 Hz", most="3 Hz", says="at the end of a chirp"),
        duration=quantity("10 s", unit="s", least="3 s", most="120 s", says="of one trial"),
        tolerance=quantity("2 cm", unit="m", least="5 mm", most="10 cm", says="how near is on the target"),
        enough=number(0.6, least=0.05, most=1.0, says="share of the time on the target that is a success"),
        adapt=flag(True, says="faster after a good trial, slower after a bad one"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        super().__init__(device, p["tolerance"])
        self._sines: bool = p["motion"] == "sines"
        self._amplitude, self._duration = p["amplitude"], p["duration"]
        self._frequency, self._fastest = p["frequency"], p["fastest"]
        self._enough, self._adapts = p["enough"], p["adapt"]
        self._refuse_what_does_not_fit()

    def _refuse_what_does_not_fit(self) -> None:
        count = 8 if len(self._home) == 2 else 2
        around = [(cos(2.0 * pi * k / count), sin(2.0 * pi * k / count))[: len(self._home)] for k in range(count)]
        free = min(free_length(self._device, self._kinematics, self._home, u, self._amplitude) for u in around)
        if free < self._amplitude:
            value = show(self._amplitude, "m")
            problem = f'"{value}" is too large: {self._device.model} does not reach so far on every side'
            raise Findings([Finding("amplitude", problem, f"up to {show(free, 'm')} around home", value=value)])

    def start(self, state: State, limits: Limits, rng: Generator) -> None:
        self._pace = 1.0
        super().start(state, limits, rng)

    def entry(self) -> Floats:
        return self._home

    def begin(self, hand: Floats) -> dict[str, Any]:
        self._phases = self._rng.uniform(0.0, 2.0 * pi, (len(self._home), len(RATIOS))).tolist()
        pace = min(self._pace, self._most_pace())
        self._f, self._f1 = pace * self._frequency, pace * max(self._frequency, self._fastest)
        self._on = self._seen = self._drawn_at = 0.0
        self._picture: Scene | None = None
        return {"pace": pace}

    def _most_pace(self) -> float:
        """So that the target is never faster than a reference may be, in either dimension at once."""
        rate = sum(a * r for a, r in zip(SHARES, RATIOS, strict=True)) * self._frequency
        if not self._sines:
            rate = max(self._frequency, self._fastest)
        fastest = self._amplitude * (2.0 * pi * rate + 1.5 / EASE) * len(self._home) ** 0.5
        return float(SPEED_SHARE * self._speed_limit / fastest)

    def lead(self, t: float, dt: float, hand: Floats) -> tuple[Floats, Floats]:
        left = min(t, self._duration - t) / EASE
        u = min(1.0, max(0.0, left))
        ease, slope = u * u * (3.0 - 2.0 * u), 6.0 * u * (1.0 - u) / EASE
        slope = slope if t < 0.5 * self._duration else -slope
        position, velocity = [], []
        for k, centre in enumerate(self._home):
            offset, rate = self._wave(k, t)
            position.append(centre + ease * offset)
            velocity.append(ease * rate + slope * offset)
        return tuple(position), tuple(velocity)

    def _wave(self, k: int, t: float) -> tuple[float, float]:
        """Offset m and velocity m/s in dimension k, not yet eased."""
        if self._sines:
            parts = list(zip(SHARES, RATIOS, self._phases[k], strict=True))
            offset = sum(a * sin(2.0 * pi * r * self._f * t + phase) for a, r, phase in parts)
            rate = sum(2.0 * pi * r * self._f * a * cos(2.0 * pi * r * self._f * t + phase) for a, r, phase in parts)
            return self._amplitude * offset, self._amplitude * rate
        if k > 0:
            return 0.0, 0.0
        sweep = (self._f1 - self._f) / self._duration
        angle = 2.0 * pi * (self._f * t + 0.5 * sweep * t * t)
        return self._amplitude * sin(angle), self._amplitude * 2.0 * pi * (self._f + sweep * t) * cos(angle)

    def judge(self, t: float, hand: Floats, speed: float) -> Outcome | None:
        if dist(hand, self._x) <= self._size:
            self._on += t - self._seen
        self._seen = t
        if t < self._duration:
            return None
        return Outcome.REACHED if self._on >= self._enough * self._duration else Outcome.TIMEOUT

    def finish(self, outcome: Outcome) -> dict[str, Any]:
        if self._adapts:
            factor = QUICKER if outcome is Outcome.REACHED else SLOWER
            self._pace = min(MOST_PACE, max(LEAST_PACE, factor * self._pace))
        return {"on_target": self._on / self._duration}

    def picture(self, t: float) -> Scene:
        if self._picture is None or t - self._drawn_at >= SEEN:
            self._drawn_at = t
            target = Target(self._x, self._size, "goal")
            self._picture = Scene(targets=(target,), text=STAY, phase="go", cue="go" if t < 0.3 else "")
        return self._picture
