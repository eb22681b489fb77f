"""A copy of a SQLite ledger, made while others write."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError


def backup_sqlite(connection: Connection, path: Path) -> None:
    """Write one state of the whole database to `path`; the file appears once it is complete and flushed."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    driver: Any = connection.connection.dbapi_connection
    statement = "VACUUM INTO ?"
    try:
        driver.execute(statement, (str(partial),))
    except sqlite3.OperationalError as error:
        partial.unlink(missing_ok=True)
        raise OperationalError(statement, (), error) from error
    _sync(partial)
    partial.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
