"""What a therapist changes in a patient's file at any time: limits, goals, what hurts; and all of it to take along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.i18n import tr, trn
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model

if TYPE_CHECKING:
    import datetime as dt

    from rehab.clinic.export import Exported
    from rehab.clinic.records import Chart, Patient

LIMITS = ("force", "speed", "power", "spasm")  # of a person; what else the robot limits is for technicians


class PatientFile(Model):
    """`done`: words of what was saved last."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.code = ""
        self.patient: Patient | None = None
        self.chart: Chart | None = None
        self.done = ""

    def load(self, patient: str) -> None:
        if patient != self.code:
            self.patient = self.chart = None
            self.done = ""
        self.code, acting = patient, self.acting
        self.ask(
            tr("Reading the chart"), lambda: (acting.patients.get(patient), acting.charts.read(patient)), self._have
        )

    def _have(self, found: tuple[Patient, Chart]) -> None:
        if found[0].patient == self.code:
            self.patient, self.chart = found

    # limits ---------------------------------------------------------------------------------------------------------

    def set_limit(self, name: str, value: float, reason: str) -> None:
        self._change(tr("The limit holds from now on"), lambda charts, code: charts.set_limit(
            code, name, value, reason=reason
        ))  # fmt: skip

    def lift_limit(self, limit: int, reason: str) -> None:
        self._change(tr("The limit holds no longer"), lambda charts, code: charts.lift_limit(
            code, limit, reason=reason
        ))  # fmt: skip

    # goals ----------------------------------------------------------------------------------------------------------

    def add_goal(self, text: str, until: dt.date | None) -> None:
        self._change(tr("The goal is written down"), lambda charts, code: charts.add_goal(code, text, until=until))

    def reach_goal(self, goal: int) -> None:
        self._change(tr("The goal is reached"), lambda charts, code: charts.reach_goal(code, goal))

    def drop_goal(self, goal: int, reason: str) -> None:
        self._change(tr("The goal is given up"), lambda charts, code: charts.drop_goal(code, goal, reason=reason))

    # what hurts -----------------------------------------------------------------------------------------------------

    @property
    def hurts(self) -> list[tuple[str, int, str]]:
        return [(h.place, h.pain, h.when) for h in self.chart.hurts] if self.chart is not None else []

    def add_hurt(self, place: str, pain: int, when: str) -> None:
        """The same place once more takes the place of what was said of it."""
        kept = [hurt for hurt in self.hurts if hurt[0].casefold() != place.strip().casefold()]
        self._set_hurts([*kept, (place.strip(), pain, when.strip())])

    def remove_hurt(self, place: str) -> None:
        self._set_hurts([hurt for hurt in self.hurts if hurt[0] != place])

    def _set_hurts(self, hurts: list[tuple[str, int, str]]) -> None:
        self._change(tr("What hurts is written down"), lambda charts, code: charts.set_hurts(code, hurts))

    def _change(self, done: str, act: Callable[[Any, str], Any]) -> None:
        acting, code = self.acting, self.code

        def job() -> tuple[Patient, Chart]:
            act(acting.charts, code)
            return acting.patients.get(code), acting.charts.read(code)

        def have(found: tuple[Patient, Chart]) -> None:
            self.done = done
            self._have(found)

        self.ask(tr("Saving"), job, have)

    # taking along ---------------------------------------------------------------------------------------------------

    def export(self, file: Path) -> None:
        acting, code = self.acting, self.code

        def have(made: Exported) -> None:
            words = trn("{n} session", "{n} sessions", made.sessions)
            self.done = tr("Written: {file} ({what})", file=made.file, what=words)
            if made.without:
                lacking = trn("{n} recording does not lie on this machine",
                              "{n} recordings do not lie on this machine", made.without)  # fmt: skip
                self.done = f"{self.done}. {lacking}"

        self.ask(tr("Writing the records"), lambda: acting.export.write(code, file), have)
