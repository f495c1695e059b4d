"""Two languages, complete: every text that the windows say has its Italian, with the same places to fill."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from gui import i18n
from gui.i18n import pointed, shown_date, shown_digits, shown_number, tr, trn
from gui.viewmodels.figures import shown_quantity
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


def test_a_number_is_written_with_few_digits_and_the_decimal_mark_of_the_language() -> None:
    assert [shown_digits(n) for n in (0.75, 1200.0, 0.0, -2.50, 0.02)] == ["0.75", "1200", "0", "-2.5", "0.02"]
    assert shown_quantity(0.02, "rad") == "1.15°" and shown_quantity(1.0, "rad/s") == "57.3°/s"
    i18n.use("it")
    assert shown_digits(0.75) == "0,75" and shown_quantity(0.075, "m") == "7,5 cm"


def test_numbers_in_a_text_made_elsewhere_get_the_decimal_mark_and_versions_and_paths_do_not() -> None:
    assert pointed("4.1 N·m") == "4.1 N·m"
    i18n.use("it")
    assert pointed("4.1 N·m, -0.5 m (12.25)") == "4,1 N·m, -0,5 m (12,25)"
    assert pointed("3.11.2 in /opt/v1.2/x and f1.5.yaml at 12:30.5") == "3.11.2 in /opt/v1.2/x and f1.5.yaml at 12:30.5"


ORDERS = (  # imperatives: buttons say what is done, in the infinitive; "Prova", "Firma" and "Misura" are nouns too
    r"(Aggiungi|Annulla|Apri|Avvia|Cerca|Chiudi|Comincia|Conferma|Controlla|Copia l|Crea|Disegna|Elenca|Elimina|Esegui"
    r"|Esporta|Ferma|Firma l|Importa|Imposta|Inizia|Inserisci|Insegna|Lascia|Metti|Mostra|Porta|Prepara|Prova i|Rimetti"
    r"|Ripeti|Ripristina|Ritira|Salva|Scegli|Scrivi|Sostituisci|Stampa|Togli|Torna|Usa|Vai)\b"
)


def test_italian_says_what_is_done_in_the_infinitive_and_has_one_kind_of_apostrophe() -> None:
    italian = i18n.texts("it")
    said = {text: italian.one(text) for text in italian.all}
    assert {text: words for text, words in said.items() if re.match(ORDERS, words)} == {"Begins at": "Inizia a"}
    assert [path.name for path in (i18n.HERE / "it").glob("*.po") if "’" in path.read_text("utf-8")] == []
