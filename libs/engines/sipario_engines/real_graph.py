"""Neo4j Community itself, from its Maven artifacts."""

import asyncio
import secrets
from pathlib import Path

from sipario_engines.commands import run_bounded
from sipario_engines.engine import OwnServer
from sipario_engines.java import SHORT_LIVED
from sipario_engines.ports import HOST, free_port
from sipario_engines.probes import neo4j_answers
from sipario_engines.process import ServerProcess

COORDINATES = "org.neo4j:neo4j:2026.08.1"
USER = "neo4j"
DATABASE = "neo4j"
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
_SETTINGS = """server.default_listen_address={host}
server.bolt.listen_address={host}:{port}
server.bolt.advertised_address={host}:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size=64m
server.directories.import=import
dbms.usage_report.enabled=false
dbms.security.allow_csv_import_from_file_urls=false
db.transaction.timeout=5s
"""


class Neo4jCommunity(OwnServer):
    """A Neo4j that speaks Bolt only; it has no roles, so its owner is its reader too."""

    name = "graph"
    advice = "Give a running Neo4j by SIPARIO_TEST_NEO4J, SIPARIO_TEST_NEO4J_USER and _PASSWORD."
    patience = 240.0

    def __init__(self, java: Path, jars: Path, *, folder: Path, logs: Path) -> None:
        self._port = free_port()
        self._folder = folder
        self.password = secrets.token_urlsafe(24)
        self._java = [str(java / "bin" / "java"), *_machine(), "-cp", f"{jars}/*"]
        self._env = {"NEO4J_HOME": str(folder), "NEO4J_CONF": str(folder / "conf")}
        server = ["org.neo4j.server.Neo4jCommunity", f"--home-dir={folder}", f"--config-dir={folder}/conf"]
        process = ServerProcess([*self._java, *server], log=logs / "graph.log", folder=folder, env=self._env)
        super().__init__(process, f"bolt://{HOST}:{self._port}")

    async def prepare(self) -> None:
        """Write the settings and the first password, before the first life."""
        settings = self._folder / "conf" / "neo4j.conf"
        if settings.exists():
            return
        for name in ("conf", "import"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        settings.write_text(_SETTINGS.format(host=HOST, port=self._port), encoding="utf-8")
        admin = ["org.neo4j.server.startup.Neo4jAdminCommand", "dbms", "set-initial-password", self.password]
        command = [*self._java, *admin]
        what = "Neo4j could not set its password"
        await asyncio.to_thread(run_bounded, command, what=what, env=self._env, seconds=180.0)

    async def stop(self) -> None:
        """End the server; its data is thrown away, so it gets little time to close it."""
        await self.process.stop(grace=1.0)

    async def answers(self) -> bool:
        """Whether the owner can log in and the database answers."""
        return await neo4j_answers(self.address, USER, self.password, database=DATABASE)


def _machine() -> list[str]:
    opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED]
    native = ["--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector"]
    return [*SHORT_LIVED, *opened, *native]
