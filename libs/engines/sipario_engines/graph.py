"""The embedded graph: Bolt and Cypher, on disk."""

from pathlib import Path

from sipario_engines import aot, arcadedb
from sipario_engines.engine import OwnServer
from sipario_engines.graph_users import OWNER, READER, write_users
from sipario_engines.ports import HOST, free_port
from sipario_engines.probes import http_answers, listens
from sipario_engines.process import ServerProcess
from sipario_engines.secrets_file import write_private

DATABASE = "catalog"
STATEMENT_SECONDS = 5.0
# ArcadeDB wakes a clock thread a hundred times a second, two thirds of a per cent of a core, for ever.
# Timers that may be late are joined by the kernel; what the network or another thread wakes is not delayed.
_SLACK = 50_000_000
_LOGGING = "handlers=java.util.logging.ConsoleHandler\n.level=WARNING\n"


class Graph(OwnServer):
    """ArcadeDB from its wheel, with the Java that the wheel brings.

    Any statement is ended after `statement_seconds`, whoever sent it; LOAD CSV reaches neither files nor
    the network. With a cache file made by `train` it starts in half the time.
    """

    name = "graph"

    def __init__(
        self,
        folder: Path,
        logs: Path,
        *,
        statement_seconds: float = STATEMENT_SECONDS,
        cache: tuple[str, ...] | None = None,
        nice: int = 0,
    ) -> None:
        self.advice = (
            f"The graph can be rebuilt: if its data is damaged, move {folder} away and start again. "
            "Or give another Neo4j by CATALOG_GRAPH_NEO4J_URL."
        )
        self._folder = folder
        self._passwords = write_users(folder, DATABASE)
        self._bolt, self._http = free_port(), free_port()
        settings = arcadedb.settings(
            folder, bolt=self._bolt, http=self._http, database=DATABASE, seconds=statement_seconds
        )
        logging = folder / "config" / "logging.properties"
        command = arcadedb.command(settings, logging, cache=aot.flags() if cache is None else cache)
        process = ServerProcess(
            command, log=logs / "graph.log", folder=folder, env={}, slack=_SLACK, nice=nice
        )
        super().__init__(process, f"bolt://{HOST}:{self._bolt}")

    @property
    def user(self) -> str:
        """The login that owns the graph."""
        return OWNER

    @property
    def password(self) -> str:
        """The owner's password."""
        return self._passwords[OWNER]

    @property
    def reader(self) -> tuple[str, str]:
        """A login that can read and nothing else."""
        return READER, self._passwords[READER]

    async def prepare(self) -> None:
        """Write users and logging afresh: nobody else's edits of them survive a start."""
        self._passwords = write_users(self._folder, DATABASE)
        write_private(self._folder / "config" / "logging.properties", _LOGGING)

    async def answers(self) -> bool:
        """Whether the owner can log in and the database answers."""
        # Not over Bolt: its driver is slow to load, and each question it cannot answer yet fills the log.
        question = f"/api/v1/query/{DATABASE}/sql/select%201"
        login = (self.user, self.password)
        up = await http_answers(HOST, self._http, question, login=login)
        return up and await listens(HOST, self._bolt)
