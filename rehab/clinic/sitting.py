"""One session's row: read, held to what is possible, and given out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from msgspec import convert, to_builtins
from sqlalchemy import ColumnElement, func, select

from rehab.clinic.models import IdentityRow, Meta, NoteRow, SessionRow
from rehab.clinic.records import Answers, SessionRecord
from rehab.clinic.service import Work
from rehab.core.errors import AccessError, BadInput, Finding, Findings, NotNow

ASKED = {"pain": 10, "fatigue": 10, "borg": 10}  # from 0; Borg CR10


def row_of(work: Work, session: int) -> SessionRow:
    """Raises BadInput for an unknown one, AccessError for one of a patient that is not theirs."""
    row = work.db.get(SessionRow, session)
    if row is None:
        raise BadInput(f"there is no session number {session}")
    work.about(row.patient)
    return row


def own(work: Work, session: int, *states: str) -> SessionRow:
    """One's own, in one of the states, not signed. Raises AccessError or NotNow."""
    row = row_of(work, session)
    if row.user != work.user.id:
        raise AccessError(f"session {session} is {work.name(row.user)}'s; it can be handed over to you", "patient")
    if row.signed is not None:
        raise NotNow(f"session {session} was signed and does not change any more; add a note")
    if states and row.state not in states:
        raise NotNow(f"session {session} is {row.state}, not {' or '.join(states)}")
    return row


def answers(given: Answers, earlier: dict[str, float] | None = None) -> dict[str, float]:
    """As they are kept, on top of earlier ones. Raises Findings for what is not on the scale."""
    asked: dict[str, float | None] = to_builtins(given)
    findings = [
        Finding(name, f"{value:g} is not on the scale", f"0 to {ASKED[name]}")
        for name, value in asked.items()
        if value is not None and not 0 <= value <= ASKED[name]
    ]
    if findings:
        raise Findings(findings)
    return {**(earlier or {}), **{name: value for name, value in asked.items() if value is not None}}


def robot_seconds(row: SessionRow) -> float:
    """Of one that has just ended: from begin to end without strapping and without the time it was parked, s."""
    assert row.ended is not None
    return max(0.0, (row.ended - row.begun).total_seconds() - row.strapping - row.parked)


def stop_parking(work: Work, row: SessionRow) -> None:
    if row.parked_at is not None:
        row.parked += (work.now - row.parked_at) / timedelta(seconds=1)
        row.parked_at = None


def sessions(work: Work, *which: ColumnElement[bool], newest: bool = False) -> tuple[SessionRecord, ...]:
    order = (SessionRow.begun.desc(), SessionRow.id.desc()) if newest else (SessionRow.begun, SessionRow.id)
    return records(work, work.db.scalars(select(SessionRow).where(*which).order_by(*order)))


def last_of(work: Work, patient: str) -> SessionRecord | None:
    row = work.db.scalar(
        select(SessionRow)
        .where(SessionRow.patient == patient, SessionRow.state == "ended")
        .order_by(SessionRow.begun.desc(), SessionRow.id.desc())
        .limit(1)
    )
    return record(work, row) if row is not None else None


def record(work: Work, row: SessionRow) -> SessionRecord:
    return records(work, [row])[0]


def records(work: Work, found: Iterable[SessionRow]) -> tuple[SessionRecord, ...]:
    """With names for those who may know them; a researcher sees pseudonyms only."""
    rows = list(found)
    if not work.patient:
        work.listed(row.patient for row in rows)
    demo = work.db.get(Meta, "demo") is not None
    names: dict[str, str] = {}
    if work.clinical:
        people = select(IdentityRow).where(
            IdentityRow.superseded.is_(None), IdentityRow.patient.in_({row.patient for row in rows})
        )
        names = {row.patient: f"{row.given_name} {row.family_name}" for row in work.db.scalars(people)}
    events = select(NoteRow.session, func.count()).where(
        NoteRow.kind == "adverse", NoteRow.session.in_([row.id for row in rows])
    )
    adverse = {row[0]: row[1] for row in work.db.execute(events.group_by(NoteRow.session))}
    return tuple(
        SessionRecord(
            id=row.id, patient=row.patient, full_name=names.get(row.patient, ""), side=row.side, title=row.title,
            device=row.device, state=row.state, begun=row.begun, ended=row.ended, strapping=row.strapping,
            robot=row.robot, therapist=work.name(row.user), therapist_id=row.user, plan=row.plan,
            before=convert(row.before, Answers), after=convert(row.after, Answers), outcome=row.outcome,
            trials=row.trials, reached=row.reached, folder=row.folder, adverse=adverse.get(row.id, 0),
            signed=row.signed, signed_by=work.name(row.signed_by), demo=demo,
        )
        for row in rows
    )  # fmt: skip
