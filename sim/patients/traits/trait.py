"""Traits are data: dataclasses whose fields know their unit and range, so that YAML and Python are held to the same.

Torques and forces are shares of what the limb in question gives when it is able (sim/patients/limb.py): a tremor of
0.02 is 0.8 N·m at an elbow and 2.4 N·m at a knee, so that one patient may train an arm or a leg.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from numpy.random import Generator

from rehab.core.parameters import Parameter, Parameters
from sim.patients.limb import Limb
from sim.patients.traits.effort import Mechanism


def number(default: float, *, unit: str = "", least: float, most: float, says: str) -> Any:
    """A field of a trait: a number, in YAML with its unit where it has one. All values in SI."""
    kind = "quantity" if unit else "number"
    return field(default=default, metadata={"parameter": Parameter(kind, default, unit, least, most, says=says)})


def count(default: int, *, least: int, most: int, says: str) -> Any:
    """A field that is a whole number."""
    return field(default=default, metadata={"parameter": Parameter("integer", default, "", least, most, says=says)})


def word(default: str, choices: tuple[str, ...], *, says: str) -> Any:
    """A field that is one of a few words."""
    return field(default=default, metadata={"parameter": Parameter("choice", default, choices=choices, says=says)})


def yes(default: bool, *, says: str) -> Any:
    """A field that is true or false."""
    return field(default=default, metadata={"parameter": Parameter("flag", default, says=says)})


@dataclass(frozen=True)
class Trait:
    """Raises ValueError, in words, for a value outside its range."""

    def __post_init__(self) -> None:
        for name, parameter in self.parameters().items():
            value = getattr(self, name)
            outside = isinstance(value, int | float) and not (
                (parameter.least is None or value >= parameter.least)
                and (parameter.most is None or value <= parameter.most)
            )
            if outside or (isinstance(value, str) and value not in parameter.choices):
                raise ValueError(f"{type(self).__name__}: {name} is {value}; allowed is {parameter.allowed}")

    @classmethod
    def parameters(cls) -> Parameters:
        """Of the fields that are plain numbers and words; in YAML they are written by these names."""
        known = ((one.name, one.metadata.get("parameter")) for one in fields(cls))
        return Parameters(**{name: parameter for name, parameter in known if parameter is not None})


@dataclass(frozen=True)
class MuscleTrait(Trait):
    """A trait that changes what the muscles do. `stage` says when, among the others (sim/patients/traits/effort.py)."""

    stage: ClassVar[int]

    def begin(self, limb: Limb, generator: Generator) -> Mechanism:
        """The mechanism at work in that limb; whatever is random in it comes from this generator."""
        raise NotImplementedError
