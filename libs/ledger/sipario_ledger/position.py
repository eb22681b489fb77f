"""How far a relay has come in one generation of the broker."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from sipario_ledger.tables import positions


@dataclass(frozen=True, slots=True)
class Position:
    """`seq` is the last entry that was published in `generation`; before `heads_published`, the last head."""

    generation: str
    seq: int
    heads_published: bool


def load(connection: Connection, relay: str, generation: str) -> Position:
    """Return the relay's position in this generation: the beginning, unless one was stored for it."""
    query = select(positions.c.generation, positions.c.seq, positions.c.heads_published)
    row = connection.execute(query.where(positions.c.relay == relay)).first()
    if row is None or row.generation != generation:
        return Position(generation, 0, heads_published=False)
    return Position(row.generation, row.seq, row.heads_published)


def save(connection: Connection, relay: str, position: Position) -> None:
    """Keep the relay's position; what was kept for another generation is forgotten."""
    connection.execute(positions.delete().where(positions.c.relay == relay))
    connection.execute(
        positions.insert(),
        {
            "relay": relay,
            "generation": position.generation,
            "seq": position.seq,
            "heads_published": position.heads_published,
        },
    )
