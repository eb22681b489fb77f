"""How the ledger speaks with SQLite and with PostgreSQL: connections, transactions and who may write when."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import StaticPool

from sipario_ledger.backup import backup_sqlite
from sipario_ledger.errors import LedgerError, translating

READERS = 4
BUSY_SECONDS = 5
_IN_MEMORY = (None, "", ":memory:")


class Database(Protocol):
    """One writer at a time, readers beside it. Errors are the ledger's own."""

    def writing(self, *, durable: bool = True) -> AbstractContextManager[Connection]:
        """Open a transaction that excludes all other writers, in this process and others, until it ends.

        When it is not `durable`, a power failure may undo it, though never a part of it or what came before.
        """
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a transaction that sees one state and writes nothing."""
        ...

    def backup(self, path: Path) -> None:
        """Copy all to a new file while others write."""
        ...

    def dispose(self) -> None:
        """Close all connections."""
        ...


def database(url: str, *, name: str, inline: bool) -> Database:
    """Choose by URL. `inline` means one connection without durability, for simulations and tests."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return PostgresDatabase(parsed.set(drivername="postgresql+psycopg"), schema=name)
    if parsed.get_backend_name() != "sqlite":
        message = f"A ledger lives on sqlite or postgresql, not on {parsed.get_backend_name()!r}."
        raise LedgerError(message)
    if inline:
        return InlineSqliteDatabase(parsed)
    if parsed.database in _IN_MEMORY:
        message = "A ledger in memory forgets: give it a file (sqlite:///path), or open it with inline=True."
        raise LedgerError(message)
    return SqliteDatabase(parsed)


class SqliteDatabase:
    """A file in WAL mode: a commit has reached the disk when it returns, readers never wait for writers."""

    def __init__(self, url: URL) -> None:
        wait = {"timeout": BUSY_SECONDS}
        self._writer = create_engine(url, connect_args=wait, pool_size=1, max_overflow=0)
        self._reader = create_engine(url, connect_args=wait, pool_size=READERS, max_overflow=0)
        _prepare(self._writer, "journal_mode=WAL", "journal_size_limit=16777216", "foreign_keys=ON")
        _prepare(self._reader, "query_only=ON")
        _begin_with(self._writer, "BEGIN IMMEDIATE")
        _begin_with(self._reader, "BEGIN")

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """Take SQLite's write lock at once, so that what was read cannot change before it is written."""
        with translating(), self._writer.connect() as connection:
            _execute_raw(connection, f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read the newest committed state."""
        with translating(), self._reader.connect() as connection, connection.begin():
            yield connection

    def backup(self, path: Path) -> None:
        """Write one state of all to `path`, compacted."""
        with translating(), self._reader.connect() as connection:
            _execute_raw(connection, "PRAGMA query_only=OFF")
            try:
                backup_sqlite(connection, path)
            finally:
                _execute_raw(connection, "PRAGMA query_only=ON")

    def dispose(self) -> None:
        """Fold the WAL into the file, so that a copy of the one file is whole, and close all connections."""
        self._reader.dispose()
        with suppress(LedgerError), translating(), self._writer.connect() as connection:
            _execute_raw(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
        self._writer.dispose()


class InlineSqliteDatabase:
    """One connection for reading and writing, without any wait for a disk."""

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
        _prepare(self._engine, "journal_mode=MEMORY", "synchronous=OFF", "foreign_keys=ON")
        _begin_with(self._engine, "BEGIN")

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """Begin; nothing here outlives the machine anyway."""
        del durable
        with translating(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read on the only connection."""
        with self.writing() as connection:
            yield connection

    def backup(self, path: Path) -> None:
        """Write one state of all to `path`, compacted."""
        with translating(), self._engine.connect() as connection:
            backup_sqlite(connection, path)

    def dispose(self) -> None:
        """Close the connection; a database in memory is gone with it."""
        self._engine.dispose()


class PostgresDatabase:
    """A schema of its own for every ledger, so that services can share one database.

    Writers take one advisory lock for their whole transaction: entries become visible in the order of `seq`,
    and whoever reads after a position never misses one that commits late.
    """

    def __init__(self, url: URL, *, schema: str) -> None:
        self._schema = re.sub(r"[^a-z0-9_]", "_", schema.lower())
        self._writer = self._engine(url, "", size=1)
        self._reader = self._engine(url, "-c default_transaction_read_only=on", size=READERS)

    def _engine(self, url: URL, options: str, *, size: int) -> Engine:
        given = str(url.query.get("options", ""))
        arguments = {
            "options": f"{given} -c search_path={self._schema} {options}".strip(),
            "connect_timeout": 10,
        }
        plain = url.difference_update_query(["options"])
        return create_engine(
            plain,
            connect_args=arguments,
            pool_size=size,
            max_overflow=0,
            pool_pre_ping=True,
            pool_use_lifo=True,
        )

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """Wait for the turn to write."""
        with translating(), self._writer.begin() as connection:
            if not durable:
                connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
            connection.execute(
                text("SELECT pg_advisory_xact_lock(7370, hashtext(:schema))"), {"schema": self._schema}
            )
            self._make_schema(connection)
            yield connection

    def _make_schema(self, connection: Connection) -> None:
        if connection.info.get("schema"):
            return
        if not connection.execute(text("SELECT to_regnamespace(:schema)"), {"schema": self._schema}).scalar():
            connection.exec_driver_sql(f"CREATE SCHEMA {self._schema}")
        else:  # not asked again on this connection
            connection.info["schema"] = True

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read the newest committed state."""
        with translating(), self._reader.begin() as connection:
            yield connection

    def backup(self, path: Path) -> None:
        """Refuse: PostgreSQL has better tools for it."""
        message = f"Nothing was written to {path}: back a PostgreSQL ledger up with pg_dump."
        raise LedgerError(message)

    def dispose(self) -> None:
        """Close all connections."""
        self._reader.dispose()
        self._writer.dispose()


def _prepare(engine: Engine, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")


def _begin_with(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


def _execute_raw(connection: Connection, statement: str) -> None:
    # Some pragmas are ignored within a transaction, and everything on the Connection itself begins one.
    driver: Any = connection.connection.dbapi_connection
    driver.execute(statement)
