"""Holding a posture in a protocol's phases: the hand rests at the centre, and whatever the protocol brings comes.

    hold ──▶ move (time) ──▶ return        the only place is the centre

For studies of reflexes and stiffness: preloads, steps and instructions are the protocol's (cross, perturb, say); the
exercise `hold` is the one that disturbs by itself. A trial is `reached` when its time has passed.
"""

from __future__ import annotations

from typing import Any, ClassVar

from exercises.phases import Phased
from exercises.stage import PHRASES
from rehab.core.about import About, Phrases
from rehab.core.device import DeviceInfo
from rehab.core.kinematics import kinematics_of
from rehab.core.parameters import Parameters, choice, quantity
from rehab.core.trials import Phase

STAY = "Keep your hand where it is"
ABOUT = About(
    title="Holding a posture",
    instruction="Keep your hand in the circle, whatever happens.",
    trains="an assessment: reflexes and stiffness of the arm at rest",
    measures="what the hand does after a disturbance",
    goals=("coordination", "spasticity"),
)
PHASES = (Phase("hold", {"name": "home"}), Phase("move", {"name": "go", "until": "time"}), Phase("return"))


class HoldPosture(Phased):
    """The hand stays at the centre while the protocol disturbs it."""

    about: ClassVar[About] = ABOUT
    phrases: ClassVar[Phrases] = {
        **PHRASES,
        ABOUT.title: {"it": "Mantenere una postura"},
        ABOUT.instruction: {"it": "Tenga la mano nel cerchio, qualunque cosa accada."},
        ABOUT.trains: {"it": "una valutazione: riflessi e rigidezza del braccio a riposo"},
        ABOUT.measures: {"it": "che cosa fa la mano dopo un disturbo"},
        STAY: {"it": "Tenga la mano dov'è"},
    }
    parameters: ClassVar[Parameters] = Parameters(
        at=choice("centre", ("centre",), says="where the hand is held"),
        tolerance=quantity("2 cm", unit="m", least="5 mm", most="10 cm", says="radius of the circle"),
        duration=quantity("3 s", unit="s", least="200 ms", most="60 s", says="of a trial"),
        rest=quantity("500 ms", unit="s", least="0 s", most="10 s", says="in the circle before each trial"),
    )

    def __init__(self, device: DeviceInfo, **parameters: Any) -> None:
        p = self.parameters.complete(parameters)
        centre, _ = kinematics_of(device).forward(device.home)
        defaults = {
            "hold.for": p["rest"], "hold.timeout": 5.0, "move.for": p["duration"], "move.in": 1.0, "return.in": 1.0,
            "return.timeout": 5.0,
        }  # fmt: skip
        super().__init__(centre, (centre,), p["tolerance"], PHASES, defaults, {"go": STAY, "move": STAY, "dwell": STAY})

    def choose(self) -> int:
        return 0
