"""Words for people: states, times, faults, health; English in the code, translated where they are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

from gui.i18n import mark, shown_number, tr, trn
from gui.viewmodels.errors import in_words
from gui.viewmodels.virtual import tally_words
from rehab.core import registry
from rehab.core.about import translated
from rehab.core.errors import RehabError
from rehab.core.safety.faults import FACTS, Fault
from rehab.core.types import Outcome, Trial
from rehab.core.values import Acted, Action
from rehab.realtime.health import Health, Level, Words

OUTCOMES = {
    Outcome.REACHED: mark("reached"),
    Outcome.TIMEOUT: mark("time was up"),
    Outcome.ABORTED: mark("left out"),
    Outcome.STOPPED: mark("stopped"),
}
OUR_SCENES = {  # of the session itself: no exercise says these
    "Pause": mark("Pause"),
    "Let the arm be led": mark("Let the arm be led"),
    "Let the arm be stretched slowly": mark("Let the arm be stretched slowly"),
}
MODELS = {"planar_arm": mark("planar arm"), "knee": mark("knee robot")}
HELD_BACK = {
    Acted.LEASH: mark("distance to the reference"),
    Acted.GROWTH: mark("growth of force"),
    Acted.SATURATION: mark("force"),
    Acted.POWER: mark("power"),
    Acted.POSITION: mark("range of motion"),
    Acted.VELOCITY: mark("speed"),
    Acted.PASSIVITY: mark("energy"),
    Acted.SOFT_START: mark("soft start"),
    Acted.BLEND: mark("change of controller"),
}
TROUBLES = (
    mark("reports a fault"), mark("its watchdog tripped"), mark("too hot"), mark("supply voltage too low"),
    mark("encoder error"), mark("internal error"), mark("emergency stop pressed"),
)  # fmt: skip


class Priority(IntEnum):
    """Of a message, as IEC 60601-1-8 orders alarms."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


class Message(NamedTuple):
    """One line of the banner: what happened, what to do about it; `action` is the command that a button offers."""

    priority: Priority
    title: str
    text: str
    action: str = ""


def fault_message(data: Mapping[str, Any]) -> Message:
    """The banner of a fault event {id, name, message, action, help}."""
    fault = fault_of(data.get("id", 0))
    facts = FACTS[fault]
    try:
        action = Action[str(data["action"])]
    except KeyError:
        action = facts.action
    name = str(data.get("name") or fault.label)
    measured = str(data.get("message") or "")
    if measured in name:
        measured = ""
    parts = [in_words(measured), tr(str(data.get("help") or facts.help))]
    text = ". ".join(_capital(part) for part in parts if part)
    return Message(priority_of(action), _capital(tr(name)), text, "reset")


def warning_message(fault: Fault, measured: str) -> Message:
    """Of a warning: nothing was stopped by it."""
    facts = FACTS[fault]
    priority = {"high": Priority.HIGH, "medium": Priority.MEDIUM}.get(facts.priority, Priority.LOW)
    parts = ["" if measured in fault.label else in_words(measured), tr(facts.help) if facts.help else ""]
    text = ". ".join(_capital(part) for part in parts if part)
    return Message(min(priority, Priority.MEDIUM), _capital(tr(fault.label)), text)


def fault_of(number: Any) -> Fault:
    try:
        return Fault(int(number))
    except (TypeError, ValueError):
        return Fault.NONE


def priority_of(action: Action) -> Priority:
    """HIGH where motion was ended, MEDIUM where it was changed, LOW where it goes on."""
    if action >= Action.YIELD:
        return Priority.HIGH
    return Priority.MEDIUM if action >= Action.LIMIT else Priority.LOW


def time_left(seconds: float) -> str:
    """ "about 2 min left"; rounded, so that it does not invite to count along."""
    if seconds < 55.0:
        return tr("about {n} s left", n=max(5, 5 * round(seconds / 5.0)))
    return tr("about {n} min left", n=round(seconds / 60.0) or 1)


def trial_line(trial: Trial) -> tuple[str, ...]:
    """ "Trial 4: reached, 1.3 s, peak 32 cm/s", "Trial 4: reached, 1.3 s", "Trial 4: reached"."""
    parts = [tr(OUTCOMES[trial.outcome]), f"{shown_number(trial.end - trial.start, 1)} s"]
    peak = trial.measures.get("peak_speed")
    if peak is not None:
        parts.append(tr("peak {n} cm/s", n=round(100 * peak)))
    shorter = [", ".join(parts[:n]) for n in range(len(parts), 0, -1)]
    return tuple(tr("Trial {number}: {words}", number=trial.number, words=words) for words in shorter)


def tally(trials: Sequence[Trial]) -> str:
    """ "12 reached, 3 too slow"; "no trials" without any."""
    return tally_words(Counter(str(trial.outcome) for trial in trials)) if trials else tr("no trials")


def summary(trials: Sequence[Trial]) -> str:
    """ "12 trials: 11 reached, 1 too slow"."""
    if not trials:
        return tr("No trial was done")
    return trn("{n} trial: {words}", "{n} trials: {words}", len(trials), words=tally(trials))


def scene_words(text: str, exercise: str, language: str) -> str:
    """What a scene says to the patient, in that language: the exercise's own translation of it."""
    if text in OUR_SCENES:
        return tr(text)
    try:
        phrases = getattr(registry.find("exercise", exercise), "phrases", {}) if exercise else {}
    except RehabError:  # a script's own, known in its process only
        phrases = {}
    return translated(text, language, phrases)


def model_words(model: str) -> str:
    """A robot by what it is; one that we do not know by its own name."""
    return tr(MODELS[model]) if model in MODELS else model


def device_words(health: Health) -> Words:
    """ "Device: 1 kHz, age 0.6 ms"."""
    if health.rate is None:
        return Words(Level.FAIR, tr("Device: waiting for samples"))
    rate = health.rate
    shown = shown_number(rate / 1000, 0 if round(rate / 10) % 100 == 0 else 2, "kHz") if rate >= 995.0 else (
        shown_number(rate, 0, "Hz"))  # fmt: skip
    words = tr("Device: {rate}, age {age} ms", rate=shown, age=shown_number(1e3 * health.age, 1))
    return Words(health.device.level, ", ".join([words, *map(tr, health.troubles)]))


def timing_words(health: Health) -> Words:
    """ "Timing: 0.02 % late"."""
    if health.rate is None:
        return Words(Level.FAIR, tr("Timing: waiting for ticks"))
    share = 100 * health.late_share
    shown = "0" if share == 0.0 else "< 0.01" if share < 0.005 else shown_number(share, 2 if share < 10 else 0)
    words = tr("Timing: {share} % late", share=shown.replace("< 0.01", f"< {shown_number(0.01, 2)}"))
    if health.skipped:
        words += ", " + trn("{n} tick left out", "{n} ticks left out", health.skipped)
    return Words(health.timing.level, words)


def held_back(health: Health) -> tuple[str, ...]:
    """ "Held back by: force, speed", "Held back by: 2 limits"; nothing while nothing is."""
    found = [tr(words) for bit, words in HELD_BACK.items() if health.acting & bit]
    if not found:
        return ()
    counted = trn("{n} limit", "{n} limits", len(found))
    return tr("Held back by: {limits}", limits=", ".join(found)), tr("Held back by: {limits}", limits=counted)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
