"""Patients: identity, search, caseload, worklist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, datetime

from sqlalchemy import func, select

from rehab.clinic import chart
from rehab.clinic.codes import new_code
from rehab.clinic.fiscal import read_code
from rehab.clinic.intake import checked
from rehab.clinic.models import AssignmentRow, ChartRow, IdentityRow, PatientRow, SessionRow, UserRow
from rehab.clinic.records import NewPatient, Patient, PatientLine, WorklistLine
from rehab.clinic.roles import THERAPIST
from rehab.clinic.search import fold, found
from rehab.clinic.service import Service, Work, text
from rehab.clinic.worklist import Row, read_rows, say
from rehab.core.errors import AccessError, BadInput

CLINICAL = ("side", "diagnosis", "onset")  # not for an administrator to change
IDENTITY = tuple(f.name for f in fields(NewPatient) if f.name not in CLINICAL)


class Patients(Service):
    """acting.patients"""

    def search(self, text: str = "", *, mine: bool = False, most: int = 50) -> tuple[PatientLine, ...]:
        """Those one may see, by name (in any order of its words, accents and case do not matter), birth date
        (1958-05-03, 3/5/1958 or a year) or code; "" is all. `mine`: of one's own caseload only. By name."""
        with self._acts("patients.search") as work:
            own = work.caseload()
            rows = identities(work, own if mine else work.patients())
            hits = [row for row in rows if found(text, name_of(row), row.birth_date, row.patient)]
            hits.sort(key=lambda row: (fold(row.family_name), fold(row.given_name), row.birth_date))
            work.listed(row.patient for row in hits[:most])
            return tuple(_lines(work, hits[:most], own, work.readable() if work.clinical else set()))

    def get(self, patient: str) -> Patient:
        """One patient, with identity. Raises BadInput for an unknown code, AccessError outside caseload and grants."""
        with self._acts("patients.get", patient) as work:
            return patient_of(work, patient)

    def add(self, new: NewPatient) -> Patient:
        """A new patient, into the caseload of the therapist who adds them. Raises Findings with all that is wrong, and
        BadInput when the codice fiscale is there already."""
        with self._acts("patients.add") as work:
            return _added(work, checked(new, _today(work.now)))

    def change(self, patient: str, *, reason: str, **fields: object) -> Patient:
        """Fields of NewPatient anew; the former state is kept with author, time and the reason."""
        with self._acts("patients.change", patient, ", ".join(fields)) as work:
            if not work.clinical and not set(fields).isdisjoint(CLINICAL):
                raise AccessError(f"{', '.join(CLINICAL)} are for therapists to change", "role")
            now = patient_of(work, patient, whole=True)
            kept = {name: getattr(now, name) for name in (*IDENTITY, *CLINICAL)}
            try:
                wanted = replace(NewPatient(**kept), **fields)  # type: ignore[arg-type]
            except TypeError:
                raise BadInput(f"a patient has no {set(fields) - set(kept)} (only {', '.join(kept)})") from None
            _change(work, patient, checked(wanted, _today(work.now)), text(reason, "reason", needed=True))
            return patient_of(work, patient)

    def assign(self, patient: str, user: int) -> Patient:
        """Into a therapist's caseload."""
        with self._acts("patients.assign", patient) as work:
            row = work.db.get(UserRow, user)
            if row is None or THERAPIST not in row.roles or not row.active:
                raise BadInput(f"user number {user} is no therapist")
            work.detail = f"to {row.full_name}"
            if _assigned(work, patient, user) is None:
                _assign(work, patient, user)
            return patient_of(work, patient)

    def unassign(self, patient: str, user: int) -> Patient:
        """Out of a therapist's caseload."""
        with self._acts("patients.unassign", patient) as work:
            row = _assigned(work, patient, user)
            if row is None:
                raise BadInput(f"{patient} is not in the caseload of user number {user}")
            work.detail = f"from {work.name(user)}"
            found = patient_of(work, patient)
            row.supersede(work.user.id, work.now)
            return replace(found, therapists=_therapists(work, patient))

    def import_worklist(self, text: str, *, dry_run: bool = True) -> tuple[WorklistLine, ...]:
        """A worklist as CSV (comma or semicolon, headings in English or Italian: rehab.clinic.worklist). A dry run
        changes nothing and says what each line would become."""
        with self._acts("patients.import_worklist", detail="dry run" if dry_run else "") as work:
            everybody = identities(work, _everybody(work))
            known = {_who(row): row.patient for row in everybody}
            codes = {row.codice_fiscale: row.patient for row in everybody if row.codice_fiscale}
            return tuple(_imported(work, row, known, codes, dry_run) for row in read_rows(text, work.language))

    def read_code(self, codice_fiscale: str) -> tuple[date, str]:
        """Birth date and sex (F, M) from a codice fiscale. Raises BadInput saying what is wrong with it."""
        with self._acts("patients.read_code") as work:
            return read_code(codice_fiscale, _today(work.now))


# reading -------------------------------------------------------------------------------------------------------------


def identities(work: Work, patients: Iterable[str]) -> list[IdentityRow]:
    wanted = set(patients)
    rows = work.db.scalars(select(IdentityRow).where(IdentityRow.superseded.is_(None)))
    return [row for row in rows if row.patient in wanted]


def name_of(row: IdentityRow) -> str:
    return f"{row.given_name} {row.family_name}"


def identity(work: Work, patient: str) -> IdentityRow:
    row = work.db.scalar(
        select(IdentityRow).where(IdentityRow.patient == patient, IdentityRow.superseded.is_(None))
    )
    if row is None:
        raise BadInput(f"{patient} has no identity any more")
    return row


def patient_of(work: Work, patient: str, *, whole: bool = False) -> Patient:
    row = identity(work, patient)
    side, diagnosis, onset = chart.details(work, patient)
    seen = whole or work.clinical
    return Patient(
        patient=patient, **{name: getattr(row, name) for name in IDENTITY}, side=side,
        diagnosis=diagnosis if seen else "", onset=onset if seen else None, therapists=_therapists(work, patient),
    )  # fmt: skip


def _lines(work: Work, rows: list[IdentityRow], own: set[str], readable: set[str]) -> Iterable[PatientLine]:
    codes = [row.patient for row in rows]
    parts = select(ChartRow).where(
        ChartRow.part == "details", ChartRow.superseded.is_(None), ChartRow.patient.in_(codes)
    )
    body = {row.patient: row.body for row in work.db.scalars(parts)}
    ended = select(SessionRow.patient, func.max(SessionRow.begun)).where(
        SessionRow.state == "ended", SessionRow.patient.in_(codes)
    )
    last: dict[str, datetime] = {row[0]: row[1] for row in work.db.execute(ended.group_by(SessionRow.patient))}
    for row in rows:
        about = body.get(row.patient, {})
        yield PatientLine(
            patient=row.patient, full_name=name_of(row), birth_date=row.birth_date,
            sex=row.sex, side=about.get("side", ""), diagnosis=about.get("diagnosis", "") if work.clinical else "",
            mine=row.patient in own, readable=row.patient in readable,
            last_session=last.get(row.patient) if work.clinical else None,
        )  # fmt: skip


def _therapists(work: Work, patient: str) -> tuple[str, ...]:
    names = (
        select(UserRow.full_name)
        .join(AssignmentRow, AssignmentRow.user == UserRow.id)
        .where(AssignmentRow.patient == patient, AssignmentRow.superseded.is_(None))
    )
    return tuple(work.db.scalars(names.order_by(UserRow.full_name)))


def _everybody(work: Work) -> set[str]:
    """All pseudonyms: whether somebody is there already is asked of the whole clinic."""
    return set(work.db.scalars(select(PatientRow.patient)))


def _who(row: IdentityRow | NewPatient) -> tuple[str, str, date | None]:
    return fold(row.family_name), fold(row.given_name), row.birth_date


# writing -------------------------------------------------------------------------------------------------------------


def _added(work: Work, new: NewPatient) -> Patient:
    _refuse_a_second(work, new, "")
    code = new_code(lambda code: work.db.get(PatientRow, code) is not None, work.choose)
    work.patient = code
    work.db.add(PatientRow(patient=code, at=work.now, by=work.user.id))
    work.db.flush()
    _put_identity(work, code, new, "")
    chart.put(work, code, "details", _clinical(new))
    if work.clinical:
        _assign(work, code, work.user.id)
    return patient_of(work, code)


def _refuse_a_second(work: Work, new: NewPatient, but: str) -> None:
    same = select(IdentityRow.patient).where(
        IdentityRow.codice_fiscale == new.codice_fiscale, IdentityRow.superseded.is_(None), IdentityRow.patient != but
    )
    if new.codice_fiscale and (code := work.db.scalar(same)) is not None:
        raise BadInput(f"a patient with the codice fiscale {new.codice_fiscale} is there already, as {code}")


def _change(work: Work, patient: str, new: NewPatient, reason: str) -> None:
    _refuse_a_second(work, new, patient)
    row = identity(work, patient)
    if any(getattr(row, name) != getattr(new, name) for name in IDENTITY):
        row.supersede(work.user.id, work.now)
        _put_identity(work, patient, new, reason)
    if chart.details(work, patient) != (new.side, new.diagnosis, new.onset):
        chart.put(work, patient, "details", _clinical(new), reason=reason)


def _put_identity(work: Work, patient: str, new: NewPatient, reason: str) -> None:
    values = {name: getattr(new, name) for name in IDENTITY}
    work.db.add(IdentityRow(patient=patient, **values, at=work.now, by=work.user.id, reason=reason))
    work.db.flush()


def _clinical(new: NewPatient) -> dict[str, object]:
    return {name: getattr(new, name) for name in CLINICAL}


def _assigned(work: Work, patient: str, user: int) -> AssignmentRow | None:
    return work.db.scalar(
        select(AssignmentRow).where(
            AssignmentRow.patient == patient, AssignmentRow.user == user, AssignmentRow.superseded.is_(None)
        )
    )


def _assign(work: Work, patient: str, user: int) -> None:
    work.db.add(AssignmentRow(patient=patient, user=user, at=work.now, by=work.user.id))
    work.db.flush()


def _imported(
    work: Work, row: Row, known: dict[tuple[str, str, date | None], str], codes: dict[str, str], dry_run: bool
) -> WorklistLine:
    if row.new is None:
        return WorklistLine(row.number, "wrong", row.wrong)
    try:
        new = checked(row.new, _today(work.now))
    except BadInput as error:
        return WorklistLine(row.number, "wrong", say("wrong", work.language, str(error).replace("\n", "; ")))
    name = f"{new.given_name} {new.family_name}, {new.birth_date}"
    there = codes.get(new.codice_fiscale) or known.get(_who(new))
    if there is not None:
        return WorklistLine(row.number, "known", say("known", work.language, name), there)
    code = "" if dry_run else _added(work, new).patient
    known[_who(new)] = code
    if new.codice_fiscale:
        codes[new.codice_fiscale] = code
    return WorklistLine(row.number, "add", say("would_add" if dry_run else "added", work.language, name), code)


def _today(now: datetime) -> date:
    return now.astimezone().date()
