"""How the ArcadeDB of the arcadedb-embedded wheel is run: its Java, jars, flags and settings."""

import importlib.util
from pathlib import Path

from sipario_engines.ports import HOST

SERVER = "com.arcadedb.server.ArcadeDBServer"
# What the wheel brings and a graph over Bolt has no use for; each would be searched and partly started.
_NEEDLESS = ("mcp", "console", "postgresw", "redisw", "graphql", "integration", "python")
# Measured: the quick compiler alone starts in half the time, answers traversals as fast, and stops
# compiling when the load stops. G1 gives back what a load has left behind within a minute: then 10,000
# entities need 190 MB, where the serial collector kept 300 for ever. Asked to keep the heap small all
# the time (GCTimeRatio=4), it took half as long again for the same load. A heap that small is nearly half full
# of what it must keep: by itself G1 looked for garbage in all of it with every second batch, for a tenth more work.
MACHINE = (
    "-Xms32m",
    "-Xmx768m",
    "-XX:+UseG1GC",
    "-XX:ParallelGCThreads=1",
    "-XX:ConcGCThreads=1",
    "-XX:G1PeriodicGCInterval=30000",
    "-XX:MinHeapFreeRatio=10",
    "-XX:MaxHeapFreeRatio=20",
    "-XX:InitiatingHeapOccupancyPercent=85",
    "-XX:-G1UseAdaptiveIHOP",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
)


def command(settings: dict[str, object], logging: Path, *, cache: tuple[str, ...]) -> list[str]:
    """Return the command line of a server; `cache` are flags from `aot`."""
    properties = [f"-Darcadedb.{name}={value}" for name, value in settings.items()]
    java = str(home() / "jre" / "bin" / "java")
    logged = f"-Djava.util.logging.config.file={logging}"
    return [java, *MACHINE, *cache, logged, *properties, "-cp", ":".join(map(str, jars())), SERVER]


def settings(folder: Path, *, bolt: int, http: int, database: str, seconds: float) -> dict[str, object]:
    """Return the settings of a graph kept in a folder, where each statement may take some seconds."""
    return {
        "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "bolt.host": HOST,
        "bolt.port": bolt,
        "server.rootPath": folder,
        "server.databaseDirectory": folder / "databases",
        "server.logsDirectory": folder / "log",
        "server.httpIncomingHost": HOST,
        "server.httpIncomingPort": http,
        "server.httpWorkerThreads": 4,
        "server.defaultDatabases": f"{database}[root]",
        "server.mode": "production",
        # Whoever changes a page copies and logs all of it, and there is an index for each kind.
        "indexDefaultPageSize": 32_768,
        "server.healthCheck.enabled": "false",
        "serverMetrics": "false",
        "polyglotEngineEnabled": "false",
        "command.timeout": int(seconds * 1000),
        "opencypher.loadCsv.allowFileUrls": "false",
        "opencypher.loadCsv.allowRemoteUrls": "false",
    }


def home() -> Path:
    """Return the folder of the wheel, found without importing it: importing would load a Java machine."""
    found = importlib.util.find_spec("arcadedb_embedded")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def jars() -> list[Path]:
    """Return the jars that a server needs, always in the same order."""
    every = sorted((home() / "jars").glob("*.jar"))
    return [jar for jar in every if not jar.name.startswith(tuple(f"arcadedb-{name}-" for name in _NEEDLESS))]
