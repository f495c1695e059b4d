"""A trainee's own history of incidents, and stores that were made before there was one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from rehab.clinic.records import PracticeTry
from rehab.clinic.store import VERSION, Store
from rehab.core.errors import AccessError, BadInput
from tests.clinic.people import House

SPASM = PracticeTry(virtual="spastic", exercise="reach", incident="spasm", act="stop", right=True, reaction=1.4)


def test_everybody_sees_their_own_tries_newest_first(home: House) -> None:
    home.staff["anna"].practice.keep(SPASM)
    home.staff["anna"].practice.keep(PracticeTry(virtual="stroke", exercise="reach", incident="cable"))
    home.staff["marco"].practice.keep(SPASM)
    mine = home.staff["anna"].practice.list()
    assert [(t.incident, t.act, t.right, t.reaction) for t in mine] == [
        ("cable", "", False, None), ("spasm", "stop", True, 1.4)
    ]  # fmt: skip
    assert all(t.at is not None for t in mine)


def test_a_time_without_an_act_is_refused(home: House) -> None:
    with pytest.raises(BadInput, match="reaction"):
        home.staff["anna"].practice.keep(PracticeTry(virtual="stroke", exercise="reach", incident="x", reaction=1.0))
    with pytest.raises(BadInput):
        home.staff["anna"].practice.keep(PracticeTry(virtual="stroke", exercise="reach", incident="x", act="stop"))


def test_practice_is_for_therapists(home: House) -> None:
    with pytest.raises(AccessError):
        home.staff["tino"].practice.list()


def _made_old(path: Path) -> None:
    raw = sqlite3.connect(path)
    raw.execute("DROP TABLE practice")
    raw.execute("UPDATE meta SET value = '1' WHERE key = 'version'")
    raw.commit()
    raw.close()


def test_a_store_of_version_1_gets_what_it_lacks_and_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db"
    Store(path).close()
    _made_old(path)
    Store(path).close()
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT count(*) FROM practice").fetchone() == (0,)
    assert raw.execute("SELECT value FROM meta WHERE key = 'version'").fetchone() == (VERSION,)
    assert raw.execute("SELECT count(*) FROM users").fetchone() == (0,)
    raw.close()
