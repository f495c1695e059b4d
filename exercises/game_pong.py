"""Table tennis: the ball comes at an angle, off the side walls, and the paddle in the hand must meet it.

The ball flies at even speed from the far side; its offset from the middle is folded at the walls,

    x(s) = fold(x₀ + s·(x₁ − x₀)),  0 ≤ s ≤ 1        fold: a triangle wave of the court's half width
"""

from __future__ import annotations

from typing import Any, ClassVar

from exercises.game import COMMON, GAME_PHRASES, Game
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.errors import Finding, Findings
from rehab.core.parameters import Parameters, number
from rehab.core.values import Floats

LENGTH = 0.18  # m from the far side to the line
HIT = "Hit the ball with your paddle"
ABOUT = About(
    title="Pong",
    instruction="The ball comes towards you and bounces off the sides. Be where it crosses your line.",
    trains="anticipation and timing, at a pace that follows your skill",
    measures="share of balls hit, and the time that was left for each",
    goals=("game", "coordination", "speed"),
)


class GamePong(Game):
    """Meet a ball that bounces."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **GAME_PHRASES,
        ABOUT.title: {"it": "Ping pong"},
        ABOUT.instruction: {"it": "La pallina arriva e rimbalza sui lati. Si trovi dove attraversa la sua linea."},
        ABOUT.trains: {"it": "anticipazione e tempismo, a un ritmo che segue la sua abilità"},
        ABOUT.measures: {"it": "quota di palline colpite, e il tempo che c'era per ciascuna"},
        HIT: {"it": "Colpisca la pallina con la racchetta"},
    }
    dimensions: ClassVar[tuple[int, ...]] = (2,)
    parameters: ClassVar[Parameters] = Parameters(
        **COMMON, bounces=number(1.0, least=0.0, most=4.0, says="most bounces off the sides on the way")
    )
    text: ClassVar[str] = HIT

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        super().__init__(device, p)
        if len(self._home) not in self.dimensions:
            raise Findings([Finding("width", f"{device.model} moves in one dimension", "an arm with two dimensions")])
        self._bounces: float = p["bounces"]

    def throw(self) -> float:
        self._from = float(self._rng.uniform(-self._half, self._half))
        self._to = float(self._rng.uniform(-1.0, 1.0)) * self._half * (1.0 + 2.0 * self._bounces)
        return self._fold(self._to)

    def _fold(self, offset: float) -> float:
        """Within ±half, reflected at the walls."""
        whole = 4.0 * self._half
        turned = (offset + self._half) % whole
        return (turned if turned <= 0.5 * whole else whole - turned) - self._half

    def thing(self, share: float) -> Floats:
        offset = self._fold(self._from + share * (self._to - self._from))
        return (self._home[0] + offset, self._home[1] + LENGTH * (1.0 - share))

    def mark(self, share: float) -> Floats:
        """On the line, below the ball: where it will cross is for the participant to foresee."""
        return self.on_line(self.thing(share)[0] - self._home[0])
