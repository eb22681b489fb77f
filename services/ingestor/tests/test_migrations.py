"""What an older version wrote is still there for this one."""

import shutil
from pathlib import Path

from sipario_ingestor.app import MIGRATIONS
from sipario_ingestor.store_ledger import SourceStore
from sipario_ledger import Ledger
from sipario_ledger.clock import now

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
