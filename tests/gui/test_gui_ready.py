"""A ready protocol becomes somebody's plan in the language of who chose it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gui import i18n
from gui.viewmodels.ready import BLOCKS, ready_plan
from rehab.protocol.document import parsed
from rehab.protocol.load import read_protocol, ready_protocols
from rehab.protocol.written import Written

READY = ready_protocols()
STUDIES = sorted(name for name, path in READY.items() if read_protocol(path).profile == "research")
PLANS = sorted(set(READY) - set(STUDIES))


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    i18n.use("en")


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("name", PLANS)
def test_title_and_blocks_are_named_in_the_language_and_nothing_else_is_changed(name: str, language: str) -> None:
    i18n.use(language)
    shipped = READY[name].read_text("utf-8")
    title, text = ready_plan(name)
    made, was = parsed(Written(text, name), Path(name)), read_protocol(READY[name])
    assert made.title == title and not made.findings
    named = [(one, other) for one, other in zip(shipped.splitlines(), text.splitlines(), strict=True) if one != other]
    for one, other in named:
        assert one.startswith("protocol:") or "- name:" in one
        assert one.partition("#")[2] == other.partition("#")[2], "a comment is lost"
    assert len(named) == (0 if language == "en" else 1 + len(was.blocks))
    assert [block.exercise for block in made.blocks] == [block.exercise for block in was.blocks]


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_keeps_the_names_by_which_it_is_analysed(name: str) -> None:
    i18n.use("it")
    assert ready_plan(name) == (read_protocol(READY[name]).title, READY[name].read_text("utf-8"))


def test_no_word_is_kept_for_a_block_that_does_not_ship() -> None:
    assert set(BLOCKS) == {block.name for name in PLANS for block in read_protocol(READY[name]).blocks}
