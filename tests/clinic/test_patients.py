"""Identity: codice fiscale, changes, caseload, worklists."""

from __future__ import annotations

from datetime import date

import pytest
from codicefiscale import codicefiscale
from hypothesis import given
from hypothesis import strategies as st

from rehab.clinic.fiscal import read_code
from rehab.clinic.models import IdentityRow, PatientRow
from rehab.clinic.records import NewPatient
from rehab.core.errors import AccessError, BadInput, Findings
from tests.clinic.people import House

TODAY = date(2026, 5, 3)
# the example of the tax office's page on the code: Mario Rossi, born 10 December 1985 in Rome
ROSSI = "RSSMRA85T10H501" + "X"
WORKLIST = """cognome;nome;data di nascita;sesso;lato;codice fiscale
Così;Ada;3/5/1958;F;sinistro;
Rossi;Bruno;1949-02-07;M;dx;
Verdi;Carlo;31/2/1950;M;;
Neri;Dina;1/1/1960;donna;in mezzo;
"""


def born_in_rome(day: date, sex: str) -> str:
    return str(codicefiscale.encode(lastname="Rossi", firstname="Mario", gender=sex, birthdate=day.isoformat(),
                                    birthplace="Roma"))  # fmt: skip


@given(st.dates(min_value=date(1927, 1, 1), max_value=TODAY), st.sampled_from("FM"))
def test_birth_date_and_sex_come_out_of_a_code_as_they_went_in(day: date, sex: str) -> None:
    assert read_code(born_in_rome(day, sex), TODAY) == (day, sex)


def test_a_code_is_of_the_last_century_in_which_its_bearer_is_born_already() -> None:
    code = born_in_rome(date(1926, 6, 1), "F")
    assert read_code(code, date(2026, 5, 3))[0] == date(1926, 6, 1)
    assert read_code(code, date(2026, 6, 1))[0] == date(2026, 6, 1)


def test_a_mistyped_code_is_refused(home: House) -> None:
    with pytest.raises(BadInput, match="codice fiscale"):
        home.anna.patients.read_code(ROSSI[:-1] + ("A" if ROSSI[-1] != "A" else "B"))


def test_birth_date_and_sex_need_not_be_typed_with_a_code(home: House) -> None:
    code = born_in_rome(date(1985, 12, 10), "M")
    added = home.anna.patients.add(NewPatient(given_name="Mario", family_name="Rossi", codice_fiscale=code.lower()))
    assert (added.birth_date, added.sex, added.codice_fiscale) == (date(1985, 12, 10), "M", code)


def test_a_birth_date_that_contradicts_the_code_is_found(home: House) -> None:
    new = NewPatient(given_name="Mario", family_name="Rossi", birth_date=date(1985, 12, 11),
                     codice_fiscale=born_in_rome(date(1985, 12, 10), "M"))  # fmt: skip
    with pytest.raises(Findings, match="not that of the codice fiscale"):
        home.anna.patients.add(new)


def test_somebody_older_than_a_hundred_says_so_by_the_birth_date(home: House) -> None:
    code = born_in_rome(date(1925, 1, 2), "F")
    added = home.anna.patients.add(
        NewPatient(given_name="Mario", family_name="Rossi", birth_date=date(1925, 1, 2), codice_fiscale=code)
    )
    assert added.birth_date == date(1925, 1, 2)


def test_all_that_is_wrong_is_said_at_once(home: House) -> None:
    with pytest.raises(Findings) as error:
        home.anna.patients.add(NewPatient(given_name=" ", family_name="", sex="?", side="middle"))
    assert {finding.field for finding in error.value.findings} == {
        "given_name", "family_name", "birth_date", "sex", "side",
    }  # fmt: skip


@pytest.mark.parametrize("born", [date(2026, 5, 4), date(1900, 1, 1)])
def test_a_birth_date_that_cannot_be_is_refused(home: House, born: date) -> None:
    with pytest.raises(Findings, match="no birth date"):
        home.patient(birth_date=born)


def test_the_same_code_is_not_added_twice(home: House) -> None:
    code = born_in_rome(date(1985, 12, 10), "M")
    first = home.patient("Mario", "Rossi", birth_date=None, sex="", codice_fiscale=code)
    with pytest.raises(BadInput, match=first):
        home.patient("Maria", "Rossi", birth_date=None, sex="", codice_fiscale=code)


def test_a_change_keeps_what_was_with_author_time_and_reason(home: House) -> None:
    patient = home.patient(phone="040 1")
    home.clock.later(days=1)
    home.anna.patients.change(patient, family_name="Così Rossi", reason="married")
    versions = [v for v in home.anna.charts.history(patient) if v.part == "identity"]
    assert [(v.says, v.reason, v.superseded_by) for v in versions] == [
        ("Ada Così Rossi, 1958-05-03, F", "married", ""), ("Ada Così, 1958-05-03, F", "", "Anna Rossi"),
    ]  # fmt: skip
    assert versions[1].superseded == home.clock.now
    assert home.anna.patients.get(patient).phone == "040 1"


def test_a_change_needs_a_reason(home: House) -> None:
    with pytest.raises(BadInput, match="reason"):
        home.anna.patients.change(home.patient(), phone="1", reason=" ")


def test_a_field_that_a_patient_has_not_is_refused(home: House) -> None:
    with pytest.raises(BadInput, match="colour"):
        home.anna.patients.change(home.patient(), colour="red", reason="x")


def test_identity_stands_in_its_own_table_and_the_pseudonym_says_nothing(home: House) -> None:
    patient = home.patient()
    assert set(PatientRow.__table__.columns.keys()) == {"patient", "at", "by"}
    with home.clinic.store.begin() as db:
        assert db.query(IdentityRow).one().patient == patient
    assert "ada" not in patient.lower() and "cos" not in patient.lower()


def test_a_patient_is_in_the_caseload_of_who_added_them(home: House) -> None:
    patient = home.patient()
    assert home.anna.patients.get(patient).therapists == ("Anna Rossi",)
    with pytest.raises(AccessError) as error:
        home.marco.patients.get(patient)
    assert error.value.why == "patient"


def test_assigning_opens_the_file_and_unassigning_closes_it(home: House) -> None:
    patient = home.patient()
    home.anna.patients.assign(patient, home.marco.user.id)
    assert home.marco.charts.read(patient).patient == patient
    assert home.marco.patients.get(patient).therapists == ("Anna Rossi", "Marco Bianchi")
    home.carla.patients.unassign(patient, home.marco.user.id)
    with pytest.raises(AccessError):
        home.marco.charts.read(patient)


def test_only_a_therapist_has_a_caseload(home: House) -> None:
    with pytest.raises(BadInput, match="no therapist"):
        home.anna.patients.assign(home.patient(), home.remo.user.id)


def test_a_dry_run_says_what_would_be_and_changes_nothing(home: House) -> None:
    home.patient("Ada", "Così")
    lines = home.anna.patients.import_worklist(WORKLIST)
    assert [(line.number, line.action) for line in lines] == [(2, "known"), (3, "add"), (4, "wrong"), (5, "wrong")]
    assert lines[1].says == "Bruno Rossi, 1949-02-07: would be added"
    assert '"31/2/1950" is no date' in lines[2].says and '"in mezzo"' in lines[3].says
    assert len(home.anna.patients.search()) == 1


def test_an_import_adds_exactly_what_the_dry_run_said(home: House) -> None:
    said = home.anna.patients.import_worklist(WORKLIST)
    done = home.anna.patients.import_worklist(WORKLIST, dry_run=False)
    assert [line.action for line in said] == [line.action for line in done] == ["add", "add", "wrong", "wrong"]
    added = {line.full_name: (line.side, line.sex, line.mine) for line in home.anna.patients.search()}
    assert added == {"Ada Così": ("left", "F", True), "Bruno Rossi": ("right", "M", True)}
    again = home.anna.patients.import_worklist(WORKLIST, dry_run=False)
    assert [line.action for line in again] == ["known", "known", "wrong", "wrong"]


def test_somebody_twice_in_a_worklist_is_added_once(home: House) -> None:
    text = "name,surname,born,sex\nAda,Così,3/5/1958,F\nADA,COSI,1958-05-03,F\n"
    lines = home.anna.patients.import_worklist(text, dry_run=False)
    assert [line.action for line in lines] == ["add", "known"] and len(home.anna.patients.search()) == 1


def test_a_worklist_speaks_the_users_language(home: House) -> None:
    home.anna.users.preferences(language="it")
    assert home.anna.patients.import_worklist(WORKLIST)[0].says == "Ada Così, 1958-05-03: verrebbe aggiunto"


@pytest.mark.parametrize("text", ["", "nome;cognome\nAda;Così\n", "name,name,surname,born\n"])
def test_headings_that_are_not_understood_are_told(home: House, text: str) -> None:
    with pytest.raises(BadInput, match="column"):
        home.anna.patients.import_worklist(text)


@given(st.text(max_size=200))
def test_any_text_is_either_a_worklist_or_refused_in_words(text: str) -> None:
    from rehab.clinic.worklist import read_rows

    try:
        rows = read_rows("nome;cognome;nato il\n" + text)
    except BadInput:
        return
    assert all(row.new is not None or row.wrong for row in rows)


def test_a_leap_day_stays_in_february_in_the_other_century() -> None:
    """1900 was no leap year: a code of 29 February 00 means 2000, whoever reads it."""
    assert read_code(born_in_rome(date(2000, 2, 29), "F"), TODAY)[0] == date(2000, 2, 29)
    assert read_code(born_in_rome(date(2024, 2, 29), "F"), date(2023, 1, 1))[0] == date(1924, 2, 29)


def test_an_onset_that_is_still_to_come_is_refused(home: House) -> None:
    with pytest.raises(Findings, match="still to come"):
        home.patient(onset=date(2026, 5, 4))


def test_whoever_is_not_in_a_caseload_cannot_be_taken_out(home: House) -> None:
    with pytest.raises(BadInput, match="not in the caseload"):
        home.anna.patients.unassign(home.patient(), home.marco.user.id)


def test_a_worklist_finds_somebody_again_by_the_codice_fiscale(home: House) -> None:
    code = born_in_rome(date(1985, 12, 10), "M")
    text = f"nome;cognome;cf\nMario;Rossi;{code}\nMario Luigi;Rossi;{code}\n"
    assert [line.action for line in home.anna.patients.import_worklist(text, dry_run=False)] == ["add", "known"]
