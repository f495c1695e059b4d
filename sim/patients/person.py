"""Who a virtual patient is: everything about them as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sim.patients.traits.learning import Learning
from sim.patients.traits.neglect import Neglect
from sim.patients.traits.trait import MuscleTrait, Trait, count, number, yes

Kind = TypeVar("Kind", bound=MuscleTrait)


@dataclass(frozen=True)
class Traits(Trait):
    """Stiffness and strength are shares of an able limb's (sim/patients/limb.py); all else in SI. What the muscles have
    beyond it stands in `muscles`, in any order; one trait may stand there more than once."""

    reaction: float = number(0.22, unit="s", least=0.05, most=10.0, says="from seeing to moving")
    movement: float = number(
        0.65, unit="s", least=0.15, most=10.0,
        says="for 10 cm; it grows with the square root of the distance, so that accelerations are alike",
    )  # fmt: skip
    stiffness: float = number(1.0, least=0.0, most=3.0, says="of the joints while acting, as a share")
    strength: float = number(1.0, least=0.0, most=2.0, says="most that each joint gives, as a share")
    noise: float = number(0.0, least=0.0, most=1.0, says="share of the torque that is unsteady")
    relaxed: float = number(0.1, least=0.0, most=1.0, says="share of the stiffness that is left when relaxed")
    feed_forward: float = number(
        1.0, least=0.0, most=1.0,
        says="how much of the limb's own dynamics, of a load that is felt and of a goal that moves is anticipated",
    )  # fmt: skip
    reach: float = number(1.0, least=0.1, most=1.5, says="share of the way that one movement covers")
    spread: float = number(0.0, least=0.0, most=0.5, says="scatter of reaction, duration and aim")
    attempts: int = count(5, least=0, most=1000, says="movements to one goal before giving up for a while")
    contrary: float = number(0.0, least=0.0, most=1.0, says="share of the movements that go the other way on purpose")
    acts: bool = yes(True, says="false: limp, whatever the scene asks")
    muscles: tuple[MuscleTrait, ...] = ()
    neglect: Neglect | None = None
    learning: Learning | None = None

    def of(self, kind: type[Kind]) -> Kind:
        """The first trait of that kind in the muscles. Raises KeyError if there is none."""
        for trait in self.muscles:
            if isinstance(trait, kind):
                return trait
        raise KeyError(kind.__name__)
