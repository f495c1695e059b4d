"""Grants end by themselves, and every look is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rehab.core.errors import AccessError, BadInput
from tests.clinic.people import PASSWORD, House


def test_a_grant_opens_the_file_and_ends_by_itself(home: House) -> None:
    patient = home.patient()
    home.anna.access.grant(patient, home.marco.user.id, home.clock.now + timedelta(days=2), "holiday")
    home.clock.later(days=1)
    assert home.marco.charts.read(patient)
    (grant,) = home.anna.access.list(patient)
    assert (grant.user, grant.by, grant.reason) == ("Marco Bianchi", "Anna Rossi", "holiday")
    home.clock.later(days=1)
    with pytest.raises(AccessError):
        home.marco.charts.read(patient)
    assert home.anna.access.list(patient) == ()


def test_a_grant_can_be_taken_back(home: House) -> None:
    patient = home.patient()
    grant = home.anna.access.grant(patient, home.marco.user.id, home.clock.now + timedelta(days=2), "holiday")
    home.anna.access.revoke(grant.id)
    with pytest.raises(AccessError):
        home.marco.charts.read(patient)


def test_a_guest_does_not_hand_access_on(home: House) -> None:
    patient = home.patient()
    until = home.clock.now + timedelta(days=2)
    home.anna.access.grant(patient, home.marco.user.id, until, "holiday")
    with pytest.raises(AccessError, match="caseload"):
        home.marco.access.grant(patient, home.remo.user.id, until, "study")


@pytest.mark.parametrize("days", [-1, 0, 32])
def test_a_grant_ends_within_a_month(home: House, days: int) -> None:
    with pytest.raises(BadInput, match="31 days"):
        home.anna.access.grant(
            home.patient(), home.marco.user.id, home.clock.now + timedelta(days=days), "holiday"
        )


def test_a_grant_is_for_those_who_could_use_it(home: House) -> None:
    with pytest.raises(BadInput, match="neither"):
        home.anna.access.grant(
            home.patient(), home.staff["tino"].user.id, home.clock.now + timedelta(days=1), "curious"
        )


def test_a_patient_learns_who_looked_and_who_was_refused(home: House) -> None:
    patient = home.patient()
    home.anna.charts.read(patient)
    with pytest.raises(AccessError):
        home.marco.charts.read(patient)
    rows = [(row.user, row.what, row.refused) for row in home.anna.audit.who(patient)]
    assert rows == [
        ("Marco Bianchi", "charts.read", True), ("Anna Rossi", "charts.read", False),
        ("Anna Rossi", "patients.add", False),
    ]  # fmt: skip


def test_being_shown_in_a_list_is_being_looked_at(home: House) -> None:
    first, second = home.patient(), home.patient("Bea", "Altra")
    home.anna.patients.search("così")
    assert home.anna.audit.who(first)[0].what == "patients.search"
    assert home.anna.audit.who(second)[0].what == "patients.add"
    home.anna.appointments.add(second, home.clock.now + timedelta(hours=1))
    home.anna.appointments.day()
    latest = [row.what for row in home.anna.audit.who(second)][:3]
    assert latest == ["appointments.day", "appointments.add", "audit.who"]


def test_asking_who_looked_is_a_look_too(home: House) -> None:
    patient = home.patient()
    home.carla.audit.who(patient)
    assert home.anna.audit.who(patient)[0].user == "Carla Verdi"


def test_signing_writes_a_line_for_each_patient(home: House) -> None:
    patients = [home.patient(), home.patient("Bea", "Altra")]
    home.clinic.sign_in("anna", PASSWORD)
    sessions = []
    for patient in patients:
        sessions.append(home.anna.sessions.begin(patient, device="sim:planar_arm").id)
        home.anna.sessions.end(sessions[-1])
    home.anna.sessions.sign(sessions, "2580")
    for patient in patients:
        assert "sessions.sign" in {row.what for row in home.anna.audit.who(patient)}


def test_signing_in_and_failing_to_are_written_down_without_what_was_typed(home: House) -> None:
    home.clinic.sign_in("anna", PASSWORD)
    with pytest.raises(AccessError):
        home.clinic.sign_in("my secret password", "x")
    rows = home.carla.audit.list(most=2)
    assert [(row.user, row.what, row.refused) for row in rows] == [
        ("(no such user)", "wrong_password", True), ("Anna Rossi", "sign_in", False),
    ]  # fmt: skip


def test_the_audit_speaks_to_patients(home: House) -> None:
    patient = home.patient()
    home.anna.users.preferences(language="it")
    assert home.anna.audit.who(patient)[0].says == "anagrafica e pazienti in carico: inserimento"
    home.anna.users.preferences(language="en")
    assert home.anna.audit.who(patient)[-1].says == "name and caseload: added"


def test_the_audit_can_be_asked_for_a_time(home: House) -> None:
    patient = home.patient()
    home.clock.later(days=1)
    home.anna.charts.read(patient)
    since = home.clock.now - timedelta(hours=1)
    assert [row.what for row in home.carla.audit.list(since)] == ["charts.read"]
    assert "charts.read" not in {row.what for row in home.carla.audit.list(until=since)}
