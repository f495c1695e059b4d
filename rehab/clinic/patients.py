"""Patients: identity, search, caseload, worklist."""

from __future__ import annotations

from datetime import date

from rehab.clinic.records import NewPatient, Patient, PatientLine, WorklistLine
from rehab.clinic.service import Service


class Patients(Service):
    """acting.patients"""

    def search(self, text: str = "", *, mine: bool = False, most: int = 50) -> tuple[PatientLine, ...]:
        """Those one may see, by name (in any order of its words, accents and case do not matter), birth date
        (1958-05-03, 3/5/1958 or a year) or code; "" is all. `mine`: of one's own caseload only. By name."""
        raise NotImplementedError

    def get(self, patient: str) -> Patient:
        """One patient, with identity. Raises BadInput for an unknown code, AccessError outside caseload and grants."""
        raise NotImplementedError

    def add(self, new: NewPatient) -> Patient:
        """A new patient, into the caseload of the therapist who adds them. Raises Findings with all that is wrong, and
        BadInput when the codice fiscale is there already."""
        raise NotImplementedError

    def change(self, patient: str, *, reason: str, **fields: object) -> Patient:
        """Fields of NewPatient anew; the former state is kept with author, time and the reason."""
        raise NotImplementedError

    def assign(self, patient: str, user: int) -> Patient:
        """Into a therapist's caseload."""
        raise NotImplementedError

    def unassign(self, patient: str, user: int) -> Patient:
        """Out of a therapist's caseload."""
        raise NotImplementedError

    def import_worklist(self, text: str, *, dry_run: bool = True) -> tuple[WorklistLine, ...]:
        """A worklist as CSV (comma or semicolon, headings in English or Italian: rehab.clinic.worklist). A dry run changes
        nothing and says what each line would become."""
        raise NotImplementedError

    def read_code(self, codice_fiscale: str) -> tuple[date, str]:
        """Birth date and sex (F, M) from a codice fiscale. Raises BadInput saying what is wrong with it."""
        raise NotImplementedError
