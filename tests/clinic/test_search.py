"""Finding people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.clinic.codes import LETTERS, as_code, new_code
from rehab.clinic.search import fold, found, read_date
from tests.clinic.people import House

NAMES = st.text(st.characters(categories=("Lu", "Ll")), min_size=1, max_size=12)
BORN, CODE = date(1958, 5, 3), "K7QF-3M9X"


@pytest.mark.parametrize("text", ["", "così", "COSI", "ada cosi", "cosi ada", "co", "3/5/1958", "1958-05-03", "1958",
                                  "K7QF", "k7qf-3m9x", "ada 1958"])  # fmt: skip
def test_this_finds_ada_cosi(text: str) -> None:
    assert found(text, "Ada Così", BORN, CODE)


@pytest.mark.parametrize("text", ["osi", "ada bianchi", "4/5/1958", "1959", "K7QG", "cosi 1959", "5/3/1958"])
def test_this_does_not_find_ada_cosi(text: str) -> None:
    assert not found(text, "Ada Così", BORN, CODE)


@pytest.mark.parametrize(("name", "text"), [("Jürgen Groß", "gross"), ("Niccolò D'Angelo", "d'angelo"),
                                            ("Žofia Łąk", "zofia"), ("Anne-Marie Roux", "marie")])  # fmt: skip
def test_accents_and_apostrophes_do_not_matter(name: str, text: str) -> None:
    assert found(text, name, BORN, CODE)


@given(NAMES, NAMES)
def test_folding_twice_changes_nothing(given_name: str, family_name: str) -> None:
    once = fold(f"{given_name} {family_name}")
    assert fold(once) == once


@given(NAMES, NAMES, st.data())
def test_the_beginnings_of_all_words_of_a_name_find_it(given_name: str, family_name: str, data: st.DataObject) -> None:
    words = fold(f"{given_name} {family_name}").split()
    typed = data.draw(st.permutations([word[: data.draw(st.integers(1, len(word)))] for word in words]))
    assert found(" ".join(typed), f"{given_name} {family_name}", BORN, CODE)


@given(NAMES, NAMES, NAMES)
def test_one_more_word_never_finds_more(name: str, first: str, second: str) -> None:
    if found(f"{first} {second}", name, BORN, CODE):
        assert found(first, name, BORN, CODE)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_date_is_read_as_it_is_written_in_italy_and_by_computers(day: date) -> None:
    assert read_date(f"{day.day}/{day.month}/{day.year}") == day
    assert read_date(day.isoformat()) == day


@pytest.mark.parametrize("text", ["31/2/1958", "3/5/58", "1958", "3-1958", "a/b/c", "2026-13-01", "3/5/1958/7"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


def test_a_search_finds_ones_own_and_granted_patients_only(home: House) -> None:
    first = home.patient("Ada", "Così")
    home.marco.patients.search()
    assert [line.patient for line in home.anna.patients.search("cosi")] == [first]
    assert home.marco.patients.search("cosi") == ()
    home.anna.access.grant(first, home.marco.user.id, home.clock.now.replace(day=5), "stands in")
    found_by_marco = home.marco.patients.search("cosi")
    assert [(line.patient, line.mine, line.readable) for line in found_by_marco] == [(first, False, True)]
    assert home.marco.patients.search("cosi", mine=True) == ()
    assert [(line.mine, line.readable) for line in home.carla.patients.search("cosi")] == [(False, False)]


def test_people_come_by_family_name(home: House) -> None:
    for family in ("Zeta", "Élan", "Bassi"):
        home.patient("Ada", family)
    assert [line.full_name for line in home.anna.patients.search()] == ["Ada Bassi", "Ada Élan", "Ada Zeta"]


def test_a_code_that_is_taken_is_not_given_again() -> None:
    letters = iter("2222222" + "2" + "33333333")
    assert new_code(lambda code: code == "2222-2222", lambda _: next(letters)) == "3333-3333"


def test_codes_have_no_letters_that_look_like_digits() -> None:
    assert not set("01IOL") & set(LETTERS) and len(set(LETTERS)) == len(LETTERS) == 31


@pytest.mark.parametrize("typed", ["k7qf3m9x", "K7QF-3M9X", " k7qf 3m9x "])
def test_a_code_is_taken_however_it_is_typed(typed: str) -> None:
    assert as_code(typed) == "K7QF-3M9X"
