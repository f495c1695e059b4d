"""What an analysis gives: rows of a table, curves of a figure, and what is missing; all data."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from msgspec import Struct

from rehab.core.parameters import Parameters
from rehab.measures.analyses.recorded import Session


class Row(Struct, frozen=True):
    """One line of the table. `value` in the SI `unit`, or words; `spread` half of its 95 % confidence; `expected` by
    theory or literature, and `source` where that stands."""

    name: str
    value: float | str
    unit: str = ""
    spread: float | None = None
    expected: float | None = None
    source: str = ""


class Curve(Struct, frozen=True):
    """Equal lists of x and y. `look`: points, line, steps, or band (then `y2` is its other edge). Curves of one `hue`
    have one colour; −1 is ink."""

    label: str
    x: list[float]
    y: list[float]
    look: str = "line"
    hue: int = 0
    y2: list[float] = []


class Panel(Struct, frozen=True):
    """One pair of axes; the labels have their units. `equal`: a metre is as long both ways, as for paths."""

    title: str
    x: str
    y: str
    curves: tuple[Curve, ...]
    equal: bool = False


class Result(Struct, frozen=True):
    """`verdict` is the one sentence that a reader takes along."""

    verdict: str
    rows: tuple[Row, ...] = ()
    panels: tuple[Panel, ...] = ()
    missing: tuple[str, ...] = ()


class Analysis(Protocol):
    """What is found under a name in the group rehab.measures. Built with its parameters in SI.

    general  it fits every session, and is made only where no special one fits
    """

    says: ClassVar[str]
    parameters: ClassVar[Parameters]
    general: ClassVar[bool]

    def __init__(self, **parameters: Any) -> None: ...

    def fits(self, session: Session) -> bool:
        """Whether this is what the session was made for."""
        ...

    def analyse(self, session: Session) -> Result:
        """Raises MeasureError, in words, when nothing at all can be said."""
        ...
