"""What is typed while a session runs: answers to its questions, a controller to switch to, "pain 6".

Nothing waits for it: a line is read when one is there, so that a stop shows at once.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from typing import Any, Protocol

from rehab.core.errors import RehabError
from rehab.core.trials import Question
from rehab.session.asking import understood


class Talks(Protocol):
    """What this needs of a session."""

    question: Question | None

    def answer(self, name: str, value: Any = True) -> None: ...
    def switch(self, controller: str) -> None: ...


class Typed:
    """`poll` as often as you like. `say` shows a line; `number` is the file to read from."""

    def __init__(self, session: Talks, say: Callable[[str], None], number: int = 0) -> None:
        self._session, self._say, self._number = session, say, number
        self._pending = b""
        self._shown: Question | None = None
        self._open = True

    def poll(self) -> None:
        question = self._session.question
        if question is not self._shown:
            self._shown = question
            if question is not None:
                self._say(prompt(question))
        for line in self._lines():
            try:
                self._take(line, self._session.question)
            except (RehabError, ValueError) as error:
                self._say(str(error))

    def _lines(self) -> list[str]:
        if not (self._open and select.select([self._number], [], [], 0.0)[0]):
            return []
        data = os.read(self._number, 4096)
        self._open = bool(data)
        *whole, self._pending = (self._pending + data).split(b"\n")
        return [line.decode(errors="replace").strip() for line in whole]

    def _take(self, line: str, question: Question | None) -> None:
        if question is not None:
            self._session.answer(question.name, understood(question, line))
            return
        words = line.split()
        if len(words) == 1:
            self._session.switch(words[0])
        elif len(words) == 2:
            self._session.answer(words[0], float(words[1]) if words[1].replace(".", "", 1).isdigit() else words[1])
        elif words:
            raise ValueError("type the name of a controller to switch to, or an answer: pain 6")


def prompt(question: Question) -> str:
    """The question as a line: "How strong is the pain? (0 to 10)"."""
    text = question.text or question.name.replace("_", " ")
    match question.kind:
        case "key":
            return f"{text} (Enter)"
        case "number" if question.least is not None and question.most is not None:
            return f"{text} ({question.least:g} to {question.most:g})"
        case "choice":
            return f"{text} ({', '.join(question.choices)})"
        case "yes_no":
            return f"{text} (yes or no)"
        case _:
            return text
