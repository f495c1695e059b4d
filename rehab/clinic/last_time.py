"""The card "As last time": the last session, and what would differ today."""

from __future__ import annotations

from sqlalchemy import select

from rehab.clinic import chart
from rehab.clinic.models import ChartRow, PlanRow
from rehab.clinic.plans import current_of
from rehab.clinic.records import Answers, Difference, LastTime, SessionRecord
from rehab.clinic.service import Work
from rehab.clinic.sitting import last_of
from rehab.core.limits import BUILTIN, PER_JOINT
from rehab.core.units import show

WORDS = {
    "plan": {"en": 'another plan: "{now}" instead of "{before}"', "it": 'altro piano: "{now}" invece di "{before}"'},
    "no_plan": {"en": "no plan is in force", "it": "nessun piano in vigore"},
    "limits_new": {"en": "new limit: {now} ({reason})", "it": "nuovo limite: {now} ({reason})"},
    "limits_tighter": {"en": "tighter: {now} instead of {before} ({reason})",
                       "it": "più stretto: {now} invece di {before} ({reason})"},
    "limits_looser": {"en": "looser: {now} instead of {before} ({reason})",
                      "it": "più ampio: {now} invece di {before} ({reason})"},
    "limits_gone": {"en": "no longer limited: {before}", "it": "non più limitato: {before}"},
    "range": {"en": "the range of motion was shown anew", "it": "l'ampiezza di movimento è stata rilevata di nuovo"},
    "setting": {"en": "seat, splint or lengths have changed", "it": "seduta, tutore o misure sono cambiati"},
    "device": {"en": "another device: {now} instead of {before}", "it": "altro dispositivo: {now} invece di {before}"},
    "side": {"en": "another side: {now} instead of {before}", "it": "altro lato: {now} invece di {before}"},
    "therapist": {"en": "{before} was the therapist", "it": "il terapista era {before}"},
    "pain": {"en": "more pain: {now} instead of {before}", "it": "più dolore: {now} invece di {before}"},
    "adverse": {"en": "{before} adverse event(s) last time", "it": "{before} evento/i avverso/i la volta scorsa"},
    "stopped": {"en": "it was stopped last time", "it": "la volta scorsa è stata fermata"},
    "left": {"en": "left", "it": "sinistro"}, "right": {"en": "right", "it": "destro"},
}  # fmt: skip


def card(work: Work, patient: str, device: str, before: Answers | None) -> LastTime:
    last, plan = last_of(work, patient), current_of(work, patient)
    found: list[Difference] = []
    if last is not None:
        found += _plan(work, last, plan.id if plan else None, plan.title if plan else "")
        found += _limits(work, patient, last)
        found += _anew(work, patient, last)
        side = chart.details(work, patient)[0]
        if side != last.side:
            shown = {s: _say(work, s) if s else "" for s in (side, last.side)}
            found.append(_difference(work, "side", "side", shown[last.side], shown[side]))
        if device and device != last.device:
            found.append(_difference(work, "device", "device", last.device, device))
        if last.therapist_id != work.user.id:
            found.append(_difference(work, "therapist", "therapist", last.therapist, work.user.full_name))
        found += _pain(work, last, before)
        if last.adverse:
            found.append(_difference(work, "adverse", "adverse", str(last.adverse), ""))
        if last.outcome == "stopped":
            found.append(_difference(work, "adverse", "stopped", "", ""))
    return LastTime(patient, last, plan, tuple(found))


def _plan(work: Work, last: SessionRecord, plan: int | None, title: str) -> list[Difference]:
    if plan == last.plan:
        return []
    if plan is None:
        return [_difference(work, "plan", "no_plan", last.title, "")]
    former = work.db.get(PlanRow, last.plan) if last.plan is not None else None
    return [_difference(work, "plan", "plan", former.title if former else last.title, title)]


def _limits(work: Work, patient: str, last: SessionRecord) -> list[Difference]:
    """Limits as they held when it began, against those that hold now."""
    held = select(ChartRow).where(
        ChartRow.patient == patient, ChartRow.part == "limit", ChartRow.at <= last.begun,
        (ChartRow.superseded.is_(None)) | (ChartRow.superseded > last.begun),
    )  # fmt: skip
    before = {row.key: row.body for row in work.db.scalars(held)}
    now = {row.key: row for row in chart.current(work, patient, "limit")}
    found = []
    for key, row in now.items():
        old = before.get(key)
        if old is None:
            how, was = "limits_new", ""
        elif old["value"] == row.body["value"]:
            continue
        else:
            tighter = BUILTIN[row.body["name"]].tighter if row.body["name"] in BUILTIN else PER_JOINT[row.body["name"]]
            less = row.body["value"] < old["value"]
            how = "limits_tighter" if less == (tighter == "less") else "limits_looser"
            was = show(old["value"], old["unit"])
        found.append(_difference(work, "limits", how, was, _named(row.body), reason=row.reason))
    found += [
        _difference(work, "limits", "limits_gone", _named(body), "") for key, body in before.items() if key not in now
    ]
    return found


def _named(body: dict[str, object]) -> str:
    joint = "" if body["joint"] is None else f" {int(str(body['joint'])) + 1}"
    return f"{body['name']}{joint} {show(float(str(body['value'])), str(body['unit']))}"


def _anew(work: Work, patient: str, last: SessionRecord) -> list[Difference]:
    return [
        _difference(work, part, part, "", "")
        for part in ("range", "setting")
        if any(row.at > last.begun for row in chart.current(work, patient, part))
    ]


def _pain(work: Work, last: SessionRecord, before: Answers | None) -> list[Difference]:
    """Today's pain, or what was asked last: higher than before the last session."""
    was, now = last.before.pain, before.pain if before is not None else None
    if was is None or now is None or now <= was:
        return []
    return [_difference(work, "pain", "pain", str(was), str(now))]


def _say(work: Work, key: str, **parts: str) -> str:
    return WORDS[key].get(work.language, WORDS[key]["en"]).format(**parts)


def _difference(work: Work, what: str, key: str, before: str, now: str, reason: str = "") -> Difference:
    return Difference(what, _say(work, key, before=before, now=now, reason=reason), before, now)
