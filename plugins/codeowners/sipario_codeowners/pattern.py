"""Patterns of paths, matched part by part, so that none takes long."""

import fnmatch
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

MANY = "**"
INSIDE = ("*", MANY)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The parts of a pattern from the root on; `**` stands for any number of folders."""

    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str, host: str) -> Self:
        """Read a pattern as this type of host does."""
        parts = tuple(part for part in text.split("/") if part)
        is_rooted = text.startswith("/") or (host != "gitlab" and "/" in text.rstrip("/"))
        start = () if is_rooted else (MANY,)
        if text.endswith("/") or parts[-1:] == (MANY,):
            return cls((*start, *(parts[:-1] if parts[-1:] == (MANY,) else parts), *INSIDE))
        # `docs/*` is the files in docs, and `docs` also a folder with all in it; on GitLab only what has that path.
        is_exact = host == "gitlab" or text.endswith("/*")
        return cls((*start, *parts) if is_exact else (*start, *parts, MANY))

    def fits(self, path: Sequence[str]) -> bool:
        """Tell whether a path, in parts, is one of those that are meant."""
        places: Iterable[int] = {0}
        for part in self.parts:
            if part == MANY:
                places = range(min(places), len(path) + 1)
            else:
                glob = _glob(part)
                places = {place + 1 for place in places if place < len(path) and glob.fullmatch(path[place])}
            if not places:
                return False
        return len(path) in places


@lru_cache(10_000)
def _glob(part: str) -> re.Pattern[str]:
    """Compile one part; a backslash takes the next character as it is, and there are no sets."""
    plain = re.sub(r"\\(.)|\[", lambda found: _literal(found[1] or "["), part)
    return re.compile(fnmatch.translate(plain))


def _literal(character: str) -> str:
    return f"[{character}]" if character in "*?[" else character
