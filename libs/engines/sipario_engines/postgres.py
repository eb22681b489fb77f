"""A PostgreSQL for tests: given by URL, or a private throw-away cluster from installed programs."""

import asyncio
import os
import pwd
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from sipario_engines.commands import run_bounded
from sipario_engines.engine import OwnServer
from sipario_engines.errors import EngineUnavailable
from sipario_engines.ports import HOST, free_port
from sipario_engines.process import ServerProcess

USER = "sipario"
DATABASE = "postgres"
_UNPRIVILEGED = ("postgres", "nobody")


class Postgres(OwnServer):
    """A cluster in a folder that only its own account can enter; durability is switched off."""

    name = "postgres"
    advice = "Give a running PostgreSQL by SIPARIO_TEST_POSTGRES."

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._port = free_port()
        self._password = secrets.token_urlsafe(24)
        self._account = _account()
        command = [str(programs / "postgres"), "-D", str(folder / "data"), "-p", str(self._port)]
        for setting in (
            "fsync=off",
            "full_page_writes=off",
            "max_connections=200",
            "unix_socket_directories=",
        ):
            command += ["-c", setting]
        command += ["-c", f"listen_addresses={HOST}"]
        process = ServerProcess(
            command, log=folder / "postgres.log", folder=folder, env={}, account=self._account
        )
        super().__init__(process, f"postgresql+psycopg://{USER}:{quote(self._password)}@{HOST}:{self._port}")

    @property
    def url(self) -> str:
        """Where its first database is, for SQLAlchemy with psycopg."""
        return f"{self.address}/{DATABASE}"

    async def prepare(self) -> None:
        """Make the cluster before the first life."""
        if not (self._folder / "data").exists():
            await asyncio.to_thread(self._make)

    def _make(self) -> None:
        secret = self._folder / "password"
        secret.write_text(self._password, encoding="utf-8")
        if self._account:
            for path in (self._folder, secret):
                shutil.chown(path, self._account)
        options = ["-U", USER, f"--pwfile={secret}", "--auth=scram-sha-256", "-E", "UTF8", "--locale=C", "-N"]
        command = [str(self._programs / "initdb"), "-D", str(self._folder / "data"), *options]
        what = "PostgreSQL could not make a cluster"
        run_bounded(command, what=what, account=self._account, folder=self._folder, seconds=60.0)
        secret.unlink()

    async def answers(self) -> bool:
        """Whether a connection is asked for its password, which a server that is starting does not do."""
        hello = f"user\0{USER}\0database\0{DATABASE}\0\0".encode()
        question = (8 + len(hello)).to_bytes(4) + (196_608).to_bytes(4) + hello
        try:
            async with asyncio.timeout(2.0):
                reader, writer = await asyncio.open_connection(HOST, self._port)
                writer.write(question)
                kind = await reader.read(1)
                writer.close()
        except (OSError, TimeoutError):
            return False
        return kind == b"R"


@asynccontextmanager
async def postgres() -> AsyncIterator[str]:
    """Yield the URL of an empty PostgreSQL (`postgresql+psycopg://…`), removed at the end.

    SIPARIO_TEST_POSTGRES is taken as it is. Raises EngineUnavailable with the reason to skip with.
    """
    if given := os.environ.get("SIPARIO_TEST_POSTGRES"):
        yield given
        return
    programs = find_programs()
    with tempfile.TemporaryDirectory(prefix="sipario-postgres-") as folder:
        server = Postgres(programs, Path(folder))
        await server.start()
        try:
            yield server.url
        finally:
            await server.stop()


def find_programs() -> Path:
    """Return the folder of the newest installed PostgreSQL; raises EngineUnavailable."""
    found = [folder for folder in _program_folders() if (folder / "initdb").exists()]
    if not found:
        raise EngineUnavailable("SIPARIO_TEST_POSTGRES is not set; no PostgreSQL programs are installed")
    return found[0]


def _program_folders() -> Iterator[Path]:
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda folder: float(folder.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent


def _account() -> str | None:
    """Return the account to run as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in _UNPRIVILEGED:
        if name in known:
            return name
    raise EngineUnavailable("PostgreSQL does not run as root, and there is no other account to run it as")
