"""`rehab run ... --for ID`: whose session it is, from the clinic store; what comes of it goes back there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rehab.cli.main import DONE, STOPPED

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting
    from rehab.clinic.records import Chart, MeasureRow, Patient
    from rehab.core.person import PersonLayer
    from rehab.session.session import Session


class Ending:
    """How a run ended: its exit code, when it came so far."""

    code = STOPPED

    def outcome(self, session: Session) -> str:
        if self.code == STOPPED:
            return "stopped"
        whole = self.code == DONE and len(session.trials) >= session.trials_planned
        return "done" if whole else "cut_short"


class ForPatient:
    """One patient of the store, for one session. Made before anything opens; raises BadInput or AccessError."""

    def __init__(self, acting: Acting, patient: str, *, virtual: str | None) -> None:
        from rehab.clinic.codes import as_code
        from rehab.core.errors import BadInput

        if virtual is not None and not acting.clinic.demo:
            raise BadInput("--patient simulates somebody: nothing of that goes into a person's file (--for)")
        self.acting = acting
        self.patient: Patient = acting.patients.get(as_code(patient))
        self._chart: Chart = acting.charts.read(self.patient.patient)
        self.layer: PersonLayer = self._chart.layer

    def confirm(self, *, ask: bool) -> None:
        """Name, birth date and side together; on a terminal somebody says that this is who sits there."""
        from rehab.core.errors import BadInput

        p = self.patient
        print(f"{p.full_name}, born {p.birth_date}, {p.side or 'no'} side ({p.patient})", file=sys.stderr)
        for limit in self._chart.limits:
            print(f"  {limit.name} {limit.says}: {limit.reason}", file=sys.stderr)
        if ask and input("Is this who sits at the device? Type yes: ").strip().casefold() not in ("yes", "sì", "si"):
            raise BadInput("not confirmed: nothing was moved")

    @contextmanager
    def kept(self, session: Session, protocol: str, despite: str) -> Iterator[Ending]:
        """The session is begun in the store, and ended there however it ends: stopped, unless the exit code of the
        run, which goes into Ending, says otherwise."""
        from rehab.core.errors import BadInput, RehabError
        from rehab.protocol.load import read_protocol

        said = read_protocol(protocol)
        current = self.acting.plans.current(self.patient.patient)
        plan = current.id if current is not None and current.protocol == said.source else 0
        sessions = self.acting.sessions
        begun = sessions.begin(
            self.patient.patient, device=session.device, title=said.title, plan=plan, despite=despite
        )
        ending = Ending()
        try:
            yield ending
        finally:
            if session.folder.name:
                sessions.recorded(begun.id, str(session.folder.absolute()))
            trials = session.trials
            try:
                sessions.save_measures(begun.id, rows_of(session))
                for facts in adverse_of(session):
                    sessions.adverse_event(begun.id, facts=facts)
            except BadInput as error:
                print(f"rehab: the clinic store: {error}", file=sys.stderr)
            robot = sum(trial.end - trial.start for trial in trials)
            reached = sum(trial.outcome == "reached" for trial in trials)
            try:
                sessions.end(begun.id, ending.outcome(session), robot=robot, trials=len(trials), reached=reached)
            except RehabError as error:
                print(f"rehab: the clinic store: session {begun.id} could not be ended: {error}", file=sys.stderr)


def rows_of(session: Session) -> list[MeasureRow]:
    """The measures of all trials, with the units in which they are defined."""
    from rehab.clinic.records import MeasureRow
    from rehab.measures.trial import DESCRIPTIONS

    return [
        MeasureRow(trial.number, trial.block, name, value, DESCRIPTIONS[name].unit if name in DESCRIPTIONS else "")
        for trial in session.trials
        for name, value in trial.measures.items()
    ]


def adverse_of(session: Session) -> list[dict[str, object]]:
    """The notes that the loop filled in, from the recording."""
    from rehab.core.errors import RecordingError
    from rehab.record.adverse import adverse_events
    from rehab.record.recording import Recording

    try:
        return list(adverse_events(Recording.open(session.folder).events))
    except RecordingError:
        return []
