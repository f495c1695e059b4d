"""The demo store: invented people, plainly so, the same for the same seed and day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from rehab.clinic.acting import Acting
from rehab.clinic.clinic import Clinic
from rehab.clinic.demo import fill
from rehab.clinic.demo_people import PASSWORD, PIN, PLANS
from rehab.core.errors import NotNow
from rehab.protocol.load import read_protocol
from tests.clinic.people import House

TODAY = date(2026, 5, 29)  # a Friday


@pytest.fixture(scope="module")
def clinic() -> Iterator[Clinic]:
    found = Clinic.open("sqlite://", clock=lambda: datetime(2026, 5, 29, 7, 30, tzinfo=UTC))
    fill(found, seed=1, today=TODAY)
    yield found
    found.close()


@pytest.fixture
def anna(clinic: Clinic) -> Acting:
    return clinic.sign_in("anna", PASSWORD)


def test_it_says_that_it_is_a_demo(clinic: Clinic, anna: Acting, home: House) -> None:
    assert clinic.demo and not home.clinic.demo
    names = {line.full_name for line in anna.patients.search()}
    assert names == {f"Demo {number}" for number in ("Uno", "Due", "Tre", "Quattro", "Cinque", "Sei")}
    assert all(user.full_name.endswith(" Demo") for user in anna.users.list())
    assert all(session.demo for line in anna.patients.search(mine=True) for session in anna.sessions.list(line.patient))


def test_it_never_goes_into_a_store_that_is_used(home: House) -> None:
    with pytest.raises(NotNow, match="of its own"):
        fill(home.clinic)
    assert not home.clinic.demo


def test_every_patient_has_five_weeks_of_sessions_that_get_better(anna: Acting) -> None:
    for line in anna.patients.search(mine=True):
        sessions = anna.sessions.list(line.patient)
        assert 14 <= len(sessions) <= 16 and all(session.begun.date() < TODAY for session in sessions)
        assert (sessions[0].begun - sessions[-1].begun).days >= 28
        times = anna.sessions.series(line.patient, "movement_time")
        assert times[-1].mean < times[0].mean and len(times) == len(sessions)
        fma = anna.scales.list(line.patient, "fma_ue")
        assert fma[0].value < fma[-1].value and (fma[-1].on - fma[0].on).days == 34


def test_there_is_something_to_sign_and_somebody_to_expect(clinic: Clinic, anna: Acting) -> None:
    unsigned = anna.sessions.unsigned()
    assert 1 <= len(unsigned) < 8
    assert {a.full_name for a in anna.appointments.day(TODAY)} == {"Demo Uno", "Demo Due", "Demo Tre"}
    clinic.sign_in("anna", PASSWORD)
    anna.confirm(PIN)


def test_a_spasm_a_limit_with_its_reason_and_a_grant_are_among_it(clinic: Clinic, anna: Acting) -> None:
    three = anna.patients.search("tre")[0].patient
    assert sum(session.adverse for session in anna.sessions.list(three)) == 2
    assert any(limit.name == "torque" and "spasticity" in limit.reason for limit in anna.charts.read(three).limits)
    marco = clinic.sign_in("marco", PASSWORD)
    assert "Demo Uno" in {line.full_name for line in marco.patients.search() if not line.mine}


@pytest.mark.parametrize("name", PLANS)
def test_its_plans_are_protocols_without_a_finding(name: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(PLANS[name][1])
    assert read_protocol(path).findings == ()


def test_the_same_seed_and_day_make_the_same_store(clinic: Clinic) -> None:
    other = Clinic.open("sqlite://", clock=lambda: datetime(2026, 5, 29, 12, 0, tzinfo=UTC))
    fill(other, seed=1, today=TODAY)
    for statement in ("SELECT patient FROM patients", "SELECT * FROM measures ORDER BY session, trial, name",
                      "SELECT begun, before, after, trials FROM sessions ORDER BY id"):  # fmt: skip
        with clinic.store.begin() as one, other.store.begin() as two:
            assert one.execute(text(statement)).all() == two.execute(text(statement)).all()
    other.close()


def test_filling_gives_the_real_clock_and_real_pseudonyms_back(clinic: Clinic) -> None:
    assert clinic.now() == datetime(2026, 5, 29, 7, 30, tzinfo=UTC)
    with clinic.store.begin() as db:
        assert db.scalar(text("PRAGMA synchronous")) == 2
    assert clinic.choose.__self__.__class__.__name__ == "SystemRandom"  # type: ignore[attr-defined]
