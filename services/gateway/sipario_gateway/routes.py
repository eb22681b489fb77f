"""Which service answers which path."""

from collections.abc import Sequence
from dataclasses import dataclass

from sipario_kit.errors import InvalidInput


@dataclass(frozen=True)
class Route:
    """All paths below a prefix go to one service. `opened`: it sees to the caller by itself (a signature)."""

    prefix: str
    service: str
    opened: bool = False


ROUTES = (
    Route("/api/events/http", "ingestor", opened=True),
    Route("/api/catalog/locations", "ingestor"),
    Route("/api/catalog/analyze-location", "ingestor"),
    Route("/api/catalog/validate-entity", "ingestor"),
    Route("/api/catalog/refresh", "ingestor"),
    Route("/api/catalog/sources", "ingestor"),
    Route("/api/history", "ingestor"),
    Route("/api/catalog", "catalog-graph"),
    Route("/api/graph", "catalog-graph"),
    Route("/api/search", "search"),
    Route("/api/techdocs", "techdocs"),
)


def route(path: str, routes: Sequence[Route] = ROUTES) -> Route | None:
    """Find the longest prefix that `path` lies below, whole segments only."""
    below = [each for each in routes if path == each.prefix or path.startswith(f"{each.prefix}/")]
    return max(below, key=lambda each: len(each.prefix), default=None)


def plain(path: str, raw: bytes) -> str:
    """Refuse paths that two readers could read in two ways; raises `InvalidInput`.

    `raw` is the path as it was sent. Dots, empty segments, parameters and encoded slashes are how filters of other
    portals were walked around.
    """
    lowered = raw.split(b"?", 1)[0].lower()
    mangled = any(each in lowered for each in (b"%2f", b"%5c", b"%2e%2e", b"%00", b";", b"\\"))
    if mangled or "//" in path or any(segment in (".", "..") for segment in path.split("/")):
        raise InvalidInput(f"The path {path!r} is not a plain one.")
    return path
