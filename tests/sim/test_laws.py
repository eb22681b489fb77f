"""Laws 1 to 3, under every interleaving that 1,000 seeds can think of, on the real ledger, relay, feed and projector.

`SIPARIO_SEEDS` says how many worlds; a failing seed is named, and gives the same world again.
"""

import os
from collections.abc import Callable

import pytest
from inhabitants.readmodel import Memory
from sipario_ledger import Ledger
from sipario_testkit.simulation.copies import Copy, Scribe
from sipario_testkit.simulation.faults import Faults
from sipario_testkit.simulation.loop import simulate
from sipario_testkit.simulation.stores import OF_SERVICES, Bug
from sipario_testkit.simulation.world import Outcome, World, clock

SEEDS = int(os.environ.get("SIPARIO_SEEDS", "1000"))
ENOUGH = 200
ROUNDS = 12


async def live(url: str, seed: int, bug: Bug) -> Outcome:
    async with Ledger.open(url, inline=True, clock=clock) as ledger:
        world = World(ledger, Faults(seed), bug)
        Copy(world, "one", forgetful=True)
        Copy(world, "other")
        Memory(world)
        return await world.run(Scribe(world).change, rounds=ROUNDS)


def outcome(empty: Callable[[], str], seed: int, bug: Bug = Bug.NONE) -> Outcome:
    return simulate(live(empty(), seed, bug))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whoever_dies_when_all_projections_become_the_fold_of_the_ledger(empty: Callable[[], str]) -> None:
    outcomes = {seed: outcome(empty, seed) for seed in range(SEEDS)}
    bad = {seed: each.complaints for seed, each in outcomes.items() if each.complaints}
    assert not bad, dict(list(bad.items())[:3])
    entries, crashes, lives = (
        sum(getattr(each, name) for each in outcomes.values()) for name in ("entries", "crashes", "lives")
    )
    print(f"{SEEDS} worlds: {entries} entries, {crashes} crashes, {lives} lives of the broker")
    assert crashes > SEEDS


def test_the_same_seed_is_the_same_world(empty: Callable[[], str]) -> None:
    assert outcome(empty, 7) == outcome(empty, 7)


@pytest.mark.slow
@pytest.mark.parametrize("bug", [bug for bug in Bug if bug not in OF_SERVICES | {Bug.NONE}])
def test_a_planted_bug_is_found(empty: Callable[[], str], bug: Bug) -> None:
    assert any(outcome(empty, seed, bug).complaints for seed in range(ENOUGH)), (
        f"{bug} was not found in {ENOUGH} worlds"
    )
