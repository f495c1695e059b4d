"""A copy of the whole store in one file, made while it is used, and put back: SQLite's own backup, verified.

The copy is opened read-only before anybody relies on it: its pages are whole, and it is a clinic store of this version.
Putting one back takes the place of everything, so it is refused while any session is open.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from rehab.clinic.models import SessionRow
from rehab.clinic.service import Service, audit_row
from rehab.clinic.sessions import RUNNING
from rehab.clinic.store import NEW_TABLES, VERSION, Store
from rehab.core.errors import BadInput, NotNow


class Copy(NamedTuple):
    """A verified copy of a store."""

    file: Path
    bytes: int
    patients: int
    sessions: int


class Backup(Service):
    """acting.backup"""

    def save(self, file: Path) -> Copy:
        """Copy the store into a new file, and verify it. Raises BadInput where the file is there or cannot be made."""
        with self._acts("backup.save", detail=str(file)):
            source, target = _file_of(self._acting.clinic.store), _absolute(file)
            if target.exists():
                raise BadInput(f"{target} is there already: choose another name")
        part = target.with_name(f"{target.name}.part")
        try:
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))  # patients: for this account alone
            with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(part)) as copy:
                live.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
            verify(part)
            part.replace(target)
        except (OSError, sqlite3.Error) as error:
            raise BadInput(f"{target}: the copy cannot be made: {error}") from error
        finally:
            part.unlink(missing_ok=True)
        return verify(target)

    def restore(self, file: Path) -> Copy:
        """Put a copy in the place of everything there is. Raises NotNow while a session is open, BadInput for a file
        that is no whole store of this version; nothing is changed then. Whoever is signed in has to sign in again."""
        with self._acts("backup.restore", detail=str(file)) as work:
            live = _file_of(self._acting.clinic.store)
            found = verify(_absolute(file))
            if found.file == live:
                raise BadInput(f"{file} is the store itself")
            if there := len(list(work.db.scalars(select(SessionRow.id).where(SessionRow.state.in_(RUNNING))))):
                raise NotNow(f"{there} open session{'s' * (there > 1)}: all have to end before a copy is put back")
        store = self._acting.clinic.store
        store.close()  # its connections; the next call opens new ones
        try:
            with closing(_read_only(found.file)) as copy, closing(sqlite3.connect(live)) as target:
                copy.backup(target)
        except sqlite3.Error as error:
            raise BadInput(f"{live}: the copy cannot be put back: {error}") from error
        store.bring_up_to_date()
        with store.begin() as db:
            db.add(audit_row(self._acting, "backup.restore", "", f"restored from {file}", refused=False))
        return found


def verify(file: Path) -> Copy:
    """Raises BadInput for what is no whole clinic store of this version. The file is only read."""
    if not file.is_file():
        raise BadInput(f"{file}: does not exist")
    try:
        with closing(_read_only(file)) as db:
            whole = db.execute("PRAGMA integrity_check").fetchone()[0]
            version = db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
            counts = [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("patients", "sessions")]
    except sqlite3.Error as error:
        raise BadInput(f"{file}: is no clinic store: {error}") from error
    if whole != "ok":
        raise BadInput(f"{file}: is damaged: {str(whole).splitlines()[0]}")
    if version is None or version[0] not in (VERSION, *NEW_TABLES):
        raise BadInput(f"{file}: of version {version[0] if version else 'none'}; this program reads {VERSION}")
    return Copy(file, file.stat().st_size, *counts)


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)


def _absolute(file: Path) -> Path:
    return file.expanduser().resolve()


def _file_of(store: Store) -> Path:
    name = store.url.database
    if store.url.get_backend_name() != "sqlite" or name in (None, "", ":memory:"):
        raise BadInput(f"{store} is no file: a database server has backups of its own")
    return _absolute(Path(str(name)))
