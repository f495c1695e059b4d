"""Plans: protocols' texts, per patient and version."""

from __future__ import annotations

from sqlalchemy import func, select

from rehab.clinic.models import PlanRow
from rehab.clinic.records import PlanRecord
from rehab.clinic.service import Service, Work, text
from rehab.core.errors import BadInput, NotNow


class Plans(Service):
    """acting.plans"""

    def current(self, patient: str) -> PlanRecord | None:
        """The one in force. Its text becomes a Protocol by rehab.protocol, in the caller's hands."""
        with self._acts("plans.current", patient) as work:
            return current_of(work, patient)

    def get(self, plan: int) -> PlanRecord:
        """One, in force or not."""
        with self._acts("plans.get") as work:
            return plan_of(work, _row(work, plan))

    def list(self, patient: str) -> tuple[PlanRecord, ...]:
        """All versions, newest first."""
        with self._acts("plans.list", patient) as work:
            rows = select(PlanRow).where(PlanRow.patient == patient).order_by(PlanRow.number.desc())
            return tuple(plan_of(work, row) for row in work.db.scalars(rows))

    def add(self, patient: str, title: str, protocol: str, *, device: str = "", aim: str = "") -> PlanRecord:
        """A plan; it supersedes the one in force."""
        with self._acts("plans.add", patient, title) as work:
            text(protocol, "protocol", needed=True)
            for row in _in_force(work, patient):
                row.supersede(work.user.id, work.now)
            number = work.db.scalar(select(func.max(PlanRow.number)).where(PlanRow.patient == patient)) or 0
            made = PlanRow(
                patient=patient, number=number + 1, title=text(title, "title", needed=True),
                protocol=protocol,  # as it was written, blanks and comments and all
                device=text(device, "device"), aim=text(aim, "aim"), at=work.now, by=work.user.id,
            )  # fmt: skip
            work.db.add(made)
            work.db.flush()
            return plan_of(work, made)

    def supersede(self, plan: int, *, reason: str) -> None:
        """No plan is in force any more."""
        with self._acts("plans.supersede") as work:
            row = _row(work, plan)
            if row.superseded is not None:
                raise NotNow(f'plan number {row.number}, "{row.title}", is not in force any more')
            row.supersede(work.user.id, work.now)
            row.reason = text(reason, "reason", needed=True)


def current_of(work: Work, patient: str) -> PlanRecord | None:
    rows = _in_force(work, patient)
    return plan_of(work, rows[-1]) if rows else None


def plan_of(work: Work, row: PlanRow) -> PlanRecord:
    return PlanRecord(
        id=row.id, patient=row.patient, number=row.number, title=row.title, protocol=row.protocol, device=row.device,
        aim=row.aim, at=row.at, by=work.name(row.by), superseded=row.superseded,
    )  # fmt: skip


def _in_force(work: Work, patient: str) -> list[PlanRow]:
    rows = select(PlanRow).where(PlanRow.patient == patient, PlanRow.superseded.is_(None))
    return list(work.db.scalars(rows.order_by(PlanRow.number)))


def _row(work: Work, plan: int) -> PlanRow:
    row = work.db.get(PlanRow, plan)
    if row is None:
        raise BadInput(f"there is no plan with the id {plan}")
    work.about(row.patient)
    return row
