import asyncio
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sipario_events import ENTITIES, EntityChanged
from sipario_ledger import (
    Ledger,
    LedgerDamaged,
    LedgerError,
    LedgerFull,
    LedgerReadOnly,
    LedgerTooNew,
    LedgerUnavailable,
)
from sipario_ledger.tables import metadata
from sqlalchemy import Connection, text

SOURCES = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

def upgrade():
    op.create_table("source", sa.Column("url", sa.String, primary_key=True))
"""
COLOURS = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

def upgrade():
    with op.batch_alter_table("source") as table:
        table.add_column(sa.Column("colour", sa.String, nullable=False, server_default="red"))
"""


def said(title: str) -> EntityChanged:
    return EntityChanged(ref="component:default/petstore", entity={"title": title})


def insert_source(connection: Connection) -> None:
    connection.execute(text("INSERT INTO source (url) VALUES ('https://h/o/n')"))


async def test_migrations_make_the_tables_that_the_code_expects(ledger: Ledger) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [
            change for change in compare_metadata(context, metadata) if "ledger_version" not in repr(change)
        ]

    assert await ledger.read(differences) == []


@pytest.mark.parametrize("database_kind", ["sqlite", "postgres"])
async def test_what_was_recorded_is_there_when_it_is_opened_again(place: dict[str, Any]) -> None:
    async with Ledger.open(**place) as ledger:
        await ledger.record([said("one")], "first")
    async with Ledger.open(**place) as ledger:
        assert ledger.newest == 1
        assert [entry.version for entry in (await ledger.record([said("two")], "first")).entries] == [2]


@pytest.mark.parametrize("database_kind", ["sqlite", "postgres"])
async def test_a_service_brings_its_own_tables_and_later_changes_them(
    place: dict[str, Any], tmp_path: Path
) -> None:
    place |= {"name": f"my-{place.get('name', 'service')}", "migrations": tmp_path / "migrations"}
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "v0001_sources.py").write_text(SOURCES)
    async with Ledger.open(**place) as ledger:
        await ledger.record([said("one")], alongside=insert_source)
    (tmp_path / "migrations" / "v0002_colours.py").write_text(COLOURS)
    async with Ledger.open(**place) as ledger:
        colours = text("SELECT colour FROM source")
        assert await ledger.read(lambda connection: connection.execute(colours).scalar()) == "red"


@pytest.mark.parametrize("database_kind", ["postgres"])
async def test_services_share_a_postgresql_without_seeing_each_other(place: dict[str, Any]) -> None:
    other = place | {"name": place["name"] + "-other"}
    async with Ledger.open(**place) as mine, Ledger.open(**other) as theirs:
        await mine.record([said("one")])
        assert (await mine.top(), await theirs.top()) == (1, 0)


@pytest.mark.parametrize("database_kind", ["sqlite", "postgres"])
async def test_two_that_open_a_new_ledger_at_once_both_succeed(place: dict[str, Any]) -> None:
    async def open_and_record(title: str) -> int:
        async with Ledger.open(**place) as ledger:
            return len((await ledger.record([said(title)])).entries)

    assert sum(await asyncio.gather(open_and_record("one"), open_and_record("two"))) == 2


@pytest.mark.parametrize("database_kind", ["sqlite", "postgres"])
async def test_two_writers_never_give_a_version_twice_nor_hide_a_late_entry(place: dict[str, Any]) -> None:
    seen: list[int] = []

    async def record(ledger: Ledger, writer: int) -> None:
        for count in range(30):
            await ledger.record([said(f"{writer} {count}")])

    async def follow(ledger: Ledger) -> None:
        while len(seen) < 60:
            seen.extend([entry.seq for entry in await ledger.since(seen[-1] if seen else 0)])

    async with Ledger.open(**place) as one, Ledger.open(**place) as two:
        async with asyncio.timeout(60):
            await asyncio.gather(follow(one), record(one, 1), record(two, 2))
        versions = [entry.version for entry in await two.history(ENTITIES, "component:default/petstore")]
    assert seen == list(range(1, 61))
    assert versions == list(range(60, 0, -1))


async def test_opening_what_is_migrated_is_quick_and_leaves_alembic_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    async with Ledger.open(url):
        pass
    started = time.perf_counter()
    async with Ledger.open(url):
        assert time.perf_counter() - started < 0.5  # 5 ms on a quiet machine
    program = (
        "import asyncio, sys\nfrom sipario_ledger import Ledger\n"
        "async def main():\n    async with Ledger.open(sys.argv[1]): print('alembic' in sys.modules)\n"
        "asyncio.run(main())"
    )
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", program, url],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "False"


async def test_a_ledger_of_a_newer_version_is_left_alone(place: dict[str, Any]) -> None:
    place = place | {"inline": False}
    async with Ledger.open(**place) as ledger:
        change = text("UPDATE ledger_version SET version_num = '9999'")
        await ledger.write(lambda connection: connection.execute(change).rowcount)
    with pytest.raises(LedgerTooNew, match="start the newer version"):
        async with Ledger.open(**place):
            pass


async def test_a_full_disk_is_told_and_what_was_acknowledged_stays(tmp_path: Path) -> None:
    async with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        await ledger.record([said("one")])
        pages = await ledger.write(
            lambda connection: connection.exec_driver_sql("PRAGMA page_count").scalar()
        )
        limit = f"PRAGMA max_page_count={pages}"
        await ledger.write(lambda connection: connection.exec_driver_sql(limit).scalar())
        with pytest.raises(LedgerFull, match="free some space"):
            await ledger.record([said(str(number) * 9_000) for number in range(200)])
        assert [entry.version for entry in await ledger.since(0)] == [1]
        await ledger.write(
            lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=1000000").scalar()
        )
        assert len((await ledger.record([said("two")])).entries) == 1


async def test_a_lock_held_by_another_process_is_told(tmp_path: Path) -> None:
    async with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerUnavailable, match="locked by another process"):
            await ledger.record([said("one")])
        other.execute("ROLLBACK")
        other.close()
        assert len((await ledger.record([said("one")])).entries) == 1


async def test_a_read_only_file_is_told(tmp_path: Path) -> None:
    async with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        await ledger.write(lambda connection: connection.exec_driver_sql("PRAGMA query_only=ON").close())
        with pytest.raises(LedgerReadOnly, match="permissions"):
            await ledger.record([said("one")])


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        ("sqlite:////nowhere/at/all/ledger.db", LedgerUnavailable, "check its folder"),
        ("postgresql://x@127.0.0.1:1/none", LedgerUnavailable, "check that its server runs"),
        ("sqlite://", LedgerError, "give it a file"),
        ("mysql://x@127.0.0.1/none", LedgerError, "sqlite or postgresql"),
    ],
)
async def test_what_cannot_be_opened_says_what_to_mend(
    url: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        async with Ledger.open(url):
            pass


async def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_text("this is not a database at all" * 200)
    with pytest.raises(LedgerDamaged, match="restore the last backup"):
        async with Ledger.open(f"sqlite:///{tmp_path}/ledger.db"):
            pass


async def test_a_backup_is_whole_while_others_write(tmp_path: Path) -> None:
    async with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        await ledger.record([said("one")], "first")
        writing = asyncio.gather(*(ledger.record([said(f"title {number}")], "first") for number in range(50)))
        await ledger.backup(tmp_path / "copy.db")
        await writing
    async with Ledger.open(f"sqlite:///{tmp_path}/copy.db") as copy:
        log = await copy.since(0)
        assert [entry.version for entry in log] == list(range(1, len(log) + 1))
        assert len(log) >= 1
        assert (await copy.record([said("new")], "second")).refused
    assert not (tmp_path / "copy.db.partial").exists()


async def test_after_a_backup_that_failed_readers_still_write_nothing(tmp_path: Path) -> None:
    async with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        with pytest.raises(LedgerError):
            await ledger.backup(tmp_path / "no such folder" / "copy.db")
        with pytest.raises(LedgerError):
            await ledger.read(lambda connection: connection.exec_driver_sql("CREATE TABLE t (x)").close())


@pytest.mark.parametrize("database_kind", ["postgres"])
async def test_a_postgresql_is_backed_up_by_its_own_tools(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="pg_dump"):
        await ledger.backup(tmp_path / "copy.db")


async def test_after_closing_a_copy_of_the_one_file_is_whole(tmp_path: Path) -> None:
    async with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        await ledger.record([said("kept")], "first")
        await asyncio.gather(*(ledger.since(0) for _ in range(20)))
        assert (tmp_path / "ledger.db-wal").stat().st_size
    assert not (tmp_path / "ledger.db-wal").exists()
    shutil.copy(tmp_path / "ledger.db", tmp_path / "copy.db")
    async with Ledger.open(f"sqlite:///{tmp_path}/copy.db") as copy:
        assert [entry.version for entry in await copy.since(0)] == [1]


async def test_while_somebody_else_reads_a_copy_is_whole_after_closing_too(tmp_path: Path) -> None:
    """The last connection to close would fold the WAL; with a reader elsewhere it is not ours."""
    async with Ledger.open(f"sqlite:///{tmp_path}/ledger.db") as ledger:
        await ledger.record([said("kept")], "first")
        other = sqlite3.connect(tmp_path / "ledger.db")
        other.execute("SELECT count(*) FROM ledger_entry").fetchone()
    shutil.copy(tmp_path / "ledger.db", tmp_path / "copy.db")
    other.close()
    async with Ledger.open(f"sqlite:///{tmp_path}/copy.db") as copy:
        assert [entry.version for entry in await copy.since(0)] == [1]
