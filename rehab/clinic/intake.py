"""What is asked of a new patient, checked: all that is wrong at once."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from rehab.clinic.fiscal import read_code
from rehab.clinic.records import SEXES, SIDES, NewPatient
from rehab.clinic.service import text
from rehab.core.errors import BadInput, Finding, Findings

OLDEST = 120  # years


def checked(new: NewPatient, today: date) -> NewPatient:
    """Trimmed, with birth date and sex from the codice fiscale. Raises Findings with everything that is wrong."""
    typed = {f.name: getattr(new, f.name) for f in fields(new)}
    words: dict[str, Any] = {name: text(value, name) for name, value in typed.items() if isinstance(value, str)}
    new = replace(new, **words)
    new = replace(new, codice_fiscale="".join(new.codice_fiscale.split()).upper())
    findings = [
        Finding(name, "is empty", "it has to be given")
        for name in ("given_name", "family_name")
        if not getattr(new, name)
    ]
    if new.codice_fiscale:
        try:
            new = _with_code(new, today, findings)
        except BadInput as error:
            findings.append(Finding("codice_fiscale", str(error)))
    born = new.birth_date
    if born is None and not new.codice_fiscale:
        findings.append(Finding("birth_date", "is missing", "a date, or a codice fiscale, which has it"))
    elif born is not None and (born > today or today.year - born.year > OLDEST):
        findings.append(Finding("birth_date", f"{born} is no birth date", f"within the last {OLDEST} years"))
    if new.sex not in SEXES and (new.sex or not new.codice_fiscale):
        findings.append(Finding("sex", f'"{new.sex}" is not known', ", ".join(SEXES)))
    if new.side and new.side not in SIDES:
        findings.append(Finding("side", f'"{new.side}" is not a side', ", ".join(SIDES)))
    if new.onset is not None and new.onset > today:
        findings.append(Finding("onset", f"{new.onset} is still to come", "today or before"))
    if findings:
        raise Findings(findings)
    return new


def _with_code(new: NewPatient, today: date, findings: list[Finding]) -> NewPatient:
    born, sex = read_code(new.codice_fiscale, today)
    given = new.birth_date
    # the code's year has two digits: whoever is older than a hundred says so by the birth date
    if given and (given.month, given.day, given.year % 100) != (born.month, born.day, born.year % 100):
        findings.append(Finding("birth_date", f"{given} is not that of the codice fiscale", f"{born}"))
    return replace(new, birth_date=given or born, sex=new.sex or sex)
