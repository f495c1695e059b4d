"""Find a patient: as one types, by name, birth date or code. The store searches; only the newest answer counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.i18n import tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model

if TYPE_CHECKING:
    from rehab.clinic.records import PatientLine

PAUSE = 0.12  # s after the last key, so that a fast typist does not have every letter searched


class Patients(Model):
    """found   None before the first answer"""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.text = ""
        self.mine = False
        self.found: tuple[PatientLine, ...] | None = None
        self._due: float | None = None
        self._asked = 0

    def load(self) -> None:
        self._due = self.desk.now()

    def type(self, text: str) -> None:
        self.text = text
        self._due = self.desk.now() + PAUSE

    def show_mine(self, mine: bool) -> None:
        self.mine = mine
        self.load()

    def refresh(self) -> None:
        """Once a frame."""
        if self._due is None or self.desk.now() < self._due:
            return
        self._due = None
        self._asked += 1
        number, text, mine, acting = self._asked, self.text, self.mine, self.acting

        def have(found: tuple[PatientLine, ...]) -> None:
            if number == self._asked:
                self.found = found

        self.ask(tr("Searching"), lambda: acting.patients.search(text, mine=mine), have)

    @property
    def empty_words(self) -> str:
        """What to do when nothing is found."""
        if self.found is None or self.found:
            return ""
        if self.text.strip():
            return tr("Nobody is found: try part of the name, the birth date as 3/5/1958, or the code. Patients of "
                      "colleagues appear once access is given.")  # fmt: skip
        return tr("There are no patients yet: add the first one, or import the clinic's worklist.")
