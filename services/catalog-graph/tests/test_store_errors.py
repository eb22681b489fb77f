"""A graph that is away is waited for; one that was asked too much is asked for less, and then for nothing."""

from collections.abc import Mapping, Sequence

import pytest
from neo4j.exceptions import Neo4jError, ServiceUnavailable
from sipario_catalog_graph.store_errors import GraphTooSlow, told
from sipario_kit.errors import EngineUnavailable
from sipario_kit.projection import Checkpoint
from sipario_kit.projector import Patience, Projector
from sipario_kit.record import Record

MOST = 3


def refused(code: str) -> Neo4jError:
    return Neo4jError._hydrate_neo4j(code=code, message="no")


class Slow:
    """A projection of whose transactions a graph takes only small ones, and one fact never."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def positions(self, generation: str) -> Mapping[str, int]:
        del generation
        return {}

    async def apply(self, facts: Sequence[bytes], checkpoint: Checkpoint) -> None:
        del checkpoint
        with told():
            if len(facts) > MOST or b"heavy" in facts:
                raise refused("Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration")
        self.taken += facts


async def test_what_never_fits_its_time_is_halved_and_the_one_that_does_not_fit_alone_is_parked() -> None:
    slow, parked = Slow(), []
    projector = Projector("graph", slow, decode=bytes, patience=Patience(attempts=2, first=0.0))

    async def park(record: Record, error: Exception, attempts: int) -> None:
        parked.append((record.value, type(error), attempts))

    await projector.enter("life")
    told_ = [b"heavy" if number == 7 else b"%d" % number for number in range(12)]
    await projector.handle([Record("t", 0, n, value, b"", {}) for n, value in enumerate(told_)], park)
    assert slow.taken == [value for value in told_ if value != b"heavy"]
    assert parked == [(b"heavy", GraphTooSlow, 2)]


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (refused("Neo.ClientError.Transaction.TransactionTimedOut"), GraphTooSlow),
        (refused("Neo.ClientError.Transaction.TransactionMarkedAsFailed"), EngineUnavailable),
        (refused("Neo.ClientError.Security.Unauthorized"), EngineUnavailable),
        (refused("Neo.TransientError.Transaction.DeadlockDetected"), EngineUnavailable),
        (refused("Neo.ClientError.Statement.SyntaxError"), Neo4jError),
        (ServiceUnavailable("gone"), EngineUnavailable),
        (ConnectionResetError(), EngineUnavailable),
    ],
)
def test_each_error_has_one_meaning(error: Exception, meaning: type[Exception]) -> None:
    with pytest.raises(meaning), told():
        raise error
