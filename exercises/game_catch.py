"""Catching: apples fall, each at another place, and the basket in the hand must be under it when it arrives."""

from __future__ import annotations

from typing import Any, ClassVar

from exercises.game import COMMON, GAME_PHRASES, Game
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.parameters import Parameters
from rehab.core.values import Floats

HEIGHT = 0.15  # m beyond the line from which things fall
CATCH = "Catch the falling apples"
ABOUT = About(
    title="Catch",
    instruction="Apples fall. Move your hand under each one before it arrives.",
    trains="quick sideways reaching, at a pace that follows your skill",
    measures="share of things caught, and the time that was left for each",
    goals=("game", "reaching", "speed"),
)


class GameCatch(Game):
    """Be there before it arrives."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **GAME_PHRASES,
        ABOUT.title: {"it": "Acchiappa"},
        ABOUT.instruction: {"it": "Cadono delle mele. Porti la mano sotto ciascuna prima che arrivi."},
        ABOUT.trains: {"it": "movimenti laterali rapidi, a un ritmo che segue la sua abilità"},
        ABOUT.measures: {"it": "quota di oggetti presi, e il tempo che c'era per ciascuno"},
        CATCH: {"it": "Acchiappi le mele che cadono"},
    }
    parameters: ClassVar[Parameters] = Parameters(**COMMON)
    text: ClassVar[str] = CATCH

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        super().__init__(device, self.parameters.complete(parameters))

    def throw(self) -> float:
        return float(self._rng.uniform(-self._half, self._half))

    def thing(self, share: float) -> Floats:
        """Straight down; along a single line it waits where it will arrive."""
        x, *rest = self._spot
        return (x, rest[0] + HEIGHT * (1.0 - share)) if rest else (x,)
