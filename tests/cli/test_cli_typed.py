"""What is typed while a session runs."""

from __future__ import annotations

import os

import pytest

from rehab.cli.typed import Typed, prompt
from rehab.core.errors import NotNow
from rehab.core.trials import Question

PAIN = Question(name="pain", text="How strong is the pain?", kind="number", least=0.0, most=10.0)


class Told:
    """A session that keeps what it is told."""

    def __init__(self, question: Question | None = None) -> None:
        self.question = question
        self.done: list[tuple[object, ...]] = []

    def answer(self, name, value=True):
        self.done.append((name, value))
        self.question = None

    def switch(self, controller):
        if controller == "nothing":
            raise NotNow('"nothing" cannot be switched to now')
        self.done.append(("switch", controller))


@pytest.fixture
def keyboard():
    reads, writes = os.pipe()
    yield reads, lambda text: os.write(writes, text.encode())
    os.close(reads)
    os.close(writes)


def typed(session, keyboard, *lines: str) -> list[str]:
    reads, types = keyboard
    said: list[str] = []
    reader = Typed(session, said.append, reads)
    reader.poll()
    for line in lines:
        types(line)
        reader.poll()
    return said


def test_a_question_is_shown_once_and_answered_by_a_line(keyboard):
    session = Told(PAIN)
    said = typed(session, keyboard, "3", "\n")
    assert said == ["How strong is the pain? (0 to 10)"]
    assert session.done == [("pain", 3.0)]


@pytest.mark.parametrize("words", ["11\n", "-1\n", "much\n", "\n"])
def test_an_answer_that_does_not_fit_is_told_what_would(keyboard, words):
    session = Told(PAIN)
    assert typed(session, keyboard, words)[1:] == ["a number from 0 to 10"]
    assert not session.done


@pytest.mark.parametrize(
    ("question", "words", "answer", "asked"),
    [
        (Question(name="continue", text="Go on", kind="key"), "\n", True, "Go on (Enter)"),
        (Question(name="understood"), "YES\n", True, "understood (yes or no)"),
        (Question(name="understood"), "n\n", False, "understood (yes or no)"),
        (Question(name="hand", kind="choice", choices=("left", "right")), "left\n", "left", "hand (left, right)"),
        (Question(name="say", kind="text"), "it went well\n", "it went well", "say"),
    ],
)
def test_each_kind_of_question_has_its_answer(keyboard, question, words, answer, asked):
    session = Told(question)
    assert typed(session, keyboard, words) == [asked]
    assert prompt(question) == asked
    assert session.done == [(question.name, answer)]


def test_without_a_question_a_word_switches_and_a_word_with_a_number_is_said(keyboard):
    session = Told()
    typed(session, keyboard, "impedance\n", "pain 6\n")
    assert session.done == [("switch", "impedance"), ("pain", 6.0)]


def test_what_is_refused_is_told_and_nothing_ends(keyboard):
    session = Told()
    said = typed(session, keyboard, "nothing\n", "what is this\n", "\n")
    assert said == ['"nothing" cannot be switched to now',
                    "type the name of a controller to switch to, or an answer: pain 6"]  # fmt: skip
    assert not session.done


def test_a_closed_input_is_read_no_more():
    reads, writes = os.pipe()
    os.close(writes)
    reader = Typed(Told(PAIN), lambda line: None, reads)
    for _ in range(3):
        reader.poll()
    os.close(reads)
    reader.poll()
