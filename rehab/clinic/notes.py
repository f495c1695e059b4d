"""Notes, chips and adverse events: written once, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import to_builtins
from sqlalchemy import select

from rehab.clinic.models import NoteRow, SessionRow
from rehab.clinic.records import Note
from rehab.clinic.service import Work, text
from rehab.core.errors import BadInput


def add_note(
    work: Work,
    patient: str,
    words: str,
    *,
    chips: Iterable[str] = (),
    session: int | None = None,
    kind: str = "note",
    facts: Mapping[str, object] | None = None,
) -> Note:
    """Raises BadInput for a note that says nothing, or a session of somebody else."""
    words = text(words, "note")
    marks = [text(chip, "chip", needed=True) for chip in chips]
    if not (words or marks or facts):
        raise BadInput("a note says something: text, chips, or both")
    if session is not None:
        of = work.db.get(SessionRow, session)
        if of is None or of.patient != patient:
            raise BadInput(f"{patient} has no session number {session}")
    row = NoteRow(
        patient=patient, session=session, kind="chip" if kind == "note" and not words else kind, text=words,
        chips=marks, facts=to_builtins(dict(facts or {})), at=work.now, by=work.user.id,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()
    return note_of(work, row)


def note_of(work: Work, row: NoteRow) -> Note:
    return Note(
        id=row.id, kind=row.kind, text=row.text, at=row.at, by=work.name(row.by), chips=tuple(row.chips),
        session=row.session, facts=row.facts,
    )  # fmt: skip


def notes_of(work: Work, patient: str, most: int | None = None) -> tuple[Note, ...]:
    """Newest first."""
    rows = select(NoteRow).where(NoteRow.patient == patient).order_by(NoteRow.id.desc()).limit(most)
    return tuple(note_of(work, row) for row in work.db.scalars(rows))
