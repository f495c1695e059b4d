"""Who did what, when, with whose data: all of it, or what concerns one patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.i18n import tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model

if TYPE_CHECKING:
    from rehab.clinic.records import AuditRow, PatientLine

MOST = 500  # rows shown when no patient is chosen


class AuditModel(Model):
    """`rows` newest first, None while they are read; `patient` "" for everybody."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.patients: tuple[PatientLine, ...] = ()
        self.rows: tuple[AuditRow, ...] | None = None
        self.patient = ""
        self.refused = False  # show refusals only

    def load(self) -> None:
        acting = self.acting
        self.ask(tr("Looking for patients"), lambda: acting.patients.search(most=1000), self._have_patients)
        self.choose(self.patient)

    def _have_patients(self, found: tuple[PatientLine, ...]) -> None:
        self.patients = found

    def choose(self, patient: str) -> None:
        acting = self.acting
        self.patient, self.rows = patient, None
        self.ask(
            tr("Reading who looked"),
            lambda: acting.audit.who(patient) if patient else acting.audit.list(most=MOST), self._have,
        )  # fmt: skip
        self.changed()

    def _have(self, rows: tuple[AuditRow, ...]) -> None:
        self.rows = rows

    def show_refused(self, only: bool) -> None:
        self.refused = only
        self.changed()

    @property
    def shown(self) -> tuple[AuditRow, ...]:
        return tuple(row for row in self.rows or () if row.refused or not self.refused)
