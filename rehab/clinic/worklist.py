"""A worklist as CSV: headings in the first line, in any order, in English or Italian; comma, semicolon or tab.

    cognome;nome;data di nascita;sesso;codice fiscale;lato;telefono;email;indirizzo;diagnosi;esordio
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import NamedTuple

from rehab.clinic.records import NewPatient
from rehab.clinic.search import fold, read_date
from rehab.core.errors import BadInput

MOST = 2_000  # lines of one worklist
HEADINGS = {
    "given_name": ("given name", "first name", "firstname", "name", "nome"),
    "family_name": ("family name", "last name", "lastname", "surname", "cognome"),
    "birth_date": ("birth date", "date of birth", "birthdate", "born", "data di nascita", "data nascita", "nato il"),
    "sex": ("sex", "gender", "sesso"),
    "codice_fiscale": ("codice fiscale", "cf", "fiscal code", "tax code"),
    "side": ("side", "lato"),
    "phone": ("phone", "telephone", "telefono", "tel", "cellulare"),
    "email": ("email", "e mail", "mail"),
    "address": ("address", "indirizzo"),
    "diagnosis": ("diagnosis", "diagnosi"),
    "onset": ("onset", "date of onset", "esordio", "data esordio"),
}
_FIELD = {heading: field for field, headings in HEADINGS.items() for heading in (*headings, fold(field))}
SIDES = {"left": "left", "l": "left", "sinistro": "left", "sinistra": "left", "sx": "left", "s": "left"} | {
    "right": "right", "r": "right", "destro": "right", "destra": "right", "dx": "right", "d": "right", "": "",
}  # fmt: skip
SEX = {"f": "F", "female": "F", "femmina": "F", "donna": "F", "m": "M", "male": "M", "maschio": "M", "uomo": "M"} | {
    "x": "X", "": "",
}  # fmt: skip
WORDS = {
    "would_add": {"en": "{}: would be added", "it": "{}: verrebbe aggiunto"},
    "added": {"en": "{}: added", "it": "{}: aggiunto"},
    "known": {"en": "{}: is there already; nothing changes", "it": "{}: già presente; nulla cambia"},
    "wrong": {"en": "cannot be read: {}", "it": "non leggibile: {}"},
    "date": {"en": '{} "{}" is no date such as 3/5/1958', "it": '{} "{}" non è una data come 3/5/1958'},
    "word": {"en": '{} "{}" is not known ({})', "it": '{} "{}" sconosciuto ({})'},
    "columns": {"en": "{} cells instead of {}", "it": "{} celle invece di {}"},
}


class Row(NamedTuple):
    """One line: a patient, or (new is None) what is wrong with it, in words."""

    number: int
    new: NewPatient | None
    wrong: str = ""


def say(what: str, language: str, *parts: object) -> str:
    return WORDS[what].get(language, WORDS[what]["en"]).format(*parts)


def read_rows(text: str, language: str = "en") -> list[Row]:
    """All lines that are not empty. Raises BadInput when the headings cannot be understood."""
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(";,\t", key=first.count)
    try:
        table = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadInput(f"this is no worklist as CSV: {error}") from None
    start = next((number for number, cells in enumerate(table) if any(cells)), 0)
    fields = _fields(table[start] if table else [])
    if len(table) > MOST:
        raise BadInput(f"a worklist of {len(table)} lines is too long (at most {MOST})")
    rows = enumerate(table[start + 1 :], start + 2)
    return [_row(number, cells, fields, language) for number, cells in rows if any(cell.strip() for cell in cells)]


def _fields(headings: list[str]) -> list[str]:
    fields = [_FIELD.get(fold(heading), "") for heading in headings]
    missing = [name for name in ("given_name", "family_name") if name not in fields]
    if "birth_date" not in fields and "codice_fiscale" not in fields:
        missing.append("birth_date (or codice_fiscale)")
    if missing:
        known = "; ".join(names[0] for names in HEADINGS.values())
        lacks = ", ".join(missing)
        raise BadInput(f"the first line of a worklist names its columns; missing: {lacks} (known: {known})")
    twice = {name for name in fields if name and fields.count(name) > 1}
    if twice:
        raise BadInput(f"two columns of the worklist are the same: {', '.join(sorted(twice))}")
    return fields


def _row(number: int, cells: list[str], fields: list[str], language: str) -> Row:
    if len(cells) != len(fields):
        return Row(number, None, say("wrong", language, say("columns", language, len(cells), len(fields))))
    values: dict[str, str | date | None] = {}
    for field, cell in zip(fields, (cell.strip() for cell in cells), strict=True):
        if field in ("birth_date", "onset"):
            values[field] = read_date(cell)
            if cell and values[field] is None:
                return Row(number, None, say("wrong", language, say("date", language, field, cell)))
        elif field in ("side", "sex"):
            table = SIDES if field == "side" else SEX
            if fold(cell) not in table:
                allowed = ", ".join(dict.fromkeys(filter(None, table.values())))
                return Row(number, None, say("wrong", language, say("word", language, field, cell, allowed)))
            values[field] = table[fold(cell)]
        elif field:
            values[field] = cell
    return Row(number, NewPatient(**values))  # type: ignore[arg-type]
