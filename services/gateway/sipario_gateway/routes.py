"""Which service answers which path."""

import re
from dataclasses import dataclass

from sipario_kit.errors import InvalidInput


@dataclass(frozen=True)
class Route:
    """All paths below a prefix go to one service. `opened`: it sees to the caller by itself (a signature).

    `method`: only requests of that method do.
    """

    prefix: str
    service: str
    opened: bool = False
    method: str = ""


ROUTES = (
    Route("/api/events/http", "ingestor", opened=True),
    Route("/api/catalog/locations", "ingestor"),
    Route("/api/catalog/analyze-location", "ingestor"),
    Route("/api/catalog/validate-entity", "ingestor"),
    Route("/api/catalog/refresh", "ingestor"),
    Route("/api/catalog/sources", "ingestor"),
    Route("/api/catalog/proposals", "ingestor"),
    Route("/api/catalog/orphans", "ingestor"),
    Route("/api/catalog/entities/by-uid", "ingestor", method="DELETE"),
    Route("/api/catalog/entities/by-uid", "ingestor", method="POST"),
    Route("/api/catalog/entities/by-name", "ingestor", method="POST"),
    Route("/api/catalog/entities/unprocessed", "ingestor"),
    Route("/api/history", "ingestor"),
    Route("/api/catalog", "catalog-graph"),
    Route("/api/graph", "catalog-graph"),
    Route("/api/search", "search"),
    Route("/api/techdocs", "techdocs"),
)


_LONGEST_FIRST = sorted(((f"{each.prefix}/", each) for each in ROUTES), key=lambda pair: -len(pair[0]))
_MANGLED = re.compile(rb"%2f|%5c|%2e%2e|%00|[;\\]", re.IGNORECASE)
_WAYWARD = re.compile(r"//|(?:^|/)\.\.?(?:/|$)")


def route(path: str, method: str) -> Route | None:
    """Find the longest prefix that `path` lies below, whole segments only."""
    closed = f"{path}/"
    for prefix, each in _LONGEST_FIRST:
        if closed.startswith(prefix) and each.method in ("", method):
            return each
    return None


def plain(path: str, raw: bytes) -> str:
    """Refuse paths that two readers could read in two ways; raises `InvalidInput`.

    `raw` is the path as it was sent. Dots, empty segments, parameters and encoded slashes are how filters of other
    portals were walked around.
    """
    if _MANGLED.search(raw.partition(b"?")[0]) or _WAYWARD.search(path):
        raise InvalidInput(f"The path {path!r} is not a plain one.")
    return path
