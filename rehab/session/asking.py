"""The part of a Session that talks with the participant, and lets a therapist exchange the controller."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import msgspec

from rehab.core.trials import Question
from rehab.realtime.ring import RingEvent
from rehab.session import messages

Answer = bool | float | int | str | None
AT_REST = ("idle", "faulted", "ended")  # session states in which nobody waits for an answer


class Asking(ABC):
    """`question` waits for `answer`; `answers` gives answers by itself (see Session); `ended_because` says in words
    which answer has ended the run."""

    by: str
    clock: str
    state: str
    answers: Callable[[Question], Any] | None = None
    question: Question | None = None
    ended_because = ""
    _unasked = False  # whether `question` was not put to `answers` yet

    def switch(self, controller: str) -> None:
        """The running block goes on under another controller, one of those prepared for it (`also`), without a step."""
        self._ask(messages.Switch(name=controller, by=self.by))

    def answer(self, name: str, value: Answer = True) -> None:
        """Answer a question; or say unasked what a protocol may listen for: answer("pain", 6). "continue" goes on from
        a page that waits for it."""
        self._ask(messages.Answer(name=name, value=value, by=self.by))

    def _listen(self, event: RingEvent) -> None:
        """Which question is open: the newest, until it is answered, or left unanswered."""
        data = event.data
        if event.kind == "ask":
            self.question, self._unasked = msgspec.convert(data, Question), True
        elif event.kind == "run_end":
            self.question, self.ended_because = None, data.get("reason", "")
        elif self.question is not None and (
            event.kind in ("phase", "block_end")
            or (event.kind == "state" and data["name"] in AT_REST)
            or (event.kind == "answer" and data["name"] == self.question.name)
        ):
            self.question = None

    def _answer_by_itself(self) -> None:
        question = self.question
        if question is None or not self._unasked or self.state != "running":
            return
        self._unasked = False
        value = self.answers(question) if self.answers is not None else None
        if value is None and self.clock == "simulated":
            value = default_answer(question)
        if value is not None:
            self.answer(question.name, value)

    @abstractmethod
    def _ask(self, request: messages.AnyRequest) -> None: ...


def default_answer(question: Question) -> Answer:
    """What is answered where nobody can be asked: the question's own default, else what says the least."""
    if question.default is not None:
        default: Answer = question.default
        return default
    match question.kind:
        case "key":
            return True
        case "number":
            return question.least or 0.0
        case "choice":
            return question.choices[0] if question.choices else ""
        case "text":
            return ""
        case _:
            return False


def understood(question: Question, words: str) -> Answer:
    """The answer that somebody has typed. Raises ValueError, in words, for one that does not fit."""
    words = words.strip()
    match question.kind:
        case "key":
            return True
        case "text":
            return words
        case "choice":
            if words not in question.choices:
                raise ValueError("one of " + ", ".join(question.choices))
            return words
        case "number":
            least, most = question.least, question.most
            allowed = "a number" + (f" from {least:g} to {most:g}" if least is not None and most is not None else "")
            try:
                value = float(words)
            except ValueError:
                raise ValueError(allowed) from None
            if (least is not None and value < least) or (most is not None and value > most):
                raise ValueError(allowed)
            return value
        case _:
            if words.lower() not in ("y", "yes", "n", "no"):
                raise ValueError("yes or no")
            return words.lower().startswith("y")
