"""A patient's records in one file to take along: tables of what the store has, and the recordings with their reports.

    K7QF-3M9X.zip
    ├── sessions.csv  measures.csv  scales.csv  notes.csv  chart.csv
    └── sessions/2026-05-03 12/  report.pdf, and the recording as it lies in its folder

Under the pseudonym: whoever gets it knows whose it is from the one who gives it; where somebody wrote the patient's
name into a note, the pseudonym stands in its place. Recordings lie as they were made. Times are UTC, values SI.
"""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from rehab.clinic.history import history_of
from rehab.clinic.models import IdentityRow, MeasureData, ScaleRow, SessionRow
from rehab.clinic.notes import notes_of
from rehab.clinic.records import SessionRecord
from rehab.clinic.service import Service, Work
from rehab.clinic.sitting import sessions
from rehab.core.errors import BadInput

SESSION = ("id", "begun", "ended", "title", "device", "side", "outcome", "trials", "reached", "robot", "strapping",
           "therapist", "signed")  # fmt: skip


class Exported(NamedTuple):
    """What was written. `without`: sessions whose recording does not lie where it was made."""

    file: Path
    sessions: int
    without: int


class Export(Service):
    """acting.export"""

    def write(self, patient: str, file: Path) -> Exported:
        """All of a patient into a new zip. Raises BadInput where the file is there or cannot be made."""
        file = file.expanduser().resolve()
        with self._acts("export.write", patient, str(file)) as work:
            if file.exists():
                raise BadInput(f"{file} is there already: choose another name")
            kept, tables = sessions(work, SessionRow.patient == patient), _tables(work, patient)
        part = file.with_name(f"{file.name}.part")
        try:
            os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))  # for this account alone
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as zipped:
                for name, text in tables.items():
                    zipped.writestr(name, text)
                without = sum(not _recording(zipped, session) for session in kept)
            part.replace(file)
        except OSError as error:
            raise BadInput(f"{file}: cannot be written: {error.strerror or error}") from error
        finally:
            part.unlink(missing_ok=True)
        return Exported(file, len(kept), without)


def _tables(work: Work, patient: str) -> dict[str, str]:
    kept = sessions(work, SessionRow.patient == patient)
    numbers = [session.id for session in kept]
    measures = select(MeasureData).where(MeasureData.session.in_(numbers))
    scales = select(ScaleRow).where(ScaleRow.patient == patient).order_by(ScaleRow.id)
    names = work.db.scalars(select(IdentityRow).where(IdentityRow.patient == patient))
    masked = _mask(patient, names)
    return {
        "sessions.csv": _csv(
            SESSION, ([getattr(s, name) if name != "title" else masked(s.title) for name in SESSION] for s in kept)
        ),
        "measures.csv": _csv(
            ("session", "trial", "block", "name", "value", "unit"),
            ([m.session, m.trial, m.block, m.name, m.value, m.unit] for m in work.db.scalars(measures)),
        ),
        "scales.csv": _csv(
            ("day", "kind", "group", "value", "by", "remarks", "withdrawn"),
            ([s.day, s.kind, s.group, s.value, work.name(s.by), masked(s.remarks), s.superseded]
             for s in work.db.scalars(scales)),
        ),
        "notes.csv": _csv(
            ("at", "kind", "session", "chips", "text", "by"),
            ([n.at, n.kind, n.session, "; ".join(n.chips), masked(n.text), n.by] for n in notes_of(work, patient)),
        ),
        "chart.csv": _csv(
            ("at", "part", "says", "by", "reason", "superseded"),
            ([v.at, v.part, masked(v.says), v.by, masked(v.reason), v.superseded]
             for v in history_of(work, patient) if v.part != "identity"),
        ),
    }  # fmt: skip


def _mask(code: str, rows: Iterable[IdentityRow]) -> Callable[[str | None], str]:
    """Free text with the code for every name the patient has or had: both in either order, or one of them."""
    names = {(re.escape(row.given_name), re.escape(row.family_name)) for row in rows}
    pairs = [rf"{one}\s+{two}" for pair in names if all(pair) for one, two in (pair, pair[::-1])]
    either = "|".join([*pairs, *(one for pair in names for one in pair if one)]) or "(?!)"  # no name fits nothing
    name = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
    return lambda text: name.sub(code, text or "")


def _csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return text.getvalue()


def _recording(zipped: zipfile.ZipFile, session: SessionRecord) -> bool:
    """Whether its folder was there."""
    folder = Path(session.folder)
    if not session.folder or not folder.is_dir():
        return False
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            zipped.write(path, f"sessions/{session.begun:%Y-%m-%d} {session.id}/{path.relative_to(folder)}")
    return True
