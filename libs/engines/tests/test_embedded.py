"""The embedded engines live, die, come back, keep what they must, and leave nothing behind."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from neo4j import AsyncDriver, AsyncGraphDatabase
from neo4j.exceptions import Neo4jError
from sipario_engines import Addresses, Engines, EngineState, Graph, embedded


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        await asyncio.sleep(0.01)


def start(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def command_line(pid: int | None) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def files_with(folder: Path, secret: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def is_gone(pid: int | None) -> bool:
    try:
        os.kill(pid or 0, 0)
    except ProcessLookupError:
        return True
    return False


@asynccontextmanager
async def graph_of(where: Addresses, *, reader: bool = False) -> AsyncIterator[AsyncDriver]:
    login = (where.neo4j_user, where.neo4j_password)
    if reader:
        login = (where.neo4j_reader_user, where.neo4j_reader_password)
    async with AsyncGraphDatabase.driver(where.neo4j_url, auth=login) as driver:
        yield driver


@asynccontextmanager
async def watched(engines: Engines, heard: list[tuple[EngineState, str]]) -> AsyncIterator[None]:
    task = asyncio.create_task(engines.watch(lambda state, sentence: heard.append((state, sentence))))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_whatever_is_killed_comes_back_at_the_same_address(tmp_path: Path) -> None:
    heard: list[tuple[EngineState, str]] = []
    async with embedded(tmp_path) as engines, watched(engines, heard):
        before = engines.states()
        for state in before:
            os.kill(state.pid or 0, signal.SIGKILL)
        await until(lambda: sum("is back" in sentence for _, sentence in heard) == 3)
        after = engines.states()
        assert [state.address for state in after] == [state.address for state in before]
        assert all(state.alive and state.restarts == 1 for state in after)
        assert all([await engines.engine(state.name).answers() for state in after])
    assert any("broker ended (exit code -9)" in sentence for _, sentence in heard)


async def test_a_stop_leaves_no_process(tmp_path: Path) -> None:
    async with embedded(tmp_path) as engines:
        pids = [state.pid for state in engines.states()]
    assert all(is_gone(pid) for pid in pids)
    assert not any(state.alive for state in engines.states())


async def test_engines_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    program = (
        "import asyncio, pathlib, sys\n"
        "from sipario_engines import embedded\n"
        "async def main():\n"
        "    async with embedded(pathlib.Path(sys.argv[1])) as engines:\n"
        "        print(*(state.pid for state in engines.states()), flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with start(command) as parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in (await asyncio.to_thread(parent.stdout.readline)).split()]
        parent.kill()
    assert len(pids) == 3
    await until(lambda: all(is_gone(pid) for pid in pids))


async def test_a_second_start_on_the_same_data_keeps_graph_and_password(tmp_path: Path) -> None:
    async with embedded(tmp_path) as engines, graph_of(engines.addresses) as driver:
        first = engines.addresses
        await driver.execute_query("CREATE (:Entity {ref: 'component:default/kept'})", database_="catalog")
    async with embedded(tmp_path) as engines, graph_of(engines.addresses) as driver:
        found = await driver.execute_query("MATCH (e:Entity) RETURN e.ref AS ref", database_="catalog")
        assert engines.addresses.neo4j_password == first.neo4j_password
    assert [record["ref"] for record in found.records] == ["component:default/kept"]


async def test_what_was_written_survives_a_kill(tmp_path: Path) -> None:
    heard: list[tuple[EngineState, str]] = []
    async with embedded(tmp_path) as engines, watched(engines, heard):
        async with graph_of(engines.addresses) as driver:
            await driver.execute_query("CREATE (:Entity {ref: 'a'})", database_="catalog")
        os.kill(engines.engine("graph").pid or 0, signal.SIGKILL)
        await until(lambda: any("graph is back" in sentence for _, sentence in heard))
        async with graph_of(engines.addresses) as driver:
            found = await driver.execute_query("MATCH (e:Entity) RETURN e.ref AS ref", database_="catalog")
    assert [record["ref"] for record in found.records] == ["a"]


@pytest.mark.parametrize(
    "statement",
    ["CREATE (:Entity {ref: 'x'})", "MATCH (e:Entity) DETACH DELETE e", "MATCH (e:Entity) SET e.version = 9"],
)
async def test_the_reader_cannot_write(engines: Engines, statement: str) -> None:
    if engines.addresses.neo4j_reader_user == engines.addresses.neo4j_user:
        pytest.skip("Neo4j Community has no roles: sessions in READ mode refuse writes there")
    async with graph_of(engines.addresses) as owner:
        await owner.execute_query("MERGE (:Entity {ref: 'reader-test'})", database_="catalog")
    async with graph_of(engines.addresses, reader=True) as driver:
        found = await driver.execute_query("MATCH (e:Entity) RETURN count(e) AS n", database_="catalog")
        assert found.records[0]["n"] >= 1
        with pytest.raises(Neo4jError):
            await driver.execute_query(statement, database_="catalog")


async def test_load_csv_reads_no_files_even_for_the_owner(engines: Engines, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("secret", encoding="utf-8")
    async with graph_of(engines.addresses) as driver:
        with pytest.raises(Neo4jError):
            await driver.execute_query(
                f"LOAD CSV FROM '{secret.as_uri()}' AS row RETURN row",
                database_=engines.addresses.neo4j_database,
            )


async def test_a_statement_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    graph = Graph(tmp_path, tmp_path, statement_seconds=0.5)
    await graph.start()
    endless = "UNWIND range(1, 30000) AS a UNWIND range(1, 30000) AS b RETURN sum(a * b) AS total"
    try:
        async with AsyncGraphDatabase.driver(graph.address, auth=(graph.user, graph.password)) as driver:
            began = time.monotonic()
            with pytest.raises(Neo4jError):
                async with driver.session(database="catalog") as session:
                    await (await session.run(endless)).consume()
            assert time.monotonic() - began < 5.0
    finally:
        await graph.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_passwords_are_on_no_command_line_and_in_no_readable_file(tmp_path: Path) -> None:
    async with embedded(tmp_path) as engines:
        where = engines.addresses
        words = [command_line(state.pid) for state in engines.states()]
        secrets = (where.neo4j_password, where.neo4j_reader_password)
        assert not any(secret.encode() in word for secret in secrets for word in words)
        assert not any(secret in repr(where) for secret in secrets)
    holders = files_with(tmp_path, where.neo4j_password)
    assert [path.name for path in holders] == ["passwords.json"]
    assert stat.S_IMODE(holders[0].stat().st_mode) == 0o600
