"""How a person is named on every page: birth date with age, the side, the roles of who works here."""

from __future__ import annotations

import datetime as dt

from gui.i18n import mark, shown_date, tr, trn

SIDES = {"left": mark("left side"), "right": mark("right side"), "": mark("side not chosen")}
ROLES = {
    "therapist": mark("Therapist"),
    "researcher": mark("Researcher"),
    "technician": mark("Technician"),
    "administrator": mark("Administrator"),
}


def born_words(born: dt.date, today: dt.date) -> str:
    """ "born 3 May 1958, 67 years"; `today` by the clinic's clock (Desk.today)."""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return tr("born {day}, {years}", day=shown_date(born, "long"), years=trn("{n} year", "{n} years", age))


def born_forms(born: dt.date, today: dt.date) -> tuple[str, ...]:
    """The same, and for less room "3 May 1958"."""
    return born_words(born, today), shown_date(born)
