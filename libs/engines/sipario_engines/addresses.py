"""Where engines answer and how they are, as the rest of Sipario sees it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Addresses:
    """What a service needs to reach its engines; the reader login is for queries that people write."""

    kafka: str
    neo4j_url: str
    neo4j_user: str
    neo4j_password: str = field(repr=False)
    neo4j_database: str
    opensearch_url: str
    neo4j_reader_user: str = ""
    neo4j_reader_password: str = field(default="", repr=False)


@dataclass(frozen=True)
class EngineState:
    """One line of `sipario status`; `pid` is None for a server that somebody else runs."""

    name: str
    pid: int | None
    alive: bool
    restarts: int
    address: str
