"""Daily life: the ways of everyday actions, led or at one's own pace, with the rests that they have.

    drink        to the glass, rest (grasp), to the mouth, rest (sip), back to the table, rest (let go), home
    wipe         to and fro over a table, a strip farther each time, and home
    reach_shelf  out to a shelf, rest (put down), home
    taught       a way that a therapist has taught (`rehab teach`), in a protocol by its name: adl: {taught: comb}

A way is given by a few points, joined by a smooth curve; where the hand rests, and where it turns back, the point comes
to rest by minimum jerk. The ways lie in the plane of the arm, seen from above, home in the middle, with plausible
distances: a table top of 20 by 15 cm, not anybody's measurements.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from exercises.trace import TAUGHT, Trace, taught
from rehab.core.about import About, Phrases
from rehab.core.parameters import Parameters, choice, number, quantity, text
from rehab.core.path import Path
from rehab.core.points import MOST_POINTS, curve
from rehab.core.values import Floats


class Way(NamedTuple):
    """Pieces of a way, cm from home, each beginning where the one before ends; s of rest after each."""

    pieces: tuple[tuple[Floats, ...], ...]
    rests: tuple[float, ...]


WAYS = {
    "drink": Way(
        (
            ((0, 0), (3, 4), (6, 7), (8, 9)),
            ((8, 9), (7, 5), (4, -1), (0, -6)),
            ((0, -6), (4, -1), (7, 5), (8, 9)),
            ((8, 9), (6, 6), (3, 2), (0, 0)),
        ),
        (1.0, 1.5, 1.0, 0.0),
    ),
    "wipe": Way(
        (
            ((0, 0), (-4, -3), (-9, -5)),
            ((-9, -5), (0, -5.5), (9, -5)),
            ((9, -5), (10, -2), (9, 0), (0, 0.5), (-9, 0)),
            ((-9, 0), (-10, 3), (-9, 5), (0, 5.5), (9, 5)),
            ((9, 5), (5, 2.5), (0, 0)),
        ),
        (0.0, 0.0, 0.0, 0.3, 0.0),
    ),
    "reach_shelf": Way((((0, 0), (2, 5), (4, 11)), ((4, 11), (1, 5), (0, 0))), (1.0, 0.0)),
}
DRINK, WIPE, SHELF = "Take the glass, drink, and put it back", "Wipe the table", "Put something on the shelf"
DO = "Do the movement that is shown"
TEXTS = {"drink": DRINK, "wipe": WIPE, "reach_shelf": SHELF, TAUGHT: DO}
ABOUT = About(
    title="Daily life",
    instruction="Do the movement of everyday life that is shown: follow the line, and rest where it rests.",
    trains="movements of everyday life: drinking, wiping, reaching a shelf, or one that was taught",
    measures="distance from the way, evenness of speed, time for the whole movement",
    goals=("daily life", "coordination", "range"),
)


class Adl(Trace):
    """Following the way of an everyday action."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **Trace.phrases,
        ABOUT.title: {"it": "Vita quotidiana"},
        ABOUT.instruction: {
            "it": "Faccia il movimento di tutti i giorni che vede: segua la linea e si fermi dove si ferma."
        },
        ABOUT.trains: {"it": "movimenti quotidiani: bere, pulire, raggiungere uno scaffale, o uno insegnato"},
        ABOUT.measures: {"it": "distanza dal percorso, uniformità della velocità, tempo per tutto il movimento"},
        DRINK: {"it": "Prenda il bicchiere, beva e lo rimetta a posto"},
        WIPE: {"it": "Pulisca il tavolo"},
        SHELF: {"it": "Metta qualcosa sullo scaffale"},
        DO: {"it": "Faccia il movimento che vede"},
    }
    parameters: ClassVar[Parameters] = Parameters(
        task=choice("drink", (*WAYS, TAUGHT), says="what is done"),
        scale=number(1.0, least=0.3, most=2.5, says="size of the movement; 1 is as given"),
        pace=choice("guided", ("guided", "own"), says="led by a point, or at one's own pace"),
        lap_time=quantity("10 s", unit="s", least="2 s", most="60 s", says="time of the whole movement, without rests"),
        tolerance=quantity("2.5 cm", unit="m", least="5 mm", most="10 cm", says="how near to the way is on it"),
        enough=number(0.9, least=0.1, most=1.0, says="share of a guided movement that is a success"),
        time_limit=quantity("30 s", unit="s", least="5 s", most="180 s", says="time for one movement"),
        points=text("", says="of a taught way: cm from home, as 0,0; 2.5,-1; 4,0.5"),
        between=choice("curve", ("curve", "straight"), says="how a taught way goes from point to point"),
    )

    def way(self, p: dict[str, Any]) -> tuple[Sequence[Floats], dict[float, float]]:
        if p["task"] == TAUGHT:
            found = taught(p["points"], p["between"], len(self._home))
            return [tuple(p["scale"] * c for c in point) for point in found], {}
        points: list[Floats] = []
        rests: dict[float, float] = {}
        whole, (pieces, times) = 0.0, WAYS[p["task"]]
        for piece, rest in zip(pieces, times, strict=True):
            in_metres = [tuple(0.01 * p["scale"] * c for c in point) for point in piece]
            fine = curve(in_metres, most=MOST_POINTS // len(pieces))
            whole += Path(fine).length
            points += fine
            rests[whole] = rest
        return points, rests

    def words(self, p: dict[str, Any]) -> str:
        return TEXTS[p["task"]]

    def large(self, p: dict[str, Any]) -> str:
        return "scale"
