"""What an older version wrote is still there for this one."""

import shutil
from pathlib import Path
from typing import Any

from sipario_ingestor.app import MIGRATIONS
from sipario_ingestor.store_ledger import Sources, SourceStore
from sipario_ledger import Ledger
from sipario_ledger.clock import now
from sqlalchemy import Connection
from sqlalchemy.event import listen

OLD = (
    "INSERT INTO source VALUES"
    " ('url:https://host/a', 'https://host/a', '', '', 3, 3, 0, 0, '', '', 'ok', 'main', 'c0ffee', 'd', 0, 2, 7, '[]')"
)


async def test_sources_of_the_first_version_are_kept(tmp_path: Path) -> None:
    first, url = tmp_path / "first", f"sqlite:///{tmp_path}/ingestor.db"
    first.mkdir()
    shutil.copy(MIGRATIONS / "v0001_sources.py", first)
    async with Ledger.open(url, name="ingestor", migrations=first) as ledger:
        await ledger.write(lambda connection: connection.exec_driver_sql(OLD).close())
    async with Ledger.open(url, name="ingestor", migrations=MIGRATIONS) as ledger:
        (source,) = await SourceStore(ledger, now).read(lambda table: table.all())
    assert (source.id, source.commit, source.read_at) == ("url:https://host/a", "c0ffee", 7)


async def test_who_asks_what_is_due_looks_at_no_source_that_nobody_waits_for(tmp_path: Path) -> None:
    asked: list[str] = []

    def work(connection: Connection) -> list[str]:
        def plan(_: Any, __: Any, text: str, values: Any, *___: Any) -> None:
            asked.append(" ".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {text}", values)))

        raw: Any = connection.connection.driver_connection
        listen(connection, "before_cursor_execute", plan)
        table = Sources(connection, 7)
        table.due(("https://host/a",))
        table.next_due()
        assert table.waiting() == 0
        return asked

    async with Ledger.open(f"sqlite:///{tmp_path}/i.db", name="ingestor", migrations=MIGRATIONS) as ledger:
        plans = await ledger.read(work)
    assert len(plans) == 3
    assert all("source_due" in plan for plan in plans), plans
    assert not any("B-TREE" in plan for plan in plans), plans
