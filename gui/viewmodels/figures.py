"""Quantities as people read them: three digits, with the decimal mark of the language in use."""

from __future__ import annotations

from gui.i18n import shown_digits
from rehab.core.units import beside, shown_in


def shown_quantity(value: float, unit: str, digits: int = 3) -> str:
    """An SI value: shown_quantity(0.02, "rad") is "1.15°", shown_quantity(0.075, "m") is "7,5 cm" in Italian."""
    number, shown = shown_in(value, unit)
    return shown_digits(number, digits) + beside(shown)
