"""Laws 1, 2, 3, 5 and 6 from a push to graph, index and docs, on the real code of the services.

A world of them costs three or four of `test_laws`, so there is one for every twenty of those.
"""

import os
from collections.abc import Callable

import pytest
from inhabitants.catalog import CatalogGraph
from inhabitants.docs import Docs
from inhabitants.ingestor import Ingestor
from inhabitants.search import Search
from sipario_ingestor.app import MIGRATIONS
from sipario_ledger import Ledger
from sipario_testkit.simulation.faults import Faults
from sipario_testkit.simulation.loop import simulate
from sipario_testkit.simulation.stores import OF_SERVICES, Bug
from sipario_testkit.simulation.world import Outcome, World, clock

SEEDS = max(int(os.environ.get("SIPARIO_SEEDS", "1000")) // 20, 1)
ENOUGH = 200
ROUNDS = 8


async def live(url: str, seed: int, bug: Bug) -> Outcome:
    async with Ledger.open(url, name="ingestor", migrations=MIGRATIONS, inline=True, clock=clock) as ledger:
        world = World(ledger, Faults(seed), bug)
        ingestor = Ingestor(world)
        CatalogGraph(world)
        Search(world, Docs(world, ingestor.forge).expected)
        return await world.run(ingestor.change, rounds=ROUNDS)


def outcome(empty: Callable[[], str], seed: int, bug: Bug = Bug.NONE) -> Outcome:
    return simulate(live(empty(), seed, bug))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whoever_dies_when_everything_becomes_what_the_repositories_declare(
    empty: Callable[[], str],
) -> None:
    outcomes = {seed: outcome(empty, seed) for seed in range(SEEDS)}
    bad = {seed: each.complaints for seed, each in outcomes.items() if each.complaints}
    assert not bad, dict(list(bad.items())[:3])
    assert sum(each.crashes for each in outcomes.values()) > SEEDS


def test_the_same_seed_is_the_same_world(empty: Callable[[], str]) -> None:
    assert outcome(empty, 7) == outcome(empty, 7)


@pytest.mark.slow
@pytest.mark.parametrize("bug", [bug for bug in Bug if bug in OF_SERVICES])
def test_a_planted_bug_is_found(empty: Callable[[], str], bug: Bug) -> None:
    assert any(outcome(empty, seed, bug).complaints for seed in range(ENOUGH)), (
        f"{bug} was not found in {ENOUGH} worlds"
    )
