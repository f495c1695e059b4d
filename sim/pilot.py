"""A virtual user at the stick: sees the screen, nothing else, and steers the cursor to the place that is asked for.

    u = min(1, far/5 cm) R(ε) d̂      until the cursor is within 0.6 r of the place, then 0
    ε ~ N(0, σ²), drawn anew every `every`

d̂ unit vector from the cursor to the place · far its distance · r its radius · σ how unsteady the hand at the stick is.
Begins `reaction` after a place is shown. Seeded: with a simulated clock the same seed steers the same way.
pilot:unsteady,seed=3
"""

from __future__ import annotations

from math import cos, dist, pi, radians, sin
from typing import Any, ClassVar

import numpy as np

from rehab.core.errors import UnknownName
from rehab.core.intent import Said
from rehab.core.parameters import Parameters, integer, quantity
from rehab.core.types import NO_SCENE, Scene, Target
from rehab.core.values import Floats

UNSTEADY = {"steady": 5.0, "unsteady": 25.0, "very_unsteady": 45.0}  # σ in degrees
GENTLE = 0.05  # m from the place within which the stick is pushed less
INSIDE = 0.6  # of the radius: there the pilot lets go


class Pilot:
    """A virtual user who steers what is seen to where it is wanted, steadily or not."""

    parameters: ClassVar[Parameters] = Parameters(
        reaction=quantity("300 ms", unit="s", least="0 s", most="3 s", says="after a place is shown"),
        every=quantity("400 ms", unit="s", least="50 ms", most="5 s", says="how long a wrong aim lasts"),
        seed=integer(1, least=0, says="of the aim"),
    )
    simulated = True
    pedal = typed = False

    def __init__(self, where: str, dimensions: int, **parameters: Any) -> None:
        if where not in UNSTEADY:
            raise UnknownName("pilot", where, list(UNSTEADY))
        p = self.parameters.complete(parameters)
        self._spread, self._dimensions = radians(UNSTEADY[where]), dimensions
        self._reaction, self._every, self._seed = p["reaction"], p["every"], p["seed"]
        self.open()

    @staticmethod
    def addresses() -> list[str]:
        return list(UNSTEADY)

    def open(self) -> None:
        self._rng = np.random.default_rng(self._seed)
        self._scene, self._cursor = NO_SCENE, (0.0,) * self._dimensions
        self._wanted: Target | None = None
        self._since = self._aimed = 0.0
        self._error = 0.0

    def close(self) -> None: ...

    def fileno(self) -> int | None:
        return None

    def see(self, scene: Scene, hand: Floats) -> None:
        self._scene, self._cursor = scene, scene.cursor.place(hand)

    def poll(self, now: float, run: float) -> Said:
        still = Said((0.0,) * self._dimensions)
        wanted = next((t for t in self._scene.targets if t.role in ("goal", "home")), None)
        if wanted != self._wanted:
            self._wanted, self._since = wanted, run
        if wanted is None or run < 0.0 or run < self._since + self._reaction:
            return still
        if run < self._aimed or run >= self._aimed + self._every:
            self._aimed, self._error = run, float(self._rng.normal(0.0, self._spread))
        far = dist(wanted.x, self._cursor)
        if far <= INSIDE * wanted.radius:
            return still
        size = min(1.0, far / GENTLE)
        d = [size * (g - c) / far for g, c in zip(wanted.x, self._cursor, strict=True)]
        if len(d) == 1:
            return Said((d[0] if abs(self._error) < pi / 2.0 else -d[0],))
        c, s = cos(self._error), sin(self._error)
        return Said((c * d[0] - s * d[1], s * d[0] + c * d[1]))
