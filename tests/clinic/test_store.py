"""The database: kept rows, two programs, where it is."""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from rehab.clinic.clinic import Clinic
from rehab.clinic.models import NEVER_DELETED
from rehab.clinic.store import Store, _triggers, url_of
from rehab.core.errors import BadInput, NotNow
from tests.clinic.people import PASSWORD, House, house


@pytest.mark.parametrize("statement", ["UPDATE audit SET user_name = 'nobody'", "DELETE FROM audit"])
def test_the_audit_cannot_be_changed(home: House, statement: str) -> None:
    home.patient()
    with pytest.raises(IntegrityError, match="nothing here is"), home.clinic.store.begin() as db:
        db.execute(text(statement))


@pytest.mark.parametrize("table", NEVER_DELETED)
def test_nothing_clinical_is_deleted_even_with_sql(home: House, table: str) -> None:
    patient = home.patient()
    home.anna.plans.add(patient, "Plan", "version: 1")
    home.anna.charts.add_note(patient, "note")
    home.anna.scales.enter(patient, "nrs", 3)
    home.anna.sessions.begin(patient, device="sim:planar_arm")
    home.anna.access.grant(patient, home.marco.user.id, home.clock.now.replace(day=4), "stands in")
    with pytest.raises(IntegrityError, match="nothing here is deleted"), home.clinic.store.begin() as db:
        db.execute(text(f"DELETE FROM {table}"))


def test_postgresql_refuses_the_same_and_truncate() -> None:
    words = "\n".join(_triggers("postgresql"))
    for table in ("audit", *NEVER_DELETED):
        assert f"BEFORE DELETE ON {table}" in words and f"BEFORE TRUNCATE ON {table}" in words
    assert "BEFORE UPDATE ON audit" in words


def test_a_database_that_cannot_keep_its_audit_is_refused() -> None:
    with pytest.raises(BadInput, match="SQLite or PostgreSQL"):
        _triggers("mysql")


def test_the_file_is_for_this_account_only_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "clinic.db"
    house(path).clinic.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    clinic = Clinic.open(path)
    assert clinic.sign_in("anna", PASSWORD).user.full_name == "Anna Rossi"
    clinic.close()


def test_foreign_keys_and_the_write_ahead_log_are_on(tmp_path: Path) -> None:
    store = Store(tmp_path / "clinic.db")
    with store.begin() as db:
        assert db.scalar(text("PRAGMA foreign_keys")) == 1
        assert db.scalar(text("PRAGMA journal_mode")) == "wal"
        assert db.scalar(text("PRAGMA synchronous")) == 2
    store.close()


def test_a_store_that_another_program_keeps_busy_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rehab.clinic.store.BUSY", 1)
    found = house(tmp_path / "clinic.db")
    other = sqlite3.connect(tmp_path / "clinic.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotNow, match="busy"):
        found.anna.patients.search()
    other.execute("ROLLBACK")
    assert found.anna.patients.search() == ()
    other.close()
    found.clinic.close()


@pytest.mark.parametrize("place", ["file", "memory"])
def test_a_worker_thread_may_use_what_another_thread_opened(tmp_path: Path, place: str) -> None:
    found = house(tmp_path / "clinic.db" if place == "file" else "sqlite://")
    patient = found.patient()
    with ThreadPoolExecutor(1) as worker:
        assert worker.submit(found.anna.patients.get, patient).result().full_name == "Ada Così"
    assert len(found.anna.patients.search()) == 1
    found.clinic.close()


def test_a_call_that_fails_leaves_nothing_behind(home: House) -> None:
    patient = home.patient()
    with pytest.raises(BadInput):
        home.anna.charts.set_hurts(patient, [("shoulder", 3, ""), ("hand", 11, "")])
    assert home.anna.charts.read(patient).hurts == ()


def test_a_store_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    Store(path).close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE meta SET value = '99' WHERE key = 'version'")
    raw.commit()
    raw.close()
    with pytest.raises(BadInput, match="version 99"):
        Store(path)


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    path.write_bytes(b"these are holiday photographs" * 100)
    with pytest.raises(BadInput, match="cannot be opened as a clinic store"):
        Store(path)


def test_a_database_without_its_driver_is_refused_without_its_password() -> None:
    with pytest.raises(BadInput) as error:
        Store("postgresql+nodriver://anna:secret@host/clinic")
    assert "secret" not in str(error.value) and "driver" in str(error.value)


def test_the_environment_says_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REHAB_CLINIC", str(tmp_path / "elsewhere.db"))
    assert url_of(None).database == str(tmp_path / "elsewhere.db")
    assert url_of(tmp_path / "given.db").database == str(tmp_path / "given.db")
