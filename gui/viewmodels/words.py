"""Words for people: states, times, faults. English here; translations hook in where the views show them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from rehab.core.safety.faults import FACTS, Fault
from rehab.core.types import Outcome, Trial
from rehab.core.values import Action

STATES = {
    "idle": "Not prepared",
    "prepared": "Ready to start",
    "armed": "Armed",
    "running": "Running",
    "paused": "Paused",
    "faulted": "Stopped by a fault",
    "ended": "Ended",
    "lost": "No connection",
    "stopped": "Stopped",
}
OUTCOMES = {
    Outcome.REACHED: "reached",
    Outcome.TIMEOUT: "time was up",
    Outcome.ABORTED: "left out",
    Outcome.STOPPED: "stopped",
}


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
    fault = _fault(data.get("id", 0))
    facts = FACTS[fault]
    try:
        action = Action[str(data["action"])]
    except KeyError:
        action = facts.action
    name = str(data.get("name") or fault.label)
    measured = str(data.get("message") or "")
    if measured in name:
        measured = ""
    parts = [measured, str(data.get("help") or facts.help)]
    return Message(priority_of(action), _capital(name), ". ".join(_capital(part) for part in parts if part), "reset")


def _fault(number: Any) -> Fault:
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
        return f"about {max(5, 5 * round(seconds / 5.0))} s left"
    return f"about {round(seconds / 60.0) or 1} min left"


def trial_line(trial: Trial) -> str:
    """ "Trial 4: reached, 1.3 s, peak 32 cm/s"."""
    parts = [OUTCOMES.get(trial.outcome, str(trial.outcome)), f"{trial.end - trial.start:.1f} s"]
    peak = trial.measures.get("peak_speed")
    if peak is not None:
        parts.append(f"peak {100 * peak:.0f} cm/s")
    return f"Trial {trial.number}: " + ", ".join(parts)


def tally(trials: list[Trial]) -> str:
    """ "12 reached, 3 time was up"; "no trials" without any."""
    counts = {outcome: sum(trial.outcome == outcome for trial in trials) for outcome in Outcome}
    return ", ".join(f"{n} {OUTCOMES[o]}" for o, n in counts.items() if n) or "no trials"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
