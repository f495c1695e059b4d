"""Quantities with units in, SI numbers out, and back again for people.

Degrees and centimetres exist on screens and in YAML only; inside, everything is m, s, rad, N, N·m, kg. Parsing is
pint's (Apache/BSD, the field's library); it costs 0.2 s to import and so is loaded at the first quantity.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

# the units that people of this field read, best first; the first that gives 1 ≤ |value| < 1000 is shown
DISPLAY = {
    "m": ("m", "cm", "mm"),
    "m/s": ("m/s", "cm/s"),
    "s": ("min", "s", "ms"),
    "rad": ("deg",),
    "rad/s": ("deg/s",),
    "N": ("N",),
    "N*m": ("N*m",),
    "N/m": ("kN/m", "N/m"),
}
_POWER = re.compile(r"\*\*|\^")
_SMALL_POWER = re.compile(r"(?:\*\*|\^)\s*[-+]?\d(?![\d.eE])(?!\s*(?:\*\*|\^))")


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=False, cache_folder=None)


def parse(text: str | float, unit: str) -> float:
    """The SI value of a quantity such as "10 cm", checked against the dimension of `unit` (for example "m").

    Raises ValueError, in words for the user, for a bare number where a unit is needed, an unknown unit, the wrong
    dimension, or something that is not finite. A `unit` of "" takes bare numbers only.
    """
    if isinstance(text, bool):
        raise ValueError(f'"{text}" is not a number')
    if isinstance(text, int | float):
        if unit:
            raise ValueError(f'"{text}" has no unit')
        return _finite(float(text), text)
    if not isinstance(text, str):
        raise ValueError(f'"{text}" is not a quantity')
    try:
        bare = float(text)
    except ValueError:
        pass
    else:
        if unit:
            raise ValueError(f'"{text}" has no unit')
        return _finite(bare, text)
    if not unit:
        raise ValueError(f'"{text}" is not a plain number')
    value = _quantity(text)
    import pint

    try:
        return _finite(float(value.to(unit).magnitude), text)
    except pint.DimensionalityError:
        raise ValueError(f'"{text}" is not {a_quantity_of(unit)}') from None


def unit_of(text: str) -> str:
    """The SI unit of a quantity by its dimension: "N/m" for "200 N/m" and for "2 N/cm", "rad" for "30 deg".

    Work and torque have one dimension: "2 J" is kept in N*m. Raises ValueError for what is not a quantity with a unit.
    """
    base = _quantity(text).to_base_units().units
    for unit in _NAMES:
        if _registry().Quantity(1.0, unit).to_base_units().units == base:
            return unit
    if base.dimensionless and "radian" not in str(base):
        raise ValueError(f'"{text}" has no dimension: write it as a plain number')
    return f"{base:~C}"


def _quantity(text: str) -> Any:
    """What pint makes of "200 N/m". Raises ValueError for text that is not a number with a known unit."""
    import pint

    # "15 N.s/m" and "15 N·s/m": a dot between unit letters is a product
    spelled = re.sub(r"(?<=[A-Za-z])[.·](?=[A-Za-z])", "*", text.replace("²", "**2"))
    if not re.match(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*[A-Za-zµ°%]", spelled):
        raise ValueError(f'"{text}" is not a number with a unit')
    if len(_POWER.findall(spelled)) != len(_SMALL_POWER.findall(spelled)):
        raise ValueError(f'"{text}" is not a number with a known unit')  # 9**9**9 would take all day
    try:
        quantity = _registry().Quantity(spelled)
        float(quantity.to_base_units().magnitude)
    except (pint.PintError, ValueError, TypeError, AttributeError, SyntaxError, OverflowError, ZeroDivisionError):
        # pint's tokenizer and evaluator raise Python's own errors for text that is no quantity
        raise ValueError(f'"{text}" is not a number with a known unit') from None
    return quantity


def _finite(value: float, text: object) -> float:
    if not math.isfinite(value):
        raise ValueError(f'"{text}" is not finite')
    return value


_NAMES = {
    "m": "a length", "m/s": "a speed", "s": "a time", "rad": "an angle", "rad/s": "an angular speed", "N": "a force",
    "N*m": "a torque", "N/m": "a stiffness", "N*s/m": "a damping", "N*m/rad": "a rotational stiffness",
    "N*m*s/rad": "a rotational damping", "kg": "a mass", "Hz": "a frequency", "W": "a power", "J": "an energy",
}  # fmt: skip


def a_quantity_of(unit: str) -> str:
    """ "a length", "a stiffness", ... for messages."""
    if unit == "%":
        return "a share"
    return _NAMES.get(unit, f"a quantity in {pretty(unit)}" if unit else "a plain number")


def pretty(unit: str) -> str:
    """N*m*s/rad as people write it: N·m·s/rad."""
    return unit.replace("**2", "²").replace("*", "·").replace("deg", "°")


def show(value: float, unit: str) -> str:
    """An SI value as people read it: show(0.1, "m") is "10 cm", show(pi, "rad") is "180°"."""
    number, shown = shown_in(value, unit)
    return f"{number:.4g}{beside(shown)}" if unit else f"{value:g}"


def beside(shown: str) -> str:
    """A unit as it follows its number: after a space that only degrees do without."""
    return shown if shown[:1] in ("", "°") else f" {shown}"


def shown_in(value: float, unit: str) -> tuple[float, str]:
    """The number and the unit that people read an SI value in: (10.0, "cm") for 0.1 m."""
    if not unit:
        return value, ""
    choices = DISPLAY.get(unit, (unit,))
    if value == 0.0:
        return 0.0, pretty(unit if unit in choices else choices[0])
    best = choices[-1]
    for choice in choices:
        if abs(_factor(unit, choice) * value) >= 1.0:
            best = choice
            break
    return _factor(unit, best) * value, pretty(best)


@cache
def _factor(unit: str, shown: str) -> float:
    if unit == shown:
        return 1.0
    return float(_registry().Quantity(1.0, unit).to(shown).magnitude)
