import asyncio
from pathlib import Path

import pytest
from sipario_events import EntityChanged
from sipario_ledger import Ledger, LedgerUnavailable
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError


@pytest.fixture
async def notes(ledger: Ledger) -> Ledger:
    """A ledger with a table of its own beside."""
    await ledger.write(lambda c: c.execute(text("CREATE TABLE note (name VARCHAR PRIMARY KEY)")).close())
    return ledger


def said(number: int) -> EntityChanged:
    return EntityChanged(ref=f"component:default/c{number}", entity={"title": "one"})


def insert(connection: Connection, name: str) -> str:
    connection.execute(text("INSERT INTO note VALUES (:name)"), {"name": name})
    return name


def names(connection: Connection) -> list[str]:
    return list(connection.execute(text("SELECT name FROM note ORDER BY name")).scalars())


async def test_work_that_fails_is_undone_and_leaves_the_others_in_its_group_alone(notes: Ledger) -> None:
    def insert_then_fail(connection: Connection) -> None:
        insert(connection, "never")
        insert(connection, "first")

    async def ask(number: int) -> str:
        return await notes.write(lambda connection: insert(connection, f"n{number}"))

    await notes.write(lambda connection: insert(connection, "first"))
    jobs = [ask(1), ask(2), notes.write(insert_then_fail), ask(3), notes.record([said(1)])]
    answers = await asyncio.gather(*jobs, return_exceptions=True)
    assert answers[:2] + answers[3:4] == ["n1", "n2", "n3"]
    assert isinstance(answers[2], IntegrityError)
    assert await notes.read(names) == ["first", "n1", "n2", "n3"]
    assert await notes.top() == 1


async def test_rows_beside_and_entries_are_kept_together_or_not_at_all(notes: Ledger) -> None:
    await notes.record([said(1)], alongside=lambda connection: insert(connection, "one"))
    with pytest.raises(IntegrityError):
        await notes.record([said(2)], alongside=lambda connection: insert(connection, "one"))
    assert (await notes.top(), await notes.read(names)) == (1, ["one"])


async def test_a_crowd_shares_commits(tmp_path: Path) -> None:
    commits: list[Connection] = []
    async with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        await ledger.write(lambda connection: event.listen(connection.engine, "commit", commits.append))
        await asyncio.gather(*(ledger.record([said(number)]) for number in range(200)))
        assert await ledger.top() == 200
    assert len(commits) < 20


async def test_a_cancelled_call_still_counts_and_still_wakes(ledger: Ledger) -> None:
    woken = asyncio.Event()
    with ledger.waking(woken):
        call = asyncio.create_task(ledger.record([said(1)]))
        await asyncio.sleep(0)
        call.cancel()
        await ledger.record([said(2)])
        await asyncio.wait_for(woken.wait(), 10)
    assert ledger.newest == await ledger.top()


async def test_what_says_nothing_new_wakes_nobody(ledger: Ledger) -> None:
    await ledger.record([said(1)])
    woken = asyncio.Event()
    with ledger.waking(woken):
        await ledger.record([said(1)])
    assert not woken.is_set()


async def test_a_closed_ledger_says_so_after_finishing_what_was_asked(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    async with Ledger.open(url) as ledger:
        last = asyncio.create_task(ledger.record([said(1)]))
        await asyncio.sleep(0)
    assert len((await last).entries) == 1
    with pytest.raises(LedgerUnavailable, match="closed"):
        await ledger.record([said(2)])
    with pytest.raises(LedgerUnavailable, match="closed"):
        await ledger.top()


async def test_readers_cannot_write(notes: Ledger) -> None:
    if "inline" in repr(notes._running).lower():
        pytest.skip("inline there is one connection for both")
    with pytest.raises(LedgerUnavailable):
        await notes.read(lambda connection: insert(connection, "never"))
