"""Teaches the graph to start fast: run once per machine, the result is used by every later start."""

import os
import tempfile
from pathlib import Path

from sipario_engines import aot
from sipario_engines.errors import EngineDidNotStart
from sipario_engines.graph import Graph

_ASSEMBLY_SECONDS = 120.0


async def train() -> bool:
    """Make the cache of `aot` unless it is there; False when this machine cannot have one.

    Starts a graph of its own without data and lets it write down what it used: some ten seconds of one
    core at the lowest priority, best spent in the background once the portal is up.
    """
    target = aot.cache_file()
    if target.exists():
        return True
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="sipario-training-") as folder:
            return await _learn(Path(folder), target)
    except (EngineDidNotStart, OSError):
        return False


async def _learn(folder: Path, target: Path) -> bool:
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    graph = Graph(folder, folder, cache=(f"-XX:AOTCacheOutput={draft}",), nice=19)
    await graph.start()
    await graph.process.stop(grace=_ASSEMBLY_SECONDS)
    if not draft.exists():
        return False
    draft.replace(target)
    return True
