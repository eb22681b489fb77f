"""Many rows at once, at the driver's own speed."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import UpdateBase


def execute_many(connection: Connection, statement: UpdateBase, rows: Sequence[dict[str, Any]]) -> None:
    """Run `statement` for each row of text, numbers, booleans and bytes, which every driver takes as they are.

    SQLAlchemy's own processing of each row costs more than what the database does with it.
    """
    if rows:
        connection.exec_driver_sql(_text(statement, connection.dialect.name), rows)


@cache
def _text(statement: UpdateBase, dialect: str) -> str:
    # Both drivers take dictionaries, though sqlite3 by another style than the one that SQLAlchemy prefers for it.
    plain = sqlite.dialect(paramstyle="named") if dialect == "sqlite" else postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]
    return str(statement.compile(dialect=plain))
