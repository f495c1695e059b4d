"""A question as the patient's screen shows it: a few large answers, each with a number, words, a face where one helps.

Numbers of a scale have words at some of them: pain 0 to 10 (numeric rating scale), exertion 6 to 20 or 0 to 10 (Borg).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from gui.i18n import mark, shown_number, tr
from rehab.core.trials import Question

MOST = 15  # answers side by side: Borg's 6 to 20
PAIN = {0: mark("no pain"), 2: mark("a little"), 5: mark("moderate pain"), 8: mark("very bad"),
        10: mark("worst pain imaginable")}  # fmt: skip
EFFORT = {6: mark("no effort"), 9: mark("very light"), 11: mark("light"), 13: mark("somewhat hard"), 15: mark("hard"),
          17: mark("very hard"), 20: mark("the most possible")}  # fmt: skip
EFFORT_TEN = {0: mark("no effort"), 2: mark("light"), 3: mark("somewhat hard"), 5: mark("hard"), 7: mark("very hard"),
              10: mark("the most possible")}  # fmt: skip
TIRED = {0: mark("rested"), 5: mark("tired"), 10: mark("exhausted")}
SCALES: dict[tuple[str, int], Mapping[int, str]] = {
    ("pain", 10): PAIN, ("borg", 20): EFFORT, ("exertion", 20): EFFORT, ("borg", 10): EFFORT_TEN,
    ("exertion", 10): EFFORT_TEN, ("fatigue", 10): TIRED,
}  # fmt: skip
PAIN_QUESTION = Question(name="pain", text="How much pain is there now?", kind="number", least=0, most=10)
TIRED_QUESTION = Question(name="fatigue", text="How tired are you now?", kind="number", least=0, most=10)
BORG_QUESTION = Question(name="borg", text="How hard was it?", kind="number", least=6, most=20)
WORDS = (mark("How much pain is there now?"), mark("How tired are you now?"), mark("How hard was it?"))


class Option(NamedTuple):
    """One answer. `face` 0 content … 1 in tears; None = no face."""

    value: Any
    shown: str  # large: a number, or the words
    words: str = ""  # below it
    face: float | None = None

    @property
    def says(self) -> str:
        """The whole answer, to be read out."""
        return f"{self.shown}, {self.words}" if self.words else self.shown


def options(question: Question) -> tuple[Option, ...]:
    """What can be answered here; nothing for a question that wants a text."""
    match question.kind:
        case "key":
            return (Option(True, tr("Go on")),)
        case "yes_no":
            return (Option(True, tr("Yes")), Option(False, tr("No")))
        case "choice":
            return tuple(Option(choice, tr(choice)) for choice in question.choices)
        case "number":
            return _numbers(question)
        case _:
            return ()


def words(question: Question) -> str:
    """The question, in the language in use where we have it."""
    if question.kind == "key" and question.name == "continue":
        return tr("Go on when you like")
    return tr(question.text or question.name.replace("_", " "))


def _numbers(question: Question) -> tuple[Option, ...]:
    least, most = question.least or 0.0, 10.0 if question.most is None else question.most
    if least == int(least) and most - least == int(most - least) and most - least < MOST:
        values: list[float] = [least + k for k in range(int(most - least) + 1)]
    else:
        values = [least + (most - least) * k / 10.0 for k in range(11)]
    meant = next((scale for (name, top), scale in SCALES.items() if name in question.name and top == most), {})
    faces = meant is PAIN
    digits = 0 if all(value == int(value) for value in values) else 1
    return tuple(
        Option(
            int(value) if value == int(value) else value,
            shown_number(value, digits),
            tr(meant[int(value)]) if value in meant else "",
            (value - least) / (most - least) if faces else None,
        )
        for value in values
    )
