import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sipario_ledger import Ledger

_numbers = count(1)
_FAST = (
    "-c",
    "fsync=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "listen_addresses=",
    "-c",
    "max_connections=60",
)


@contextmanager
def _private_postgres() -> Iterator[str]:
    """Give the URL of a fresh server; skip with the reason where it cannot be had."""
    found = (
        shutil.which("postgres"),
        shutil.which("initdb"),
        shutil.which("pg_ctl") or _beside(shutil.which("initdb")),
    )
    if None in found:
        pytest.skip("no PostgreSQL binaries (postgres, initdb, pg_ctl) on this machine")
    _, initdb, pg_ctl = (str(path) for path in found)
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="ledger-pg-"))
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        _run(user, initdb, "-D", str(folder / "data"), "-A", "trust", "-U", "sipario", "-N", "-E", "UTF8")
        options = " ".join([*_FAST, "-k", str(folder)])
        log = str(folder / "log")
        _run(user, pg_ctl, "-D", str(folder / "data"), "-l", log, "-o", options, "-w", "-t", "30", "start")
        try:
            yield f"postgresql+psycopg://sipario@/postgres?host={folder}"
        finally:
            _run(user, pg_ctl, "-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _beside(initdb: str | None) -> str | None:
    beside = Path(initdb).resolve().with_name("pg_ctl") if initdb else None
    return str(beside) if beside and beside.exists() else None


def _unprivileged() -> pwd.struct_passwd | None:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("nobody")


def _run(user: pwd.struct_passwd | None, *command: str) -> None:
    done = subprocess.run(
        command,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        cwd="/",
        stdout=subprocess.DEVNULL,  # a pipe would stay open in the server and never end
        stderr=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"a private PostgreSQL does not start here: {' '.join(command)} gave {done.returncode}")


class HandClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.moment = datetime(2027, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        self.moment += by


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with _private_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "inline", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    """What to open: arguments of Ledger.open for a database nobody has used."""
    if database_kind == "postgres":
        return {"url": request.getfixturevalue("postgres"), "name": f"test-{next(_numbers)}"}
    return {"url": f"sqlite:///{tmp_path}/ledger.db", "inline": database_kind == "inline"}


@pytest.fixture
async def ledger(place: dict[str, Any], clock: HandClock) -> AsyncIterator[Ledger]:
    async with Ledger.open(**place, clock=clock) as opened:
        yield opened


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    async def wait(condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 - conditions are of many kinds, the wait is bounded
                await asyncio.sleep(0.002)

    return wait
