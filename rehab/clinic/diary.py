"""The diary sentence: what a therapist would type into the clinic's own diary, ready to paste.

It names nobody: it is pasted into the diary of that patient.
"""

from __future__ import annotations

from rehab.clinic.limits import MONTHS
from rehab.clinic.records import SessionRecord

SIDE = {"en": {"left": "left arm", "right": "right arm"}, "it": {"left": "arto sinistro", "right": "arto destro"}}
OUTCOME = {
    "en": {"done": "completed", "cut_short": "cut short", "stopped": "stopped for safety", "": "under way"},
    "it": {"done": "completata", "cut_short": "interrotta prima del termine", "stopped": "fermata per sicurezza",
           "": "in corso"},
}  # fmt: skip
WORDS = {
    "en": {
        "head": "{day}, robot session{title} on {device}{side}: {outcome}.",
        "time": "Training {robot} min, strapping {strapping} min.",
        "trials": "{reached} of {trials} trials reached.",
        "pain": "pain", "fatigue": "fatigue", "borg": "exertion (Borg CR10)",
        "both": "{what} {before} before, {after} after",
        "before": "{what} {before} before", "after": "{what} {after} after",
        "adverse": "Adverse events: {count} (see note).", "none": "No adverse events.",
        "signed": "Signed {who}.", "not_signed": "{who}, not signed yet.",
    },
    "it": {
        "head": "{day}, seduta robotica{title} su {device}{side}: {outcome}.",
        "time": "Allenamento {robot} min, allestimento {strapping} min.",
        "trials": "{reached} prove riuscite su {trials}.",
        "pain": "dolore", "fatigue": "fatica", "borg": "sforzo (Borg CR10)",
        "both": "{what} {before} prima, {after} dopo",
        "before": "{what} {before} prima", "after": "{what} {after} dopo",
        "adverse": "Eventi avversi: {count} (vedi nota).", "none": "Nessun evento avverso.",
        "signed": "Firmato {who}.", "not_signed": "{who}, non ancora firmato.",
    },
}  # fmt: skip


def sentence(session: SessionRecord, language: str) -> str:
    words = WORDS[language]
    begun = session.begun.astimezone()
    parts = [
        words["head"].format(
            day=f"{begun.day} {MONTHS[language][begun.month - 1]} {begun.year}, {begun:%H:%M}",
            title=f' "{session.title}"' if session.title else "",
            device=session.device,
            side=f", {SIDE[language][session.side]}" if session.side else "",
            outcome=OUTCOME[language][session.outcome],
        )
    ]
    if session.ended is not None:
        parts.append(words["time"].format(robot=_minutes(session.robot), strapping=_minutes(session.strapping)))
    if session.trials:
        parts.append(words["trials"].format(reached=session.reached, trials=session.trials))
    asked = [
        _asked(words, name, getattr(session.before, name), getattr(session.after, name))
        for name in ("pain", "fatigue", "borg")
    ]
    if any(asked):
        told = "; ".join(filter(None, asked))
        parts.append(f"{told[0].upper()}{told[1:]}.")
    parts.append(words["adverse"].format(count=session.adverse) if session.adverse else words["none"])
    signed = words["signed"].format(who=session.signed_by) if session.signed else ""
    parts.append(signed or words["not_signed"].format(who=session.therapist))
    return " ".join(parts)


def _asked(words: dict[str, str], name: str, before: float | None, after: float | None) -> str:
    if before is None and after is None:
        return ""
    which = "both" if before is not None and after is not None else "before" if after is None else "after"
    shown = {"before": f"{before:g}" if before is not None else "", "after": f"{after:g}" if after is not None else ""}
    return words[which].format(what=words[name], **shown)


def _minutes(seconds: float) -> str:
    return f"{round(seconds / 60.0)}"
