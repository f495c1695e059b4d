"""Two languages, complete: every text that the windows say has its Italian, with the same places to fill."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from gui import i18n
from gui.i18n import shown_date, shown_number, tr, trn
from tests.gui.catalogue import entry, missing, said


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    i18n.use("en")


def test_every_text_has_its_italian() -> None:
    lacking = missing("it")
    assert not lacking, f"{len(lacking)} texts without Italian:\n\n" + "\n".join(entry(text) for text in lacking)


def test_a_translation_has_the_same_places_to_fill() -> None:
    texts = i18n.texts("it")
    for text in said():
        if text.many:
            assert i18n.places(texts.many(text.one, text.many, 2)) == i18n.places(text.many), text
        else:
            assert i18n.places(texts.one(text.one)) == i18n.places(text.one), text


def test_no_catalogue_carries_a_text_that_is_said_no_more() -> None:
    known = {text.one for text in said()}
    assert [text for text in i18n.texts("it").all if text not in known] == []


def test_a_text_without_translation_is_said_in_english() -> None:
    i18n.use("it")
    assert tr("no catalogue has this {n}", n=1) == "no catalogue has this 1"


def test_the_pseudo_language_marks_what_went_through_translation() -> None:
    i18n.use(i18n.PSEUDO)
    assert (tr("Start"), trn("{n} trial", "{n} trials", 2)) == ("«Start»", "«2 trials»")


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match='language "xx": one of en, it'):
        i18n.use("xx")


def test_numbers_and_dates_are_written_as_the_language_writes_them() -> None:
    i18n.use("it")
    assert shown_number(1234.5, 1, "N") == "1.234,5\u202fN"
    assert shown_date(dt.date(2026, 5, 3), "long") == "3 maggio 2026"
    i18n.use("en")
    assert shown_number(1234.5, 1, "N") == "1,234.5\u202fN"
