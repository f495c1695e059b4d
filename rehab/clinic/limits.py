"""The limits of a patient's file: checked, worded, and as a layer for rehab.core.limits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime

from rehab.clinic.models import ChartRow, UserRow
from rehab.clinic.records import LimitLine, MotionRange
from rehab.clinic.service import Work
from rehab.core.errors import Finding, Findings
from rehab.core.limits import BUILTIN, PER_JOINT
from rehab.core.person import PersonLayer, PersonLimit
from rehab.core.units import show

JOINT_UNITS = {"torque": "N*m", "q_min": "rad", "q_max": "rad", "joint_speed": "rad/s"}
MOST_JOINTS = 7  # of an arm
# the others are of the machine and its link: no matter of a person, and partly settled before anybody is known
PERSONAL = ("speed", "force", "start_distance", "soft_start", "power", "refill", "tank", "kinetic", "leash", "spasm")
WIDEST = 2.0 * math.pi  # rad
MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "it": ("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
           "novembre", "dicembre"),
}  # fmt: skip
FILE = {"en": "the patient's file", "it": "la cartella del paziente"}
LIMITED_BY = {"en": "{}: limited by {}", "it": "{}: limitato da: {}"}


def check_limit(name: str, value: float, joint: int | None, device: str) -> str:
    """Its unit. Raises Findings for what cannot be a limit of a person."""
    if name in PERSONAL:
        limit = BUILTIN[name]
        if joint is not None:
            raise Findings([Finding(name, "is no limit of a single joint", f"one of {', '.join(PER_JOINT)} is")])
        if not (math.isfinite(value) and limit.least <= value <= limit.most):
            allowed = f"{show(limit.least, limit.unit)} to {show(limit.most, limit.unit)}"
            raise Findings([Finding(name, f"{value:g} is outside the hard range", allowed)])
        return limit.unit
    if name not in PER_JOINT:
        raise Findings([Finding(name, "unknown limit", "known: " + ", ".join((*PERSONAL, *PER_JOINT)))])
    findings = []
    if joint is None or not 0 <= joint < MOST_JOINTS:
        findings.append(Finding(name, "says no joint", f"a joint from 0 to {MOST_JOINTS - 1}"))
    if not device:
        findings.append(Finding(name, "says no device", "the model whose joint is meant"))
    angle = JOINT_UNITS[name] == "rad"
    if not math.isfinite(value) or (abs(value) > WIDEST if angle else value <= 0.0):
        findings.append(Finding(name, f"{value:g} is no limit", "an angle in a turn" if angle else "more than 0"))
    if findings:
        raise Findings(findings)
    return JOINT_UNITS[name]


def day_words(at: datetime, now: datetime, language: str) -> str:
    """ "3 May"; with the year when it is not this one."""
    day = at.astimezone()
    words = f"{day.day} {MONTHS.get(language, MONTHS['en'])[day.month - 1]}"
    return words if day.year == now.astimezone().year else f"{words} {day.year}"


def who(initials: str, at: datetime, now: datetime, language: str) -> str:
    """ "the patient's file, MR, 3 May"."""
    return f"{FILE.get(language, FILE['en'])}, {initials}, {day_words(at, now, language)}"


def line(work: Work, row: ChartRow) -> LimitLine:
    body, author = row.body, work.db.get(UserRow, row.by)
    name = author.full_name if author is not None else ""
    initials = "".join(word[0] for word in name.split()).upper()
    told = LIMITED_BY.get(work.language, LIMITED_BY["en"])
    return LimitLine(
        id=row.id, name=body["name"], value=body["value"], unit=body["unit"], reason=row.reason, by=name,
        initials=initials, at=row.at, joint=body["joint"], device=body["device"],
        says=told.format(show(body["value"], body["unit"]), who(initials, row.at, work.now, work.language)),
    )  # fmt: skip


def layer(patient: str, lines: Iterable[LimitLine], ranges: Iterable[MotionRange], now: datetime) -> PersonLayer:
    """Limits and ranges as they go on top of a device's, in English as all that is recorded."""
    limits = [
        PersonLimit(
            who=who(of.initials, of.at, now, "en"), name=of.name, value=of.value,
            joint=-1 if of.joint is None else of.joint, model=of.device,
        )
        for of in lines
    ]  # fmt: skip
    for motion in ranges:
        by = "".join(word[0] for word in motion.by.split()).upper()
        owner = f"the range shown in {who(by, motion.at or now, now, 'en')}"
        for name, angles in (("q_min", motion.q_min), ("q_max", motion.q_max)):
            limits += [
                PersonLimit(who=owner, name=name, value=angle, joint=joint, model=motion.device)
                for joint, angle in enumerate(angles)
            ]
    return PersonLayer(patient, tuple(limits))
