"""What all services share: one call is one transaction, checked against role and caseload, and written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session as Db

from rehab.clinic.models import AssignmentRow, AuditData, GrantRow, PatientRow, UserRow
from rehab.clinic.roles import THERAPIST, allowed, sees_every_patient
from rehab.clinic.told import READS
from rehab.core.errors import AccessError, BadInput

if TYPE_CHECKING:
    from rehab.clinic.acting import Acting

MOST_TEXT = 20_000  # characters of anything typed; a protocol is a page or two


class Work:
    """One call under way: the open transaction, who acts, and to whom."""

    def __init__(self, db: Db, acting: Acting, what: str) -> None:
        self.db, self.what, self.patient, self.detail = db, what, "", ""
        self.others: list[str] = []  # patients whom the call concerns too
        self.now: datetime = acting.clinic.now()
        self.choose = acting.clinic.choose
        user = db.get(UserRow, acting.user.id)
        if user is None or not user.active:
            raise AccessError("this user has been shut out; ask an administrator", "sign_in")
        self.user = user
        self.language = user.language
        self.roles = frozenset(user.roles)
        if not allowed(what, self.roles):
            raise AccessError(f"{what} is not for a {' and '.join(sorted(self.roles))}", "role")

    @property
    def clinical(self) -> bool:
        return THERAPIST in self.roles

    def about(self, patient: str) -> str:
        """Whom the call concerns. Raises BadInput for an unknown code, AccessError outside caseload and grants."""
        if self.db.get(PatientRow, patient) is None:
            raise BadInput(f'there is no patient with the code "{patient}"')
        self.patient = patient
        if not (sees_every_patient(self.what, self.roles) or self.has(patient) or self.granted(patient)):
            words = f"{patient} is not among your patients; a colleague who has them can grant access"
            raise AccessError(words, "patient")
        return patient

    def has(self, patient: str) -> bool:
        """In the caseload of who acts."""
        found = select(AssignmentRow.id).where(
            AssignmentRow.patient == patient, AssignmentRow.user == self.user.id, AssignmentRow.superseded.is_(None)
        )
        return self.clinical and self.db.scalar(found) is not None

    def granted(self, patient: str) -> bool:
        found = select(GrantRow.id).where(
            GrantRow.patient == patient, GrantRow.user == self.user.id, GrantRow.until > self.now
        )
        return self.db.scalar(found) is not None

    def patients(self) -> set[str]:
        """The pseudonyms of all whom this call may concern."""
        if sees_every_patient(self.what, self.roles):
            return set(self.db.scalars(select(PatientRow.patient)))
        return self.readable()

    def readable(self) -> set[str]:
        """The pseudonyms of those in the caseload, or granted."""
        grants = select(GrantRow.patient).where(GrantRow.user == self.user.id, GrantRow.until > self.now)
        return self.caseload() | set(self.db.scalars(grants))

    def caseload(self) -> set[str]:
        if not self.clinical:
            return set()
        own = select(AssignmentRow.patient).where(
            AssignmentRow.user == self.user.id, AssignmentRow.superseded.is_(None)
        )
        return set(self.db.scalars(own))

    def listed(self, patients: Iterable[str]) -> None:
        """Whom a list showed: `audit.who` finds them in the detail."""
        self.detail = " ".join(dict.fromkeys(patients))

    def name(self, user: int | None) -> str:
        """The full name of a user."""
        row = self.db.get(UserRow, user) if user is not None else None
        return row.full_name if row is not None else ""


class OneRow(NamedTuple):
    """What is read of one patient for one view, until its row is written."""

    patient: str
    read: list[str]


_one_row: ContextVar[OneRow | None] = ContextVar("one row", default=None)



@contextmanager
def one_row(acting: Acting, what: str, patient: str) -> Iterator[None]:
    """All that is read of that patient within is one row of the audit: a view is one act of a person, however many
    questions it asks. What they were stands in its detail. Changes and refusals have their own rows, as everywhere."""
    kept = OneRow(patient, [])
    token = _one_row.set(kept)
    try:
        yield
    finally:
        _one_row.reset(token)
        if kept.read:
            with acting.clinic.store.begin() as db:
                db.add(audit_row(acting, what, patient, " ".join(dict.fromkeys(kept.read)), refused=False))


@contextmanager
def acts(
    acting: Acting, what: str, patient: str = "", detail: str = "", *, written: bool = True
) -> Iterator[Work]:
    """The frame of every call. `what` is its place in roles.RIGHTS; a refusal is written down as well. Not `written`:
    only a question whether it would be allowed."""
    known = ""
    try:
        with acting.clinic.store.begin() as db:
            work = Work(db, acting, what)
            work.detail = detail
            try:
                if patient:
                    work.about(patient)
                yield work
            finally:
                known = work.patient
            one = _one_row.get()
            for whom in dict.fromkeys((work.patient, *work.others)) if written else ():
                if one is not None and what.partition(".")[2] in READS and whom in (one.patient, ""):
                    one.read.append(what)
                    continue
                db.add(audit_row(acting, what, whom, work.detail, refused=False))
    except AccessError as error:
        with acting.clinic.store.begin() as db:
            db.add(audit_row(acting, what, known or patient[:12], f"refused: {error.why}", refused=True))
        raise


def audit_row(acting: Acting, what: str, patient: str, detail: str, *, refused: bool) -> AuditData:
    user = acting.user
    return AuditData(
        at=acting.clinic.now(), user=user.id, user_name=user.full_name, what=what, patient=patient,
        detail=detail, refused=refused,
    )  # fmt: skip


class Service:
    """A group of methods of one who acts."""

    def __init__(self, acting: Acting) -> None:
        self._acting = acting

    def _acts(self, what: str, patient: str = "", detail: str = "") -> AbstractContextManager[Work]:
        return acts(self._acting, what, patient, detail)


def text(value: str, what: str, *, needed: bool = False) -> str:
    """Something typed, without blanks around it. Raises BadInput when it is too long, or empty where it is needed."""
    value = value.strip()
    if needed and not value:
        raise BadInput(f"{what} is empty: it has to be given")
    if len(value) > MOST_TEXT:
        raise BadInput(f"{what} has {len(value)} characters (at most {MOST_TEXT})")
    return value


def day_bounds(day: date | None, now: datetime) -> tuple[datetime, datetime]:
    """Begin and end of a day (today) where the clinic is."""
    begin = datetime.combine(day or now.astimezone().date(), time.min)
    return begin.astimezone(), (begin + timedelta(days=1)).astimezone()
