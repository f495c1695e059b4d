"""Who acts: every call to the store is somebody's, checked against their roles and written down."""

from __future__ import annotations

from functools import cached_property

from rehab.clinic.access import Access
from rehab.clinic.appointments import Appointments
from rehab.clinic.audit import Audit
from rehab.clinic.charts import Charts
from rehab.clinic.patients import Patients
from rehab.clinic.plans import Plans
from rehab.clinic.records import Handover, User
from rehab.clinic.scales import Scales
from rehab.clinic.sessions import Sessions
from rehab.clinic.users import Users


class Acting:
    """Somebody signed in. Methods raise AccessError where the role, the caseload or a lock forbids it, BadInput (or
    Findings) for what cannot be, NotNow where the state does not allow it."""

    user: User

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
    def audit(self) -> Audit:
        return Audit(self)

    def handover(self, patient: str) -> Handover:
        """Last note, limits with reasons, what hurts, photo, setting, last session."""
        raise NotImplementedError

    def may(self, what: str) -> bool:
        """Does a role of theirs allow "sessions.sign"? For leaving out buttons; the services check again."""
        raise NotImplementedError

    def confirm(self, pin: str) -> None:
        """Is it still them? Raises AccessError for a wrong PIN; counts towards the lock."""
        raise NotImplementedError

    def sign_out(self) -> None:
        """Written down; the PIN does not let them in any more on this machine until they sign in again."""
        raise NotImplementedError
