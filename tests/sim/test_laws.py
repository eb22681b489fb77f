"""Laws 1 to 3, under every interleaving that 1,000 seeds can think of, on the real service code.

`SIPARIO_SEEDS` says how many worlds; a failing seed is named, and gives the same world again.
"""

import logging
import os
from collections.abc import Sequence

import pytest
import structlog
from sipario_catalog_graph.catalog import Catalog
from sipario_catalog_graph.readmodel import ReadModel
from sipario_events import ENTITIES, EntityChanged
from sipario_testkit.simulation.loop import simulate
from sipario_testkit.simulation.reader import Reader
from sipario_testkit.simulation.stores import Bug
from sipario_testkit.simulation.world import Outcome, World

SEEDS = int(os.environ.get("SIPARIO_SEEDS", "1000"))
ENOUGH = 200


@pytest.fixture(autouse=True)
def silence() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def with_read_model(world: World) -> None:
    """The catalog's read model lives in the memory of its process: each crash costs it everything."""
    models: list[ReadModel] = []

    def fresh() -> ReadModel:
        models.append(ReadModel(Catalog()))
        return models[-1]

    def check(live: dict[str, int]) -> Sequence[str]:
        catalog = models[-1].catalog
        wrong = [ref for ref, version in live.items() if catalog.version(ref) != version]
        if wrong or len(catalog) != len(live):
            return [f"the read model is not the fold of the ledger: {wrong or 'it has more'}"]
        return []

    decode = EntityChanged.model_validate_json
    world.attach(Reader(world.broker, ENTITIES, name="read-model", projection=fresh, decode=decode), check)


def outcome(seed: int, bug: Bug = Bug.NONE) -> Outcome:
    world = World(seed, bug)
    with_read_model(world)
    return simulate(world.run())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whoever_dies_when_all_projections_become_the_fold_of_the_ledger() -> None:
    outcomes = {seed: outcome(seed) for seed in range(SEEDS)}
    bad = {seed: each.complaints for seed, each in outcomes.items() if each.complaints}
    assert not bad, dict(list(bad.items())[:3])
    entries, crashes, lives = (
        sum(getattr(each, name) for each in outcomes.values()) for name in ("entries", "crashes", "lives")
    )
    print(f"{SEEDS} worlds: {entries} entries, {crashes} crashes, {lives} lives of the broker")
    assert crashes > SEEDS


def test_the_same_seed_is_the_same_world() -> None:
    assert outcome(7) == outcome(7)


@pytest.mark.slow
@pytest.mark.parametrize("bug", [bug for bug in Bug if bug is not Bug.NONE])
def test_a_planted_bug_is_found(bug: Bug) -> None:
    assert any(outcome(seed, bug).complaints for seed in range(ENOUGH)), (
        f"{bug} was not found in {ENOUGH} worlds"
    )
