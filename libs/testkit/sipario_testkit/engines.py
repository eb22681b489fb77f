"""Fixtures that give tests their engines: embedded by default, the real ones with `--engines real|both`.

Loaded by the root conftest. A session starts each kind of engine once, so tests share them: name topics,
nodes and indices so that they do not meet. It starts only those that its tests speak to, which they tell by the marker
`engines("index")`.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
from sipario_engines import NAMES, Engines, EngineUnavailable, embedded, postgres, real, train

KINDS = {"embedded": {"embedded"}, "real": {"real"}, "both": {"embedded", "real"}}
Opened = TypeVar("Opened")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that chooses the engines."""
    parser.addoption(
        "--engines",
        choices=sorted(KINDS),
        default="embedded",
        help="which engines the tests run on (embedded); the real ones need URLs, Docker, or Java and Maven",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of engines that were not chosen."""
    chosen = KINDS[config.getoption("--engines")]
    left_out = [item for item in items if _kind(item) not in chosen | {None}]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _kind(item: pytest.Item) -> str | None:
    """Say which engines a test asks for by the parameter of its `engines` fixture, None for neither."""
    call = getattr(item, "callspec", None)
    kind = call.params.get("engines") if call else None
    return kind if isinstance(kind, str) else ("real" if item.get_closest_marker("real") else None)


@pytest.fixture(scope="session", params=["embedded", pytest.param("real", marks=pytest.mark.real)])
def engines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Give engines that answer, for the whole session; skips with the reason where none can be had."""
    data: Path = tmp_path_factory.mktemp(f"engines-{request.param}")
    names = _spoken_to(request.session)
    yield from _held(real(data, names) if request.param == "real" else _trained(data, names))


def _spoken_to(session: pytest.Session) -> set[str]:
    """Name the engines that the tests of this session speak to."""
    tests = [item for item in session.items if "engines" in getattr(item, "fixturenames", ())]
    markers = [item.get_closest_marker("engines") for item in tests]
    return {name for marker in markers for name in (marker.args if marker else NAMES)}


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Give the URL of a PostgreSQL of its own; skips with the reason where none can be had."""
    yield from _held(postgres())


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty database: SQLite, then PostgreSQL wherever its programs are."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
    else:
        yield from _fresh_database(request.getfixturevalue("postgres_server"))


def _fresh_database(server: str) -> Iterator[str]:
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(server.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@asynccontextmanager
async def _trained(data: Path, names: Collection[str]) -> AsyncIterator[Engines]:
    if (
        "graph" in names
    ):  # ten seconds once per machine, given back by every start of one in the tests that follow
        await train()
    async with embedded(data, names) as engines:
        yield engines


def _held(opening: AbstractAsyncContextManager[Opened]) -> Iterator[Opened]:
    # A loop of its own: each test has its own loop, and these outlive them all.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        try:
            opened = runner.run(opening.__aenter__())
        except EngineUnavailable as reason:
            pytest.skip(str(reason))
        yield opened
        runner.run(opening.__aexit__(None, None, None))
