"""Random calls of record against an oracle of twenty lines."""

import asyncio
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from sipario_events import ENTITIES, EntityChanged
from sipario_ledger import Ledger
from sipario_ledger.tables import metadata
from sqlalchemy import Connection

ORIGINS = st.sampled_from(["", "one", "two", "three"])
CHANGES = st.tuples(st.sampled_from(["a", "b", "c", "d"]), st.sampled_from(["x", "y", None]))
CALLS = st.lists(st.tuples(ORIGINS, st.lists(CHANGES, max_size=5)), max_size=25)


Call = tuple[str, list[tuple[str, str | None]]]


@dataclass
class Oracle:
    """What the laws say, kept in dictionaries."""

    history: dict[str, list[str | None]] = field(default_factory=dict)
    holder: dict[str, str] = field(default_factory=dict)
    claims: dict[str, set[str]] = field(default_factory=dict)

    def change(self, ref: str, title: str | None, origin: str) -> None:
        versions = self.history.setdefault(ref, [])
        live = bool(versions) and versions[-1] is not None
        claims = self.claims.setdefault(ref, set())
        if origin and live and self.holder[ref] not in ("", origin):
            (claims.discard if title is None else claims.add)(origin)
            return
        claims.discard(origin)
        if title is None and not live:
            return
        if title is not None:
            self.holder[ref] = origin or (self.holder[ref] if live else "")
        if not live or versions[-1] != title:
            versions.append(title)


def event(ref: str, title: str | None) -> EntityChanged:
    if title is None:
        return EntityChanged(ref=ref, gone=True)
    return EntityChanged(ref=ref, entity={"title": title})


async def found(ledger: Ledger, ref: str) -> list[str | None]:
    entries = reversed(await ledger.history(ENTITIES, ref))
    events = [EntityChanged.model_validate_json(entry.body) for entry in entries]
    assert [said.version for said in events] == list(range(1, len(events) + 1))
    return [None if said.gone else said.entity["title"] for said in events]


async def check(ledger: Ledger, calls: list[Call]) -> None:
    oracle = Oracle()
    await ledger.write(empty)
    for origin, changes in calls:
        await ledger.record([event(*change) for change in changes], origin)
        for ref, title in changes:
            oracle.change(ref, title, origin)
    for ref, versions in oracle.history.items():
        assert await found(ledger, ref) == versions
        assert set(await ledger.waiting(ref)) == oracle.claims[ref]
    await check_views(ledger, oracle)


def empty(connection: Connection) -> None:
    for table in metadata.sorted_tables:
        connection.execute(table.delete())


async def check_views(ledger: Ledger, oracle: Oracle) -> None:
    log = await ledger.since(0)
    assert [entry.seq for entry in log] == list(range(1, len(log) + 1))
    fold = {entry.identity: entry for entry in log}
    assert {entry.identity: entry.seq for entry in await ledger.heads()} == {
        r: e.seq for r, e in fold.items()
    }
    live = {ref for ref, versions in oracle.history.items() if versions and versions[-1] is not None}
    for origin in ("one", "two", "three"):
        held = {entry.identity for entry in await ledger.of_origin(origin)}
        assert held == {ref for ref in live if oracle.holder[ref] == origin}
    free = {ref for ref, claims in oracle.claims.items() if claims and ref not in live}
    assert {turn.key for turn in await ledger.freed()} == free


def test_the_ledger_is_the_fold_of_what_was_recorded() -> None:
    with asyncio.Runner() as runner:
        opening = Ledger.open("sqlite://", inline=True)
        ledger = runner.run(opening.__aenter__())

        @settings(max_examples=150, deadline=None)
        @given(CALLS)
        def compare(calls: list[Call]) -> None:
            runner.run(check(ledger, calls))

        compare()
        runner.run(opening.__aexit__(None, None, None))
