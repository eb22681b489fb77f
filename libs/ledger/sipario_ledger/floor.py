"""Below which no version is given."""

from sqlalchemy import Connection, func, select

from sipario_ledger.tables import floors


def raise_floor(connection: Connection, version: int) -> None:
    """Make every version given from now on greater than `version`; a floor never sinks."""
    if version > (connection.execute(select(func.max(floors.c.version))).scalar() or 0):
        connection.execute(floors.delete())
        connection.execute(floors.insert(), {"version": version})
