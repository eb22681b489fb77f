"""Which webhook deliveries have been seen."""

from datetime import timedelta

from sqlalchemy import Connection, select

from sipario_ledger.tables import deliveries


def remember(connection: Connection, delivery: str, at: int, kept: timedelta) -> bool:
    """Tell whether `delivery` was seen within the time `kept`; remember it, and forget older ones."""
    connection.execute(deliveries.delete().where(deliveries.c.at < at - kept // timedelta(microseconds=1)))
    if connection.execute(select(deliveries.c.id).where(deliveries.c.id == delivery)).first():
        return True
    connection.execute(deliveries.insert(), {"id": delivery, "at": at})
    return False
