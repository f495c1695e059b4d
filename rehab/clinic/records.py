"""What the clinic store gives out: frozen values, safe to hand to another thread. They never change; read again.

`patient` is always the pseudonym ("K7QF-3M9X"), the only name that recordings, plans and measures know. All SI: m, s,
rad, N, N·m. Moments (`at`, `begun`, ...) are aware datetimes in UTC, days are dates. `by` is a user's full name.
Fields that nobody has filled in are None or "".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from rehab.core.person import PersonLayer

SIDES = ("left", "right")
SEXES = ("F", "M", "X")  # X: neither, or not told


@dataclass(frozen=True)
class User:
    """Somebody who signs in. roles are of rehab.clinic.roles.ROLES; language "en" or "it"; theme "light" or "dark"."""

    id: int
    name: str
    full_name: str
    roles: frozenset[str]
    language: str = "en"
    theme: str = "light"
    locked: bool = False
    active: bool = True

    @property
    def initials(self) -> str:
        """MR of Maria Rossi: what stands beside a limit."""
        return "".join(word[0] for word in self.full_name.split()).upper()


# patients ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class NewPatient:
    """What is asked of a new patient. With a codice fiscale, birth date and sex may be left out: they are in it."""

    given_name: str
    family_name: str
    birth_date: date | None = None
    sex: str = ""
    side: str = ""  # the side that is trained, of SIDES
    codice_fiscale: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    diagnosis: str = ""
    onset: date | None = None


@dataclass(frozen=True, kw_only=True)
class Patient:
    """A person with their identity, and what a clinic asks first."""

    patient: str
    given_name: str
    family_name: str
    birth_date: date
    sex: str
    side: str
    codice_fiscale: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    diagnosis: str = ""
    onset: date | None = None
    therapists: tuple[str, ...] = ()  # full names of those in whose caseload they are

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, kw_only=True)
class PatientLine:
    """One line of a search or of a caseload."""

    patient: str
    full_name: str
    birth_date: date
    sex: str
    side: str
    diagnosis: str = ""
    mine: bool = False  # in the caseload of who asks
    readable: bool = False  # ... or granted: the clinical file opens; an administrator sees others' names only
    last_session: datetime | None = None


@dataclass(frozen=True)
class WorklistLine:
    """What one line of a worklist became, or (dry run) would become: `action` is add, known or wrong."""

    number: int  # 1-based in the file, the heading is line 1
    action: str
    says: str  # in the user's language
    patient: str = ""  # of one that is known, or was added


# the chart -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How the patient sits at the device: lengths in m, angles in rad, None where nobody has measured."""

    upper_arm: float | None = None
    forearm: float | None = None
    hand: float | None = None
    splint: str = ""
    seat_height: float | None = None
    seat_distance: float | None = None
    backrest: float | None = None  # rad from the vertical
    remarks: str = ""
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True)
class Photo:
    """The set-up photo. `kind` is "image/jpeg" or "image/png"."""

    data: bytes
    kind: str
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class MotionRange:
    """Range by demonstration on one device model: box of the hand, m from home, and joint angles, rad."""

    device: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    q_min: tuple[float, ...] = ()
    q_max: tuple[float, ...] = ()
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True)
class CheckItem:
    """One question of the contraindication checklist; `text` in English, `text_it` in Italian."""

    name: str
    text: str
    text_it: str
    stops: bool = True  # a yes forbids training until somebody decides; else it asks for care


@dataclass(frozen=True)
class Checklist:
    """Answers "yes", "no" or "unknown" by name of the item; one that is missing was not answered."""

    answers: Mapping[str, str]
    remarks: str = ""
    at: datetime | None = None
    by: str = ""

    @property
    def cautions(self) -> tuple[str, ...]:
        """Names of the items that were answered yes."""
        return tuple(name for name, answer in self.answers.items() if answer == "yes")


@dataclass(frozen=True, kw_only=True)
class LimitLine:
    """One limit of the patient's file. `joint` (0-based) and `device` (model) where it is a joint's."""

    id: int
    name: str
    value: float
    unit: str
    reason: str
    by: str
    initials: str
    at: datetime
    joint: int | None = None
    device: str = ""
    says: str = ""  # "12 N·m: limited by the patient's file, MR, 3 May", in the user's language


@dataclass(frozen=True)
class Screen:
    """How the patient's own screen is set (its words are the window's), and whether they may run their plan alone."""

    settings: Mapping[str, bool | float | str]
    alone: bool = False
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True)
class Goal:
    id: int
    text: str
    at: datetime
    by: str
    until: date | None = None
    reached: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Note:
    """kind: note, chip (chips only, nothing typed), or adverse (an adverse event; `facts` is what the loop noted)."""

    id: int
    kind: str
    text: str
    at: datetime
    by: str
    chips: tuple[str, ...] = ()
    session: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Hurt:
    """What hurts: a place ("left shoulder"), 0 to 10, when ("on lifting")."""

    id: int
    place: str
    pain: int
    when: str
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The clinical part of a patient's file as it stands now; superseded entries are not in it."""

    patient: str
    side: str
    diagnosis: str
    onset: date | None
    setting: Setting | None
    has_photo: bool
    ranges: tuple[MotionRange, ...]
    checklist: Checklist | None
    limits: tuple[LimitLine, ...]
    goals: tuple[Goal, ...]
    notes: tuple[Note, ...]  # newest first
    hurts: tuple[Hurt, ...]
    layer: PersonLayer  # the limits, ready for rehab.core.limits


@dataclass(frozen=True)
class Version:
    """One entry of a part of the chart as it was, also when superseded; for "who changed this, and why"."""

    part: str  # details, setting, photo, range, checklist, limit, goal, hurt
    says: str
    at: datetime
    by: str
    reason: str = ""
    superseded: datetime | None = None
    superseded_by: str = ""


# appointments, plans -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Appointment:
    id: int
    patient: str
    full_name: str  # of the patient
    side: str
    at: datetime
    seconds: float
    therapist: str
    device: str = ""
    arrived: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PlanRecord:
    """A plan of a patient: a protocol's text as it was written. `number` counts the versions of one patient's plan."""

    id: int
    patient: str
    number: int
    title: str
    protocol: str  # YAML
    device: str
    aim: str
    at: datetime
    by: str
    superseded: datetime | None = None


# sessions ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answers:
    """Asked before or after: pain 0–10, fatigue 0–10, exertion 0–10 (Borg CR10). None: not asked."""

    pain: int | None = None
    fatigue: int | None = None
    borg: float | None = None


@dataclass(frozen=True, kw_only=True)
class SessionRecord:
    """One session. state: open, parked or ended. Times in s: strapping apart, `robot` is training without strapping
    and without the time it was parked."""

    id: int
    patient: str
    full_name: str
    side: str
    title: str
    device: str
    state: str
    begun: datetime
    ended: datetime | None
    strapping: float
    robot: float
    therapist: str
    therapist_id: int
    plan: int | None
    before: Answers
    after: Answers
    outcome: str  # done, cut_short, stopped, or "" while it runs
    trials: int
    reached: int
    folder: str
    adverse: int  # how many adverse events
    signed: datetime | None = None
    signed_by: str = ""
    demo: bool = False


@dataclass(frozen=True)
class MeasureRow:
    """One measure of one trial."""

    trial: int
    block: str
    name: str
    value: float
    unit: str = ""


@dataclass(frozen=True)
class Point:
    """A measure in one session: mean and standard deviation over its n trials (sd 0 for one)."""

    session: int
    at: datetime
    title: str
    device: str
    mean: float
    sd: float
    n: int
    unit: str


@dataclass(frozen=True)
class MeasureName:
    """A measure that a patient has data of: in how many sessions."""

    name: str
    unit: str
    sessions: int


@dataclass(frozen=True)
class Difference:
    """What would differ today. what: plan, limits, range, device, therapist, pain, setting, side, adverse."""

    what: str
    says: str  # in the user's language
    before: str = ""
    now: str = ""


@dataclass(frozen=True)
class LastTime:
    """The card "As last time". `session` is None for a patient without one; then there is nothing to differ from."""

    patient: str
    session: SessionRecord | None
    plan: PlanRecord | None  # today's
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Handover:
    """What a colleague needs in one look."""

    patient: Patient
    note: Note | None
    limits: tuple[LimitLine, ...]
    hurts: tuple[Hurt, ...]
    photo: Photo | None
    setting: Setting | None
    session: SessionRecord | None  # the last


# scales --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Subscore:
    """A part of a scale. `low`, `high` are the range of its points."""

    name: str
    title: str
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class ScaleKind:
    """A clinical scale as numbers; the texts of its items belong to their publishers and are not here.

    grades      of an ordinal scale, in order; then the value is the place in it, 0-based, and `show` gives the grade
    total       the value is the sum of the subscores, where all are given
    change      smallest change that matters to patients, and `source`; None where none is established
    """

    name: str
    title: str
    low: float
    high: float
    step: float = 1.0
    unit: str = ""
    better: str = "higher"
    subscores: tuple[Subscore, ...] = ()
    grades: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()  # muscle groups, each scored by itself
    total: bool = False
    change: float | None = None
    source: str = ""

    def show(self, value: float) -> str:
        return self.grades[round(value)] if self.grades else f"{value:g}"


@dataclass(frozen=True, kw_only=True)
class ScaleEntry:
    id: int
    patient: str
    kind: str
    value: float
    shown: str  # "1+" of the modified Ashworth, else the number
    on: date
    by: str
    group: str = ""
    parts: Mapping[str, float] = field(default_factory=dict)
    remarks: str = ""


# access, audit -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grant:
    """Temporary access of a user to a patient outside their caseload."""

    id: int
    patient: str
    user: str
    until: datetime
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class AuditRow:
    """Who did what, when, to whose data. `what` is a service and method ("patients.get"), `says` its words."""

    id: int
    at: datetime
    user: str
    what: str
    patient: str
    detail: str
    refused: bool
    says: str = ""


@dataclass(frozen=True)
class DeviceCheck:
    """The check of a device at the begin of a day: result ("good", "none", ...) by what was checked."""

    id: int
    device: str
    results: Mapping[str, str]
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True)
class PracticeTry:
    """An incident in a practice session. `act`: what the trainee did first; "" nothing. `reaction`: s until that."""

    virtual: str  # preset of the virtual patient
    exercise: str
    incident: str
    act: str = ""
    right: bool = False
    reaction: float | None = None
    at: datetime | None = None
