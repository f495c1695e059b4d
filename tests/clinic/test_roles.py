"""Every method of every service, as every role: exactly the table is allowed, and a refusal is written down."""

from __future__ import annotations

import inspect
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from rehab.clinic.acting import Acting
from rehab.clinic.records import Answers, MotionRange, NewPatient, PracticeTry, Setting
from rehab.clinic.roles import RIGHTS, ROLES
from rehab.clinic.service import Service
from rehab.core.errors import AccessError, RehabError
from tests.clinic.people import BEGUN, PASSWORD, House

GROUPS = ("users", "patients", "charts", "appointments", "plans", "sessions", "scales", "access", "audit", "checks",
          "backup", "practice", "export")  # fmt: skip
WHO = {"therapist": "anna", "researcher": "remo", "technician": "tino", "administrator": "carla"}
GIVEN: dict[str, Any] = {
    "patient": "XXXX-XXXX", "user": 999, "session": 999, "sessions": (999,), "plan": 999, "grant": 999, "entry": 999,
    "appointment": 999, "limit": 999, "goal": 999, "name": "force", "full_name": "A B", "roles": (), "role": (),
    "password": PASSWORD, "pin": "0000", "old": "x", "new": NewPatient(given_name="", family_name=""), "active": True,
    "codice_fiscale": "x", "reason": "r", "setting": Setting(), "data": b"", "kind": "x",
    "motion": MotionRange(device="", low=(), high=()), "answers": {}, "value": 1.0, "at": BEGUN, "title": "",
    "protocol": "", "device": "", "seconds": -1.0, "folder": "", "rows": (), "measure": "x", "hurts": (),
    "until": BEGUN - timedelta(days=1), "text": "", "results": {}, "file": Path("/nowhere/at/all"), "settings": {},
    "alone": False,
    "tried": PracticeTry(virtual="", exercise="", incident=""),
}  # fmt: skip


def methods() -> list[str]:
    found = ["handover"]
    for group in GROUPS:
        service = Acting.__dict__[group].func.__annotations__["return"]
        module = __import__(f"rehab.clinic.{group}", fromlist=[service])
        members = inspect.getmembers(getattr(module, service), inspect.isfunction)
        found += [f"{group}.{name}" for name, _ in members if not name.startswith("_")]
    return found


def call(acting: Acting, what: str) -> None:
    """With arguments that no service would take: what is refused for another reason was allowed by role."""
    group, _, name = what.rpartition(".")
    of: Acting | Service = getattr(acting, group) if group else acting
    method = getattr(of, name)
    given = {
        key: GIVEN[key] if what not in ("sessions.ask_before", "sessions.ask_after") or key != "answers" else Answers()
        for key, parameter in inspect.signature(method).parameters.items()
        if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
    }
    if what == "users.change_password":
        given["new"] = "x"
    method(**given)


def test_the_table_has_every_method_and_no_other() -> None:
    assert set(methods()) == set(RIGHTS)


@pytest.mark.parametrize("what", sorted(RIGHTS))
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_says_and_nothing_else(home: House, role: str, what: str) -> None:
    acting = home.staff[WHO[role]]
    why = ""
    try:
        call(acting, what)
    except AccessError as error:
        why = error.why
    except RehabError:
        pass
    assert (why != "role") is (role in RIGHTS[what])
    assert acting.may(what) is (role in RIGHTS[what])


def test_what_a_role_forbids_is_written_down(home: House) -> None:
    patient = home.patient()
    with pytest.raises(AccessError):
        home.remo.charts.read(patient)
    row = home.carla.audit.who(patient)[0]
    assert (row.user, row.what, row.refused) == ("Remo Neri", "charts.read", True)


def test_a_role_taken_away_holds_at_the_next_call(home: House) -> None:
    patient = home.patient()
    home.carla.users.set_roles(home.anna.user.id, ["technician"])
    with pytest.raises(AccessError, match="technician"):
        home.anna.charts.read(patient)


def test_an_administrator_sees_who_but_not_what_of(home: House) -> None:
    patient = home.patient(diagnosis="stroke", onset=date(2026, 1, 1))
    found = home.carla.patients.get(patient)
    assert (found.family_name, found.diagnosis, found.onset) == ("Così", "", None)
    assert home.anna.patients.get(patient).diagnosis == "stroke"


def test_an_administrator_does_not_change_what_is_clinical(home: House) -> None:
    patient = home.patient()
    with pytest.raises(AccessError, match="therapists"):
        home.carla.patients.change(patient, side="right", reason="x")
    home.carla.patients.change(patient, phone="040 1", reason="new number")
    assert (home.anna.patients.get(patient).side, home.anna.patients.get(patient).phone) == ("left", "040 1")


def test_a_researcher_sees_a_pseudonym_and_no_name(home: House) -> None:
    patient = home.patient()
    session = home.anna.sessions.begin(patient, device="sim:planar_arm")
    home.anna.sessions.end(session.id)
    home.anna.access.grant(patient, home.remo.user.id, home.clock.now + timedelta(days=1), "study")
    found = home.remo.sessions.last(patient)
    assert found is not None and found.patient == patient and found.full_name == ""
