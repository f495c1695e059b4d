"""All pages: their names, who may open them, and where they are in code. A new page is one file and one line here."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from gui.i18n import mark
from gui.viewmodels.desk import Desk
from gui.views.page import Page

EVERYBODY: frozenset[str] = frozenset()
THERAPIST, RESEARCHER, TECHNICIAN, ADMIN = "therapist", "researcher", "technician", "administrator"


class Place(NamedTuple):
    """`roles` empty: for everybody. `icon` "": not on the rail."""

    name: str
    where: str  # module:class
    roles: frozenset[str] = EVERYBODY
    label: str = ""
    icon: str = ""


def _of(*roles: str) -> frozenset[str]:
    return frozenset(roles)


PLACES = (
    Place("first_user", "gui.views.first_user:FirstUserPage"),
    Place("sign_in", "gui.views.sign_in:SignInPage"),
    Place("locked", "gui.views.locked:LockedPage"),
    Place("today", "gui.views.today:TodayPage", label=mark("Today"), icon="fa6s.calendar-day"),
    Place("patients", "gui.views.patients:PatientsPage", _of(THERAPIST), mark("Patients"), "fa6s.users"),
    Place("new_patient", "gui.views.new_patient:NewPatientPage", _of(THERAPIST)),
    Place("patient", "gui.views.patient:PatientPage", _of(THERAPIST)),
    Place("patient_file", "gui.views.patient_file:PatientFilePage", _of(THERAPIST)),
    Place("handover", "gui.views.handover:HandoverPage", _of(THERAPIST)),
    Place("prepare", "gui.views.prepare:PreparePage", _of(THERAPIST)),
    Place("after", "gui.views.after:AfterPage", _of(THERAPIST)),
    Place("train", "gui.views.train:TrainPage"),
    Place("library", "gui.views.library:LibraryPage", _of(THERAPIST, RESEARCHER), mark("Exercises"), "fa6s.shapes"),
    Place("trainer", "gui.views.trainer:TrainerPage", _of(THERAPIST), mark("Practise"), "fa6s.graduation-cap"),
    Place("plan", "gui.views.plan:PlanPage", _of(THERAPIST)),
    Place("teach", "gui.views.teach:TeachPage", _of(THERAPIST, RESEARCHER)),
    Place("review", "gui.views.review:ReviewPage", _of(THERAPIST, RESEARCHER)),
    Place("progress", "gui.views.progress:ProgressPage", _of(THERAPIST, RESEARCHER)),
    Place("scales", "gui.views.scales:ScalesPage", _of(THERAPIST)),
    Place("research", "gui.views.research:ResearchPage", _of(RESEARCHER), mark("Research"), "fa6s.flask"),
    Place("devices", "gui.views.devices:DevicesPage", _of(TECHNICIAN), mark("Devices"), "fa6s.screwdriver-wrench"),
    Place("users", "gui.views.users:UsersPage", _of(ADMIN), mark("Users"), "fa6s.user-gear"),
    Place("audit", "gui.views.audit:AuditPage", _of(ADMIN), mark("Who looked"), "fa6s.eye"),
)
BY_NAME = {place.name: place for place in PLACES}


def there(place: Place) -> bool:
    return find_spec(place.where.partition(":")[0]) is not None


def on_the_rail(roles: frozenset[str]) -> list[Place]:
    """The places that somebody with these roles goes to directly."""
    return [p for p in PLACES if p.icon and there(p) and (not p.roles or p.roles & roles)]


def make(name: str, desk: Desk) -> Page:
    module, _, kind = BY_NAME[name].where.partition(":")
    page: Page = getattr(import_module(module), kind)(desk)
    return page
