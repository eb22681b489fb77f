"""What the errors of a graph database mean to a projection: wait for it, or try again with less."""

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import DriverError, Neo4jError, ServiceUnavailable, SessionExpired, TransientError
from sipario_kit.errors import EngineUnavailable

# A refused password, a missing or read-only database, a full disk: of the server, not of the facts.
AWAY = (
    "ClientError.Database",
    "ClientError.Security",
    "ClientError.Transaction",
    "DatabaseError.Database",
    "DatabaseError.Transaction",
)
TIMED_OUT = "Neo.ClientError.Transaction.TransactionTimedOut"


class GraphTooSlow(Exception):
    """A transaction did not come to its end in time: less of it may. Whoever waits instead waits for ever."""


@contextmanager
def told() -> Iterator[None]:
    """Raise EngineUnavailable for a database that is away, and GraphTooSlow for one that was asked too much."""
    try:
        yield
    except Neo4jError as error:
        code = error.code or ""
        if code.startswith(TIMED_OUT):
            raise GraphTooSlow(f"The graph took too long: {error}") from error
        if isinstance(error, TransientError):
            raise EngineUnavailable(f"The graph does not answer: {error}") from error
        if ".".join(code.split(".")[1:3]) in AWAY:
            raise EngineUnavailable(f"The graph cannot be written: {error}") from error
        raise
    except (ServiceUnavailable, SessionExpired, DriverError, OSError) as error:
        raise EngineUnavailable(f"The graph does not answer: {error}") from error
