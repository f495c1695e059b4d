"""The store in one file and back: everything is in the copy, a damaged one is refused, and no session may be open."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehab.clinic.backup import verify
from rehab.clinic.records import NewPatient
from rehab.core.errors import AccessError, BadInput, NotNow
from tests.clinic.people import House, house


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[House]:
    found = house(tmp_path / "clinic.db")
    yield found
    found.clinic.close()


def patient(home: House, name: str = "Uno") -> str:
    import datetime as dt

    new = NewPatient(given_name="Prova", family_name=name, birth_date=dt.date(1960, 1, 1), sex="F", side="left")
    return home.staff["anna"].patients.add(new).patient


def test_a_copy_holds_what_the_store_holds_and_is_for_this_account_alone(kept: House, tmp_path: Path) -> None:
    patient(kept)
    copy = kept.staff["tino"].backup.save(tmp_path / "copy.db")
    assert (copy.patients, copy.sessions) == (1, 0) and copy.bytes == (tmp_path / "copy.db").stat().st_size
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if "copy" in path.name) == ["copy.db"]


def test_a_copy_that_is_put_back_brings_the_store_to_where_it_was(kept: House, tmp_path: Path) -> None:
    first = patient(kept)
    kept.staff["tino"].backup.save(tmp_path / "copy.db")
    second = patient(kept, "Due")
    kept.staff["tino"].backup.restore(tmp_path / "copy.db")
    assert kept.staff["anna"].patients.get(first).family_name == "Uno"
    with pytest.raises(BadInput):
        kept.staff["anna"].patients.get(second)
    rows = kept.staff["carla"].audit.list()
    assert any(row.what == "backup.restore" and row.user == "Tino Gialli" for row in rows)


def test_nothing_is_put_back_while_a_session_is_open(kept: House, tmp_path: Path) -> None:
    code = patient(kept)
    kept.staff["tino"].backup.save(tmp_path / "copy.db")
    session = kept.staff["anna"].sessions.begin(code, device="sim:planar_arm", despite="test")
    with pytest.raises(NotNow, match="1 open session"):
        kept.staff["tino"].backup.restore(tmp_path / "copy.db")
    assert kept.staff["anna"].sessions.get(session.id).state == "open"


def test_what_is_no_whole_store_of_this_version_is_refused_and_changes_nothing(kept: House, tmp_path: Path) -> None:
    code = patient(kept)
    tino = kept.staff["tino"]
    good = tino.backup.save(tmp_path / "good.db").file
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(b"no database at all")
    broken = tmp_path / "broken.db"
    data = bytearray(good.read_bytes())
    data[8192:16384] = bytes(b ^ 0xFF for b in data[8192:16384])
    broken.write_bytes(data)
    old = tmp_path / "old.db"
    old.write_bytes(good.read_bytes())
    with sqlite3.connect(old) as db:
        db.execute("UPDATE meta SET value = '0' WHERE key = 'version'")
    db.close()
    for file in (wrong, broken, old, tmp_path / "none.db", tmp_path / "clinic.db"):
        with pytest.raises(BadInput):
            tino.backup.restore(file)
    assert kept.staff["anna"].patients.get(code).family_name == "Uno"


def test_a_file_that_is_there_is_not_written_over(kept: House, tmp_path: Path) -> None:
    kept.staff["tino"].backup.save(tmp_path / "copy.db")
    with pytest.raises(BadInput, match="already"):
        kept.staff["tino"].backup.save(tmp_path / "copy.db")
    assert verify(tmp_path / "copy.db").patients == 0


def test_a_store_in_memory_and_a_therapist_have_no_backup(home: House, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no file"):
        home.staff["tino"].backup.save(tmp_path / "copy.db")
    with pytest.raises(AccessError):
        home.staff["anna"].backup.save(tmp_path / "copy.db")


def test_a_copy_of_an_older_store_is_put_back_and_brought_up_to_date(kept: House, tmp_path: Path) -> None:
    copy = kept.staff["tino"].backup.save(tmp_path / "copy.db").file
    with sqlite3.connect(copy) as db:
        db.execute("DROP TABLE practice")
        db.execute("UPDATE meta SET value = '1' WHERE key = 'version'")
    db.close()
    kept.staff["tino"].backup.restore(copy)
    assert kept.staff["anna"].practice.list() == ()
