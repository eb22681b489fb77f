"""Who waits for what another origin holds."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, bindparam, select

from sipario_ledger.entry import Freed
from sipario_ledger.tables import claims

Place = tuple[str, str]  # topic, identity

_CLAIMS = select(claims.c.topic, claims.c.identity, claims.c.origin, claims.c.at).where(
    claims.c.identity.in_(bindparam("names", expanding=True))
)
_DROP = claims.delete().where(
    claims.c.topic == bindparam("of_topic"),
    claims.c.identity == bindparam("of_identity"),
    claims.c.origin == bindparam("of_origin"),
)
_CHUNK = 500


class Claims:
    """The refused claims on some places, as they are in one transaction."""

    def __init__(self, connection: Connection, places: Sequence[Place], at: int) -> None:
        self._connection = connection
        self._at = at
        self._stored: dict[tuple[Place, str], int] = dict(_stored(connection, places))
        self._now = dict(self._stored)

    def remember(self, place: Place, origin: str) -> None:
        """Keep a claim; the moment of the first one decides whose turn it is."""
        self._now.setdefault((place, origin), self._at)

    def drop(self, place: Place, origin: str) -> None:
        """Forget a claim that was granted or given up."""
        self._now.pop((place, origin), None)

    def freed(self, emptied: Iterable[Place]) -> Iterator[Freed]:
        """Tell whose turn it is for each place that nobody holds any more."""
        for place in emptied:
            turns = sorted((at, origin) for (claimed, origin), at in self._now.items() if claimed == place)
            if turns:
                yield Freed(*place, claimant=turns[0][1])

    def write(self) -> None:
        """Store what changed."""
        new = sorted(self._now.keys() - self._stored.keys())
        old = sorted(self._stored.keys() - self._now.keys())
        if new:
            rows = [{"topic": p[0], "identity": p[1], "origin": origin, "at": self._at} for p, origin in new]
            self._connection.execute(claims.insert(), rows)
        if old:
            rows = [{"of_topic": p[0], "of_identity": p[1], "of_origin": origin} for p, origin in old]
            self._connection.execute(_DROP, rows)


def _stored(connection: Connection, places: Sequence[Place]) -> Iterator[tuple[tuple[Place, str], int]]:
    names = sorted({identity for _, identity in places})
    for start in range(0, len(names), _CHUNK):
        for topic, identity, origin, at in connection.execute(
            _CLAIMS, {"names": names[start : start + _CHUNK]}
        ):
            yield ((topic, identity), origin), at
