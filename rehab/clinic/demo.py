"""A store full of invented people: for trying the windows, for trainees, for screenshots. Never mixed with real ones.

All goes through the services, on a clock that is set back five weeks, so that even the audit looks as it would. Equal
seed and day, equal store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import exp, radians
from random import Random

from rehab.clinic.acting import Acting
from rehab.clinic.checklist import CHECKLIST
from rehab.clinic.clinic import Clinic
from rehab.clinic.demo_people import PASSWORD, PEOPLE, PIN, PLANS, USERS, Invented
from rehab.clinic.demo_picture import setup_picture
from rehab.clinic.models import Meta
from rehab.clinic.passwords import cheaply
from rehab.clinic.records import Answers, MeasureRow, MotionRange, NewPatient, Patient, SessionRecord, Setting
from rehab.core.errors import NotNow
from rehab.measures.trial import DESCRIPTIONS

WEEKS, DEVICE, MODEL = 5, "sim:planar_arm", "planar_arm"
# unable … able; by trial a normal spread of the third number
MEASURES = {
    "reaction_time": (0.75, 0.35, 0.06), "movement_time": (3.2, 1.0, 0.25), "peak_speed": (0.12, 0.34, 0.03),
    "path_length_ratio": (2.1, 1.12, 0.12), "hand_path_deviation_max": (0.045, 0.010, 0.005),
    "sparc": (-3.6, -1.6, 0.2), "number_of_peaks": (9.0, 1.5, 1.0), "assistance_share": (0.8, 0.05, 0.06),
}  # fmt: skip


@dataclass
class _Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        self.now = datetime.combine(day, time(hour, minute)).astimezone()

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def fill(clinic: Clinic, seed: int = 1, today: date | None = None) -> None:
    """Fill an empty store. Raises NotNow when there are users already."""
    if not clinic.empty:
        raise NotNow(f"{clinic.where} has users already: the demo goes into a store of its own")
    real, choose = clinic.now, clinic.choose
    day = today or real().astimezone().date()
    clock, rng = _Clock(real()), Random(f"{seed} {day}")
    clock.at(day - timedelta(weeks=WEEKS), 7)
    clinic.now, clinic.choose = clock, rng.choice
    clinic.store.hasty(True)
    try:
        with clinic.store.begin() as db:
            db.add(Meta(key="demo", value=str(seed)))
        with cheaply():
            acting = _users(clinic)
        for number, person in enumerate(PEOPLE):
            _Course(acting, person, number, clock, rng, day).run()
        _signed(acting, clock, day)
        _today(acting, clock, day)
    finally:
        clinic.now, clinic.choose = real, choose
        clinic.store.hasty(False)


def _users(clinic: Clinic) -> dict[str, Acting]:
    name, full_name, _, language = USERS[0]
    acting = {name: clinic.create_first(name, full_name, PASSWORD, PIN, language)}
    for name, full_name, roles, language in USERS[1:]:
        user = acting["anna"].users.add(name, full_name, roles, PASSWORD, PIN, language=language)
        acting[name] = Acting(clinic, user)
    return acting


class _Course:
    """Five weeks of one patient."""

    def __init__(
        self, acting: dict[str, Acting], person: Invented, number: int, clock: _Clock, rng: Random, today: date
    ) -> None:
        self.by, self.person, self.number, self.clock, self.rng = acting[person.therapist], person, number, clock, rng
        self.today, self.first = today, today - timedelta(weeks=WEEKS)
        self.clock.at(self.first, 8, 5 * number)

    def run(self) -> None:
        patient = self._admit()
        self._chart(patient)
        self._plan(patient, self.person.plan)
        days = [self.first + timedelta(days=k) for k in range(7 * WEEKS)]
        # three times a week, each patient on their own days, never on a Sunday
        days = [day for day in days if day.weekday() < 6 and day.weekday() % 2 == self.number % 2]
        for count, day in enumerate(days):
            if count == len(days) // 2:
                self.clock.at(day, 8)
                self._half_way(patient)
            self.clock.at(day, 9 + self.number % 3 + 3 * (self.number // 3))
            self._session(patient, count, len(days))
        self.clock.at(self.today - timedelta(days=1), 17)
        self._scales(patient, 1)

    def _admit(self) -> str:
        p = self.person
        new = NewPatient(
            given_name="Demo", family_name=p.family_name, birth_date=date(*p.born), sex=p.sex, side=p.side,
            diagnosis=p.diagnosis, onset=self.first - timedelta(weeks=p.weeks_ago),
        )  # fmt: skip
        found: Patient = self.by.patients.add(new)
        return found.patient

    def _chart(self, patient: str) -> None:
        charts, p = self.by.charts, self.person
        small = 0.02 * (p.sex == "F")
        charts.set_setting(patient, Setting(
            upper_arm=0.32 - small, forearm=0.26 - small, hand=0.19 - small / 2, seat_height=0.46,
            backrest=radians(10.0), splint="wrist splint, medium" if p.ability[0] < 0.4 else "", seat_distance=0.35,
        ))  # fmt: skip
        charts.set_photo(patient, setup_picture(p.side, self.number), "image/png")
        cautious = {"spasms"} if p.mas[0] in ("2", "3") else {"numb"} if self.number == 4 else set()
        charts.set_checklist(patient, {item.name: "yes" if item.name in cautious else "no" for item in CHECKLIST})
        reach = 0.08 + 0.08 * p.ability[0]
        charts.set_range(patient, MotionRange(
            device=MODEL, low=(-reach, -reach), high=(reach, 0.8 * reach)
        ))  # fmt: skip
        charts.add_goal(patient, p.goal, until=self.today + timedelta(weeks=4))
        if p.pain:
            place = f"{p.side} shoulder"
            charts.set_hurts(patient, [(place, p.pain, "when the arm is lifted")])
            charts.set_limit(patient, "force", 30.0 - 2.0 * p.pain, reason=f"painful {place}")
        if p.mas[0] in ("2", "3"):
            charts.set_limit(patient, "speed", 0.4, reason="spasticity of the elbow: slowly")
            charts.set_limit(patient, "torque", 12.0, reason="spasticity of the elbow", joint=1, device=MODEL)
        self._scales(patient, 0)

    def _scales(self, patient: str, at: int) -> None:
        scales, p = self.by.scales, self.person
        fma = p.fma[at]
        arm = round(fma * 36 / 66)
        wrist, hand = round((fma - arm) * 10 / 30), round((fma - arm) * 14 / 30)
        parts = {"arm": arm, "wrist": wrist, "hand": hand, "coordination": fma - arm - wrist - hand}
        scales.enter(patient, "fma_ue", parts=parts)
        scales.enter(patient, "arat", p.arat[at])
        scales.enter(patient, "ashworth", p.mas[at], group="elbow flexors")
        scales.enter(patient, "nrs", max(0, p.pain - at))
        if at:
            scales.enter(patient, "box_and_block", round(0.9 * p.arat[at]))
            scales.enter(patient, "barthel", 5 * round(12 + 6 * p.ability[at]))

    def _plan(self, patient: str, name: str) -> None:
        title, protocol = PLANS[name]
        self.by.plans.add(patient, title, protocol, device=MODEL, aim=self.person.goal)

    def _half_way(self, patient: str) -> None:
        if self.person.then:
            self._plan(patient, self.person.then)
        if self.person.pain > 2:
            words = "less pain since the seat was raised; the limit of force stays"
            self.by.charts.add_note(patient, words, chips=("seat adjusted",))

    def _session(self, patient: str, count: int, of: int) -> None:
        rng, sessions, p = self.rng, self.by.sessions, self.person
        pain = max(0, min(10, p.pain - count // 6 + rng.choice((-1, 0, 0, 0, 1))))
        session = sessions.begin(patient, device=DEVICE, before=Answers(pain=pain, fatigue=rng.randint(1, 4)))
        self.clock.later(rng.uniform(180, 420))
        sessions.strapped(session.id, (self.clock.now - session.begun).total_seconds())
        self.clock.later(rng.uniform(1200, 1800))
        short = rng.random() < 0.06
        trials = 24 if not short else rng.randint(8, 18)
        ability = p.ability[1] + (p.ability[0] - p.ability[1]) * exp(-3.0 * count / of)
        rows = [row for trial in range(1, trials + 1) for row in self._trial(trial, ability)]
        sessions.save_measures(session.id, rows)
        if p.mas[0] == "3" and count in (3, of - 2):
            self._spasm(session)
        if short:
            self.by.charts.add_note(patient, chips=("tired", "cut short"), session=session.id)
        reached = sum(rng.random() < 0.5 + 0.5 * ability for _ in range(trials))
        sessions.end(session.id, "cut_short" if short else "done", trials=trials, reached=reached)
        after = Answers(pain=min(10, pain + rng.choice((0, 0, 1))), fatigue=rng.randint(3, 6), borg=rng.randint(2, 6))
        sessions.ask_after(session.id, after)

    def _trial(self, trial: int, ability: float) -> list[MeasureRow]:
        rows = []
        for name, (unable, able, spread) in MEASURES.items():
            value = self.rng.gauss(unable + (able - unable) * ability, spread)
            value = max(value, 0.0) if name != "sparc" else min(value, -1.4)
            if name in ("number_of_peaks", "path_length_ratio"):  # at least one stroke; a straight line
                value = max(1.0, float(round(value)) if name == "number_of_peaks" else value)
            rows.append(MeasureRow(trial, "reaching", name, value, DESCRIPTIONS[name].unit))
        return rows

    def _spasm(self, session: SessionRecord) -> None:
        facts = {"number": 1, "name": "F24 spasm", "joint": 2, "torque": round(self.rng.uniform(6.5, 11.0), 1)}
        words = "spasm of the elbow flexors; the arm yielded, gentler from there on"
        self.by.sessions.adverse_event(session.id, words, chips=("spasm",), facts={**facts, "next": "gentler"})


def _signed(acting: dict[str, Acting], clock: _Clock, today: date) -> None:
    """Every therapist signed what is older than two days."""
    clock.at(today - timedelta(days=1), 18)
    for name in ("anna", "marco"):
        clinic = acting[name].clinic
        clinic.sign_in(name, PASSWORD)
        old = [s.id for s in acting[name].sessions.unsigned() if s.begun < clock.now - timedelta(days=2)]
        acting[name].sessions.sign(old, PIN)


def _today(acting: dict[str, Acting], clock: _Clock, today: date) -> None:
    """Today's appointments; a colleague may look at one patient while the other is away."""
    clock.at(today, 0, 1)
    for name in ("anna", "marco"):
        for number, line in enumerate(acting[name].patients.search(mine=True)):
            at = datetime.combine(today, time(9 + number)).astimezone()
            acting[name].appointments.add(line.patient, at, device=MODEL)
    shared = acting["anna"].patients.search("uno")[0].patient
    marco = acting["marco"].user.id
    acting["anna"].access.grant(shared, marco, clock.now + timedelta(days=7), "stands in for Anna this week")
