"""One session, looked at afterwards: its trials, measures, notes, alarms, limits, timing; out of the recording where
there is one, else what the store kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.i18n import shown_number, tr, trn
from gui.viewmodels.desk import Desk
from gui.viewmodels.model import Model
from gui.viewmodels.paper import papers, write_csv
from gui.viewmodels.review_read import Line, Recorded, Stored, lines_of, read_recording, read_store
from gui.viewmodels.review_words import Said, alarm_said, note_words, seconds
from rehab.report.columns import BY_NAME, Column

if TYPE_CHECKING:
    from rehab.clinic.records import SessionRecord


class Review(Model):
    """
    stored     what the store has · recorded what the recording has, None without one · absent why there is none
    shown      numbers of the trials whose paths are drawn
    verified   words of the last verification; `intact` says whether it held
    made       the file that was written last, to be opened; None when it was opened
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.code = ""
        self.stored: Stored | None = None
        self.recorded: Recorded | None = None
        self.absent = ""
        self.shown: set[int] = set()
        self.verified, self.intact = "", False
        self.made: Path | None = None
        self.said = ""

    # reading --------------------------------------------------------------------------------------------------------

    def load(self, patient: str, session: int | None = None) -> None:
        """That session, or the last one."""
        self.code, self.stored, self.recorded = patient, None, None
        self.absent, self.verified, self.said, self.shown = "", "", "", set()
        acting = self.acting
        self.ask(tr("Reading the session"), lambda: read_store(acting, patient, session), self._have)
        self.changed()

    def _have(self, stored: Stored) -> None:
        self.stored = stored
        if stored.record is None:
            return
        folder = Path(stored.record.folder) if stored.record.folder else None
        if folder is None:
            self.absent = tr("There is no recording of this session: what the store kept of it is shown.")
        elif not folder.is_dir():
            self.absent = tr("The recording is not on this machine: what the store kept of it is shown.")
        else:
            self.ask(tr("Reading the recording"), lambda: read_recording(folder), self._have_recording)

    def _have_recording(self, recorded: Recorded) -> None:
        self.recorded = recorded
        self.shown = {line.number for line in recorded.lines}

    # what is shown --------------------------------------------------------------------------------------------------

    @property
    def record(self) -> SessionRecord | None:
        return self.stored.record if self.stored is not None else None

    @property
    def lines(self) -> tuple[Line, ...]:
        if self.recorded is not None:
            return self.recorded.lines
        return lines_of(self.stored.rows) if self.stored is not None else ()

    @property
    def columns(self) -> list[Column]:
        """Those that any trial has: quality of movement first, then speed, then who worked."""
        lines = self.lines
        return [c for name, c in BY_NAME.items() if any(name in line.measures for line in lines)]

    @property
    def medians(self) -> dict[str, float]:
        """As `rehab measures` has them: of the completed trials. Without a recording, of all that the store kept."""
        if self.recorded is not None:
            return self.recorded.medians
        from statistics import median

        kept = [line.measures for line in self.lines]
        return {c.name: median(m[c.name] for m in kept if c.name in m) for c in self.columns}

    @property
    def counted(self) -> str:
        """ "median of 14 completed trials"."""
        n = self.recorded.completed if self.recorded is not None else len(self.lines)
        return trn("Median of {n} trial", "Median of {n} trials", n)

    @property
    def success(self) -> str:
        record = self.record
        return "" if record is None else tr(
            "{reached} of {total} trials reached", reached=record.reached, total=record.trials
        )  # fmt: skip

    @property
    def happened(self) -> list[Said]:
        """Adverse events, alarms and notes, in this order."""
        if self.stored is None:
            return []
        found = [
            Said(seconds(note.facts.get("t")), tr("Adverse event"), note_words(note)) for note in self.stored.adverse
        ]
        for alarm in self.recorded.alarms if self.recorded is not None else ():
            found.append(alarm_said(alarm))
        return found + [Said(None, note.by, note_words(note)) for note in self.stored.notes]

    # acting ---------------------------------------------------------------------------------------------------------

    def show(self, numbers: set[int]) -> None:
        """Draw the paths of these trials only."""
        self.shown = set(numbers)
        self.changed()

    def toggle(self, number: int, on: bool) -> None:
        self.show(self.shown | {number} if on else self.shown - {number})

    def sign(self, pin: str) -> None:
        acting, record = self.acting, self.record
        assert record is not None

        def job() -> Stored:
            acting.sessions.sign([record.id], pin)
            return read_store(acting, self.code, record.id)

        self.ask(tr("Signing"), job, self._signed)

    def _signed(self, stored: Stored) -> None:
        self.stored = stored

    @property
    def may_sign(self) -> bool:
        record = self.record
        return (
            record is not None and record.signed is None and record.state == "ended"
            and self.acting.may("sessions.sign") and record.therapist_id == self.acting.user.id
        )  # fmt: skip

    def report(self) -> None:
        """Write the PDF beside the recording."""
        record = self.record
        assert record is not None and record.folder
        folder = Path(record.folder)

        def job() -> Path:
            from rehab.record.recording import Recording
            from rehab.report import session_report

            return session_report(Recording.open(folder), folder / "report.pdf")

        self.ask(tr("Writing the report"), job, self._have_file)

    def export(self) -> None:
        """The trials as CSV."""
        record = self.record
        assert record is not None
        rows = [(line.number, line.block, str(line.outcome or ""), line.measures) for line in self.lines]
        names = [column.name for column in self.columns]
        day = f"{record.begun.astimezone():%Y-%m-%d}"
        path = papers(self.desk.out) / f"{record.patient}-{day}-{record.id}-trials.csv"
        self.ask(tr("Writing the table"), lambda: write_csv(path, names, rows), self._saved)

    def _saved(self, path: Path) -> None:
        self.said = tr("Saved: {path}", path=path)

    def _have_file(self, path: Path) -> None:
        self.made = path
        self._saved(path)

    def verify(self) -> None:
        record = self.record
        assert record is not None and record.folder
        folder = Path(record.folder)

        def job() -> Any:
            from rehab.record.verify import verify

            return verify(folder)

        self.ask(tr("Verifying the recording"), job, self._have_verified)

    def _have_verified(self, found: Any) -> None:
        self.intact = bool(found.ok)
        if found.ok and found.state == "recovered":
            self.verified = tr("The recording is intact, but was closed by recovery: its last moments may be missing.")
        elif found.ok:
            self.verified = tr("The recording is intact: {chunks} chunks, {ticks} ticks.",
                               chunks=shown_number(found.chunks), ticks=shown_number(found.rows))  # fmt: skip
        elif found.state == "open":
            self.verified = tr("The recording was not closed. {why}", why="; ".join(found.findings))
        else:
            self.verified = tr("The recording is NOT intact. {why}", why="; ".join(found.findings))
