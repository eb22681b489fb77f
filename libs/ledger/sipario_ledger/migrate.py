"""Bring a database to the tables that this version of the code expects."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from sipario_ledger.errors import LedgerError, LedgerTooNew

_ENVIRONMENT = Path(__file__).parent / "migrations"
_REVISION = re.compile(r"v(\d{4})_\w+\.py")
_alembic = (
    threading.Lock()
)  # Alembic keeps the running migration in module globals: one at a time in a process


@dataclass(frozen=True)
class Migrations:
    """A folder of Alembic revisions `v0001_what.py`, `revision = "0001"`, and their version table."""

    folder: Path
    table: str

    @property
    def newest(self) -> str:
        """The revision that the code expects."""
        found = [match[1] for path in self.folder.iterdir() if (match := _REVISION.fullmatch(path.name))]
        if not found:
            raise LedgerError(f"There is no migration like v0001_what.py in {self.folder}.")
        return max(found)


def migrations_of(name: str, folder: Path | None) -> Sequence[Migrations]:
    """Return the ledger's own migrations and those of the service `name`, which has its own version table."""
    own = Migrations(_ENVIRONMENT / "versions", "ledger_version")
    if folder is None:
        return [own]
    return [own, Migrations(folder, re.sub(r"[^a-z0-9_]", "_", name.lower()) + "_schema_version")]


def migrate(connection: Connection, migrations: Sequence[Migrations]) -> None:
    """Run the migrations that are missing, in the caller's transaction. Cheap when there are none.

    Raises LedgerTooNew when a newer version of the code was here before.
    """
    for one in migrations:
        found = _version(connection, one.table)
        if found > one.newest:
            message = f"The ledger is at revision {found} of {one.table}, this version of Sipario knows only"
            raise LedgerTooNew(
                f"{message} {one.newest}: start the newer version, or restore an older backup."
            )
        if found < one.newest:
            _upgrade(connection, one)


def _version(connection: Connection, table: str) -> str:
    if not inspect(connection).has_table(table):
        return ""
    return connection.execute(text(f"SELECT version_num FROM {table}")).scalar() or ""  # noqa: S608 - our own name


def _upgrade(connection: Connection, migrations: Migrations) -> None:
    # Imported here because it takes longer than all else at a start, and most starts have nothing to migrate.
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(_ENVIRONMENT).replace("%", "%%"))
    config.set_main_option("version_locations", str(migrations.folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = migrations.table
    with _alembic:
        command.upgrade(config, "head")
