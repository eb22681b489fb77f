"""The embedded graph: Bolt and Cypher, on disk."""

import importlib.util
from pathlib import Path

from sipario_engines.engine import Engine
from sipario_engines.graph_users import OWNER, READER, write_users
from sipario_engines.ports import HOST, free_port
from sipario_engines.probes import neo4j_answers
from sipario_engines.process import ServerProcess
from sipario_engines.secrets_file import write_private

DATABASE = "catalog"
STATEMENT_SECONDS = 5.0
_LOGGING = "handlers=java.util.logging.ConsoleHandler\n.level=WARNING\n"


class Graph(Engine):
    """ArcadeDB from its wheel, with the Java that the wheel brings.

    Any statement is ended after five seconds, whoever sent it; LOAD CSV reaches neither files nor the network.
    """

    name = "graph"

    def __init__(self, folder: Path, logs: Path, *, statement_seconds: float = STATEMENT_SECONDS) -> None:
        self._folder = folder
        self.advice = (
            f"The graph can be rebuilt: if its data is damaged, move {folder} away and start again. "
            "Or give another Neo4j by SIPARIO_NEO4J_URL."
        )
        self._passwords = write_users(folder, DATABASE)
        port = free_port()
        command = [str(_home() / "jre/bin/java"), *_machine(), *_settings(folder, port, statement_seconds)]
        process = ServerProcess(
            [*command, "-cp", _jars(), "com.arcadedb.server.ArcadeDBServer"],
            log=logs / "graph.log",
            folder=folder,
            env={},
        )
        super().__init__(process, f"bolt://{HOST}:{port}")

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

    def prepare(self) -> None:
        """Write users and logging afresh: nobody else's edits of them survive a start."""
        self._passwords = write_users(self._folder, DATABASE)
        write_private(self._folder / "config" / "logging.properties", _LOGGING)

    async def answers(self) -> bool:
        """Whether the owner can log in and the database answers."""
        return await neo4j_answers(self.address, self.user, self.password, database=DATABASE)


def _home() -> Path:
    found = importlib.util.find_spec("arcadedb_embedded")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _jars() -> str:
    return ":".join(str(jar) for jar in sorted((_home() / "jars").glob("*.jar")))


def _machine() -> list[str]:
    return ["-Xms64m", "-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"]


def _settings(folder: Path, port: int, statement_seconds: float) -> list[str]:
    settings = {
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "bolt.host": HOST,
        "bolt.port": port,
        "server.rootPath": folder,
        "server.databaseDirectory": folder / "databases",
        "server.logsDirectory": folder / "log",
        "server.httpIncomingHost": HOST,
        "server.httpIncomingPort": free_port(),
        "server.httpWorkerThreads": 4,
        "server.defaultDatabases": f"{DATABASE}[{OWNER}]",
        "server.mode": "production",
        "server.healthCheck.enabled": "false",
        "serverMetrics": "false",
        "polyglotEngineEnabled": "false",
        "command.timeout": int(statement_seconds * 1000),
        "opencypher.loadCsv.allowFileUrls": "false",
        "opencypher.loadCsv.allowRemoteUrls": "false",
    }
    logging = f"-Djava.util.logging.config.file={folder / 'config' / 'logging.properties'}"
    return [logging, *(f"-Darcadedb.{name}={value}" for name, value in settings.items())]
