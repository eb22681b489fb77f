"""`sipario rebuild`: a projection made anew while the portal serves."""

from collections.abc import Callable, Mapping
from typing import Any

from sipario.data import Data
from sipario.gateway import ask
from sipario.status import status

SECONDS = 3600.0
PATHS = {"graph": "/api/graph/rebuild", "search": "/api/search/rebuild", "docs": "/api/techdocs/rebuild"}
SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "graph": lambda told: (
        f"The graph was built anew: {told['entities']} entities, {told['swept']} swept out."
    ),
    "search": lambda told: (
        f"The index was built anew of {told['read']} messages in {told['seconds']:.1f} s"
        + (f"; {told['skipped']} could not be handled." if told["skipped"] else ".")
    ),
    "docs": lambda told: (
        f"{told['sites']} sites are being rendered anew; sipario status tells how many wait."
    ),
}


def rebuild(data: Data, what: str) -> str:
    """Build one of `PATHS` anew and say what was done. Raises `DataError`, `UnansweredError`."""
    found = status(data)
    told = ask(found["gateway"], found["token"], PATHS[what], method="POST", seconds=SECONDS)
    return SENTENCES[what](told)
