"""Who acts: every call to the store is somebody's, checked against their roles and written down."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import delete

from rehab.clinic import entry
from rehab.clinic.access import Access
from rehab.clinic.appointments import Appointments
from rehab.clinic.audit import Audit
from rehab.clinic.backup import Backup
from rehab.clinic.charts import Charts
from rehab.clinic.checks import Checks
from rehab.clinic.export import Export
from rehab.clinic.handing_over import handover_of
from rehab.clinic.models import Presence
from rehab.clinic.patients import Patients
from rehab.clinic.plans import Plans
from rehab.clinic.practice import Practice
from rehab.clinic.records import Handover, User
from rehab.clinic.roles import allowed
from rehab.clinic.scales import Scales
from rehab.clinic.service import acts, audit_row
from rehab.clinic.sessions import Sessions
from rehab.clinic.users import Users

if TYPE_CHECKING:
    from rehab.clinic.clinic import Clinic


class Acting:
    """Somebody signed in. Methods raise AccessError where the role, the caseload or a lock forbids it, BadInput (or
    Findings) for what cannot be, NotNow where the state does not allow it."""

    user: User

    def __init__(self, clinic: Clinic, user: User) -> None:
        self.clinic, self.user = clinic, user

    @cached_property
    def users(self) -> Users:
        return Users(self)

    @cached_property
    def patients(self) -> Patients:
        return Patients(self)

    @cached_property
    def charts(self) -> Charts:
        return Charts(self)

    @cached_property
    def appointments(self) -> Appointments:
        return Appointments(self)

    @cached_property
    def backup(self) -> Backup:
        return Backup(self)

    @cached_property
    def plans(self) -> Plans:
        return Plans(self)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self)

    @cached_property
    def scales(self) -> Scales:
        return Scales(self)

    @cached_property
    def access(self) -> Access:
        return Access(self)

    @cached_property
    def checks(self) -> Checks:
        return Checks(self)

    @cached_property
    def export(self) -> Export:
        return Export(self)

    @cached_property
    def practice(self) -> Practice:
        return Practice(self)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self)

    def handover(self, patient: str) -> Handover:
        """Last note, limits with reasons, what hurts, photo, setting, last session."""
        with acts(self, "handover", patient) as work:
            return handover_of(work, patient)

    def may(self, what: str) -> bool:
        """Does a role of theirs allow "sessions.sign"? For leaving out buttons; the services check again."""
        return allowed(what, self.user.roles)

    def confirm(self, pin: str) -> None:
        """Is it still them? Raises AccessError for a wrong PIN; counts towards the lock."""
        entry.check_pin(self.clinic, self.user.name, pin)

    def sign_out(self) -> None:
        """Written down; the PIN does not let them in any more on this machine until they sign in again."""
        with self.clinic.store.begin() as db:
            db.execute(delete(Presence).where(Presence.user == self.user.id, Presence.machine == self.clinic.machine))
            db.add(audit_row(self, "sign_out", "", "", refused=False))
