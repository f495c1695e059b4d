"""Which faults may end a cell of the grid, and why. Whatever is not here must run to its end.

A fault stands with the patients, exercises and modes (ALL: any) in which it is what it says it is: the limb, or the
person, did what the monitor stops for. The first row that fits a cell gives its reason.
"""

from __future__ import annotations

from typing import NamedTuple

from rehab.core.safety.faults import Fault
from tests.grid.cells import Cell

ALL: tuple[str, ...] = ()
PRESSED = (Fault.SPASM, Fault.FORCE_LIMIT)
AWAY = (Fault.POSITION_LIMIT, Fault.VELOCITY_LIMIT)


class Named(NamedTuple):
    faults: tuple[Fault, ...]
    reason: str
    patients: tuple[str, ...] = ALL
    exercises: tuple[str, ...] = ALL
    modes: tuple[str, ...] = ALL

    def fits(self, cell: Cell, fault: Fault) -> bool:
        sides = ((self.patients, cell.patient), (self.exercises, cell.exercise), (self.modes, cell.mode))
        return fault in self.faults and all(not some or one in some for some, one in sides)


YIELDING = ("active", "active_assistive", "resistive")  # nothing in them holds a hand that is pushed
NAMED: tuple[Named, ...] = (
    Named((*PRESSED, *AWAY), "fights the robot and goes astray on purpose, with sudden jerks", ("uncooperative",)),
    Named(PRESSED, "flexors catch when they are stretched fast: that is a spasm", ("spastic",)),
    Named(
        (Fault.POSITION_LIMIT,), "nothing holds in this mode: the push carries the hand to the end of the arm's range",
        exercises=("strength",), modes=YIELDING,
    ),
    Named(
        PRESSED, "the robot leads to where the ball will cross, the player follows the ball: at 1.5 s a ball they pull",
        exercises=("game_pong",), modes=("passive",),
    ),
)  # fmt: skip


def reason(cell: Cell, fault: Fault) -> str:
    """Why that fault may end that cell; "" where it may not."""
    return next((named.reason for named in NAMED if named.fits(cell, fault)), "")
