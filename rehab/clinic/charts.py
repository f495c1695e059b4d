"""The clinical part of a patient's file: nothing is deleted, everything is superseded with author and time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from rehab.clinic import chart, limits
from rehab.clinic.checklist import CHECKLIST, CHIPS, check_answers
from rehab.clinic.history import history_of
from rehab.clinic.models import ChartRow
from rehab.clinic.notes import add_note, notes_of
from rehab.clinic.records import (
    Chart,
    CheckItem,
    Checklist,
    Goal,
    Hurt,
    LimitLine,
    MotionRange,
    Note,
    Photo,
    Screen,
    Setting,
    Version,
)
from rehab.clinic.service import Service, Work, text
from rehab.clinic.service import text as typed
from rehab.core.errors import BadInput, Finding, Findings

MOST_PHOTO = 8_000_000  # bytes: a telephone's photo
PHOTOS = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
LENGTHS = {  # m, of people from children to the tallest; seat by what chairs and tables can do
    "upper_arm": (0.10, 0.50), "forearm": (0.08, 0.45), "hand": (0.05, 0.30), "seat_height": (0.20, 1.00),
    "seat_distance": (0.0, 1.50), "backrest": (-0.35, 1.57),
}  # fmt: skip
FARTHEST = 2.0  # m from home: no arm reaches farther


class Charts(Service):
    """acting.charts"""

    def read(self, patient: str) -> Chart:
        """All of it, as it stands."""
        with self._acts("charts.read", patient) as work:
            return chart_of(work, patient)

    def history(self, patient: str) -> tuple[Version, ...]:
        """Every entry there ever was, newest first."""
        with self._acts("charts.history", patient) as work:
            return history_of(work, patient)

    def set_setting(self, patient: str, setting: Setting, *, reason: str = "") -> Setting:
        """Seat, splint and limb lengths anew. Raises Findings for lengths no limb has."""
        with self._acts("charts.set_setting", patient) as work:
            findings = []
            for name, (least, most) in LENGTHS.items():
                value = getattr(setting, name)
                if value is not None and not least <= value <= most:
                    unit = "rad" if name == "backrest" else "m"
                    findings.append(Finding(name, f"{value:g} {unit} cannot be", f"{least:g} to {most:g} {unit}"))
            if findings:
                raise Findings(findings)
            kept = replace(setting, splint=text(setting.splint, "splint"), remarks=text(setting.remarks, "remarks"))
            row = chart.put(work, patient, "setting", kept, reason=text(reason, "reason"))
            return chart.record(work, row, Setting)

    def set_photo(self, patient: str, data: bytes, kind: str) -> Photo:
        """The set-up photo: JPEG or PNG, at most 8 MB."""
        with self._acts("charts.set_photo", patient) as work:
            if kind not in PHOTOS or not data.startswith(PHOTOS[kind]):
                raise BadInput(f"this is no photo of the kind {kind} (allowed: {', '.join(PHOTOS)})")
            if len(data) > MOST_PHOTO:
                raise BadInput(f"a photo of {len(data) / 1e6:.1f} MB is too large (at most {MOST_PHOTO / 1e6:g} MB)")
            row = chart.put(work, patient, "photo", {"kind": kind}, data=data)
            return Photo(data, kind, row.at, work.name(row.by))

    def photo(self, patient: str) -> Photo | None:
        """The set-up photo."""
        with self._acts("charts.photo", patient) as work:
            return photo_of(work, patient)

    def set_range(self, patient: str, motion: MotionRange, *, reason: str = "") -> MotionRange:
        """Range by demonstration on a device model; its joint angles go into the layer of limits."""
        with self._acts("charts.set_range", patient) as work:
            _check_range(motion)
            row = chart.put(work, patient, "range", motion, key=motion.device, reason=text(reason, "reason"))
            return chart.record(work, row, MotionRange)

    def set_screen(self, patient: str, settings: Mapping[str, bool | float | str], *, alone: bool) -> Screen:
        """How the patient's own screen is set, and whether they may run their plan alone."""
        with self._acts("charts.set_screen", patient) as work:
            body = {"settings": dict(settings), "alone": alone}
            return chart.record(work, chart.put(work, patient, "screen", body), Screen)

    def screen(self, patient: str) -> Screen | None:
        """As it was set last; None for one whose screen nobody has set."""
        with self._acts("charts.screen", patient) as work:
            rows = chart.current(work, patient, "screen")
            return chart.record(work, rows[-1], Screen) if rows else None

    def check_items(self) -> tuple[CheckItem, ...]:
        """The questions of the contraindication checklist."""
        with self._acts("charts.check_items"):
            return CHECKLIST

    def set_checklist(self, patient: str, answers: Mapping[str, str], *, remarks: str = "") -> Checklist:
        """Answers yes, no or unknown by item; every item must be answered."""
        with self._acts("charts.set_checklist", patient) as work:
            body = {"answers": check_answers(answers), "remarks": text(remarks, "remarks")}
            return chart.record(work, chart.put(work, patient, "checklist", body), Checklist)

    def set_limit(
        self, patient: str, name: str, value: float, *, reason: str, joint: int | None = None, device: str = ""
    ) -> LimitLine:
        """A limit of rehab.core.limits (SI) with its reason; it supersedes the one of the same name (joint, device)."""
        with self._acts("charts.set_limit", patient, name) as work:
            unit = limits.check_limit(name, value, joint, device)
            body = {"name": name, "value": float(value), "unit": unit, "joint": joint, "device": device}
            key = name if joint is None else f"{name}/{device}/{joint}"
            why = text(reason, "reason", needed=True)
            return limits.line(work, chart.put(work, patient, "limit", body, key=key, reason=why))

    def lift_limit(self, patient: str, limit: int, *, reason: str) -> None:
        """A limit that holds no longer."""
        with self._acts("charts.lift_limit", patient) as work:
            row = _entry(work, patient, "limit", limit)
            work.detail = row.body["name"]
            chart.withdraw(work, row, text(reason, "reason", needed=True))

    def add_goal(self, patient: str, text: str, *, until: date | None = None) -> Goal:
        """What the patient wants to be able to do."""
        with self._acts("charts.add_goal", patient) as work:
            words = typed(text, "goal", needed=True)
            key = str(len(_all(work, patient, "goal")))  # several hold at once, each by itself
            row = chart.put(work, patient, "goal", {"text": words, "until": until, "reached": None}, key=key)
            return _goal(work, row)

    def reach_goal(self, patient: str, goal: int) -> Goal:
        """It was reached, today."""
        with self._acts("charts.reach_goal", patient) as work:
            row = _entry(work, patient, "goal", goal)
            body = {**row.body, "reached": work.now}
            return _goal(work, chart.put(work, patient, "goal", body, key=row.key, reason="reached"))

    def drop_goal(self, patient: str, goal: int, *, reason: str) -> None:
        """It holds no longer."""
        with self._acts("charts.drop_goal", patient) as work:
            row = _entry(work, patient, "goal", goal)
            chart.withdraw(work, row, text(reason, "reason", needed=True))

    def chips(self) -> tuple[str, ...]:
        """Ready words for notes, in the user's language."""
        with self._acts("charts.chips") as work:
            return CHIPS.get(work.language, CHIPS["en"])

    def add_note(
        self, patient: str, text: str = "", *, chips: Iterable[str] = (), session: int | None = None
    ) -> Note:
        """A note: typed or dictated text, chips, or both."""
        with self._acts("charts.add_note", patient) as work:
            return add_note(work, patient, text, chips=chips, session=session)

    def set_hurts(self, patient: str, hurts: Sequence[tuple[str, int, str]]) -> tuple[Hurt, ...]:
        """What hurts now: (place, 0 to 10, when); supersedes what hurt before. () is: nothing hurts."""
        with self._acts("charts.set_hurts", patient) as work:
            for place, pain, _ in hurts:
                text(place, "place", needed=True)
                if pain not in range(11):
                    raise Findings([Finding(place, f"pain of {pain}", "0 (none) to 10 (the worst imaginable)")])
            body = {"hurts": [{"place": text(p, "place"), "pain": n, "when": text(w, "when")} for p, n, w in hurts]}
            chart.put(work, patient, "hurt", body)
            return hurts_of(work, patient)


def chart_of(work: Work, patient: str) -> Chart:
    side, diagnosis, onset = chart.details(work, patient)
    lines = limits_of(work, patient)
    ranges = tuple(chart.record(work, row, MotionRange) for row in chart.current(work, patient, "range"))
    return Chart(
        patient=patient, side=side, diagnosis=diagnosis, onset=onset,
        setting=setting_of(work, patient),
        has_photo=bool(chart.current(work, patient, "photo")),
        ranges=ranges,
        checklist=checklist_of(work, patient),
        limits=lines,
        goals=tuple(_goal(work, row) for row in chart.current(work, patient, "goal")),
        notes=notes_of(work, patient),
        hurts=hurts_of(work, patient),
        layer=limits.layer(patient, lines, ranges, work.now),
    )  # fmt: skip


def limits_of(work: Work, patient: str) -> tuple[LimitLine, ...]:
    return tuple(limits.line(work, row) for row in chart.current(work, patient, "limit"))


def setting_of(work: Work, patient: str) -> Setting | None:
    rows = chart.current(work, patient, "setting")
    return chart.record(work, rows[-1], Setting) if rows else None


def checklist_of(work: Work, patient: str) -> Checklist | None:
    rows = chart.current(work, patient, "checklist")
    return chart.record(work, rows[-1], Checklist) if rows else None


def hurts_of(work: Work, patient: str) -> tuple[Hurt, ...]:
    return tuple(
        Hurt(row.id, hurt["place"], hurt["pain"], hurt["when"], row.at, work.name(row.by))
        for row in chart.current(work, patient, "hurt")
        for hurt in row.body["hurts"]
    )


def photo_of(work: Work, patient: str) -> Photo | None:
    rows = chart.current(work, patient, "photo")
    if not rows or rows[-1].data is None:
        return None
    return Photo(rows[-1].data, rows[-1].body["kind"], rows[-1].at, work.name(rows[-1].by))


def _goal(work: Work, row: ChartRow) -> Goal:
    return chart.record(work, row, Goal, id=row.id)


def _entry(work: Work, patient: str, part: str, number: int) -> ChartRow:
    row = work.db.get(ChartRow, number)
    if row is None or row.patient != patient or row.part != part or row.superseded is not None:
        raise BadInput(f"{patient} has no {part} number {number} that holds")
    return row


def _all(work: Work, patient: str, part: str) -> list[int]:
    rows = select(ChartRow.id).where(ChartRow.patient == patient, ChartRow.part == part)
    return list(work.db.scalars(rows))


def _check_range(motion: MotionRange) -> None:
    findings = []
    if not motion.device:
        findings.append(Finding("device", "is missing", "the model on which the range was shown"))
    for low, high, names, most in (
        (motion.low, motion.high, ("low", "high"), FARTHEST),
        (motion.q_min, motion.q_max, ("q_min", "q_max"), limits.WIDEST),
    ):
        if len(low) != len(high):
            findings.append(Finding(names[0], f"{len(low)} values, and {len(high)} of {names[1]}", "as many of both"))
        elif not all(-most <= a < b <= most for a, b in zip(low, high, strict=True)):
            findings.append(Finding(names[0], f"leaves no range below {names[1]}", f"each less, and within ±{most:g}"))
    if not (motion.low or motion.q_min):
        findings.append(Finding("low", "nothing was shown", "a box of the hand, angles of the joints, or both"))
    if findings:
        raise Findings(findings)
