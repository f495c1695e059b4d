"""What people type, as numbers and days: lengths in cm with comma or point, days as they are written here."""

from __future__ import annotations

import datetime as dt
import re

from gui.i18n import shown_digits, tr
from rehab.core.errors import BadInput

CM = 0.01  # m


def read_day(text: str, what: str, today: dt.date) -> dt.date | None:
    """3/5/1958, 3.5.1958 or 1958-05-03 (day before month), not after today; None for nothing. Raises BadInput."""
    written = text.strip()
    if not written:
        return None
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", written)
    if found:
        year, month, day = (int(part) for part in found.groups())
    else:
        found = re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", written)
        if not found:
            raise BadInput(tr("{what}: write the day as 3/5/1958", what=what))
        day, month, year = (int(part) for part in found.groups())
    try:
        read = dt.date(year, month, day)
    except ValueError:
        raise BadInput(tr("{what}: there is no such day as {text}", what=what, text=written)) from None
    if read > today:
        raise BadInput(tr("{what}: {text} is in the future", what=what, text=written))
    return read


def write_day(day: dt.date | None) -> str:
    return f"{day.day}/{day.month}/{day.year}" if day is not None else ""


def read_number(text: str, what: str, least: float, most: float, unit: str) -> float | None:
    """A number in `unit`; None for nothing. Raises BadInput in words for what is none, or outside the range."""
    written = text.strip().removesuffix(unit).strip().replace(",", ".")
    if not written:
        return None
    try:
        value = float(written)
    except ValueError:
        raise BadInput(tr("{what}: {text} is not a number", what=what, text=text.strip())) from None
    if not least <= value <= most:
        raise BadInput(
            tr("{what}: {text} is outside {least} to {most} {unit}", what=what, text=text.strip(),
               least=shown_digits(least), most=shown_digits(most), unit=unit)
        )  # fmt: skip
    return value


def write_number(value: float | None, scale: float = 1.0) -> str:
    if value is None:
        return ""
    return shown_digits(value / scale)
