"""The database: where it is, how it is opened, and the triggers that keep what must stay."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session as Db
from sqlalchemy.pool import StaticPool

from rehab.clinic.models import NEVER_DELETED, Base, Meta
from rehab.core.errors import BadInput, NotNow

VERSION = "2"
NEW_TABLES = {"1": ("practice",)}  # what a store of an older version lacks; nothing else has changed since
BUSY = 5000  # ms that a call waits for another process's transaction; ours take a few


def default_path() -> Path:
    """The user's data folder: ~/.local/share/rehab/clinic.db, or its like elsewhere."""
    from platformdirs import user_data_path

    return user_data_path("rehab", appauthor=False) / "clinic.db"


def url_of(where: str | Path | None) -> URL:
    """A path or a URL; None is $REHAB_CLINIC, else the default. Raises BadInput for what is neither."""
    chosen = where if where is not None else os.environ.get("REHAB_CLINIC") or default_path()
    if isinstance(chosen, str) and "://" in chosen:
        try:
            return make_url(chosen)
        except ArgumentError as error:
            raise BadInput(f"{chosen.partition('://')[0]}://...: this is no database URL: {error}") from None
    return URL.create("sqlite", database=str(Path(chosen).expanduser()))


class Store:
    """An open database. `begin` gives one short transaction."""

    def __init__(self, where: str | Path | None = None) -> None:
        self.url = url_of(where)
        self._engine = self._open()
        try:
            self._prepare()
        except SQLAlchemyError as error:
            self.close()
            raise BadInput(f"{self}: cannot be opened as a clinic store: {_words(error)}") from error

    def __str__(self) -> str:
        if self.url.get_backend_name() == "sqlite":
            return self.url.database or "memory"
        return self.url.render_as_string(hide_password=True)

    def _open(self) -> Engine:
        options: dict[str, Any] = {}
        sqlite = self.url.get_backend_name() == "sqlite"
        memory = sqlite and self.url.database in (None, "", ":memory:")
        if memory:
            options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        elif sqlite:
            self._make_file(Path(str(self.url.database)))
        try:
            engine = create_engine(self.url, **options)
        except (NoSuchModuleError, ImportError, ArgumentError) as error:
            raise BadInput(f"{self}: no driver for this database is installed: {error}") from error
        if sqlite:
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin_immediate)
        return engine

    def _make_file(self, path: Path) -> None:
        """The file belongs to this account alone, from before the first row."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        except OSError as error:
            raise BadInput(f"{path}: the clinic store cannot be made there: {error.strerror}") from error

    def _prepare(self) -> None:
        if not inspect(self._engine).has_table("meta"):
            with self._engine.begin() as connection:
                Base.metadata.create_all(connection)
                for statement in _triggers(self.url.get_backend_name()):
                    connection.exec_driver_sql(statement)
            with self.begin() as db:
                db.add(Meta(key="version", value=VERSION))
        self.bring_up_to_date()
        with self.begin() as db:
            found = db.get(Meta, "version")
        if found is None or found.value != VERSION:
            version = found.value if found else "none"
            self.close()
            raise BadInput(f"{self}: a clinic store of version {version}; this program reads {VERSION}")

    def bring_up_to_date(self) -> None:
        """A store of an older version gets the tables that have come since; in one transaction, or not at all."""
        with self.begin() as db:
            found = db.get(Meta, "version")
            lacks = NEW_TABLES.get(found.value, ()) if found is not None else ()
            if found is None or not lacks:
                return
            Base.metadata.create_all(db.connection(), [Base.metadata.tables[name] for name in lacks])
            found.value = VERSION

    @contextmanager
    def begin(self) -> Iterator[Db]:
        """A transaction: committed at the end of the block, or nothing of it happened. Raises NotNow when another
        process kept the store busy for too long."""
        try:
            with Db(self._engine, expire_on_commit=False) as db, db.begin():
                yield db
        except DBAPIError as error:
            if "locked" in str(error.orig):
                raise NotNow(f"{self} is kept busy by another program; try again") from error
            raise

    def hasty(self, on: bool) -> None:
        """While a demo is filled, which is worth nothing before it is full: does not wait for the disk (SQLite)."""
        if self.url.get_backend_name() != "sqlite":
            return
        with self._engine.connect() as connection:  # the pool gives the same one to a single thread
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("ROLLBACK") if raw.in_transaction else None
            raw.execute(f"PRAGMA synchronous={'OFF' if on else 'FULL'}")

    def close(self) -> None:
        self._engine.dispose()


def _words(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _set_up_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY}", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    # every call writes at least its audit row: to upgrade a reader's transaction would fail under a second process
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _triggers(backend: str) -> list[str]:
    """SQL that refuses to change or delete the audit, and to delete what is clinical."""
    refused = [("audit", "UPDATE"), ("audit", "DELETE"), *((table, "DELETE") for table in NEVER_DELETED)]
    if backend == "sqlite":
        return [
            f"CREATE TRIGGER keep_{table}_{what.lower()} BEFORE {what} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: nothing here is {_done(what)}'); END"
            for table, what in refused
        ]
    if backend == "postgresql":
        function = (
            "CREATE FUNCTION rehab_keep() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '%: nothing here is changed or deleted', TG_TABLE_NAME; END $$"
        )
        return [function] + [
            f"CREATE TRIGGER keep_{table}_{what.lower()} BEFORE {what} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION rehab_keep()"
            for table, what in [*refused, *((table, "TRUNCATE") for table in ("audit", *NEVER_DELETED))]
        ]
    raise BadInput(f"{backend}: a clinic store is kept in SQLite or PostgreSQL, which can refuse changes to its audit")


def _done(what: str) -> str:
    return {"UPDATE": "changed", "DELETE": "deleted"}[what]
