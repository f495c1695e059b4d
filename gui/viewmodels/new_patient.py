"""A new patient, or the details of one: person, side, arm and seat, contraindications, range, photo. Each is saved by
itself; what is typed and not saved is the user's draft, which survives going elsewhere.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gui.i18n import mark, tr
from gui.viewmodels.desk import Desk
from gui.viewmodels.errors import told
from gui.viewmodels.fields import CM, read_day, read_number, write_day, write_number
from gui.viewmodels.model import Model
from gui.viewmodels.run import Request, SessionRun
from rehab.core.errors import BadInput

if TYPE_CHECKING:
    from rehab.clinic.records import Chart, CheckItem, MotionRange, Patient, Photo, Setting, WorklistLine

PERSON = (
    ("given_name", mark("First name")),
    ("family_name", mark("Family name")),
    ("codice_fiscale", mark("Codice fiscale")),
    ("birth_date", mark("Birth date")),
    ("sex", mark("Sex")),
    ("diagnosis", mark("Diagnosis")),
    ("onset", mark("Since")),
    ("phone", mark("Phone")),
    ("email", mark("E-mail")),
    ("address", mark("Address")),
)
DAYS = ("birth_date", "onset")
SEXES = {"": mark("not told"), "F": mark("female"), "M": mark("male"), "X": mark("neither")}


class Length(NamedTuple):
    """A number of the arm or the seat: its unit on the screen, m or rad for one of it, and what is plausible."""

    label: str
    unit: str
    scale: float
    least: float
    most: float


LENGTHS = {
    "upper_arm": Length(mark("Upper arm"), "cm", CM, 15, 45),
    "forearm": Length(mark("Forearm"), "cm", CM, 12, 40),
    "hand": Length(mark("Hand"), "cm", CM, 8, 26),
    "seat_height": Length(mark("Seat height"), "cm", CM, 30, 90),
    "seat_distance": Length(mark("Distance to the robot"), "cm", CM, 0, 150),
    "backrest": Length(mark("Backrest from upright"), "°", math.pi / 180.0, 0, 90),
}
ANSWERS = {"no": mark("No"), "yes": mark("Yes"), "unknown": mark("Not known")}


@dataclass
class Draft:
    """As typed. `patient` is set once the person is in the store; `dirty` are the parts with something unsaved."""

    patient: str = ""
    values: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    remarks: str = ""  # of the checklist
    worklist: str = ""
    dirty: set[str] = field(default_factory=set)


class NewPatient(Model):
    """parts: person, setting, checklist (dirty until saved); photo and range are saved at once."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.draft = Draft()
        self.patient: Patient | None = None
        self.chart: Chart | None = None
        self.photo: Photo | None = None
        self.items: tuple[CheckItem, ...] = ()
        self.lines: tuple[WorklistLine, ...] = ()
        self.saved = ""  # words of what was saved last
        self.read_from_code = ""  # words: what the codice fiscale says, or what is wrong with it

    def load(self, patient: str = "") -> None:
        """The draft of that patient ("" is a new one), or what the store has."""
        self.saved = self.read_from_code = self.problem = ""
        self.lines = ()
        self.patient, self.chart, self.photo = None, None, None
        drafts = self.desk.drafts
        key = f"patient {patient}"
        kept = drafts.get(key)
        self.draft = kept if kept is not None else drafts.setdefault(key, Draft(patient))
        acting = self.acting
        self.ask(tr("Reading the checklist"), acting.charts.check_items, self._have_items)
        if self.draft.patient:
            self._reload(fill=kept is None)
        self.changed()

    def _reload(self, *, fill: bool = True) -> None:
        acting, code = self.acting, self.draft.patient

        def job() -> Any:
            return acting.patients.get(code), acting.charts.read(code), acting.charts.photo(code)

        def have(found: Any) -> None:
            if code != self.draft.patient:
                return
            self.patient, self.chart, self.photo = found
            if fill:
                self._fill()

        self.ask(tr("Reading the chart"), job, have)

    def _have_items(self, items: tuple[CheckItem, ...]) -> None:
        self.items = items

    def _fill(self) -> None:
        """From the store, where nothing unsaved is typed."""
        assert self.patient is not None and self.chart is not None
        values = self.draft.values
        if "person" not in self.draft.dirty:
            for name, _ in PERSON:
                value = getattr(self.patient, name)
                values[name] = write_day(value) if name in DAYS else str(value)
            values["side"] = self.patient.side
        if "setting" not in self.draft.dirty and self.chart.setting is not None:
            for name, length in LENGTHS.items():
                values[name] = write_number(getattr(self.chart.setting, name), length.scale)
            values["splint"], values["seat_remarks"] = self.chart.setting.splint, self.chart.setting.remarks
        if "checklist" not in self.draft.dirty and self.chart.checklist is not None:
            self.draft.answers = dict(self.chart.checklist.answers)
            self.draft.remarks = self.chart.checklist.remarks

    # typing ---------------------------------------------------------------------------------------------------------

    def type(self, part: str, name: str, value: str) -> None:
        """Kept as it is typed; checked when it is saved. A whole codice fiscale is read at once."""
        if self.draft.values.get(name, "") == value:
            return
        self.draft.values[name] = value
        self.draft.dirty.add(part)
        self.saved = ""
        if name == "codice_fiscale":
            self.read_from_code = ""
            if len(value.strip()) == 16:
                self._read_code(value.strip().upper())
        self.changed()

    def _read_code(self, code: str) -> None:
        acting = self.acting

        def job() -> tuple[dt.date, str] | str:
            try:
                return acting.patients.read_code(code)
            except BadInput as error:
                return told(error)

        def have(read: tuple[dt.date, str] | str) -> None:
            if isinstance(read, str):
                self.read_from_code = read
                return
            born, sex = read
            self.draft.values["birth_date"], self.draft.values["sex"] = write_day(born), sex
            self.read_from_code = tr("The codice fiscale is sound: birth date and sex are taken from it")

        self.ask(tr("Reading the codice fiscale"), job, have)

    def answer(self, item: str, answer: str) -> None:
        self.draft.answers[item] = answer
        self.draft.dirty.add("checklist")
        self.saved = ""
        self.changed()

    def remark(self, text: str) -> None:
        if text != self.draft.remarks:
            self.draft.remarks = text
            self.draft.dirty.add("checklist")

    def discard(self) -> None:
        """What is typed and not saved is let go; what the store has stays."""
        key = f"patient {self.draft.patient}"
        self.desk.drafts.pop(key, None)
        self.load(self.draft.patient)

    # saving ---------------------------------------------------------------------------------------------------------

    def _said(self, words: str) -> None:
        self.saved = words

    def _failed(self, words: str) -> None:
        self.problem = words
        self.changed()

    def save_person(self) -> None:
        """Make the patient, or change what is known of them."""
        try:
            fields = self._person()
        except BadInput as error:
            self._failed(told(error))
            return
        acting, code, before = self.acting, self.draft.patient, self.patient

        def job() -> Patient:
            from rehab.clinic.records import NewPatient as Fields

            if not code:
                return acting.patients.add(Fields(**fields))
            changed = {k: v for k, v in fields.items() if before is None or getattr(before, k) != v}
            if not changed:
                return acting.patients.get(code)
            return acting.patients.change(code, reason=tr("corrected by hand"), **changed)

        self.ask(tr("Saving the patient"), job, self._have_person)

    def _person(self) -> dict[str, Any]:
        values = {name: self.draft.values.get(name, "").strip() for name, _ in PERSON}
        labels = dict(PERSON)
        for name in ("given_name", "family_name"):
            if not values[name]:
                raise BadInput(tr("{what} is missing", what=tr(labels[name])))
        fields: dict[str, Any] = dict(values)
        for name in DAYS:
            fields[name] = read_day(values[name], tr(labels[name]), self.desk.today)
        fields["codice_fiscale"] = values["codice_fiscale"].upper()
        fields["side"] = self.draft.values.get("side", "")
        if not fields["side"]:
            raise BadInput(tr("Choose the side that is trained on the picture"))
        return fields

    def _have_person(self, patient: Patient) -> None:
        drafts = self.desk.drafts
        drafts.pop(f"patient {self.draft.patient}", None)
        self.draft.patient, self.patient = patient.patient, patient
        self.draft.dirty.discard("person")
        drafts[f"patient {patient.patient}"] = self.draft
        self._said(tr("Saved: {name}, code {code}", name=patient.full_name, code=patient.patient))
        self._reload()

    def save_setting(self) -> None:
        try:
            setting = self._setting()
        except BadInput as error:
            self._failed(told(error))
            return
        acting, code = self.acting, self.draft.patient
        self.ask(tr("Saving arm and seat"), lambda: acting.charts.set_setting(code, setting), self._have_setting)

    def _setting(self) -> Setting:
        from rehab.clinic.records import Setting

        numbers: dict[str, float | None] = {}
        for name, length in LENGTHS.items():
            typed = self.draft.values.get(name, "")
            value = read_number(typed, tr(length.label), length.least, length.most, length.unit)
            numbers[name] = None if value is None else value * length.scale
        values = self.draft.values
        return Setting(splint=values.get("splint", "").strip(), remarks=values.get("seat_remarks", "").strip(),
                       **numbers)  # type: ignore[arg-type]  # fmt: skip

    def _have_setting(self, setting: Setting) -> None:
        self.draft.dirty.discard("setting")
        self._said(tr("Arm and seat are saved"))
        self._reload()

    def save_checklist(self) -> None:
        lacking = [item for item in self.items if item.name not in self.draft.answers]
        if lacking:
            self._failed(tr("Every question needs an answer; {n} are open", n=len(lacking)))
            return
        acting, code, answers, remarks = self.acting, self.draft.patient, dict(self.draft.answers), self.draft.remarks

        def have(_: Any) -> None:
            self.draft.dirty.discard("checklist")
            self._said(tr("The checklist is saved"))
            self._reload()

        self.ask(tr("Saving the checklist"), lambda: acting.charts.set_checklist(code, answers, remarks=remarks), have)

    def set_photo(self, path: Path) -> None:
        acting, code = self.acting, self.draft.patient

        def job() -> Photo:
            kind = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}.get(path.suffix.lower())
            if kind is None:
                raise BadInput(tr("{name}: a photo is a JPEG or PNG file", name=path.name))
            try:
                data = path.read_bytes()
            except OSError as error:
                raise BadInput(f"{path}: {error.strerror}") from error
            return acting.charts.set_photo(code, data, kind)

        def have(photo: Photo) -> None:
            self.photo = photo
            self._said(tr("The photo is saved"))

        self.ask(tr("Saving the photo"), job, have)

    # range by demonstration -----------------------------------------------------------------------------------------

    @property
    def can_measure(self) -> bool:
        return bool(self.draft.patient) and self.patient is not None and not self.desk.session_open

    def measure_range(self, practice: str = "") -> None:
        """The patient shows how far the hand goes: a session of the exercise, active; its box is kept at its end."""
        if not self.can_measure or self.patient is None:
            return
        acting, patient = self.acting, self.patient
        run = self.desk.begin(
            Request(
                self.desk.device, practice or None, "range_of_motion", out=self.desk.out, who=patient.full_name,
                person=self.chart.layer if self.chart is not None else None,
            )
        )  # fmt: skip

        def over(run: SessionRun) -> None:
            folder = run.folder
            if folder is None or not (run.session is not None and run.session.trials):
                self._failed(run.problem or tr("Nothing was measured"))
                return

            def job() -> MotionRange:
                return acting.charts.set_range(patient.patient, range_of(folder), reason=tr("by demonstration"))

            def have(_: MotionRange) -> None:
                self._said(tr("The range of motion is saved"))
                if self.draft.patient == patient.patient:
                    self._reload(fill=False)

            self.ask(tr("Saving the range of motion"), job, have)
            if self.desk.went and self.desk.went[-1].place == "train":
                self.desk.go("new_patient", patient=patient.patient, part="range")

        run.when_over(over)
        self.desk.go("train")

    # worklist -------------------------------------------------------------------------------------------------------

    def read_worklist(self, path: Path) -> None:
        """What each line would become; nothing is changed yet."""

        def job() -> tuple[str, tuple[WorklistLine, ...]]:
            try:
                text = path.read_bytes().decode("utf-8-sig")
            except UnicodeDecodeError:
                text = path.read_bytes().decode("cp1252")  # as spreadsheets on Windows save CSV
            except OSError as error:
                raise BadInput(f"{path}: {error.strerror}") from error
            return text, acting.patients.import_worklist(text, dry_run=True)

        def have(found: tuple[str, tuple[WorklistLine, ...]]) -> None:
            self.draft.worklist, self.lines = found
            self.saved = ""

        acting = self.acting
        self.ask(tr("Reading the worklist"), job, have)

    def import_worklist(self) -> None:
        acting, text = self.acting, self.draft.worklist

        def have(lines: tuple[WorklistLine, ...]) -> None:
            self.lines, self.draft.worklist = lines, ""
            added = sum(line.action == "add" for line in lines)
            self._said(tr("Patients added: {n}", n=added))

        self.ask(tr("Importing the worklist"), lambda: acting.patients.import_worklist(text, dry_run=False), have)


def range_of(folder: Path) -> MotionRange:
    """The box of the hand (m from home) and of the joints (rad) over all trials of a recording."""
    from rehab.clinic.records import MotionRange
    from rehab.core.kinematics import kinematics_of
    from rehab.record.recording import Recording

    recording = Recording.open(folder)
    info = recording.info
    during = recording.ticks["trial"] > 0
    if not during.any():
        raise BadInput(tr("Nothing was measured"))
    home, _ = kinematics_of(info).forward(info.home)
    x, q = recording.array("x")[during] - list(home), recording.array("q")[during]
    return MotionRange(
        device=info.model,
        low=tuple(x.min(axis=0).tolist()), high=tuple(x.max(axis=0).tolist()),
        q_min=tuple(q.min(axis=0).tolist()), q_max=tuple(q.max(axis=0).tolist()),
    )  # fmt: skip
