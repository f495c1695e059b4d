"""Beside the arm: notes, marks, trials left out or once more, what is asked, a session that is parked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gui.i18n import mark
from gui.viewmodels.ports import SessionPort
from gui.viewmodels.worker import Worker
from rehab.core import registry
from rehab.core.errors import RehabError
from rehab.core.trials import Question

CHIPS = {  # into the record in English, so that records can be compared
    "pain": mark("pain"),
    "fatigue": mark("fatigue"),
    "spasm": mark("spasm"),
    "distracted": mark("distracted"),
    "great": mark("great"),
}
ASKED_FOR = {  # of commands, for "Not done: ..."
    "mark": mark("marking this moment"),
    "note": mark("keeping the note"),
    "skip": mark("leaving the trial out"),
    "repeat": mark("doing the trial again"),
    "answer": mark("giving the answer"),
    "park": mark("parking the session"),
    "unpark": mark("going on with the parked session"),
}
LONGEST = 400  # characters of a note (rehab.session.bedside)
RUNNING = ("running", "paused")


class Bedside:
    """Of one session. `ask` has a command done by name."""

    def __init__(self, session: SessionPort, worker: Worker, ask: Callable[[str, Callable[[], Any]], None]) -> None:
        self._session, self._worker, self._ask = session, worker, ask
        self.parked = bool(session.parked)
        self.kept = 0  # notes and marks in the record
        self._repeating = False  # until the trial has begun that was asked for

    def hear(self, kind: str, data: Mapping[str, Any]) -> None:
        if kind == "command" and data.get("name") in ("park", "unpark"):
            self.parked = data["name"] == "park"
        elif kind in ("mark", "note"):
            self.kept += 1
        elif kind in ("trial_start", "run_end"):
            self._repeating = False

    def mark(self) -> None:
        self._ask("mark", self._session.mark)

    def note(self, chips: Sequence[str] = (), text: str = "") -> None:
        if chips or text.strip():
            self._ask("note", lambda: self._session.note(chips, text[:LONGEST]))

    # trials ----------------------------------------------------------------------------------------------------------

    def can_skip(self, state: str, exercise: str, in_trial: bool) -> bool:
        return state in RUNNING and in_trial and _has(exercise, "skip")

    def can_repeat(self, state: str, exercise: str) -> bool:
        return state in RUNNING and not self._repeating and _has(exercise, "repeat")

    def skip(self) -> None:
        self._ask("skip", self._session.skip)

    def repeat(self) -> None:
        self._repeating = True
        self._ask("repeat", self._session.repeat)

    def refused(self) -> None:
        self._repeating = False

    # what is asked ---------------------------------------------------------------------------------------------------

    @property
    def question(self) -> Question | None:
        """What the participant is being asked; nothing while its answer is on its way."""
        return None if self._worker.busy == "answer" else self._session.question

    def answer(self, question: Question, value: Any) -> None:
        self._ask("answer", lambda: self._session.answer(question.name, value))

    # parking ---------------------------------------------------------------------------------------------------------

    def park(self) -> None:
        """Somebody has looked: the limb is out of the straps."""
        self._ask("park", self._session.park)

    def unpark(self) -> None:
        """Somebody has asked who is at the arm."""
        self._ask("unpark", self._session.unpark)


def _has(exercise: str, what: str) -> bool:
    try:
        return bool(exercise) and hasattr(registry.find("exercise", exercise), what)
    except RehabError:  # a script's own, known in its process only
        return True
